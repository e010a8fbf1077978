"""Cures with fewer edits still: a group of people is planned anew at once."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from talentopt.explain.cures import added_seats, lacks_more, shown
from talentopt.explain.solving import best
from talentopt.problem import measure
from talentopt.subproblem.subproblem import cut

if TYPE_CHECKING:
    from talentopt.explain.cures import Cure
    from talentopt.insight.standing import Standing
    from talentopt.problem import Problem

MOST_STARTS = 6_000
"""(option, start) choices of a group up to which it is planned at once."""

FIRST = 10.0
"""Times that the shortage in question counts, so that the group does not cure others instead."""

LONGEST = 2.0
"""Seconds for one group."""


def cured_together(standing: Standing, person: int, stage: int, cure: Cure, until: float) -> Cure:
    """Plan a person and those in the way anew, with ever more of the edits that a cure makes.

    Nobody may miss more for it, and the whole plan still gains.

    Parameters
    ----------
    standing : Standing
    person, stage : int
        Who is short of placements of what.
    cure : Cure
        With seats to add.
    until : float
        Clock (`time.monotonic`) at which to stop.

    Returns
    -------
    Cure
        The first found with fewer edits, else the same.
    """
    runs = list(added_seats(standing, cure))
    group = _group(standing, person, [placement for placement, _ in runs])
    for count in range(len(runs)):
        for kept in combinations(runs, count):
            left = until - time.monotonic()
            if left <= 0:
                return cure
            found = _solved(standing, person, stage, group, kept, min(left, LONGEST))
            if found is not None and found.cured >= cure.cured:
                return found
    return cure


def _group(standing: Standing, person: int, placements: list[int]) -> list[int]:
    """Choose the person, then those who hold such placements, then others, while few choices."""
    itineraries, plan = standing.problem.itineraries, standing.assignment
    held = itineraries.option_placement[plan.options]
    owner = measure.person_of(itineraries, plan.options)
    alike = np.isin(itineraries.placement_stage, itineraries.placement_stage[placements])
    distance = np.full(itineraries.n_people, 3)
    distance[owner[alike[held]]] = 2
    distance[owner[np.isin(held, placements)]] = 1
    distance[person] = 0
    order = np.argsort(distance, kind="stable")
    starts = np.bitwise_count(itineraries.option_starts).sum(axis=1)
    each = np.add.reduceat(np.append(starts, 0), itineraries.option_ptr[:-1])
    each[np.diff(itineraries.option_ptr) == 0] = 0
    return [int(who) for who in order[np.cumsum(each[order]) <= MOST_STARTS]]


def _solved(
    standing: Standing,
    person: int,
    stage: int,
    group: list[int],
    kept: tuple[tuple[int, np.ndarray], ...],
    seconds: float,
) -> Cure | None:
    """Plan the group anew with some more seats; None when the shortage stays."""
    plan = standing.assignment
    part = cut(_urged(standing.problem, person, stage, kept), plan, group)
    answer = best(part.problem, part.lower(plan), seconds)
    if answer.assignment is None:
        return None
    after = part.lift(answer.assignment)
    itineraries = standing.problem.itineraries
    least = itineraries.stage_min[person, stage]
    before, now = (
        min(measure.placements_held(itineraries, each.options)[person, stage], least)
        for each in (plan, after)
    )
    if now <= before or any(lacks_more(standing, after, who) for who in group):
        return None
    found = shown(standing, after, float(now - before))
    return found if found is not None and found.gain > 0 else None


def _urged(
    problem: Problem, person: int, stage: int, kept: tuple[tuple[int, np.ndarray], ...]
) -> Problem:
    """Return the problem with more seats, in which one shortage counts more."""
    itineraries = problem.itineraries
    seats, missing = itineraries.seats.copy(), itineraries.stage_missing.copy()
    for placement, periods in kept:
        seats[placement, periods] += 1
    missing[person, stage] *= FIRST
    return replace(problem, itineraries=replace(itineraries, seats=seats, stage_missing=missing))
