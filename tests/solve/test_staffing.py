"""First plans where minima of seats are hard, and what groups planned anew make of them."""

from __future__ import annotations

import numpy as np
from tests.brute_force import brute_force, size
from tests.random_problems import random_problem
from tests.solve.columns.planted import planted

from talentopt.problem.evaluate import evaluate
from talentopt.solve.control import Control, Limits
from talentopt.solve.staffing import rearrange, staff, staffed

RULES = ("hard_min_seats", "prerequisites", "hard_quotas", "fixed_bookings", "events")


def test_a_plan_is_found_exactly_where_one_is_allowed() -> None:
    outcomes = {"found": 0, "impossible": 0}
    for seed in range(80):
        problem = random_problem(seed, RULES[: 1 + seed % 4], people=2, placements=3, periods=3)
        if size(problem) > 300 or not staffed(problem):
            continue
        control = Control(problem, Limits(seconds=10.0, workers=1))
        staff(problem, control)
        possible = brute_force(problem) is not None
        assert (control.best is not None) == possible, seed
        outcomes["found" if possible else "impossible"] += 1
    assert min(outcomes.values()) > 3, outcomes


def test_groups_planned_anew_lose_nothing_and_staff_everything() -> None:
    problem = planted(seed=1, students=8, disciplines=6)
    control = Control(problem, Limits(seconds=3.0, workers=1))
    staff(problem, control)
    assert control.best is not None
    before = evaluate(problem, control.best)
    assert not before.violations
    rearrange(problem, control)
    after = evaluate(problem, control.best)
    assert not after.violations
    assert after.value > before.value
    needed = problem.itineraries.min_seats
    assert needed.sum() > 0.5 * problem.itineraries.stage_min.sum()


def test_reproducible_groups_are_the_same_each_time() -> None:
    problem = planted(seed=2, students=6, disciplines=5)
    plans = []
    for _ in range(2):
        control = Control(problem, Limits(seconds=5.0, workers=1, reproducible=True, seed=3))
        staff(problem, control)
        rearrange(problem, control)
        assert control.best is not None
        plans.append(control.best)
    for one, other in zip(*(vars_of(plan) for plan in plans), strict=True):
        np.testing.assert_array_equal(one, other)


def vars_of(plan):
    """List the arrays of a plan."""
    return plan.arcs, plan.options, plan.starts
