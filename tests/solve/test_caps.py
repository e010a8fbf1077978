"""Caps on changes as prices: the plan keeps to them, and the bound stays one."""

from __future__ import annotations

import pytest

from brute_force import brute_force
from scenarios import write_scenario, write_table
from talentopt.compile.compiler import compile_scenario
from talentopt.read.reader import read
from talentopt.solve.caps import kept_rows, solve_within_caps
from talentopt.solve.control import Control

CALENDAR = {"unit": "month", "start": "2026-01", "periods": 2}


@pytest.fixture
def problem(tmp_path):
    """Three people who would all rather move; at most one of three may."""
    tables = {
        "participants": [{"id": f"P{i}", "unit": f"U{i}"} for i in range(3)],
        "placements": [
            {"id": "old", "stage": "rotation", "duration": 1, "seats": 3},
            {"id": "new", "stage": "rotation", "duration": 1, "seats": 3},
        ],
        "preferences": [
            {"chooser": f"P{i}", "option": "new", "points": 10 + 5 * i} for i in range(3)
        ],
        "quotas": [{"quota": "few", "on": "rotation", "min": 1}],
    }
    model = {
        "name": "test",
        "itineraries": {
            "stages": [{"stage": "rotation", "min": 1, "max": 1, "missing": 50}],
            "idle": {"points": 1},
            "points": [{"preference": {}}],
        },
        "stability": {"placement_change": 1, "caps": {"rotation": 0.34}},
    }
    previous = tmp_path / "previous"
    previous.mkdir()
    rows = [{"participant": f"P{i}", "placement": "old", "start": "2026-02"} for i in range(3)]
    write_table(previous / "placements.csv", rows)
    folder = write_scenario(
        tmp_path / "s", tables, model, calendar=CALENDAR, previous="../previous", at="2026-01"
    )
    return compile_scenario(read(folder)).problem


def test_only_rows_of_caps_are_found(problem):
    (row,) = kept_rows(problem)
    assert row.options.tolist() == [0, 2, 4]
    assert row.starts.tolist() == [1, 1, 1]
    assert problem.rows.lower[row.row] == 2


def test_a_method_that_ignores_caps_finds_the_best_plan_within_them(problem):
    asked = []

    def careless(part, control):
        asked.append(part)
        found = brute_force(part)
        assert found is not None
        control.offer(found[1])
        control.tighten(found[0])

    control = Control(problem)
    solve_within_caps(problem, control, careless)
    value, _ = brute_force(problem)
    assert len(asked) > 1
    assert all(not kept_rows(part) for part in asked)
    assert control.value == pytest.approx(value)
    assert control.bound >= value - 1e-9


def test_a_plan_within_the_caps_is_there_even_if_the_rounds_find_none(problem):
    control = Control(problem)
    solve_within_caps(problem, control, lambda part, control: None)
    value, _ = brute_force(problem)
    assert control.value is not None
    assert control.value <= value + 1e-9
