"""Prices found after parts of the people are as good as after passes over everybody."""

from __future__ import annotations

import numpy as np
import pytest

from random_problems import random_problem
from talentopt.solve.lagrangian import search, solver
from talentopt.solve.lagrangian.dual import Dual
from talentopt.solve.lagrangian.pricing import Pricing
from talentopt.solve.lagrangian.search import Search
from talentopt.solve.matchings.interface import Relaxation
from talentopt.solve.steps import Adam

RULES = ("ordered", "seats", "missing", "idle", "distinct")
PASSES = 60


def crowded(count: int) -> list[Dual]:
    """Relaxations with more people than seats."""
    problems = [
        random_problem(seed, RULES, people=10, placements=4, periods=6) for seed in range(count)
    ]
    return [
        Dual(
            problem,
            Pricing(problem.itineraries),
            Relaxation(problem.matchings, problem.links, 1),
        )
        for problem in problems
        if solver.suits(problem)
    ]


def searched(dual: Dual) -> Search:
    """Prices after some passes."""
    found = Search(dual, dual.start(), np.random.default_rng(0))
    for number in range(PASSES):
        found.pass_over(number / PASSES)
    found.look(1.0)
    return found


def test_the_bound_is_that_of_the_best_prices():
    for dual in crowded(25):
        found = searched(dual)
        assert found.bound == pytest.approx(dual.at(found.best, search.CAREFUL_ATTEMPTS).bound)
        assert found.bound <= dual.at(dual.start(), 1).bound + 1e-9


def test_parts_lower_the_bound_as_far_as_passes_over_everybody(monkeypatch):
    duals = crowded(25)
    by_parts = [searched(dual).bound for dual in duals]
    monkeypatch.setattr(search, "FIRST_PARTS", 1)
    whole = [searched(dual).bound for dual in duals]
    assert len(duals) >= 12
    assert any(first != second for first, second in zip(by_parts, whole, strict=True))
    assert sum(by_parts) <= sum(whole) + 0.01 * sum(np.abs(whole))


def test_a_price_that_crosses_zero_stops_there():
    moved = Adam(3).step(np.array([1.0, -1.0, 2.0]), np.array([-1.0, 1.0, 1.0]), 5.0)
    assert moved[0] == 0
    assert moved[1] == 0
    assert moved[2] > 2
