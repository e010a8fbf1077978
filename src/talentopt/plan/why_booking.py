"""Why a person is short of placements or hours: what keeps each option out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from talentopt.plan.counted import Counted
from talentopt.problem import measure
from talentopt.problem.feasible import SLACK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from talentopt.plan.names import Names
    from talentopt.plan.why_row import FullRows
    from talentopt.problem import Assignment, Itineraries, Problem


class BookingReasons:
    """Finds what binds where placements or hours are missing.

    Parameters
    ----------
    problem : Problem
    names : Names
    areas : mapping of str to str
        The area of each placement; may be blank.
    assignment : Assignment
    full : FullRows
    left : str
        What to say of a placement that has room and is not used.
    """

    def __init__(
        self,
        problem: Problem,
        names: Names,
        areas: Mapping[str, str],
        assignment: Assignment,
        full: FullRows,
        left: str,
    ) -> None:
        self._itineraries = itineraries = problem.itineraries
        self._names = names
        self._areas = areas
        self._assignment = assignment
        self._rows = full
        self._left = left
        self._booked = np.zeros(itineraries.n_options, dtype=bool)
        self._booked[assignment.options] = True
        self._crowded = _crowded(itineraries, assignment)
        # What clashes depends on few things only, so that it is found once for all alike.
        alike = np.column_stack(
            [
                itineraries.placement_duration,
                itineraries.placement_stage,
                itineraries.placement_exclusive,
                itineraries.placement_load,
            ]
        )
        _, self._example, sort = np.unique(alike, axis=0, return_index=True, return_inverse=True)
        self._sort = sort.ravel()

    def missing_placements(self, person: int, stage: int, short: int) -> str:
        """Say why this person holds fewer placements of a stage than needed."""
        options = self._options(person)
        placement = self._itineraries.option_placement[options]
        options = options[self._itineraries.placement_stage[placement] == stage]
        if len(options) == 0:
            return "no placement of this stage is open to them"
        held = int(self._booked[options].sum())
        if len(options) < held + short:
            count = f"only {len(options)} of this stage are open to them"
            return f"{count}; {self._causes(person, options)}" if len(options) > held else count
        needed, there = self._periods(person)
        if needed > there:
            return f"all their stages need {needed} periods, they have {there}"
        return self._causes(person, options)

    def missing_hours(self, person: int, hours: int) -> str:
        """Say why this person has fewer hours than needed."""
        itineraries = self._itineraries
        options = self._options(person)
        placement = itineraries.option_placement[options]
        counted = itineraries.placement_hours_of[placement] == hours
        options, placement = options[counted], placement[counted]
        if len(options) == 0:
            return "nothing that counts is open to them"
        open_hours = itineraries.placement_hours[placement].sum()
        if open_hours < itineraries.hours_min[person, hours]:
            return f"only {open_hours:g} hours are open to them"
        return self._causes(person, options)

    def _options(self, person: int) -> np.ndarray:
        ptr = self._itineraries.option_ptr
        return np.arange(ptr[person], ptr[person + 1])

    def _starts(self, options: np.ndarray) -> np.ndarray:
        """(n, n_periods) bool: the allowed starts of each option."""
        periods = np.arange(self._itineraries.n_periods)
        words = self._itineraries.option_starts[options][:, periods // 64]
        return np.asarray((words >> (periods % 64).astype(np.uint64)) & np.uint64(1) == 1)

    def _periods(self, person: int) -> tuple[int, int]:
        """Count the periods that all exclusive minima need, and those there are."""
        itineraries = self._itineraries
        options = self._options(person)
        placement = itineraries.option_placement[options]
        options = options[itineraries.placement_exclusive[placement]]
        placement = itineraries.option_placement[options]
        duration, stage = (
            of[placement] for of in (itineraries.placement_duration, itineraries.placement_stage)
        )
        least = np.maximum(itineraries.stage_min[person], 0)
        needed = sum(
            int(np.sort(duration[stage == which])[: least[which]].sum())
            for which in np.flatnonzero(itineraries.stage_exclusive)
        )
        starts, there = self._starts(options), np.zeros(itineraries.n_periods, dtype=bool)
        for length in np.unique(duration):
            some = starts[duration == length].any(axis=0)
            there |= np.convolve(some, np.ones(length, dtype=bool))[: len(there)]
        return needed, int(there.sum())

    def _causes(self, person: int, options: np.ndarray) -> str:
        """Count what keeps the options out that are not booked."""
        options = options[~self._booked[options]]
        placement = self._itineraries.option_placement[options]
        held = self._mine(person)
        starts = self._starts(options)
        seated = starts & ~self._crowded[placement]
        fitting = seated & ~self._clashes(self._example, held)[self._sort[placement]]
        any_seat, any_time = seated.any(axis=1), fitting.any(axis=1)
        out = Counted()
        for row, cause in enumerate(self._held_back(person, placement, held)):
            area = ""
            if not cause and not any_seat[row]:
                area = self._areas.get(str(self._names.placements[placement[row]]), "")
                cause = "full in every possible period"
            if not cause and not any_time[row]:
                cause = "with seats only when their other placements leave no time"
            if not cause and not self._ready(person, int(placement[row]), fitting[row], held):
                cause = "waiting for a prerequisite"
            if not cause and (full := self._rows.block_booking(int(options[row]))) is not None:
                cause = f"kept out by {full}"
            if not cause:
                return f"{self._names.placements[placement[row]]} has room: {self._left}"
            out.add(cause, area)
        return f"of {len(options)} more that are open to them: {out}"

    def _mine(self, person: int) -> Held:
        """Return placement, start and end of this person's bookings."""
        ptr = self._itineraries.option_ptr
        first, last = np.searchsorted(self._assignment.options, ptr[person : person + 2])
        placement = self._itineraries.option_placement[self._assignment.options[first:last]]
        start = self._assignment.starts[first:last]
        return Held(placement, start, start + self._itineraries.placement_duration[placement])

    def _held_back(self, person: int, placement: np.ndarray, held: Held) -> list[str]:
        """Name for each placement the rule that forbids it at any start; blank where none does."""
        itineraries = self._itineraries
        causes = np.full(len(placement), "", dtype=object)
        limits = zip(itineraries.limit_value, itineraries.limit_left, strict=True)
        for values, left in limits:
            full = _counted(values[held.placement], left.shape[1]) >= np.maximum(left[person], 0)
            value = values[placement]
            causes[(value >= 0) & np.append(full, False)[value]] = (
                "over a limit of alike placements"
            )
        stage, distinct = itineraries.placement_stage, itineraries.placement_distinct
        full = _counted(stage[held.placement], itineraries.n_stages) >= np.maximum(
            itineraries.stage_max[person], 0
        )
        causes[full[stage[placement]]] = "over the most they may hold"
        done = np.append(_counted(distinct[held.placement], int(distinct.max(initial=-1)) + 1), 0)
        causes[done[distinct[placement]] > 0] = "repeating what they already do"
        return list(causes)

    def _clashes(self, placement: np.ndarray, held: Held) -> np.ndarray:
        """(n, n_periods) bool: starts that clash with what the person already holds."""
        itineraries = self._itineraries
        start = np.arange(itineraries.n_periods)[None, :]
        end = start + itineraries.placement_duration[placement][:, None]
        exclusive, stage = itineraries.placement_exclusive, itineraries.placement_stage
        clash = np.zeros(end.shape, dtype=bool)
        for other, begun, ended in held.of(exclusive):
            clash |= (begun < end) & (ended > start)
            if itineraries.ordered:
                clash |= (stage[placement] > stage[other])[:, None] & (ended > start)
                clash |= (stage[placement] < stage[other])[:, None] & (begun < end)
        clash &= exclusive[placement][:, None]
        return np.asarray(clash | self._overloads(placement, held))

    def _overloads(self, placement: np.ndarray, held: Held) -> np.ndarray:
        """(n, n_periods) bool: starts at which concurrent placements load too much."""
        itineraries = self._itineraries
        concurrent = ~itineraries.placement_exclusive
        carried = np.zeros(itineraries.n_periods)
        for other, begun, ended in held.of(concurrent):
            carried[begun:ended] += itineraries.placement_load[other]
        room = itineraries.concurrent_load + SLACK - carried
        tight = room[None, :] < itineraries.placement_load[placement][:, None]
        tight &= concurrent[placement][:, None]
        return windows(tight, itineraries.placement_duration[placement])

    def _ready(self, person: int, placement: int, starts: np.ndarray, held: Held) -> bool:
        """Whether all prerequisites are finished by the last of these starts."""
        itineraries = self._itineraries
        finished = held.placement[held.end <= np.flatnonzero(starts)[-1]]
        for clause in np.flatnonzero(itineraries.clause_placement == placement):
            first, last = itineraries.clause_ptr[clause : clause + 2]
            met = np.isin(itineraries.clause_met_by[first:last], finished).any()
            if not met and not itineraries.clause_done[person, clause]:
                return False
        return True


