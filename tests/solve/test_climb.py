"""Greedy improvement that earns its time."""

from __future__ import annotations

import pytest

from scenarios import write_scenario
from talentopt.compile.compiler import compile_scenario
from talentopt.problem import Assignment
from talentopt.read.reader import read
from talentopt.solve import climb as climbing
from talentopt.solve.climb import climb
from talentopt.solve.control import Control, Limits

CALENDAR = {"unit": "month", "start": "2026-01", "periods": 2}


@pytest.fixture
def problem(tmp_path):
    """Two people, each with a placement to book."""
    tables = {
        "participants": [{"id": f"P{i}", "unit": f"U{i}"} for i in range(2)],
        "placements": [{"id": "A", "stage": "rotation", "duration": 1, "seats": 1}],
    }
    stages = [{"stage": "rotation", "min": 1, "max": 1, "missing": 50}]
    model = {"name": "test", "itineraries": {"stages": stages}}
    folder = write_scenario(tmp_path / "s", tables, model, calendar=CALENDAR)
    return compile_scenario(read(folder)).problem


def test_a_plan_is_found_and_offered(problem):
    control = Control(problem)
    climb(problem, control, 0.1, 0.5)
    assert control.value == pytest.approx(0.0)


def test_a_gain_earns_time_and_never_more_than_allowed(problem, monkeypatch):
    seen = []

    def steps(part_problem, control):
        seen.append(control.limits.seconds)
        control.tighten(0.0)
        control.offer(Assignment.of([], [], []))
        seen.append(control.limits.seconds)
        control.offer(Assignment.of([], [0], [0]))
        seen.append(control.limits.seconds)

    monkeypatch.setattr("talentopt.solve.greedy.solver.solve", steps)
    monkeypatch.setattr(climbing, "EARNED", 1.0)
    control = Control(problem, Limits(seconds=1000))
    climb(problem, control, 0.1, 0.4)
    assert seen == pytest.approx([100, 100, 400], rel=0.01)
    assert control.value == pytest.approx(-50.0)
