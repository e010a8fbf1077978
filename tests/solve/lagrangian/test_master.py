"""Prices by the itineraries seen."""

from __future__ import annotations

import numpy as np
import pytest

from random_problems import random_problem
from talentopt.solve.lagrangian import solver
from talentopt.solve.lagrangian.dual import Dual
from talentopt.solve.lagrangian.master import polish
from talentopt.solve.lagrangian.pricing import Pricing
from talentopt.solve.lagrangian.seen import seen
from talentopt.solve.matchings.interface import Relaxation

RULES = ("ordered", "seats", "missing", "distinct", "idle", "move", "min_seats", "kept_bookings")


def crowded(count):
    """Relaxations with more people than seats."""
    for seed in range(count):
        problem = random_problem(seed, RULES, people=10, placements=4, periods=6)
        if solver.suits(problem):
            yield Dual(
                problem,
                Pricing(problem.itineraries),
                Relaxation(problem.matchings, problem.links, 1),
            )


def test_itineraries_are_taken_down_with_their_points():
    compared = 0
    for number, dual in enumerate(crowded(60)):
        itineraries = dual.problem.itineraries
        drawn = np.random.default_rng(number).integers(0, 6, itineraries.seats.shape)
        prices = dual.project_seats(drawn.astype(float))
        start = dual.start()
        worth = dual.worth(start, dual.offer(start))
        priced = dual.pricing.price(prices, worth)
        taken = seen(itineraries, priced, worth / dual.pricing.scale)
        paid = taken.uses @ prices.ravel()
        whole = priced.allowed
        assert (taken.points - paid)[whole] == pytest.approx(priced.bound[whole], abs=0.01)
        compared += int(whole.sum())
    assert compared >= 100


def test_prices_are_at_least_as_good_and_often_better():
    before, after = [], []
    for dual in crowded(40):
        start = dual.start()
        before.append(dual.at(start, 12).bound)
        after.append(dual.at(polish(dual, start, 30, lambda: False), 12).bound)
    assert len(before) >= 20
    assert all(new <= old + 1e-9 for old, new in zip(before, after, strict=True))
    assert sum(new < old - 1 for old, new in zip(before, after, strict=True)) >= 10


def test_nothing_is_done_when_time_is_over():
    dual = next(crowded(10))
    start = dual.start()
    assert polish(dual, start, 30, lambda: True).seats == pytest.approx(start.seats)
