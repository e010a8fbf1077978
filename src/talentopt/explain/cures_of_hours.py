"""Seats that would cure missing hours of lectures, seminars and other concurrent placements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.explain.cures import Cure, with_booking
from talentopt.problem import measure
from talentopt.problem.feasible import SLACK

if TYPE_CHECKING:
    from talentopt.insight.standing import Standing

MOST_TRIED = 5
"""Bookings that are tried for one person's missing hours, fewest seats first."""


def cure_hours(standing: Standing, person: int, hours: int) -> Cure | None:
    """Find one more booking that counts, and the seats that it lacks.

    Everything else stays, the person's other bookings too. Bookings that need no or
    few seats come first, then those that close more of the gap.

    Parameters
    ----------
    standing : Standing
    person : int
    hours : int
        The requirement that the person is short of.
    """
    plan, itineraries = standing.assignment, standing.problem.itineraries
    short = float(measure.hours_missing(itineraries, plan.options)[person, hours])
    for option, start in _candidates(standing, person, hours, short)[:MOST_TRIED]:
        placement = itineraries.option_placement[option]
        closes = min(short, float(itineraries.placement_hours[placement]))
        cure = with_booking(standing, option, start, closes)
        if cure is not None:
            return cure
    return None


def _candidates(
    standing: Standing, person: int, hours: int, short: float
) -> list[tuple[int, int]]:
    """List options and starts for which the person has working time left, best first."""
    plan, itineraries = standing.assignment, standing.problem.itineraries
    used = measure.seats_used(itineraries, plan.options, plan.starts)
    lacking = used >= itineraries.seats
    load = _own_load(standing, person)
    options = np.arange(itineraries.option_ptr[person], itineraries.option_ptr[person + 1])
    placement = itineraries.option_placement[options]
    options = options[
        (itineraries.placement_hours_of[placement] == hours) & ~np.isin(options, plan.options)
    ]
    found = []
    for option in options.tolist():
        at = int(itineraries.option_placement[option])
        duration, more = int(itineraries.placement_duration[at]), itineraries.placement_load[at]
        for start in range(itineraries.n_periods - duration + 1):
            during = slice(start, start + duration)
            if not itineraries.may_start(np.array([option]), np.array([start]))[0]:
                continue
            if (load[during] + more > itineraries.concurrent_load + SLACK).any():
                continue
            seats = int(lacking[at, during].sum())
            closes = min(short, float(itineraries.placement_hours[at]))
            found.append((seats, -closes, -itineraries.option_points[option], option, start))
    return [(option, start) for *_, option, start in sorted(found)]


def _own_load(standing: Standing, person: int) -> np.ndarray:
    """(n_periods,) float64: load of the person's concurrent placements."""
    plan, itineraries = standing.assignment, standing.problem.itineraries
    load = np.zeros(itineraries.n_periods)
    mine = measure.person_of(itineraries, plan.options) == person
    for option, start in zip(plan.options[mine].tolist(), plan.starts[mine].tolist(), strict=True):
        placement = itineraries.option_placement[option]
        if not itineraries.placement_exclusive[placement]:
            end = start + itineraries.placement_duration[placement]
            load[start:end] += itineraries.placement_load[placement]
    return load
