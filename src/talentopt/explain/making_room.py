"""Cures of a shortage with fewer edits: somebody else makes room instead of one more seat."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.explain.cures import Cure, added_seats, lacks_more, shown
from talentopt.explain.itinerary import OwnItinerary
from talentopt.explain.swaps import PairSwaps
from talentopt.problem import measure

if TYPE_CHECKING:
    from talentopt.insight.standing import Standing

MOST_ASKED = 8
"""Holders of one full seat who are asked to make room, those losing least first."""


def with_fewer_edits(standing: Standing, person: int, cure: Cure, until: float) -> Cure:
    """Let others make room for a person, one other for each seat that the cure adds.

    Nobody may miss more for it, and the whole plan still gains.

    Parameters
    ----------
    standing : Standing
    person : int
        Whose shortage is cured; stays as the cure has it.
    cure : Cure
        With seats to add.
    until : float
        Clock (`time.monotonic`) at which to stop.
    """
    for placement, periods in list(added_seats(standing, cure)):
        if time.monotonic() >= until:
            break
        cure = _with_room(standing, person, cure, placement, periods, until) or cure
    return cure


def _with_room(
    standing: Standing, person: int, cure: Cure, placement: int, periods: np.ndarray, until: float
) -> Cure | None:
    """Find the holder who makes room at the best value; None when nobody can."""
    itineraries = cure.problem.itineraries
    seats = itineraries.seats.copy()
    seats[placement, periods] = standing.problem.itineraries.seats[placement, periods]
    fewer = replace(cure.problem, itineraries=replace(itineraries, seats=seats))
    found: Cure | None = None
    for holder in _holders(cure, person, placement, periods):
        if time.monotonic() >= until:
            break
        after = OwnItinerary(fewer, cure.assignment, holder).best().assignment
        if after is None or lacks_more(standing, after, holder):
            continue
        less = shown(standing, after, cure.cured)
        if less is not None and less.gain > (0.0 if found is None else found.gain):
            found = less
    return found


def _holders(cure: Cure, person: int, placement: int, periods: np.ndarray) -> list[int]:
    """List others who are there then and could leave, those of least points first."""
    itineraries, plan = cure.problem.itineraries, cure.assignment
    there = itineraries.option_placement[plan.options] == placement
    end = plan.starts + itineraries.placement_duration[placement]
    there &= (plan.starts <= periods[-1]) & (end > periods[0])
    there &= ~np.isin(plan.options, itineraries.fixed_options)
    options = plan.options[there]
    people = measure.person_of(itineraries, options)
    order = np.lexsort((people, itineraries.option_points[options]))
    return [who for who in people[order].tolist() if who != person][:MOST_ASKED]


def swapped(standing: Standing, person: int, demand: int) -> Cure | None:
    """Give a person a missing provider for whom one other moves to another; None if nobody can."""
    swaps = PairSwaps(standing.problem, standing.assignment, standing.evaluation, person)
    missing = _missing(standing, standing.assignment.arcs)
    ranked = sorted(swaps.alternatives([demand]).values(), key=lambda each: -each[0])
    for change, after in ranked:
        if change <= 0:
            break
        if after is not None and _missing(standing, after.arcs) < missing:
            cure = shown(standing, after, 1.0)
            if cure is not None:
                return cure
    return None


def _missing(standing: Standing, arcs: np.ndarray) -> int:
    short = measure.providers_missing(standing.problem.matchings, arcs)
    return int(np.maximum(short, 0).sum())
