"""Point 2: layered training under the cap on concurrent load."""

from __future__ import annotations

import pytest

from programme.walk import SOLVERS, people, walk

MODEL = {
    "itineraries": {
        "stages": [
            {
                "stage": "lecture",
                "concurrent": True,
                "hours": {"core": {"column": "core", "default": 30}, "frontier": 10},
                "missing": 10,
            }
        ],
        "concurrent_load": 0.5,
    }
}
LECTURE = {"stage": "lecture", "duration": 1, "seats": 2}
LECTURES = [
    {"id": "L1", "hours": 16, "layer": "core", "load": 0.2} | LECTURE,
    {"id": "L2", "hours": 16, "layer": "core", "load": 0.2} | LECTURE,
    {"id": "F1", "hours": 10, "layer": "frontier", "load": 0.4} | LECTURE,
]


def hours(done, person, layer) -> float:
    table = done.scenario.tables["placements"].set_index("id")
    mine = [table.loc[placement] for placement, _ in done.bookings(person)]
    return sum(row["hours"] for row in mine if row["layer"] == layer)


@pytest.mark.parametrize("solver", SOLVERS)
def test_two_months_hold_both_layers(tmp_path, solver) -> None:
    tables = {"participants": people("P1", "P2", core=None), "placements": LECTURES}
    done = walk(tmp_path, tables, MODEL, solver, periods=2, worth=0.0)
    assert hours(done, "P1", "core") == 32
    assert hours(done, "P1", "frontier") == 10
    frontier = dict(done.bookings("P1"))["F1"]
    assert all(start != frontier for name, start in done.bookings("P1") if name != "F1")


@pytest.mark.parametrize("solver", SOLVERS)
def test_one_month_holds_one_layer(tmp_path, solver) -> None:
    # 0.4 + 0.2 is above the cap of 0.5: ten frontier hours are short, at 10 points each.
    tables = {"participants": people("P1", core=None), "placements": LECTURES}
    done = walk(tmp_path, tables, MODEL, solver, periods=1, worth=-100.0)
    assert hours(done, "P1", "core") == 32


@pytest.mark.parametrize("solver", SOLVERS)
def test_hours_of_one_person_and_of_the_past(tmp_path, solver) -> None:
    # One seat, in January only, for two who are short of core hours.
    lectures = [LECTURES[0] | {"seats": 1, "closes": "2026-01"}, LECTURES[2]]
    tables = {
        "participants": [{"id": "P1", "core": 22}, {"id": "P2", "core": 4}],
        "placements": [*lectures, LECTURES[1] | {"seats": 0}],
        "bookings": [{"participant": "P1", "placement": "L2", "status": "done"}],
    }
    # P1: 22 - 16 done = 6 short without L1; P2: 4 short without it.
    done = walk(tmp_path, tables, MODEL, solver, periods=2, worth=-40.0)
    if done.verdict.objective == -40.0:
        assert hours(done, "P1", "core") == 16
        assert hours(done, "P2", "core") == 0
