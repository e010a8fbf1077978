"""A mixture of two plans that keeps to hard rows, and loses as little as possible."""

from __future__ import annotations

import numpy as np
import pytest

from scenarios import write_scenario, write_table
from talentopt.compile.compiler import compile_scenario
from talentopt.problem import Assignment
from talentopt.problem.evaluate import evaluate
from talentopt.read.reader import read
from talentopt.solve.restore import restore

CALENDAR = {"unit": "month", "start": "2026-01", "periods": 1}
PEOPLE = 4


@pytest.fixture
def problem(tmp_path):
    """Four people who would all rather move, each more than the one before; at most two may."""
    tables = {
        "participants": [{"id": f"P{i}"} for i in range(PEOPLE)],
        "placements": [
            {"id": "old", "stage": "rotation", "duration": 1, "seats": 3},
            {"id": "new", "stage": "rotation", "duration": 1, "seats": PEOPLE},
        ],
        "preferences": [
            {"chooser": f"P{i}", "option": "new", "points": 10 + i} for i in range(PEOPLE)
        ],
    }
    model = {
        "name": "test",
        "itineraries": {
            "stages": [{"stage": "rotation", "min": 1, "max": 1, "missing": 50}],
            "points": [{"preference": {}}],
        },
        "stability": {"caps": {"rotation": 0.34}},
    }
    previous = tmp_path / "previous"
    previous.mkdir()
    rows = [{"participant": f"P{i}", "placement": "old", "start": "2026-01"} for i in range(3)]
    write_table(previous / "placements.csv", rows)
    folder = write_scenario(
        tmp_path / "s", tables, model, calendar=CALENDAR, previous="../previous", at="2026-01"
    )
    return compile_scenario(read(folder)).problem


def booked(options):
    """Book options, all at the beginning."""
    return Assignment.of(np.zeros(0, np.int64), np.array(options), np.zeros(len(options)))


def test_those_who_lose_least_go_back(problem):
    old, new = [0, 2, 4], [1, 3, 5, 7]
    assert evaluate(problem, booked(new)).violations == ("hard row",)
    found = restore(problem, booked(new), booked(old))
    assert evaluate(problem, found).violations == ()
    assert found.options.tolist() == [0, 2, 5, 7]


def test_a_mixture_may_be_impossible(problem):
    nothing = booked([])
    assert restore(problem, booked([1, 3, 5, 7]), nothing) is None
