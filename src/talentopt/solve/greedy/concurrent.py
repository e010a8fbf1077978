"""Adds concurrent placements (lectures, seminars) to one person's bookings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.greedy.beam import FORCED
from talentopt.solve.greedy.person import seats_for

if TYPE_CHECKING:
    from talentopt.solve.greedy.build import Builder
    from talentopt.solve.greedy.person import PersonOptions


def add_concurrent(
    builder: Builder,
    own: PersonOptions,
    booked: dict[int, tuple[int, int]],
    only: np.ndarray | None,
) -> None:
    """Book concurrent options, the most valuable first, while any gains points.

    Parameters
    ----------
    builder : Builder
    own : PersonOptions
        The person's concurrent options.
    booked : dict
        Placement -> (start, end) of what the person holds; extended.
    only : (n,) bool, optional
        Options to consider; those are booked even at no gain.
    """
    wanted = np.ones(len(own), dtype=bool) if only is None else only
    wanted = wanted & ~np.isin(own.placement, list(booked))
    while wanted.any():
        state = _State(builder, own)
        worth, start = state.best_starts(booked, wanted)
        if only is not None:
            worth = np.where(np.isneginf(worth), worth, worth + FORCED)
        best = int(worth.argmax())
        if worth[best] <= 0:
            return
        option, begin = int(own.options[best]), int(start[best])
        builder.residual.book(option, begin)
        booked[int(own.placement[best])] = (begin, begin + int(own.duration[best]))
        wanted[best] = False


class _State:
    """What the person holds of concurrent placements right now."""

    def __init__(self, builder: Builder, own: PersonOptions) -> None:
        self.builder = builder
        self.own = own
        itineraries = builder.problem.itineraries
        self.itineraries = itineraries
        starts = builder.residual.start_of[own.options]
        held = np.flatnonzero(starts >= 0)
        self.count = np.bincount(own.stage[held], minlength=itineraries.n_stages)
        self.used = set(own.distinct[held][own.distinct[held] >= 0].tolist())
        self.hours = np.zeros(itineraries.hours_min.shape[1])
        self.load = np.zeros(itineraries.n_periods)
        for position in held:
            placement = own.placement[position]
            requirement = itineraries.placement_hours_of[placement]
            if requirement >= 0:
                self.hours[requirement] += itineraries.placement_hours[placement]
            end = starts[position] + own.duration[position]
            self.load[starts[position] : end] += itineraries.placement_load[placement]

    def best_starts(
        self, booked: dict[int, tuple[int, int]], wanted: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Best start of every option and its gain; -inf where it cannot be booked."""
        own, builder = self.own, self.builder
        startable = own.allowed & seats_for(builder.residual.seats, own.placement, own.duration)
        startable &= self._within_load() & wanted[:, None]
        for position in np.flatnonzero(wanted):
            ready = max((builder.met_at(int(c), booked) for c in own.clauses[position]), default=0)
            startable[position, :ready] = False
        gain = np.where(startable, self._gains(startable), -np.inf)
        start = gain.argmax(axis=1)
        return gain[np.arange(len(own)), start] + self._worth(), start

    def _gains(self, startable: np.ndarray) -> np.ndarray:
        own = self.own
        return self.builder.gains(own.options, own.placement, own.duration, startable)

    def _within_load(self) -> np.ndarray:
        """(n, n_periods) bool: starts that keep the summed load under its cap."""
        itineraries, own = self.itineraries, self.own
        room = itineraries.concurrent_load - self.load + 1e-9
        fits = itineraries.placement_load[own.placement][:, None] <= room[None, :]
        full = np.zeros((len(own), itineraries.n_periods + 1), dtype=np.int64)
        np.cumsum(~fits, axis=1, out=full[:, 1:])
        begin = np.arange(itineraries.n_periods)
        end = np.minimum(begin + own.duration[:, None], itineraries.n_periods)
        return np.asarray(np.take_along_axis(full, end, axis=1) == full[:, :-1])

    def _worth(self) -> np.ndarray:
        """(n,) float64: points of shortages each option fills; -inf where a maximum forbids it."""
        itineraries, own, person = self.itineraries, self.own, self.own.person
        waiting = own.fixed & (self.builder.residual.start_of[own.options] < 0)
        reserved = np.bincount(own.stage[waiting], minlength=itineraries.n_stages)
        taken = self.count[own.stage] + np.where(own.fixed, 0, reserved[own.stage])
        short = self.count[own.stage] < itineraries.stage_min[person, own.stage]
        worth = np.where(own.fixed, FORCED, 0.0)
        worth += np.where(short, itineraries.stage_missing[person, own.stage], 0.0)
        requirement = itineraries.placement_hours_of[own.placement]
        with_hours = np.flatnonzero(requirement >= 0)
        counts_for = requirement[with_hours]
        left = itineraries.hours_min[person, counts_for] - self.hours[counts_for]
        filled = np.minimum(
            itineraries.placement_hours[own.placement[with_hours]], np.maximum(left, 0.0)
        )
        worth[with_hours] += filled * itineraries.hours_missing[person, counts_for]
        full = taken >= itineraries.stage_max[person, own.stage]
        full |= np.isin(own.distinct, list(self.used))
        return np.where(full, -np.inf, worth)
