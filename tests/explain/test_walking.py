"""A plan unlike the one in hand, person by person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talentopt.explain.different import distance, find_different
from talentopt.pipeline import prepare, solve
from talentopt.plan.warm import warm_start
from talentopt.problem.evaluate import evaluate
from talentopt.read.reader import read

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_large_problems_find_unlike_plans_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("talentopt.explain.different.EXACT_COLUMNS", 0)
    scenario = read(folder)
    compiled = prepare(scenario)
    problem = compiled.problem
    plan = solve(scenario, solver="exact", time_limit=10, workers=1)
    best = warm_start(compiled, scenario, plan.pairs, plan.placements)
    least = evaluate(problem, best).value - 40.0
    found = find_different(problem, [best], least, 2.0, 1)
    assert found is not None
    after = evaluate(problem, found.assignment)
    assert not after.violations
    assert after.value == found.value >= least
    assert distance(found.assignment, best, problem.itineraries.n_periods) == found.distance > 0
