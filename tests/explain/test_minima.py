"""Plans that meet hard minima."""

from __future__ import annotations

from random_problems import random_problem
from talentopt.explain.minima import meeting_minima
from talentopt.problem import Assignment
from talentopt.problem.feasible import violations

FEATURES = ("hard_quotas", "seats", "prerequisites")


def test_what_it_adds_breaks_nothing() -> None:
    met = 0
    for seed in range(40):
        problem = random_problem(seed, FEATURES)
        empty = Assignment.of()
        plan = meeting_minima(problem, empty)
        assert set(violations(problem, plan)) <= {"hard row"}
        met += violations(problem, empty) == ("hard row",) and not violations(problem, plan)
    assert met > 3
