"""Who is displaced by a pair or a booking moves on to where there is room."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pandas as pd
from tests.scenarios import write_scenario

from talentopt.explain.displacing import displaced
from talentopt.explain.holders import with_room_made
from talentopt.explain.require import require
from talentopt.explain.wanted import find_wanted
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
    "itineraries": {
        "stages": [{"stage": "rotation", "min": 1, "max": 1, "missing": 50}],
        "points": [{"preference": {"weight": 1}}],
    },
}
PEOPLE = ("a", "b", "c")


def standing_of(
    folder: Path, tables: dict[str, list[dict[str, object]]], plan: dict[str, tuple[str, str]]
) -> Standing:
    """Hold a plan of each person's mentor and placement."""
    scenario = read(write_scenario(folder, tables, MODEL, calendar=CALENDAR))
    compiled = prepare(scenario)
    pairs = pd.DataFrame(
        {"matching": "guide", "seeker": list(plan), "provider": [m for m, _ in plan.values()]}
    )
    placements = pd.DataFrame(
        {"participant": list(plan), "placement": [r for _, r in plan.values()], "start": "2026-07"}
    )
    assignment = warm_start(compiled, scenario, pairs, placements)
    standing = Standing.holding(scenario, compiled, assignment)
    assert not standing.evaluation.violations
    return standing


def tables(**more: list[dict[str, object]]) -> dict[str, list[dict[str, object]]]:
    """Write three people, three mentors of one place each, and three seats."""
    return {
        "participants": [{"id": each} for each in PEOPLE],
        "mentors": [{"id": each, "capacity": 1} for each in ("m", "n", "o")],
        "placements": [
            {"id": each, "stage": "rotation", "duration": 2, "seats": seats}
            for each, seats in (("R1", 2), ("R2", 1), ("R3", 1))
        ],
        **more,
    }


PLAN = {"a": ("m", "R2"), "b": ("n", "R1"), "c": ("o", "R1")}


def test_mentors_are_exchanged_in_a_ring(tmp_path: Path) -> None:
    forbidden = [
        {"seeker": "b", "provider": "m", "status": "forbidden"},
        {"seeker": "a", "provider": "o", "status": "forbidden"},
    ]
    standing = standing_of(tmp_path / "s", tables(pairs=forbidden), PLAN)
    (wanted,) = find_wanted(standing, 0, "n")
    required = require(standing.problem, wanted)
    plans = list(displaced(standing, 0, wanted.number))
    (plan,) = [one for one in plans if not evaluate(required, one).violations]
    whom = standing.problem.matchings.arc_provider[plan.arcs]
    assert [standing.names.providers[each] for each in whom] == ["n", "o", "m"]


def test_what_the_person_has_already_displaces_nobody(tmp_path: Path) -> None:
    standing = standing_of(tmp_path / "s", tables(), PLAN)
    (wanted,) = find_wanted(standing, 0, "m")
    (plan,) = displaced(standing, 0, wanted.number)
    assert plan is standing.assignment


def test_the_holder_who_loses_least_comes_first(tmp_path: Path) -> None:
    wishes = [{"chooser": "b", "option": "R1", "points": 9}]
    standing = standing_of(tmp_path / "s", tables(preferences=wishes), PLAN)
    (wanted,) = find_wanted(standing, 0, "R1")
    required = require(standing.problem, wanted)
    until = time.monotonic() + 20.0
    plans = with_room_made(required, standing.assignment, 0, wanted.target, (1, 2), until)
    values = [evaluate(required, plan) for plan in (plans[0], plans[-1])]
    assert not values[0].violations + values[1].violations
    assert values[0].value == standing.evaluation.value == values[1].value + 9
