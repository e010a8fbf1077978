"""Others make room for whoever misses something, instead of one more seat."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from tests.scenarios import write_scenario

from talentopt.explain.cures import OTHERS_MOVE
from talentopt.explain.missing import missing
from talentopt.explain.settling import settle
from talentopt.explain.shortfall import find_cures
from talentopt.insight.standing import Standing
from talentopt.pipeline import prepare
from talentopt.plan.warm import warm_start
from talentopt.problem.evaluate import evaluate
from talentopt.read.reader import read

if TYPE_CHECKING:
    from pathlib import Path

CALENDAR = {"unit": "month", "start": "2026-07", "periods": 2, "cycle": 2}
MODEL = {
    "name": "small",
    "matchings": {
        "guide": {"seekers": "participants", "providers": "mentors", "need": 1, "missing": 100}
    },
    "itineraries": {"stages": [{"stage": "rotation", "min": 1, "max": 1, "missing": 50}]},
}
TABLES = {
    "participants": [{"id": "a"}, {"id": "b"}],
    "mentors": [{"id": "m", "capacity": 1}, {"id": "n", "capacity": 1}],
    "placements": [
        {"id": "R1", "stage": "rotation", "duration": 2, "seats": 1},
        {"id": "R2", "stage": "rotation", "duration": 2, "seats": 1},
    ],
    "bookings": [{"participant": "b", "placement": "R2", "status": "forbidden"}],
    "pairs": [{"seeker": "b", "provider": "n", "status": "forbidden"}],
}


def crowded(folder: Path) -> Standing:
    """Let a have what only b could have, beside what both could."""
    scenario = read(write_scenario(folder, TABLES, MODEL, calendar=CALENDAR))
    compiled = prepare(scenario)
    pairs = pd.DataFrame({"matching": ["guide"], "seeker": ["a"], "provider": ["m"]})
    placements = pd.DataFrame({"participant": ["a"], "placement": ["R1"], "start": ["2026-07"]})
    plan = warm_start(compiled, scenario, pairs, placements)
    return Standing.holding(scenario, compiled, plan)


def test_another_person_makes_room_instead_of_an_edit(tmp_path: Path) -> None:
    standing = crowded(tmp_path / "s")
    cures = find_cures(standing, list(missing(standing)), time.monotonic() + 20.0, {})
    assert len(cures) == 2
    for one, cure in cures.items():
        assert one.subject == "b"
        assert cure is not None
        assert cure.edits == (OTHERS_MOVE,)
        assert cure.moving == ("a", "b")
        after = evaluate(standing.problem, cure.assignment)
        assert not after.violations
        assert after.value - standing.evaluation.value == pytest.approx(cure.gain)
    assert sorted(cure.gain for cure in cures.values() if cure) == [50.0, 100.0]


def test_settling_moves_one_other(tmp_path: Path) -> None:
    scenario = read(write_scenario(tmp_path / "s", TABLES, MODEL, calendar=CALENDAR))
    standing = crowded(tmp_path / "t")
    found = settle(scenario, prepare(scenario), standing.assignment, 20.0)
    assert evaluate(standing.problem, found).value == standing.evaluation.value + 150.0


def test_a_chain_of_two_others_makes_room(tmp_path: Path) -> None:
    tables = {
        "participants": [{"id": who} for who in "abc"],
        "mentors": [{"id": mentor, "capacity": 1} for mentor in "mno"],
        "placements": [
            {"id": place, "stage": "rotation", "duration": 2, "seats": 1}
            for place in ("R1", "R2", "R3")
        ],
        "bookings": [
            {"participant": who, "placement": place, "status": "forbidden"}
            for who, place in (("a", "R3"), ("b", "R1"), ("c", "R2"), ("c", "R3"))
        ],
        "pairs": [
            {"seeker": who, "provider": mentor, "status": "forbidden"}
            for who, mentor in (("a", "o"), ("b", "m"), ("c", "n"), ("c", "o"))
        ],
    }
    scenario = read(write_scenario(tmp_path / "s", tables, MODEL, calendar=CALENDAR))
    pairs = pd.DataFrame({"matching": "guide", "seeker": ["a", "b"], "provider": ["m", "n"]})
    placements = pd.DataFrame(
        {"participant": ["a", "b"], "placement": ["R1", "R2"], "start": "2026-07"}
    )
    compiled = prepare(scenario)
    plan = warm_start(compiled, scenario, pairs, placements)
    standing = Standing.holding(scenario, compiled, plan)
    cures = find_cures(standing, list(missing(standing)), time.monotonic() + 20.0, {})
    assert len(cures) == 2
    for one, cure in cures.items():
        assert one.subject == "c"
        assert cure is not None
        assert cure.edits == (OTHERS_MOVE,)
        assert cure.moving == ("a", "b", "c")
        assert not evaluate(standing.problem, cure.assignment).violations
