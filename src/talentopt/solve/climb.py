"""Greedy improvement for as long as it closes the gap fast: gains earn it more time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from talentopt.solve.part import Part

if TYPE_CHECKING:
    from talentopt.problem import Problem
    from talentopt.solve.control import Control, Progress

EARNED = 2.5
"""Share of the time that is left which closing the whole gap would earn."""


def climb(problem: Problem, control: Control, least: float, most: float) -> None:
    """Find a plan greedily and improve it until better methods are worth their time.

    Parameters
    ----------
    problem : Problem
    control : Control
        A plan in hand is where the improvement starts.
    least, most : float
        Shares of the time left: before anything is gained, and whatever is gained.
    """
    from talentopt.solve.greedy.solver import solve as solve_greedy

    _Climb(problem, control, least, most).run(solve_greedy)


class _Climb(Part):
    """A part whose time grows with what it gains."""

    def __init__(self, problem: Problem, control: Control, least: float, most: float) -> None:
        self._first: float | None = None
        self._seconds = control.seconds_left
        self._least, self._most = least, most
        super().__init__(problem, control, least)

    def _watch(self, progress: Progress) -> None:
        super()._watch(progress)
        part = self._part
        if part is None or part.value is None:
            return
        if self._first is None:
            self._first = part.value
        gap = max(1e-9, part.bound - self._first)
        share = self._least + EARNED * (part.value - self._first) / gap
        part.limits = replace(part.limits, seconds=self._seconds * min(share, self._most))
