"""From one plan to another that is unlike it, person by person, at little loss."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from talentopt.explain.itinerary import OwnItinerary
from talentopt.explain.solving import best
from talentopt.explain.subproblem import cut
from talentopt.problem.evaluate import evaluate

if TYPE_CHECKING:
    from talentopt.problem import Assignment, Problem

PAIRS_SHARE = 0.4
"""Of the time, for matching everybody's providers anew."""


def walk(
    problem: Problem, pushed: Problem, start: Assignment, least: float, seconds: float
) -> Assignment:
    """Change what costs less than a problem with prices on alikeness pays for it.

    Parameters
    ----------
    problem : Problem
    pushed : Problem
        The same with a price on what known plans have.
    start : Assignment
        Allowed.
    least : float
        Value in `problem` that the plan must keep.
    seconds : float

    Returns
    -------
    Assignment
        Allowed, of at least that value; `start` when there is nothing to change.
    """
    end = time.monotonic() + seconds
    plan = start
    itineraries = problem.itineraries
    movable = ~np.isin(plan.options, itineraries.fixed_options)
    movable &= itineraries.placement_exclusive[itineraries.option_placement[plan.options]]
    for person in np.unique(itineraries.option_person()[plan.options[movable]]).tolist():
        if time.monotonic() >= end - PAIRS_SHARE * seconds:
            break
        plan = _kept(problem, least, plan, OwnItinerary(pushed, plan, person).best().assignment)
    demands = np.arange(problem.matchings.n_demands)
    if len(demands) == 0:
        return plan
    part = cut(pushed, plan, (), demands)
    answer = best(part.problem, part.lower(plan), max(end - time.monotonic(), 0.1))
    matched = None if answer.assignment is None else part.lift(answer.assignment)
    return _kept(problem, least, plan, matched)


def _kept(
    problem: Problem, least: float, plan: Assignment, other: Assignment | None
) -> Assignment:
    """Take the other plan if it is allowed and worth enough."""
    if other is None:
        return plan
    found = evaluate(problem, other)
    return plan if found.violations or found.value < least else other
