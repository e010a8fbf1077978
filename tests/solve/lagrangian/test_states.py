"""What states keep apart decides how much work a bound is, never what it is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from random_problems import random_problem
from talentopt.solve.lagrangian import solver
from talentopt.solve.lagrangian.pricing import LAZY, PRICE_GRID, Pricing

if TYPE_CHECKING:
    from talentopt.problem import Itineraries

PERSONAL = ("ordered", "missing", "stage_max", "idle", "move", "distinct", "prerequisites")
PRICES = 6


def drawn(count: int, **sizes: int) -> list[Itineraries]:
    """Itineraries with rules that states keep apart."""
    problems = [random_problem(seed, PERSONAL, **sizes) for seed in range(count)]
    return [problem.itineraries for problem in problems if solver.suits(problem)]


def test_what_earlier_prices_kept_apart_changes_no_bound():
    rng = np.random.default_rng(0)
    kept = 0
    for itineraries in drawn(60, people=3, placements=8, periods=9):
        used = Pricing(itineraries)
        for _ in range(PRICES):
            price = rng.integers(0, 40 * PRICE_GRID, itineraries.seats.shape) / PRICE_GRID
            fresh = Pricing(itineraries).price(price, attempts=200)
            assert used.price(price, attempts=200).bound == pytest.approx(fresh.bound)
        kept += int((used.layout.kept >= 0).sum())
    assert kept > 20


def test_one_placement_is_not_booked_twice_nor_one_value():
    for itineraries in drawn(60, people=3, placements=8, periods=9):
        priced = Pricing(itineraries).price(np.zeros(itineraries.seats.shape))
        for options in priced.option[priced.allowed]:
            placement = itineraries.option_placement[options[options >= 0]]
            value = itineraries.placement_distinct[placement]
            assert len(np.unique(placement)) == len(placement)
            assert len(np.unique(value[value >= 0])) == (value >= 0).sum()


def chained(itineraries: Itineraries, met_by: list[list[int]]) -> Itineraries:
    """The last placement needs one placement of each list."""
    return replace(
        itineraries,
        clause_placement=np.full(len(met_by), itineraries.n_placements - 1, dtype=np.int32),
        clause_ptr=np.cumsum([0, *map(len, met_by)]).astype(np.int64),
        clause_met_by=np.array([k for some in met_by for k in some], dtype=np.int32),
        clause_done=np.zeros((itineraries.n_people, len(met_by)), dtype=bool),
    )


def test_more_prerequisites_than_there_is_room_leave_a_bound():
    found = 0
    for itineraries in drawn(60, people=2, placements=8, periods=9):
        others = itineraries.n_placements - 2
        if others < 6:
            continue
        # All are met by placement 0, and by one placement or another beside it.
        lists = [[0, *(1 + i for i in range(6) if some >> i & 1)] for some in range(62)]
        price = np.zeros(itineraries.seats.shape)
        exact = Pricing(chained(itineraries, [[0]])).price(price, attempts=200)
        many = Pricing(chained(itineraries, lists)).price(price, attempts=200)
        assert (many.bound >= exact.bound - 1e-9).all()
        assert many.bound[many.allowed] == pytest.approx(exact.bound[many.allowed])
        found += 1
    assert found >= 5


def test_lazy_prices_bound_from_above_and_learn():
    learned = 0
    for itineraries in drawn(60, people=3, placements=8, periods=9):
        free = np.zeros(itineraries.seats.shape)
        exact = Pricing(itineraries).price(free, attempts=200).bound
        pricing = Pricing(itineraries)
        first = pricing.price(free, attempts=LAZY).bound
        for _ in range(20):
            last = pricing.price(free, attempts=LAZY).bound
            assert (last >= exact - 1e-9).all()
        assert last == pytest.approx(exact)
        learned += int((first > exact + 1e-9).any())
    assert learned > 5
