"""Gains of decisions are believed once both sides were tried."""

from __future__ import annotations

import numpy as np

from talentopt.solve.enumeration.branching import Count
from talentopt.solve.enumeration.gains import RELIABLE, Gains

FEWER, MORE = Count(0, -np.inf, 1.0), Count(0, 2.0, np.inf)


def test_gains_of_both_sides_are_averaged() -> None:
    gains = Gains()
    for _ in range(RELIABLE):
        gains.note(FEWER, 1.0)
    assert gains.expected((FEWER, MORE)) is None
    for _ in range(RELIABLE):
        gains.note(MORE, 4.0)
        gains.note(MORE, 2.0)
    assert gains.expected((FEWER, MORE)).tolist() == [1.0, 3.0]
    assert gains.expected((FEWER, Count(1, 2.0, np.inf))) is None
