"""Itineraries are taken down with what they are worth."""

from __future__ import annotations

import numpy as np
import pytest
from tests.solve.lagrangian.crowded import crowded

from talentopt.solve.lagrangian.seen import seen


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
