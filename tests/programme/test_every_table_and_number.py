"""The ten-point programme with any table taken away and any number changed."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from talentopt.audit.check import audit
from talentopt.generate import generate
from talentopt.pipeline import solve
from talentopt.plan.files import write_plan
from talentopt.read.overrides import OverrideError, override_model
from talentopt.read.reader import read

MODEL = YAML(typ="safe").load(
    (Path(__file__).parents[2] / "models/ten-point-programme.yaml").read_text(encoding="utf-8")
)
TABLES = (
    *("absences", "advisers", "awards", "bookings", "budgets", "honours", "mentor_skills"),
    *("mentors", "pairs", "participant_skills", "placement_skills", "placements", "posts"),
    *("preferences", "prerequisites", "projects", "quotas", "seats", "titles"),
)


@pytest.fixture(scope="module")
def full(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("full") / "scenario"
    sizes = {"participants": 8, "mentors": 12, "placements": 10}
    generate(folder, seed=3, periods=24, model="ten-point-programme", **sizes)
    return folder


@pytest.fixture(scope="module")
def free(full) -> Path:
    """The same without fixed entries, which other numbers may well contradict."""
    folder = full.parent / "free"
    shutil.copytree(full, folder)
    for name in ("pairs.csv", "bookings.csv"):
        lines = (folder / name).read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.rstrip().endswith(",fixed")]
        (folder / name).write_text("".join(kept), encoding="utf-8")
    return folder


def holds(scenario, folder: Path) -> None:
    plan = solve(scenario, solver="greedy", time_limit=0.04, reproducible=True)
    write_plan(plan, folder)
    verdict = audit(scenario, folder)
    assert verdict.ok, (verdict.violations, verdict.differences)
    assert verdict.objective == pytest.approx(plan.summary["objective"], abs=1e-6)


@pytest.mark.parametrize("tables", [TABLES[nth::7] for nth in range(7)], ids=",".join)
def test_without_some_tables(full, tmp_path, tables) -> None:
    folder = tmp_path / "scenario"
    shutil.copytree(full, folder)
    for table in tables:
        (folder / f"{table}.csv").unlink(missing_ok=True)
    holds(read(folder), tmp_path / "plan")


def test_participants_alone_have_nothing_to_share(full, tmp_path) -> None:
    folder = tmp_path / "scenario"
    shutil.copytree(full, folder)
    for file in folder.glob("*.csv"):
        if file.stem != "participants":
            file.unlink()
    plan = solve(read(folder), solver="columns", time_limit=0.5, reproducible=True)
    assert plan.pairs.empty
    assert plan.placements.empty


def numbers(node, path=()):
    """Every number of the model by its path, with lists by position."""
    if isinstance(node, dict):
        if set(node) == {"column", "default"}:
            yield ".".join(map(str, path)), node["default"]
            return
        for key, value in node.items():
            yield from numbers(value, (*path, key))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from numbers(value, (*path, number))
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield ".".join(map(str, path)), node


EVERY = dict(numbers(MODEL))
NOT_PER_PERSON = ("understaffed", "concurrent_load", "worst_off")


@pytest.mark.parametrize("change", ["off", "other"])
def test_all_numbers_at_once(free, tmp_path, change) -> None:
    """Every number 0, and every number another one."""
    weights = {path: 0 if change == "off" else value + 1 for path, value in EVERY.items()}
    holds(read(free, overrides=weights), tmp_path / "plan")


BLOCKS = sorted({".".join(path.split(".")[:2]) for path in EVERY})
"""Of different parts of the model where they are nine apart."""


@pytest.mark.parametrize("blocks", [BLOCKS[nth::9] for nth in range(9)], ids=",".join)
def test_some_blocks_off(free, tmp_path, blocks) -> None:
    weights = {path: 0 for path in EVERY if ".".join(path.split(".")[:2]) in blocks}
    holds(read(free, overrides=weights), tmp_path / "plan")


def test_every_number_may_be_a_column(free, tmp_path) -> None:
    folder = tmp_path / "scenario"
    shutil.copytree(free, folder)
    for name in ("participants", "projects"):
        lines = (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        rows = [f"{line},{('own', '3', '')[min(i, 1) + (i > 1)]}" for i, line in enumerate(lines)]
        (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    model = copy.deepcopy(MODEL)
    for path, value in EVERY.items():
        if not any(word in path for word in NOT_PER_PERSON):
            override_model(model, path, {"column": "own", "default": max(value, 0)})
    (folder / "own.yaml").write_text(json.dumps(model), encoding="utf-8")
    holds(read(folder, model="own.yaml"), tmp_path / "plan")


def test_a_path_that_is_not_there() -> None:
    with pytest.raises(OverrideError, match="did you mean"):
        override_model(copy.deepcopy(MODEL), "itineraries.idle.point", 1)
