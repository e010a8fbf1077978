"""The smoothed bound by itineraries seen, and its lowest point."""

from __future__ import annotations

import numpy as np
import pytest

from talentopt.solve.lagrangian.smoothing import Pool, lowest, soft_values

# Two people want the one seat of cell 0 for 10 and 6 points; the second may have cell 1 for 2.
POOL = Pool(
    np.array([0, 2, 5]),
    np.array([0, 1, 1, 2, 3, 3]),
    np.array([0, 0, 1]),
    np.array([10.0, 0.0, 6.0, 2.0, 0.0]),
)
ROOM = np.array([1.0, 1.0])


def bound(prices, temperature=1e-3):
    """The bound by these itineraries."""
    slope = ROOM.copy()
    return soft_values(prices, *POOL, temperature, slope) + float(ROOM @ prices)


def test_nobody_is_undecided_where_it_is_cold():
    assert bound(np.zeros(2)) == pytest.approx(16.0, abs=0.01)
    assert bound(np.array([5.0, 0.0])) == pytest.approx(5.0 + 5.0 + 2.0, abs=0.01)


def test_the_slope_is_what_the_value_changes_by():
    rng = np.random.default_rng(0)
    for _ in range(20):
        prices, temperature = rng.random(2) * 8, 0.5 + rng.random()
        slope = ROOM.copy()
        soft_values(prices, *POOL, temperature, slope)
        for cell in range(2):
            moved = prices.copy()
            moved[cell] += 1e-5
            change = (bound(moved, temperature) - bound(prices, temperature)) / 1e-5
            assert slope[cell] == pytest.approx(change, abs=1e-4)


def test_the_lowest_point_is_the_best_plan():
    limits = np.array([[0.0, 20.0], [0.0, 20.0]])
    prices = lowest(POOL, ROOM, np.zeros(2), limits, 0.05)
    # The first person has the seat, the second the other one.
    assert bound(prices) == pytest.approx(12.0, abs=0.2)


def test_prices_keep_to_their_limits():
    limits = np.array([[0.0, 1.5], [3.0, 3.0]])
    prices = lowest(POOL, ROOM, np.array([0.0, 3.0]), limits, 0.1)
    assert prices[0] == pytest.approx(1.5)
    assert prices[1] == 3.0
