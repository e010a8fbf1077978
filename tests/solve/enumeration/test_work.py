"""Reproducible runs are bounded by counted work, and the same every time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from random_problems import SOFT_RULES, random_problem
from talentopt.problem import Assignment
from talentopt.problem.encode import encode
from talentopt.solve.control import Control, Limits
from talentopt.solve.enumeration import solver, start
from talentopt.solve.enumeration.work import Work

if TYPE_CHECKING:
    import pytest

ORDERED = tuple(rule for rule in SOFT_RULES if rule not in ("concurrent", "hours"))


def run(seconds: float, monkeypatch: pytest.MonkeyPatch) -> tuple[Control, float]:
    """Search a problem; returns the control and the work done."""
    made: list[Work] = []

    def counted() -> Work:
        made.append(Work())
        return made[-1]

    monkeypatch.setattr(solver, "Work", counted)
    monkeypatch.setattr(start, "ENTRIES_PER_SECOND", 1e12)
    problem = random_problem(1, ORDERED, people=6, placements=6, periods=8)
    limits = Limits(seconds=seconds, reproducible=True, seed=2)
    control = Control(problem, limits, warm=Assignment.of())
    solver.solve(problem, encode(problem), control)
    return control, made[0].seconds


def test_work_is_counted_and_ends_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    _, little = run(0.005, monkeypatch)
    _, more = run(0.5, monkeypatch)
    assert 0 < little < more


def test_the_same_work_gives_the_same_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    (first, counted), (second, again) = (run(0.02, monkeypatch) for _ in range(2))
    assert counted == again > 0
    assert (first.value, first.bound) == (second.value, second.bound)
    assert (first.best.starts == second.best.starts).all()
