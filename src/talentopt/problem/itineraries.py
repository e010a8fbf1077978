"""Booking options and the structure within one person's itinerary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Itineraries:
    """Who may be where, when, and what holds within one person's itinerary.

    An *option* is one person at one placement, at any of its allowed starts.
    The options of person p are ``option_ptr[p]:option_ptr[p + 1]``, sorted by
    placement. What a person has already ``done`` is not an option: it is
    subtracted from `stage_min`, `stage_max`, `limit_left` and `hours_min`,
    it removes options (the same placement, its distinct value), it satisfies
    prerequisite clauses (`clause_done`) and quota events.

    Starts are bit masks: bit ``s % 64`` of word ``s // 64`` of
    ``option_starts[o]`` says that option o may start in period s. Windows of
    the person and of the placement, absences, the calendar's end, bookings
    with a given start and ``at`` are all in these masks; seats are not,
    except that no start crosses a period without seats.

    Attributes
    ----------
    n_people, n_periods, n_placements, n_stages : int
        Sizes.
    ordered : bool
        Every planned exclusive placement of an earlier stage ends before one
        of a later stage starts (stages in their numbering).
    stage_exclusive : (n_stages,) bool
        False for concurrent stages.
    stage_min, stage_max : (n_people, n_stages) int32
        Fewest and most placements still to be held, after what is done.
        No maximum is a large number.
    stage_missing : (n_people, n_stages) float64
        Points lost per placement short of `stage_min`.
    idle_price : (n_people,) float64
        Points lost per idle period, from `idle_from` to the end of the
        last exclusive placement.
    idle_from : (n_people,) int32
        First period in which the person can be idle.
    move_price : (n_people,) float64
        Points lost per change of `place` between consecutive exclusive
        placements.
    home : (n_people,) int32
        The person's own place, compared with their first placement's; -1 =
        unknown, or not compared.
    placement_stage : (n_placements,) int32
    placement_duration : (n_placements,) int32
        Consecutive periods.
    placement_load : (n_placements,) float64
        Load in a concurrent stage; 1 for exclusive ones.
    placement_place : (n_placements,) int32
        The value that moves compare; -1 = blank, costs nothing.
    placement_distinct : (n_placements,) int32
        Value that may occur once per person within the placement's stage;
        -1 = blank or not distinct. Values of different stages differ.
    seats, min_seats : (n_placements, n_periods) int32
        Most and fewest people at one time. Periods outside a placement's
        window have 0 of both. ``min_seats <= seats``.
    understaffed_price : float
        Points lost per seat and period under `min_seats`; inf = forbidden.
    concurrent_load : float
        Most summed load of concurrent placements of one person in one
        period; inf = no limit.
    option_ptr : (n_people + 1,) int64
    option_placement : (n_options,) int32
    option_points : (n_options,) float64
        Points of the booking at any start, rounded to 0.01.
    option_starts : (n_options, n_words) uint64
        Allowed starts, see above.
    fixed_options : (n_fixed,) int64
        Options that must be booked (at one of their allowed starts).
    kept_options, kept_starts : (n_kept,) int64 and int32
        Bookings of the previous plan, with their start.
    kept_booking_points : (n_kept,) float64
        Points gained when it is booked again at the same start (the loss of
        all of them is part of `Problem.constant`).
    limit_value : (n_limits, n_placements) int32
        Value of each limit's column, for exclusive placements; -1 = not counted.
    limit_left : (n_limits, n_people, n_values) int32
        Most exclusive placements with that value still allowed; `n_values` is
        the largest number of values of any limit (at least 1).
    clause_placement : (n_clauses,) int32
        Prerequisite clause c: this placement may start only after one of
        the placements of the clause has ended. All clauses are needed.
    clause_ptr : (n_clauses + 1,) int64
    clause_met_by : (clause_ptr[-1],) int32
        Placements that meet each clause.
    clause_done : (n_people, n_clauses) bool
        Clauses that the person's history already meets.
    hours_stage : (n_hours,) int32
        The stage of each hours requirement (one per stage and layer).
    hours_min : (n_people, n_hours) float64
        Hours still required, after what is done.
    hours_missing : (n_people, n_hours) float64
        Points lost per hour short.
    placement_hours_of : (n_placements,) int32
        The hours requirement that a placement counts for; -1 = none.
    placement_hours : (n_placements,) float64
        Hours it counts.
    """

    n_people: int
    n_periods: int
    n_placements: int
    n_stages: int
    ordered: bool
    stage_exclusive: np.ndarray
    stage_min: np.ndarray
    stage_max: np.ndarray
    stage_missing: np.ndarray
    idle_price: np.ndarray
    idle_from: np.ndarray
    move_price: np.ndarray
    home: np.ndarray
    placement_stage: np.ndarray
    placement_duration: np.ndarray
    placement_load: np.ndarray
    placement_place: np.ndarray
    placement_distinct: np.ndarray
    seats: np.ndarray
    min_seats: np.ndarray
    understaffed_price: float
    concurrent_load: float
    option_ptr: np.ndarray
    option_placement: np.ndarray
    option_points: np.ndarray
    option_starts: np.ndarray
    fixed_options: np.ndarray
    kept_options: np.ndarray
    kept_starts: np.ndarray
    kept_booking_points: np.ndarray
    limit_value: np.ndarray
    limit_left: np.ndarray
    clause_placement: np.ndarray
    clause_ptr: np.ndarray
    clause_met_by: np.ndarray
    clause_done: np.ndarray
    hours_stage: np.ndarray
    hours_min: np.ndarray
    hours_missing: np.ndarray
    placement_hours_of: np.ndarray
    placement_hours: np.ndarray

    @property
    def n_options(self) -> int:
        """Number of (person, placement) options."""
        return len(self.option_placement)

    @property
    def placement_exclusive(self) -> np.ndarray:
        """(n_placements,) bool: nothing else exclusive at the same time."""
        return np.asarray(self.stage_exclusive[self.placement_stage], dtype=bool)

    def option_person(self) -> np.ndarray:
        """(n_options,) int32: the person of each option."""
        people = np.arange(self.n_people, dtype=np.int32)
        return np.repeat(people, np.diff(self.option_ptr))

    def may_start(self, options: np.ndarray, starts: np.ndarray) -> np.ndarray:
        """(n,) bool: whether each option may start in the period beside it."""
        starts = np.asarray(starts, dtype=np.int64)
        inside = (starts >= 0) & (starts < self.n_periods)
        bounded = np.where(inside, starts, 0)
        words = self.option_starts[options, bounded // 64]
        bits = (words >> (bounded % 64).astype(np.uint64)) & np.uint64(1)
        return np.asarray(inside & (bits == 1))

    def first_starts(self, options: np.ndarray) -> np.ndarray:
        """(n,) int32: the earliest allowed start of each option; 0 where there is none."""
        allowed = [
            self.may_start(options, np.full(len(options), period))
            for period in range(self.n_periods)
        ]
        return np.asarray(np.stack(allowed).argmax(axis=0), dtype=np.int32)

    def all_starts(self, chunk: int = 1 << 20) -> tuple[np.ndarray, np.ndarray]:
        """Every (option, start) that is allowed, sorted by option, then start.

        Returns
        -------
        options : (n,) int64
        starts : (n,) int32
        """
        options, starts = [], []
        for first, allowed in self._allowed_blocks(chunk):
            rows, periods = np.nonzero(allowed)
            options.append(rows + first)
            starts.append(periods.astype(np.int32))
        if not options:
            return np.zeros(0, np.int64), np.zeros(0, np.int32)
        return np.concatenate(options), np.concatenate(starts)

    def _allowed_blocks(self, chunk: int) -> Iterator[tuple[int, np.ndarray]]:
        bits = np.arange(self.n_periods)
        words, shifts = bits // 64, (bits % 64).astype(np.uint64)
        for first in range(0, self.n_options, chunk):
            block = self.option_starts[first : first + chunk]
            yield first, (block[:, words] >> shifts) & np.uint64(1) == 1