class Held(NamedTuple):
    """One person's bookings.

    Attributes
    ----------
    placement, start, end : (n,) int
        `end` is the first period after the booking.
    """

    placement: np.ndarray
    start: np.ndarray
    end: np.ndarray

    def of(self, wanted: np.ndarray) -> Iterator[tuple[int, int, int]]:
        """Yield those at some placements, given as (n_placements,) bool."""
        which = wanted[self.placement]
        yield from zip(*(each[which].tolist() for each in self), strict=True)


def _counted(values: np.ndarray, n_values: int) -> np.ndarray:
    """(n_values,) int64: how often each value occurs; -1 is none."""
    return np.bincount(values[values >= 0], minlength=n_values)


def windows(bad: np.ndarray, duration: np.ndarray) -> np.ndarray:
    """(n, n_periods) bool: starts from which a stay covers a bad period.

    Parameters
    ----------
    bad : (n, n_periods) bool
    duration : (n,) int
        Length of the stays of each row.
    """
    n_periods = bad.shape[1]
    count = np.zeros((len(bad), n_periods + 1), dtype=np.int64)
    np.cumsum(bad, axis=1, out=count[:, 1:])
    ends = np.minimum(np.arange(n_periods) + np.asarray(duration)[:, None], n_periods)
    return np.asarray(np.take_along_axis(count, ends, axis=1) > count[:, :-1])


def _crowded(itineraries: Itineraries, assignment: Assignment) -> np.ndarray:
    """(n_placements, n_periods) bool: starts from which a stay finds no seat."""
    used = measure.seats_used(itineraries, assignment.options, assignment.starts)
    return windows(used >= itineraries.seats, itineraries.placement_duration)
