"""Seats that would cure missing hours of lectures, seminars and other concurrent placements."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from talentopt.explain.cures import NO_EDIT, Cure, Remedy, added_alone, seat_edits, with_booking
from talentopt.explain.rebooking import each_alone, keeps_personal_rules
from talentopt.plan.why_booking import windows
from talentopt.problem import Assignment, measure
from talentopt.problem.feasible import SLACK
from talentopt.problem.starts import unpack

if TYPE_CHECKING:
    from collections.abc import Mapping

    from talentopt.insight.standing import Standing

MOST_TRIED = 5
"""Bookings that are tried for one person's missing hours, fewest seats first."""

SHARED = 0.5
"""What one more seat counts where seats are added already; others count 1."""

Booking = tuple[int, int]
"""Option and start."""


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
    itineraries = standing.problem.itineraries
    cures = HoursCures(standing, hours, [person])
    short = cures.short(person)
    for option, start in cures.candidates(person)[:MOST_TRIED]:
        placement = itineraries.option_placement[option]
        closes = min(short, float(itineraries.placement_hours[placement]))
        cure = with_booking(standing, option, start, closes)
        if cure is not None:
            return cure
    return None


class HoursCures:
    """Cures of everybody who is short of one requirement of hours.

    Parameters
    ----------
    standing : Standing
    hours : int
    people : list of int
        The dearest first.
    """

    def __init__(self, standing: Standing, hours: int, people: list[int]) -> None:
        self._standing, self._hours, self._people = standing, hours, people
        self._plan, self._itineraries = standing.assignment, standing.problem.itineraries
        plan, itineraries = self._plan, self._itineraries
        self._used = measure.seats_used(itineraries, plan.options, plan.starts)
        self._short = measure.hours_missing(itineraries, plan.options)[:, hours]
        self._found: dict[int, list[Booking]] = {}

    def short(self, person: int) -> float:
        """Hours that a person lacks."""
        return float(self._short[person])

    def find(self, until: float) -> None:
        """Add bookings for one person after the other alone, while there is time."""
        for person in self._people:
            if time.monotonic() >= until:
                return
            added = self._added(person, self._used)
            if added:
                self._found[person] = added

    def remedies(self) -> dict[int, Remedy]:
        """Say what cures each person alone; nobody is in it whose cure breaks a hard rule."""
        standing, people = self._standing, sorted(self._found)
        after = self._with(self._found)
        if not people or not keeps_personal_rules(standing.problem, after):
            return {}
        alone = each_alone(
            standing.problem, self._plan, standing.evaluation, after, np.array(people)
        )
        left = measure.hours_missing(self._itineraries, after.options)[:, self._hours]
        return {
            people[number]: Remedy(
                seat_edits(standing, added_alone(self._used, alone.lacking[number])) or (NO_EDIT,),
                float(alone.change[number]),
                float(self._short[people[number]] - left[people[number]]),
                (str(standing.names.people[people[number]]),),
            )
            for number in np.flatnonzero(~alone.broken).tolist()
        }

    def together(self, until: float) -> Assignment | None:
        """Add bookings for everybody at once; None when a rule within a person is broken."""
        used, added = self._used.copy(), {}
        for person in self._people:
            if time.monotonic() >= until:
                break
            added[person] = self._added(person, used)
            for option, start in added[person]:
                placement = self._itineraries.option_placement[option]
                used[placement, start : start + self._length(option)] += 1
        after = self._with(added)
        return after if keeps_personal_rules(self._standing.problem, after) else None

    def candidates(
        self, person: int, used: np.ndarray | None = None, added: tuple[Booking, ...] = ()
    ) -> list[Booking]:
        """List bookings for which the person has working time left, fewest seats first.

        Parameters
        ----------
        person : int
        used : (n_placements, n_periods) int64, optional
            Seats in use; as in the plan by default.
        added : tuple
            What the person gets besides.
        """
        itineraries = self._itineraries
        booked = [*self._own(person), *added]
        options = np.arange(itineraries.option_ptr[person], itineraries.option_ptr[person + 1])
        counted = itineraries.placement_hours_of[itineraries.option_placement[options]]
        known = [option for option, _ in booked]
        options = options[(counted == self._hours) & ~np.isin(options, known)]
        placement = itineraries.option_placement[options]
        duration = itineraries.placement_duration[placement]
        more = self._load(booked) + itineraries.placement_load[placement][:, None]
        allowed = unpack(itineraries.option_starts[options], itineraries.n_periods)
        allowed &= ~windows(more > itineraries.concurrent_load + SLACK, duration)
        row, start = np.nonzero(allowed)
        over = (self._used if used is None else used)[placement] - itineraries.seats[placement]
        lacking = np.where(over > 0, SHARED, np.where(over == 0, 1.0, 0.0))
        summed = np.pad(np.cumsum(lacking, axis=1), ((0, 0), (1, 0)))
        end = np.minimum(start + duration[row], itineraries.n_periods)
        seats = summed[row, end] - summed[row, start]
        closes = np.minimum(self._short[person], itineraries.placement_hours[placement[row]])
        points = itineraries.option_points[options[row]]
        order = np.lexsort((-points, -closes, seats))
        return list(zip(options[row[order]].tolist(), start[order].tolist(), strict=True))

    def _added(self, person: int, used: np.ndarray) -> list[Booking]:
        """Choose bookings until the person's hours are enough, or nothing more fits."""
        added: list[Booking] = []
        left = self.short(person)
        while left > SLACK:
            found = self.candidates(person, used, tuple(added))
            if not found:
                break
            added.append(found[0])
            placement = self._itineraries.option_placement[found[0][0]]
            left -= float(self._itineraries.placement_hours[placement])
        return added

    def _with(self, added: Mapping[int, list[Booking]]) -> Assignment:
        plan = self._plan
        more = [booking for bookings in added.values() for booking in bookings]
        options = np.array([option for option, _ in more], dtype=plan.options.dtype)
        starts = np.array([start for _, start in more], dtype=plan.starts.dtype)
        return Assignment.of(
            plan.arcs, np.append(plan.options, options), np.append(plan.starts, starts)
        )

    def _length(self, option: int) -> int:
        return int(
            self._itineraries.placement_duration[self._itineraries.option_placement[option]]
        )

    def _own(self, person: int) -> list[Booking]:
        """List what the person has in the plan."""
        plan, ptr = self._plan, self._itineraries.option_ptr
        first, last = np.searchsorted(plan.options, ptr[person : person + 2])
        options, starts = plan.options[first:last].tolist(), plan.starts[first:last].tolist()
        return list(zip(options, starts, strict=True))

    def _load(self, booked: list[Booking]) -> np.ndarray:
        """(n_periods,) float64: load of concurrent placements."""
        itineraries = self._itineraries
        load = np.zeros(itineraries.n_periods)
        for option, start in booked:
            placement = itineraries.option_placement[option]
            if not itineraries.placement_exclusive[placement]:
                load[start : start + self._length(option)] += itineraries.placement_load[placement]
        return load
