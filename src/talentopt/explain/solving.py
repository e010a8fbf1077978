"""Solving a small problem, and saying what is known of the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.control import OPTIMALITY_TOLERANCE, Control, Limits

if TYPE_CHECKING:
    from talentopt.problem import Assignment, Problem

FEW_STARTS = 600
"""Most (option, start) choices that the linear model alone answers in a moment."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found and proved.

    Attributes
    ----------
    assignment : Assignment or None
        The best found; None when none was found.
    value : float
        Its value; -inf without one.
    bound : float
        No allowed assignment is worth more; -inf when none is allowed.
    """

    assignment: Assignment | None
    value: float
    bound: float

    @property
    def proven(self) -> bool:
        """Whether it is proven that nothing is better."""
        return self.bound <= self.value + OPTIMALITY_TOLERANCE

    @property
    def impossible(self) -> bool:
        """Whether it is proven that nothing is allowed."""
        return self.bound == float("-inf")


def best(problem: Problem, warm: Assignment | None, seconds: float, workers: int = 1) -> Answer:
    """Search a small problem: the linear model for the smallest, else the usual methods.

    Parameters
    ----------
    problem : Problem
    warm : Assignment or None
        A plan to start from; need not be allowed.
    seconds : float
    workers : int
    """
    from talentopt.problem.encode import encode
    from talentopt.solve.auto import solve
    from talentopt.solve.highs import search

    control = Control(problem, Limits(seconds=seconds, workers=workers), None, warm)
    if count_starts(problem) <= FEW_STARTS:
        search(encode(problem), control)
    else:
        solve(problem, control)
    if control.infeasible and control.best is None:
        return Answer(None, float("-inf"), float("-inf"))
    value = float("-inf") if control.value is None else control.value
    return Answer(control.best, value, control.bound)


def count_starts(problem: Problem) -> int:
    """Count the (option, start) choices."""
    return int(np.bitwise_count(problem.itineraries.option_starts).sum())
