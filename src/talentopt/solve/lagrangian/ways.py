"""Ways to improve a plan that take turns, most often the one that gained most lately."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.solve.control import Control

LONGEST_WAIT = 16
"""Turns after which a way that gained less than others is tried again."""

RECENT = 0.2
"""What one turn counts for in what a way is said to gain."""


class Way:
    """One way to improve, and what it gained lately.

    Parameters
    ----------
    run : callable
        Tells whether it gained.
    people : int
        Who choose again in one turn.

    Attributes
    ----------
    rate : float
        Points per second, or per turn when reproducible, an average of recent ones; of none yet
        infinite.
    last : int
        Turn of any way in which this one was last.
    """

    def __init__(self, run: Callable[[], bool], people: int) -> None:
        self.people = people
        self.rate, self.last, self._run = np.inf, -LONGEST_WAIT, run

    def take(self, turn: int, control: Control) -> bool:
        """Take a turn; return whether that gained.

        Parameters
        ----------
        turn : int
            Its number.
        control : Control
            Whose value tells what was gained.
        """
        before, begun = control.value or 0.0, time.monotonic()
        gained = self._run()
        gain = (control.value or 0.0) - before
        if not control.limits.reproducible:
            gain /= max(time.monotonic() - begun, 1e-3)
        self.rate = gain if np.isinf(self.rate) else self.rate + RECENT * (gain - self.rate)
        self.last = turn
        return gained


def next_way(ways: list[Way], turn: int) -> Way:
    """Choose the way that gained most lately, or one that has waited long.

    Parameters
    ----------
    ways : list of Way
    turn : int
        Number of turns taken.
    """
    oldest = min(ways, key=lambda way: way.last)
    if oldest.last + LONGEST_WAIT <= turn:
        return oldest
    return max(ways, key=lambda way: (way.rate, -way.last))
