"""From one plan to another that is unlike it, person by person, at little loss."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from talentopt.explain.arranging import (
    CLOSED,
    Arranger,
    Seats,
    exclusive_bookings,
    with_bookings,
)
from talentopt.explain.solving import best
from talentopt.problem.evaluate import evaluate
from talentopt.subproblem.subproblem import cut

if TYPE_CHECKING:
    from talentopt.explain.arranging import Booked
    from talentopt.problem import Assignment, Itineraries, Problem

PAIRS_SHARE = 0.4
"""Of the time, for matching everybody's providers anew."""

MOST_ARCS = 100_000
"""Pairs up to which they are matched anew; of more, the search that follows does it."""

TOGETHER = 32
"""People whose choices are looked at together first; half of them where that does not pay."""


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
    plan = _rebooked(problem, pushed, start, least, end - PAIRS_SHARE * seconds)
    demands = np.arange(problem.matchings.n_demands)
    if len(demands) == 0 or problem.matchings.n_arcs > MOST_ARCS:
        return plan
    part = cut(pushed, plan, (), demands)
    answer = best(part.problem, part.lower(plan), max(end - time.monotonic(), 0.1))
    matched = None if answer.assignment is None else part.lift(answer.assignment)
    return _kept(problem, least, plan, matched)


def _rebooked(
    problem: Problem, pushed: Problem, plan: Assignment, least: float, until: float
) -> Assignment:
    """Let everybody choose exclusive bookings anew within the seats that are left."""
    itineraries = problem.itineraries
    movable = ~np.isin(plan.options, itineraries.fixed_options)
    movable &= itineraries.placement_exclusive[itineraries.option_placement[plan.options]]
    people = np.unique(itineraries.option_person()[plan.options[movable]])
    if len(people) == 0:
        return plan
    arranger, paid = Arranger(pushed, plan, people), evaluate(pushed, plan).value
    waiting = [people[first : first + TOGETHER] for first in range(0, len(people), TOGETHER)]
    while waiting and time.monotonic() < until:
        some = waiting.pop()
        chosen = _chosen(itineraries, arranger, plan, some)
        after = with_bookings(itineraries, plan, chosen)
        now = evaluate(pushed, after).value
        if now > paid and _kept(problem, least, plan, after) is after:
            plan, paid = after, now
        elif len(some) > 1:
            waiting[:0] = np.array_split(some, 2)
    return plan


def _chosen(
    itineraries: Itineraries, arranger: Arranger, plan: Assignment, people: np.ndarray
) -> dict[int, Booked]:
    """Let some people choose, one after the other."""
    seats, chosen = Seats.of(itineraries, plan), {}
    for person in people.tolist():
        own = exclusive_bookings(itineraries, plan, person)
        seats.move(own, -1)
        new = arranger.best(person, seats.charges(CLOSED))
        chosen[person] = own if new is None or seats.lacking(new).any() else new
        seats.move(chosen[person], 1)
    return chosen


def _kept(
    problem: Problem, least: float, plan: Assignment, other: Assignment | None
) -> Assignment:
    """Take the other plan if it is allowed and worth enough."""
    if other is None:
        return plan
    found = evaluate(problem, other)
    return plan if found.violations or found.value < least else other
