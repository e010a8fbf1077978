"""Prices by the itineraries seen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.solve.lagrangian.crowded import crowded

from talentopt.solve.lagrangian.master import polish


def test_prices_are_at_least_as_good_and_often_better():
    before, after = [], []
    for dual in crowded(20):
        start = dual.start()
        before.append(dual.at(start, 12).bound)
        master = polish(dual, start, 12, lambda: False)
        after.append(dual.at(replace(start, seats=master.seats), 12).bound)
        assert after[-1] == pytest.approx(master.bound)
    assert len(before) >= 10
    assert all(new <= old + 1e-9 for old, new in zip(before, after, strict=True))
    assert sum(new < old - 1 for old, new in zip(before, after, strict=True)) >= 5


def test_nothing_is_done_when_time_is_over():
    dual = next(crowded(10))
    start = dual.start()
    assert polish(dual, start, 30, lambda: True).seats == pytest.approx(start.seats)
