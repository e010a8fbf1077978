"""Compiling ahead: what is kept is found again, and a failure is told, not raised."""

import importlib
import os
import sys
import time

import pytest

from cli.cases import talentopt
from talentopt import warm
from talentopt.solve import compiled as module
from talentopt.solve.compiled import cache_folder, compiled, kept
from talentopt.solve.registry import SOLVERS


def test_every_turn_names_a_solver():
    assert {solver for _, solvers in warm.TURNS for solver in solvers} <= set(SOLVERS)


def test_a_failure_is_told(monkeypatch):
    def fail(jobs):
        raise OSError("disk full")

    monkeypatch.setattr(warm, "warm_up", fail)
    ran = talentopt("warm-up")
    assert ran.code == 0
    assert "disk full" in ran.out


def test_no_folder_is_told(monkeypatch):
    monkeypatch.setattr(warm, "warm_up", lambda jobs: None)
    assert "NUMBA_CACHE_DIR" in talentopt("warm-up").out


@pytest.fixture
def twice(tmp_path, monkeypatch):
    """Make a function in a module of its own."""
    source = tmp_path / "module_of_twice.py"
    source.write_text("def twice(x):\n    return 2 * x\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield source, importlib.import_module(source.stem).twice
    del sys.modules[source.stem]


def test_code_is_kept_until_its_source_changes(twice):
    source, function = twice
    double = compiled(function)
    assert not kept(double)
    assert double(2) == 4
    assert cache_folder(double) == source.parent / "__pycache__"
    assert kept(double)
    source.write_text("def twice(x):\n    return x + x\n", encoding="utf-8")
    os.utime(source, (time.time() + 10,) * 2)
    again = importlib.reload(sys.modules[source.stem]).twice
    assert not kept(compiled(again))


def test_without_a_folder_everything_still_runs(twice, monkeypatch):
    njit = module.njit

    def nowhere(*, nogil, cache=False):
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return njit(nogil=nogil)

    monkeypatch.setattr(module, "njit", nowhere)
    double = compiled(twice[1])
    assert double(3) == 6
    assert cache_folder(double) is None
    assert not kept(double)
