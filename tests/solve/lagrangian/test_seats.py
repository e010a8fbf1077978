"""What bookings cost by their start, and where there are too many or too few."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talentopt.solve.lagrangian.layout import CLOSED
from talentopt.solve.lagrangian.seats import charge_by_start, crowding


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 70), st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_a_booking_costs_the_prices_of_its_periods(n_periods, longest, seed):
    rng = np.random.default_rng(seed)
    price = rng.integers(-640, 640, (3, n_periods)) / 64
    duration = rng.integers(1, longest + 1, 3).astype(np.int32)
    n_starts = n_periods + int(rng.integers(8))
    charge = charge_by_start(price, duration, n_starts, 1600.0, 5.0).reshape(3, n_starts)
    for k in range(3):
        for t in range(n_starts):
            end = t + duration[k]
            paid = np.clip(price[k, t:end], -5, 5).sum() * 1600
            assert charge[k, t] == (paid if end <= n_periods else CLOSED)


@pytest.mark.parametrize(
    ("price", "people", "rise"),
    [
        (1.0, 1, -2),
        (1.0, 5, 2),
        (0.0, 5, 2),
        (0.0, 2, 0),
        (0.0, 0, -1),
        (-1.0, 2, 1),
        (-1.0, 0, -1),
    ],
    ids=["empty", "full", "full and free", "between", "under", "enough", "under and paid"],
)
def test_prices_rise_where_there_are_too_many(price, people, rise):
    # Three seats, at least one taken.
    placement, start = np.zeros(people, np.int32), np.zeros(people, np.int32)
    found = crowding(
        np.array([[price]]),
        placement,
        start,
        np.array([1], np.int32),
        np.array([[3.0]]),
        np.array([[1.0]]),
        1.0,
    )
    assert found[0, 0] == rise


def test_a_part_of_the_people_stands_for_all():
    one = np.zeros(1, np.int32)
    shape = (1, 3)
    found = crowding(
        np.ones(shape),
        one,
        one + 1,
        np.array([2], np.int32),
        np.zeros(shape),
        np.zeros(shape),
        0.25,
    )
    assert found.tolist() == [[0.0, 4.0, 4.0]]
