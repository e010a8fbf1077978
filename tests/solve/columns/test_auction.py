"""Auctions with minima of seats: what ends is allowed, and what cannot be ends too."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.solve.columns.planted import planted

from talentopt.problem import Assignment
from talentopt.problem.evaluate import evaluate
from talentopt.solve.auto import solve
from talentopt.solve.columns.auction import auction
from talentopt.solve.columns.duals import descend
from talentopt.solve.columns.market import Market
from talentopt.solve.control import Control, Limits


@pytest.mark.parametrize("seed", range(4))
def test_every_minimum_is_met_near_the_bound(seed: int) -> None:
    problem = planted(seed, students=8, disciplines=7)
    market = Market(problem, 1)
    control = Control(problem, Limits(seconds=60.0, workers=1))
    start = np.zeros(len(market.limits.lower))
    dual = descend(market, control, start, market.pricer.empty_paths(), 60, 1.0)
    plan = dual.paths.copy()
    assert auction(market, dual.prices, plan, np.random.default_rng(seed), lambda: 0.0)
    options, starts = market.pricer.bookings(plan, market.everybody)
    value = evaluate(problem, Assignment.of(np.zeros(0, np.int64), options, starts))
    assert not value.violations
    complete = problem.itineraries.stage_min.sum()
    assert len(options) == complete
    assert 0.8 * dual.bound <= value.value <= dual.bound + 1e-6


def test_what_nobody_can_staff_ends_without_a_plan() -> None:
    problem = planted(0, students=5, disciplines=4)
    itineraries = problem.itineraries
    least = itineraries.min_seats.copy()
    least[0, 0] = 6
    seats = np.maximum(itineraries.seats, least)
    problem = replace(problem, itineraries=replace(itineraries, min_seats=least, seats=seats))
    market = Market(problem, 1)
    plan = market.pricer.empty_paths()
    prices = np.zeros(len(market.limits.lower))
    market.set_prices(prices)
    market.pricer.price(plan, market.everybody, exact=False)
    assert not auction(market, prices, plan, np.random.default_rng(0), lambda: 0.0)
    assert not auction(market, prices, plan, np.random.default_rng(0), lambda: np.inf)


def test_tight_minima_get_a_plan_by_default() -> None:
    problem = planted(5, students=14, disciplines=9)
    control = Control(problem, Limits(seconds=12.0, gap=0.5, workers=1))
    solve(problem, control)
    assert control.best is not None
    assert not evaluate(problem, control.best).violations
    assert control.value is not None
    assert control.value <= control.bound + 1e-6
    assert control.value > 0
