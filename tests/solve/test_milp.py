"""HiGHS and PuLP's solvers agree with brute force; the model can be exported."""

from __future__ import annotations

import pulp
import pytest
from hypothesis import assume, given, settings

from brute_force import brute_force, size
from random_problems import RULES, SOFT_RULES, problems, random_problem
from talentopt.problem.evaluate import evaluate
from talentopt.solve.control import Control, Limits
from talentopt.solve.milp import export, solve

LARGEST = 2000


def agree(problem) -> None:
    truth = brute_force(problem)
    control = Control(problem, Limits(seconds=20.0))
    solve(problem, control)
    if truth is None:
        assert control.infeasible
        return
    assert control.value == pytest.approx(truth[0], abs=1e-6)
    assert control.optimal


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_alone(rule: str) -> None:
    drawn = (random_problem(seed, (rule, "missing"), placements=3) for seed in range(20, 40))
    for problem in [problem for problem in drawn if size(problem) <= LARGEST][:1]:
        agree(problem)


@settings(max_examples=10, deadline=None)
@given(problems(placements=3, periods=4))
def test_any_rules_together(problem) -> None:
    assume(size(problem) <= LARGEST)
    agree(problem)


@pytest.fixture
def solvable():
    return random_problem(12, SOFT_RULES, people=3, placements=4)


@pytest.mark.skipif(not pulp.PULP_CBC_CMD().available(), reason="PuLP has no CBC here")
def test_another_solver_of_pulp_finds_the_same_value_but_no_bound(solvable) -> None:
    best = Control(solvable, Limits(seconds=20.0))
    solve(solvable, best)
    control = Control(solvable, Limits(seconds=20.0))
    solve(solvable, control, solver="PULP_CBC_CMD")
    assert control.value == pytest.approx(best.value, abs=1e-6)
    assert control.bound == float("inf")


def test_an_unknown_solver_is_refused(solvable) -> None:
    with pytest.raises(ValueError, match="knows no solver 'CPLEX99'"):
        solve(solvable, Control(solvable), solver="CPLEX99")


@pytest.mark.parametrize("ending", [".lp", ".mps"])
def test_export_can_be_read_again(solvable, tmp_path, ending: str) -> None:
    path = tmp_path / f"model{ending}"
    export(solvable, path)
    import highspy

    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    assert highs.readModel(str(path)) == highspy.HighsStatus.kOk
    highs.run()
    control = Control(solvable, Limits(seconds=20.0))
    solve(solvable, control)
    value = highs.getInfo().objective_function_value
    sign = 1 if ending == ".lp" else -1
    assert sign * value == pytest.approx(control.value, abs=1e-5)


def test_an_interrupt_ends_the_search(solvable) -> None:
    control = Control(solvable, Limits(seconds=60.0))
    control.interrupt()
    solve(solvable, control)
    assert control.stopped_by == "interrupt"


def test_a_plan_in_hand_is_used(solvable) -> None:
    first = Control(solvable, Limits(seconds=20.0))
    solve(solvable, first)
    again = Control(solvable, Limits(seconds=20.0), warm=first.best)
    solve(solvable, again)
    assert again.value >= first.value
    assert not evaluate(solvable, again.best).violations
