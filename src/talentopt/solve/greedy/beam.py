"""Beam search for the exclusive bookings of several people against what is left.

A state is an itinerary so far, in order of time. Each step appends one more
booking at its earliest possible start; the widest promise survives, counting
the missing pieces that still fit behind it. The people know nothing of each
other: searching for many at once only saves time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.problem import Itineraries
    from talentopt.solve.greedy.crowd import Crowd

FORCED = 1e7
"""Points for booking a fixed option: more than anything else can be worth."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a beam search needs to know about people's exclusive options.

    Attributes
    ----------
    crowd : Crowd
    startable : (n_people, n, n_periods) bool
        Allowed starts with seats left.
    gain : (n_people, n, n_periods) float64
        Points of the option when started then, rows and minima included.
    met_at : (n_people, n_clauses) int64
        Period from which each clause is met; n_periods + 1 = not yet.
    meets : (n_clauses, n_placements) bool
    """

    crowd: Crowd
    startable: np.ndarray
    gain: np.ndarray
    met_at: np.ndarray
    meets: np.ndarray


@dataclass(frozen=True, slots=True)
class _Beam:
    """States side by side: the first axis counts people, the second their states.

    A state that does not exist is worth -inf.
    """

    end: np.ndarray
    place: np.ndarray
    stage: np.ndarray
    value: np.ndarray
    blocked: np.ndarray
    count: np.ndarray
    extra: np.ndarray
    limited: np.ndarray
    met_at: np.ndarray
    columns: np.ndarray
    starts: np.ndarray


class BeamSearch:
    """Finds the exclusive bookings of several people, each as if alone.

    Parameters
    ----------
    itineraries : Itineraries
    candidates : Candidates
    width : int
        States per person kept after each step.
    """

    def __init__(self, itineraries: Itineraries, candidates: Candidates, width: int) -> None:
        """Prepare the tables that every step reads."""
        self.itineraries = itineraries
        self.candidates = candidates
        self.width = width
        own = self.crowd = candidates.crowd
        people, periods = own.people, itineraries.n_periods
        self.minimum = itineraries.stage_min[people].astype(np.int64)
        self.missing = itineraries.stage_missing[people]
        self.idle_price = itineraries.idle_price[people, None, None]
        self.idle_from = itineraries.idle_from[people, None, None]
        self.move_price = itineraries.move_price[people, None, None]
        self.place = itineraries.placement_place[own.placement].astype(np.int64)
        self.limit = itineraries.limit_value[:, own.placement].astype(np.int64)
        startable = self._around_fixed(candidates.startable)
        when = np.where(startable, np.arange(periods), periods)
        self.next_start = np.full((*own.option.shape, periods + 2), periods, dtype=np.int64)
        self.next_start[..., :periods] = np.minimum.accumulate(when[..., ::-1], axis=2)[..., ::-1]
        fixed_in = np.zeros_like(self.minimum)
        row, column = np.nonzero(own.fixed)
        np.add.at(fixed_in, (row, own.stage[row, column]), 1)
        self.most = np.maximum(itineraries.stage_max[people], 0) - fixed_in
        self.limit_left = self._limits_left()
        self.last_start = np.where(startable, np.arange(periods), -1).max(axis=2, initial=-1)
        self._measure_stages()

    def _measure_stages(self) -> None:
        """Note each stage's shortest booking, and the end of its last one, that may be had."""
        own, itineraries = self.crowd, self.itineraries
        shape = len(own.people), itineraries.n_stages
        row, column = np.nonzero(self.last_start >= 0)
        stage, duration = own.stage[row, column], own.duration[row, column]
        self.shortest = np.full(shape, itineraries.n_periods + 1, dtype=np.int64)
        np.minimum.at(self.shortest, (row, stage), duration)
        self.horizon = np.zeros(shape, dtype=np.int64)
        np.maximum.at(self.horizon, (row, stage), self.last_start[row, column] + duration)

    def _around_fixed(self, startable: np.ndarray) -> np.ndarray:
        """Keep other options off the periods of fixed ones that can start only once."""
        own = self.crowd
        if not own.fixed.any():
            return startable
        startable = startable.copy()
        period = np.arange(startable.shape[2])
        for row, fixed in np.argwhere(own.fixed):
            mine = startable[row]
            starts = np.flatnonzero(mine[fixed])
            if len(starts) == 1:
                begin, end = starts[0], starts[0] + own.duration[row, fixed]
                clash = (period < end) & (period + own.duration[row, :, None] > begin)
                clash[fixed] = False
                mine &= ~clash
            if own.distinct[row, fixed] >= 0:
                twin = own.distinct[row] == own.distinct[row, fixed]
                twin[fixed] = False
                mine[twin] = False
        return startable

    def _limits_left(self) -> np.ndarray:
        """(n_limits, n_people, n_values) int64: what each limit leaves beside fixed options."""
        own = self.crowd
        left = np.maximum(self.itineraries.limit_left[:, own.people].astype(np.int64), 0)
        row, column = np.nonzero(own.fixed)
        for number, values in enumerate(self.limit):
            value = values[row, column]
            np.subtract.at(left[number], (row[value >= 0], value[value >= 0]), 1)
        return left

    def search(self) -> list[list[tuple[int, int]]]:
        """Return the best (column, start) list found for each person, in order of time."""
        beam = self._root()
        n_people = len(self.crowd.people)
        best = np.zeros(n_people)
        columns = starts = np.full((n_people, 0), -1, dtype=np.int64)
        while (grown := self._grow(beam)) is not None:
            beam = grown
            top = beam.value.argmax(axis=1)[:, None]
            value = np.take_along_axis(beam.value, top, axis=1)[:, 0]
            better = (value > best)[:, None]
            best = np.maximum(value, best)
            none = np.full((n_people, 1), -1, dtype=np.int64)
            found = np.take_along_axis(beam.columns, top[..., None], axis=1)[:, 0]
            columns = np.where(better, found, np.hstack([columns, none]))
            found = np.take_along_axis(beam.starts, top[..., None], axis=1)[:, 0]
            starts = np.where(better, found, np.hstack([starts, none]))
        return [
            [(int(c), int(s)) for c, s in zip(mine, when, strict=True) if c >= 0]
            for mine, when in zip(columns, starts, strict=True)
        ]

    def _root(self) -> _Beam:
        own, itineraries = self.crowd, self.itineraries
        one = (len(own.people), 1)
        n_limits, _, n_values = self.limit_left.shape
        return _Beam(
            end=np.zeros(one, np.int64),
            place=itineraries.home[own.people, None].astype(np.int64),
            stage=np.zeros(one, np.int64),
            value=np.zeros(one),
            blocked=(own.option < 0)[:, None],
            count=np.zeros((*one, itineraries.n_stages), np.int64),
            extra=np.zeros((*one, itineraries.n_stages), np.int64),
            limited=np.zeros((*one, n_limits, n_values), np.int64),
            met_at=self.candidates.met_at[:, None],
            columns=np.zeros((*one, 0), np.int64),
            starts=np.zeros((*one, 0), np.int64),
        )

    def _grow(self, beam: _Beam) -> _Beam | None:
        """Append one booking to every state and keep the most promising."""
        start = self._starts(beam)
        possible = self._possible(beam, start)
        if not possible.any():
            return None
        start = np.minimum(start, self.itineraries.n_periods - 1)
        value = beam.value[..., None] + self._gains(beam, start)
        promise = np.where(possible, value + self._potential(beam, start), -np.inf)
        promise = promise.reshape(len(promise), -1)
        width = min(self.width, promise.shape[1])
        top = np.argpartition(-promise, width - 1, axis=1)[:, :width]
        top.sort(axis=1)
        kept = np.take_along_axis(promise, top, axis=1)
        order = np.argsort(-kept, axis=1, kind="stable")
        top, kept = np.take_along_axis(top, order, axis=1), np.take_along_axis(kept, order, axis=1)
        begin = np.take_along_axis(start.reshape(len(start), -1), top, axis=1)
        worth = np.take_along_axis(value.reshape(len(value), -1), top, axis=1)
        state, column = np.divmod(top, start.shape[2])
        return self._append(beam, state, column, begin, np.where(np.isinf(kept), kept, worth))

    def _starts(self, beam: _Beam) -> np.ndarray:
        """(n_people, n_states, n) int64: earliest start of every option in every state."""
        shape = beam.blocked.shape
        ready = np.repeat(beam.end[..., None], shape[2], axis=2)
        for row, column, clause in self.crowd.waits:
            met = beam.met_at[row, :, clause]
            ready[row, :, column] = np.maximum(ready[row, :, column], met)
        return np.asarray(self.next_start[_rows(shape[0]), _columns(shape[2]), ready])

    def _possible(self, beam: _Beam, start: np.ndarray) -> np.ndarray:
        own, stage = self.crowd, self.crowd.stage[:, None]
        possible = (start < self.itineraries.n_periods) & ~beam.blocked
        possible &= np.isfinite(beam.value)[..., None]
        room = beam.extra < self.most[:, None]
        possible &= np.take_along_axis(room, stage, axis=2) | own.fixed[:, None]
        if self.itineraries.ordered:
            possible &= stage >= beam.stage[..., None]
        for number, value in enumerate(self.limit):
            left = self.limit_left[number][:, None] > beam.limited[:, :, number]
            free = np.take_along_axis(left, np.maximum(value, 0)[:, None], axis=2)
            possible &= free | ((value < 0) | own.fixed)[:, None]
        for row, fixed in np.argwhere(own.fixed):
            in_time = start[row] + own.duration[row] <= self.last_start[row, fixed]
            if self.itineraries.ordered:
                in_time &= own.stage[row] <= own.stage[row, fixed]
            in_time[:, fixed] = True
            possible[row] &= in_time | beam.blocked[row, :, fixed, None]
        return np.asarray(possible)

    def _gains(self, beam: _Beam, start: np.ndarray) -> np.ndarray:
        """(n_people, n_states, n) float64: points of each booking behind each state."""
        own = self.crowd
        gain = self.candidates.gain[_rows(len(start)), _columns(start.shape[2]), start]
        gain += (FORCED * own.fixed)[:, None]
        short = np.where(beam.count < self.minimum[:, None], self.missing[:, None], 0.0)
        gain += np.take_along_axis(short, own.stage[:, None], axis=2)
        idle = start - np.maximum(beam.end[..., None], self.idle_from)
        gain -= self.idle_price * np.maximum(idle, 0)
        before, after = beam.place[..., None], self.place[:, None]
        gain -= self.move_price * ((before >= 0) & (after >= 0) & (before != after))
        return np.asarray(gain)

    def _potential(self, beam: _Beam, start: np.ndarray) -> np.ndarray:
        """(n_people, n_states, n) float64: points for missing pieces that fit behind bookings."""
        own = self.crowd
        end = start + own.duration[:, None]
        worth = np.zeros(start.shape)
        for stage in range(self.itineraries.n_stages):
            if not (self.missing[:, stage] * self.minimum[:, stage] > 0).any():
                continue
            need = (self.minimum[:, None, stage] - beam.count[..., stage])[..., None]
            need = need - (own.stage == stage)[:, None]
            if self.itineraries.ordered:
                need = np.where((own.stage > stage)[:, None], 0, need)
            shortest = self.shortest[:, stage, None, None]
            room = np.maximum(self.horizon[:, stage, None, None] - end, 0) // shortest
            fit = np.clip(need, 0, room)
            end = end + fit * shortest
            worth += fit * self.missing[:, stage, None, None]
        return worth

    def _append(
        self,
        beam: _Beam,
        state: np.ndarray,
        column: np.ndarray,
        begin: np.ndarray,
        value: np.ndarray,
    ) -> _Beam:
        own, row = self.crowd, np.arange(len(state))[:, None]
        at = row, np.arange(state.shape[1])[None]
        stage, distinct = own.stage[row, column], own.distinct[row, column]
        # States that do not exist may reach beyond the calendar.
        end = np.minimum(begin + own.duration[row, column], self.itineraries.n_periods)
        counted = ~own.fixed[row, column]
        count, extra = beam.count[row, state], beam.extra[row, state]
        count[(*at, stage)] += 1
        extra[(*at, stage)] += counted
        blocked = beam.blocked[row, state]
        blocked[(*at, column)] = True
        blocked |= (own.distinct[:, None] == distinct[..., None]) & (distinct >= 0)[..., None]
        limited = beam.limited[row, state]
        for number, values in enumerate(self.limit):
            value_of = values[row, column]
            limited[(*at, number, np.maximum(value_of, 0))] += counted & (value_of >= 0)
        met_at = beam.met_at[row, state]
        meets = np.moveaxis(self.candidates.meets[:, own.placement[row, column]], 0, 2)
        met_at = np.where(meets, np.minimum(met_at, end[..., None]), met_at)
        return _Beam(
            end=end,
            place=self.place[row, column],
            stage=stage,
            value=value,
            blocked=blocked,
            count=count,
            extra=extra,
            limited=limited,
            met_at=met_at,
            columns=np.concatenate([beam.columns[row, state], column[..., None]], axis=2),
            starts=np.concatenate([beam.starts[row, state], begin[..., None]], axis=2),
        )


def _rows(n: int) -> np.ndarray:
    return np.arange(n)[:, None, None]


def _columns(n: int) -> np.ndarray:
    return np.arange(n)[None, None]
