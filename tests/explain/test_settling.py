"""People get at once what they miss where nobody else need move."""

import numpy as np

from scenarios import small, write_scenario
from talentopt.explain.settling import settle
from talentopt.pipeline import prepare, solve
from talentopt.plan.warm import warm_start
from talentopt.problem import Assignment
from talentopt.problem.evaluate import evaluate
from talentopt.read.reader import read


def test_what_was_taken_away_is_given_back(tmp_path):
    scenario = read(write_scenario(tmp_path / "s", *small()))
    compiled = prepare(scenario)
    plan = solve(scenario, solver="exact", time_limit=20)
    best = warm_start(compiled, scenario, plan.pairs, plan.placements)
    whole = evaluate(compiled.problem, best)
    assert len(best.options)
    without = Assignment.of(best.arcs[1:], np.delete(best.options, 0), np.delete(best.starts, 0))
    after = evaluate(compiled.problem, settle(scenario, compiled, without, 20.0))
    assert not after.violations
    assert evaluate(compiled.problem, without).value < after.value <= whole.value + 1e-6
