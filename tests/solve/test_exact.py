"""CP-SAT on the whole model finds and proves the optimum that brute force finds."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings

from brute_force import brute_force, size
from random_problems import RULES, SOFT_RULES, problems, random_problem
from talentopt.solve.control import Control, Limits
from talentopt.solve.exact import solve

LARGEST = 2000


def agree(problem) -> None:
    truth = brute_force(problem)
    control = Control(problem, Limits(seconds=20.0))
    solve(problem, control)
    if truth is None:
        assert control.infeasible
        assert control.best is None
        return
    assert control.value == pytest.approx(truth[0], abs=1e-6)
    assert control.optimal
    assert control.stopped_by == "optimal"


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_alone(rule: str) -> None:
    drawn = (random_problem(seed, (rule, "missing"), placements=3) for seed in range(20))
    tried = [problem for problem in drawn if size(problem) <= LARGEST][:1]
    for problem in tried:
        agree(problem)


@settings(max_examples=10, deadline=None)
@given(problems(placements=3, periods=4))
def test_any_rules_together(problem) -> None:
    assume(size(problem) <= LARGEST)
    agree(problem)


def test_reproducible_runs_agree() -> None:
    problem = random_problem(11, SOFT_RULES, people=4, placements=5, periods=8)
    runs = []
    for _ in range(2):
        control = Control(problem, Limits(seconds=10.0, reproducible=True, seed=3))
        solve(problem, control)
        runs.append(control)
    assert runs[0].best.arcs.tolist() == runs[1].best.arcs.tolist()
    assert runs[0].best.starts.tolist() == runs[1].best.starts.tolist()


def test_an_interrupt_ends_the_search() -> None:
    problem = random_problem(5, SOFT_RULES, people=8, placements=12, periods=20)
    control = Control(problem, Limits(seconds=60.0))
    control.interrupt()
    solve(problem, control)
    assert control.stopped_by in ("interrupt", "optimal")


def test_a_plan_in_hand_is_never_lost() -> None:
    problem = random_problem(7, SOFT_RULES, people=3, placements=4)
    first = Control(problem, Limits(seconds=10.0))
    solve(problem, first)
    again = Control(problem, Limits(seconds=10.0), warm=first.best)
    solve(problem, again)
    assert again.value >= first.value
