"""Column generation with a master: bounds, prices and plans, against what is known."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.formats.mss import Instance, as_problem

from talentopt.solve.columns.closing import Closing
from talentopt.solve.columns.duals import evaluate
from talentopt.solve.columns.generate import show_weight
from talentopt.solve.columns.grid import round_down, step_of
from talentopt.solve.columns.market import Market
from talentopt.solve.columns.pool import Pool
from talentopt.solve.columns.solver import solve
from talentopt.solve.control import Control, Limits


def _instance(seed: int, students: int = 6, disciplines: int = 6) -> Instance:
    """Two hospitals, at most half of the disciplines in one of them, few seats."""
    rng = np.random.default_rng(seed)
    horizon = disciplines + 2
    shape = (2, disciplines, horizon)
    before = np.zeros((disciplines, disciplines), bool)
    before[3, 0] = True
    return Instance(
        duration=1,
        horizon=horizon,
        most_per_hospital=disciplines // 2,
        group=np.arange(disciplines) % 2,
        needs=rng.integers(1, disciplines // 2 + 1, (students, 2)),
        allowed=np.ones((students, disciplines), bool),
        before=before,
        available=rng.random((students, horizon)) < 0.95,
        able=np.ones((students, 2, disciplines), bool),
        most=np.full(shape, 2),
        least=np.zeros(shape, np.int64),
        weight=rng.integers(1, 4, (students, 4)) * [1, 1, -1, -1],
        wish=rng.integers(1, 6, (students, disciplines)),
        hospital_wish=rng.integers(1, 6, (students, 2)),
        school=rng.integers(0, 4, disciplines),
    )


@pytest.mark.parametrize("seed", range(3))
def test_no_known_itinerary_is_above_its_bound(seed: int) -> None:
    problem = as_problem(_instance(seed))
    market = Market(problem, 1)
    pool, paths = Pool(market), market.pricer.empty_paths()
    rng = np.random.default_rng(seed)
    bounds = []
    for turn in range(24):
        prices = rng.normal(0, 4, len(market.limits.lower)) * (rng.random() < 0.5)
        np.clip(prices, market.limits.floor, market.limits.ceiling, out=prices)
        weight = 1.0 + rng.dirichlet(np.ones(len(market.everybody)))
        show_weight(market, weight)
        arcs = (0, 30, 3_000)[turn % 3]
        evaluate(market, prices, paths, exact=turn % 2 == 0, rounds=1 + turn % 3, arcs=arcs)
        pool.add(paths, market.everybody, prices)
        bounds.append((prices, weight, paths.bound.copy()))
    for prices, weight, bound in bounds:
        worth = pool.points + (weight[pool.person] - 1.0) * pool.total - pool.uses @ prices
        assert (worth <= bound[pool.person] + 1e-9).all()


@pytest.mark.parametrize("seed", range(2))
def test_generation_proves_what_the_exact_solver_finds(seed: int) -> None:
    problem = as_problem(_instance(seed, students=4, disciplines=4))
    control = Control(problem, Limits(seconds=20))
    solve(problem, control)
    other = Control(problem, Limits(seconds=20))
    from talentopt.solve.exact import solve as solve_exact

    solve_exact(problem, other)
    assert other.optimal
    assert control.value is not None
    assert control.value <= other.value + 1e-6
    assert control.bound >= other.value - 1e-6


def test_a_run_keeps_to_its_counts_when_reproducible() -> None:
    problem = as_problem(_instance(0, students=2, disciplines=4))
    values = []
    for _ in range(2):
        market = Market(problem, 1)
        control = Control(problem, Limits(seconds=5, reproducible=True))
        offers: list[bytes] = []

        def offer(paths, offers=offers) -> bool:
            offers.append(paths.slot.tobytes() + paths.start.tobytes())
            return len(offers) > 3

        closing = Closing(market, control, np.random.default_rng(0), offer)
        closing.run(np.zeros(len(market.limits.lower)), 1.0)
        values.append((offers, control.bound))
    assert values[0] == values[1]


def test_bounds_are_rounded_to_what_plans_can_be_worth() -> None:
    problem = as_problem(_instance(0))
    assert step_of(problem) == 1.0
    assert round_down(12.7, 1.0) == 12.0
    assert round_down(12.9999999, 1.0) == 13.0
    assert round_down(12.7, 0.0) == 12.7
