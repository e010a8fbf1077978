"""Bounds and plans of the columns solver, held against brute force on tiny cases."""

import numpy as np
import pytest
from tests.brute_force import brute_force
from tests.random_problems import RULES, random_problem

from talentopt.problem.evaluate import evaluate
from talentopt.solve.columns.automaton import AutomatonCache, Counts, Kind
from talentopt.solve.columns.duals import evaluate as bound_at
from talentopt.solve.columns.market import Market
from talentopt.solve.columns.solver import solve
from talentopt.solve.control import Control, Limits


def agree(problem, seed: int) -> None:
    best = brute_force(problem)
    market = Market(problem, 1)
    random = np.random.default_rng(seed)
    limits = market.limits
    reach = random.choice([0.0, 5.0, 50.0, 500.0])
    prices = random.uniform(-reach, reach, len(limits.lower))
    prices = np.clip(prices, limits.floor, limits.ceiling)
    paths = market.pricer.empty_paths()
    for _ in range(2):
        for exact in (False, True):
            bound = bound_at(market, prices, paths, exact=exact)
            if best is not None:
                assert bound >= best[0] - 1e-6
    assert np.all(paths.worth <= paths.bound + 1e-6)


@pytest.mark.parametrize("seed", range(40))
def test_no_plan_is_above_a_bound(seed: int) -> None:
    agree(random_problem(seed, RULES, periods=4, placements=3), seed)


@pytest.mark.parametrize("seed", range(6))
def test_solver_stays_within_the_truth(seed: int) -> None:
    problem = random_problem(seed, RULES, periods=4, placements=3)
    best = brute_force(problem)
    control = Control(problem, Limits(seconds=1.0, workers=1, seed=seed))
    solve(problem, control)
    if best is not None:
        assert control.bound >= best[0] - 1e-6
    if control.best is not None:
        assert not evaluate(problem, control.best).violations
        assert control.value <= best[0] + 1e-6


def test_arcs_of_automata_go_forward() -> None:
    """The recursion needs it; a node of a late stage can be reached by few placements."""
    counts = Counts((1, 3, 1), (1, 3, 2), (9.0, 9.0, 9.0), ordered=True)
    kinds = [Kind(stage, 0, 0, -1) for stage in range(3)]
    cache = AutomatonCache(kinds, np.array([[0, 1]] * 4), 0)
    cache.number(counts, 0, (), (0, 1, 2))
    following = cache.tables().following
    assert (following.max(axis=1) > 0).any()
    assert np.all((following < 0) | (following > np.arange(len(following))[:, None]))
