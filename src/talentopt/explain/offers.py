"""One edit of a scenario and what it is worth, shown by a plan that is allowed with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from talentopt.problem import Assignment, Problem

Kind = Literal["seat", "place", "coin"]


@dataclass(frozen=True, slots=True)
class Offer:
    """What one more of something is worth at least.

    Attributes
    ----------
    kind : str
        ``seat`` of a placement, ``place`` of a provider (a mentor, a post, a title, ...) or
        ``coin`` of a budget.
    edit : str
        In a planner's words.
    units : float
        Seats, places or coins that the edit adds.
    estimate : float
        What prices say it is worth; NaN where they say nothing.
    worth : float
        Points that the plan gains, other than `helped` staying where they are.
    helped : tuple of str
        Whoever gets something else, the first one thanks to the edit.
    assignment : Assignment
        The plan that shows it; allowed in `problem`.
    problem : Problem
        With the edit.
    """

    kind: Kind
    edit: str
    units: float
    estimate: float
    worth: float
    helped: tuple[str, ...]
    assignment: Assignment
    problem: Problem
