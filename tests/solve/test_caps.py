"""Caps on changes as prices: the plan keeps to them, and the bound stays one."""

from __future__ import annotations

import pytest

from brute_force import brute_force
from solve.movers import movers
from talentopt.solve.caps import kept_rows, solve_within_caps
from talentopt.solve.control import Control


@pytest.fixture
def problem(tmp_path):
    """Three people who would all rather move; at most one of three may."""
    return movers(
        tmp_path,
        [10, 15, 20],
        booked=3,
        start="2026-02",
        periods=2,
        stability={"placement_change": 1, "caps": {"rotation": 0.34}},
        itineraries={"idle": {"points": 1}},
        quotas=[{"quota": "few", "on": "rotation", "min": 1}],
    )


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
