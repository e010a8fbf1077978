"""Larger random problems: no plan above the bound, and groups planned anew only ever gain."""

from __future__ import annotations

import pytest

from random_problems import SOFT_RULES, random_problem
from talentopt.problem import Assignment
from talentopt.problem.encode import encode
from talentopt.solve.control import Control, Limits
from talentopt.solve.enumeration.solver import solve

ORDERED = tuple(rule for rule in SOFT_RULES if rule not in ("concurrent", "hours"))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_value_and_bound_close_in_from_the_empty_plan(seed: int) -> None:
    problem = random_problem(seed, ORDERED, people=6, placements=6, periods=8)
    control = Control(problem, Limits(seconds=3.0), warm=Assignment.of())
    before = control.value
    solve(problem, encode(problem), control)
    assert control.value >= before
    assert control.bound >= control.value - 1e-6


def test_a_bound_holds_for_the_best_plan_of_a_longer_search() -> None:
    problem = random_problem(4, ORDERED, people=4, placements=5, periods=6)
    short, long = (Control(problem, Limits(seconds=seconds)) for seconds in (0.5, 3.0))
    for control in (short, long):
        solve(problem, encode(problem), control)
    if long.value is not None:
        assert short.bound >= long.value - 1e-6
