"""Beam search for one person's exclusive bookings against what is left.

A state is an itinerary so far, in order of time. Each step appends one more
booking at its earliest possible start; the widest promise survives, counting
the missing pieces that still fit into the rest of the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.problem import Itineraries
    from talentopt.solve.greedy.person import PersonOptions

FORCED = 1e7
"""Points for booking a fixed option: more than anything else can be worth."""


@dataclass(slots=True)
class Candidates:
    """What a beam search needs to know about a person's exclusive options.

    Attributes
    ----------
    options : PersonOptions
    startable : (n, n_periods) bool
        Allowed starts with seats left.
    gain : (n, n_periods) float64
        Points of the option when started then, rows and minima included.
    limit : (n_limits, n) int64
        Value of each limit's column; -1 = not counted.
    met_at : (n_clauses,) int64
        Period from which each clause is met; n_periods + 1 = not yet.
    meets : (n_clauses, n) bool
    """

    options: PersonOptions
    startable: np.ndarray
    gain: np.ndarray
    limit: np.ndarray
    met_at: np.ndarray
    meets: np.ndarray


@dataclass(slots=True)
class _Beam:
    """States side by side; the first axis counts states."""

    end: np.ndarray
    place: np.ndarray
    stage: np.ndarray
    value: np.ndarray
    booked: np.ndarray
    count: np.ndarray
    extra: np.ndarray
    used: np.ndarray
    limited: np.ndarray
    met_at: np.ndarray
    starts: np.ndarray

    def take(self, states: np.ndarray) -> _Beam:
        return _Beam(*(getattr(self, name)[states].copy() for name in self.__slots__))


class BeamSearch:
    """Finds one person's exclusive bookings.

    Parameters
    ----------
    itineraries : Itineraries
    candidates : Candidates
    width : int
        States kept after each step.
    """

    def __init__(self, itineraries: Itineraries, candidates: Candidates, width: int) -> None:
        """Prepare the tables that every step reads."""
        self.itineraries = itineraries
        self.candidates = candidates
        self.width = width
        own = candidates.options
        person = own.person
        periods = itineraries.n_periods
        self.minimum = itineraries.stage_min[person].astype(np.int64)
        self.missing = itineraries.stage_missing[person]
        self.idle_price = itineraries.idle_price[person]
        self.idle_from = int(itineraries.idle_from[person])
        self.move_price = itineraries.move_price[person]
        self.place = itineraries.placement_place[own.placement].astype(np.int64)
        startable = self._around_fixed(candidates.startable)
        when = np.where(startable, np.arange(periods), periods)
        self.next_start = np.full((len(own), periods + 2), periods, dtype=np.int64)
        self.next_start[:, :periods] = np.minimum.accumulate(when[:, ::-1], axis=1)[:, ::-1]
        _, codes = np.unique(own.distinct, return_inverse=True)
        self.distinct = np.where(own.distinct >= 0, codes, codes.max(initial=0) + 1)
        fixed_in = np.bincount(own.stage[own.fixed], minlength=itineraries.n_stages)
        self.most = np.maximum(itineraries.stage_max[person], 0) - fixed_in
        self.limit_left = self._limits_left(person)
        self.shortest = np.full(itineraries.n_stages, periods + 1, dtype=np.int64)
        np.minimum.at(self.shortest, own.stage, own.duration)
        ends = np.where(startable, np.arange(periods)[None, :] + own.duration[:, None], 0)
        self.horizon = int(ends.max(initial=0))
        self.with_clauses = [i for i, clauses in enumerate(own.clauses) if len(clauses)]
        self.last_start = np.where(startable, np.arange(periods), -1).max(axis=1, initial=-1)

    def _around_fixed(self, startable: np.ndarray) -> np.ndarray:
        """Keep other options off the periods of fixed ones that can start only once."""
        own = self.candidates.options
        if not own.fixed.any():
            return startable
        startable = startable.copy()
        period = np.arange(startable.shape[1])
        for fixed in np.flatnonzero(own.fixed):
            starts = np.flatnonzero(startable[fixed])
            if len(starts) == 1:
                begin, end = starts[0], starts[0] + own.duration[fixed]
                clash = (period < end) & (period + own.duration[:, None] > begin)
                clash[fixed] = False
                startable &= ~clash
            if own.distinct[fixed] >= 0:
                twin = own.distinct == own.distinct[fixed]
                twin[fixed] = False
                startable[twin] = False
        return startable

    def _limits_left(self, person: int) -> np.ndarray:
        own, limit = self.candidates.options, self.candidates.limit
        left = np.maximum(self.itineraries.limit_left[:, person, :].astype(np.int64), 0)
        for number in range(len(limit)):
            values = limit[number][own.fixed]
            np.subtract.at(left[number], values[values >= 0], 1)
        return left

    def search(self) -> list[tuple[int, int]]:
        """Return the best (option position, start) list found."""
        beam = self._root()
        best, best_value = beam, 0.0
        while True:
            grown = self._grow(beam)
            if grown is None:
                break
            beam = grown
            value = beam.value
            top = int(value.argmax())
            if value[top] > best_value:
                best, best_value = beam.take(np.asarray([top])), float(value[top])
        chosen = np.flatnonzero(best.booked[0])
        return [(int(i), int(best.starts[0, i])) for i in chosen]

    def _root(self) -> _Beam:
        own, itineraries = self.candidates.options, self.itineraries
        n_limits, n_values = self.limit_left.shape
        return _Beam(
            end=np.zeros(1, np.int64),
            place=np.asarray([itineraries.home[own.person]], np.int64),
            stage=np.zeros(1, np.int64),
            value=np.zeros(1),
            booked=np.zeros((1, len(own)), bool),
            count=np.zeros((1, itineraries.n_stages), np.int64),
            extra=np.zeros((1, itineraries.n_stages), np.int64),
            used=np.zeros((1, int(self.distinct.max(initial=0)) + 2), bool),
            limited=np.zeros((1, n_limits, n_values), np.int64),
            met_at=self.candidates.met_at[None, :].copy(),
            starts=np.zeros((1, len(own)), np.int64),
        )

    def _grow(self, beam: _Beam) -> _Beam | None:
        """Append one booking to every state and keep the most promising."""
        start = self._starts(beam)
        possible = self._possible(beam, start)
        if not possible.any():
            return None
        state, option = np.nonzero(possible)
        begin = start[state, option]
        value = beam.value[state] + self._gains(beam, state, option, begin)
        promise = value + self._potential(beam, state, option, begin)
        order = np.argsort(-promise, kind="stable")[: self.width]
        return self._append(beam, state[order], option[order], begin[order], value[order])

    def _starts(self, beam: _Beam) -> np.ndarray:
        """(n_states, n) int64: earliest start of every option in every state."""
        ready = np.repeat(beam.end[:, None], len(self.candidates.options), axis=1)
        for option in self.with_clauses:
            clauses = self.candidates.options.clauses[option]
            ready[:, option] = np.maximum(beam.end, beam.met_at[:, clauses].max(axis=1))
        return np.asarray(self.next_start[np.arange(ready.shape[1])[None, :], ready])

    def _possible(self, beam: _Beam, start: np.ndarray) -> np.ndarray:
        own = self.candidates.options
        possible = (start < self.itineraries.n_periods) & ~beam.booked
        room = beam.extra < self.most
        possible &= room[:, own.stage] | own.fixed
        taken = beam.used[:, self.distinct] & (own.distinct >= 0)
        possible &= ~taken
        if self.itineraries.ordered:
            possible &= own.stage[None, :] >= beam.stage[:, None]
        for number, value in enumerate(self.candidates.limit):
            left = self.limit_left[number] - beam.limited[:, number]
            possible &= (left[:, np.maximum(value, 0)] > 0) | (value < 0) | own.fixed
        for fixed in np.flatnonzero(own.fixed):
            open_ = ~beam.booked[:, fixed]
            in_time = start + own.duration <= self.last_start[fixed]
            if self.itineraries.ordered:
                in_time &= own.stage <= own.stage[fixed]
            in_time[:, fixed] = True
            possible &= in_time | ~open_[:, None]
        return np.asarray(possible)

    def _gains(
        self, beam: _Beam, state: np.ndarray, option: np.ndarray, begin: np.ndarray
    ) -> np.ndarray:
        own = self.candidates.options
        gain = self.candidates.gain[option, begin] + FORCED * own.fixed[option]
        stage = own.stage[option]
        short = beam.count[state, stage] < self.minimum[stage]
        gain = gain + np.where(short, self.missing[stage], 0.0)
        idle = begin - np.maximum(beam.end[state], self.idle_from)
        gain -= self.idle_price * np.maximum(idle, 0)
        before, after = beam.place[state], self.place[option]
        moved = (before >= 0) & (after >= 0) & (before != after)
        return np.asarray(gain - self.move_price * moved)

    def _potential(
        self, beam: _Beam, state: np.ndarray, option: np.ndarray, begin: np.ndarray
    ) -> np.ndarray:
        """Points for the missing pieces that still fit behind each new booking."""
        own = self.candidates.options
        left = self.horizon - (begin + own.duration[option])
        worth = np.zeros(len(state))
        for stage in range(self.itineraries.n_stages):
            if self.missing[stage] <= 0 or self.minimum[stage] <= 0:
                continue
            need = self.minimum[stage] - beam.count[state, stage] - (own.stage[option] == stage)
            if self.itineraries.ordered:
                need = np.where(own.stage[option] > stage, 0, need)
            fit = np.clip(need, 0, np.maximum(left, 0) // self.shortest[stage])
            left = left - fit * self.shortest[stage]
            worth += fit * self.missing[stage]
        return worth

    def _append(
        self,
        beam: _Beam,
        state: np.ndarray,
        option: np.ndarray,
        begin: np.ndarray,
        value: np.ndarray,
    ) -> _Beam:
        own = self.candidates.options
        grown = beam.take(state)
        row = np.arange(len(state))
        end = begin + own.duration[option]
        grown.end, grown.value, grown.stage = end, value, own.stage[option]
        grown.place = self.place[option]
        grown.booked[row, option] = True
        grown.starts[row, option] = begin
        grown.count[row, own.stage[option]] += 1
        grown.extra[row, own.stage[option]] += ~own.fixed[option]
        grown.used[row, self.distinct[option]] = True
        for number, values in enumerate(self.candidates.limit):
            value_of = values[option]
            counted = (value_of >= 0) & ~own.fixed[option]
            grown.limited[row[counted], number, value_of[counted]] += 1
        meets = self.candidates.meets[:, option].T
        grown.met_at = np.where(meets, np.minimum(grown.met_at, end[:, None]), grown.met_at)
        return grown
