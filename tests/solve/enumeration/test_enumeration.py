"""Enumerating itineraries finds what brute force finds, and its bound is one."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings

from brute_force import brute_force, size
from random_problems import RULES, SOFT_RULES, problems, random_problem
from talentopt.problem.encode import encode
from talentopt.solve.control import Control, Limits
from talentopt.solve.enumeration.solver import solve

LARGEST = 2000


def search(problem) -> Control:
    control = Control(problem, Limits(seconds=4.0))
    solve(problem, encode(problem), control)
    return control


def check(problem) -> bool:
    """Hold it against brute force; returns whether it was proven optimal."""
    truth = brute_force(problem)
    control = search(problem)
    if truth is None:
        assert control.best is None
        return False
    assert control.bound >= truth[0] - 1e-6
    if control.value is not None:
        assert control.value <= truth[0] + 1e-6
    if control.optimal:
        assert control.value == pytest.approx(truth[0], abs=1e-6)
    return control.optimal


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_alone(rule: str) -> None:
    drawn = (random_problem(seed, (rule, "missing"), placements=3) for seed in range(40, 60))
    for problem in [problem for problem in drawn if size(problem) <= LARGEST][:2]:
        check(problem)


@settings(max_examples=15, deadline=None)
@given(problems(placements=3, periods=4))
def test_any_rules_together(problem) -> None:
    assume(size(problem) <= LARGEST)
    check(problem)


def test_most_small_problems_are_proven_without_any_other_solver() -> None:
    drawn = (random_problem(seed, SOFT_RULES, placements=3, periods=4) for seed in range(60))
    tried = [
        problem for problem in drawn if size(problem) <= LARGEST and problem.itineraries.n_options
    ]
    assert sum(check(problem) for problem in tried[:10]) >= 5
