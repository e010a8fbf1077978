"""From prices to a plan: fix the most settled itineraries, price again, repeat."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.lagrangian.dual import load, seat_rise
from talentopt.solve.lagrangian.pricing import PRICE_GRID
from talentopt.solve.lagrangian.steps import Adam

if TYPE_CHECKING:
    from talentopt.problem import Problem
    from talentopt.solve.control import Control
    from talentopt.solve.lagrangian.own import OwnRules
    from talentopt.solve.lagrangian.pricing import Pricing

QUICK, CAREFUL = 20.0, 250.0
"""Least and most pricings per person in a dive."""

BALANCE = 0.6
"""A dive of r pricings per person takes sqrt(BALANCE * r) steps of the prices a round."""

LENGTH, AROUND = 0.3, 30.0
"""Length of a step; prices above `AROUND` are moved in proportion to their size."""

CALM = 0.3
"""The same for prices of a single person's rules, relative to that."""

FEW_ATTEMPTS, MANY_ATTEMPTS = 12, 200
"""Recursions on one person's itinerary; many when nobody has one that could be fixed."""

LAST = 0.04
"""Part of the people for whom the dive leaves too little choice; others find them seats."""

MEMORY, FADING = 24, 0.06
"""Itineraries remembered per person, and what each further step takes off their weight."""


def pace(pricings: float) -> tuple[float, int]:
    """Choose (share, steps) of a dive from the pricings per person it may take."""
    ratio = min(CAREFUL, max(QUICK, pricings))
    steps = round((BALANCE * ratio) ** 0.5)
    return steps / ratio, steps


class Dive:
    """People's itineraries under the seats that are left.

    Parameters
    ----------
    problem : Problem
    pricing : Pricing
    adjust : (n_options,) float64
        Added to the points of each option (links, rows).
    control : Control
    own : OwnRules
        Of everybody.

    Attributes
    ----------
    option, start : (n_people, longest) int32
        What is fixed; -1 elsewhere.
    """

    def __init__(
        self,
        problem: Problem,
        pricing: Pricing,
        adjust: np.ndarray,
        control: Control,
        own: OwnRules,
    ) -> None:
        """Begin with nobody fixed."""
        self.own = own
        self.problem, self.pricing, self.adjust = problem, pricing, adjust
        self.control = control
        itineraries = problem.itineraries
        shape = (itineraries.n_people, pricing.longest)
        self.option = np.full(shape, -1, dtype=np.int32)
        self.start = np.full(shape, -1, dtype=np.int32)
        self.left = itineraries.seats.astype(np.int64)
        under = min(itineraries.understaffed_price, pricing.price_cap)
        self.least = np.where(itineraries.min_seats > 0, -under, 0.0)
        self._forced = np.unique(itineraries.option_person()[itineraries.fixed_options])

    def run(
        self,
        people: np.ndarray,
        seats: np.ndarray,
        own: np.ndarray,
        share: float,
        steps: int,
        seconds: float,
    ) -> np.ndarray:
        """Fix an itinerary for each of some people, or until the time is up.

        Parameters
        ----------
        people : (n,) int64
            Who is free.
        seats, own : float64
            Where the prices start, see `Duals`.
        share : float
            Part of the people still free whose itinerary is fixed in one round.
        steps : int
            Steps of the prices in one round.
        seconds : float
            Time to keep to, by fixing more in a round than wanted when it runs short.

        Returns
        -------
        (n,) int64
            Who is still free, at best the last few.
        """
        deadline = self.control.seconds + seconds
        market = _Market(self, people, seats, own)
        memory = _Memory(people, self.pricing.longest)
        forced = np.isin(people, self._forced)
        free = np.ones(len(people), dtype=bool)
        attempts = FEW_ATTEMPTS
        last = LAST * len(people)
        while free.sum() > last and not self._hurried(deadline):
            begun, count = self.control.seconds, int(free.sum())
            for _ in range(steps):
                memory.add(free, *market.step(free, attempts))
            weight = memory.settled()
            weight[~free] = -1.0
            weight[free & forced & (weight > 0)] += MEMORY
            round_seconds = self.control.seconds - begun
            rounds_left = (deadline - self.control.seconds) / max(round_seconds, 1e-9)
            count = max(1, round(self._share(share, rounds_left) * count))
            order = np.argsort(-weight, kind="stable")[:count]
            order = order[weight[order] > 0]
            fixed = self._fix(people, order, memory)
            free[fixed] = False
            attempts = FEW_ATTEMPTS if len(fixed) else MANY_ATTEMPTS

        return people[free]

    def _share(self, share: float, rounds_left: float) -> float:
        """Part of the people to fix: with rounds like the last, 1 / share of them are to come."""
        if self.control.limits.reproducible:
            return share
        return min(1.0, max(share, 1.0 / max(rounds_left, 1.0)))

    def _hurried(self, deadline: float) -> bool:
        if self.control.limits.reproducible:
            return self.control.interrupted
        return self.control.finished() or self.control.seconds >= deadline

    def _fix(self, people: np.ndarray, order: np.ndarray, memory: _Memory) -> np.ndarray:
        """Fix those whose last itinerary still has its seats; return their positions."""
        duration = self.problem.itineraries.placement_duration
        fixed = []
        for position in order:
            option, start = (
                memory.option[memory.last, position],
                memory.start[memory.last, position],
            )
            held = option >= 0
            placement = self.problem.itineraries.option_placement[option[held]]
            spans = [
                (k, slice(int(s), int(s) + int(duration[k])))
                for k, s in zip(placement, start[held], strict=True)
            ]
            if any((self.left[k, span] <= 0).any() for k, span in spans):
                continue
            for k, span in spans:
                self.left[k, span] -= 1
            self.option[people[position]] = option
            self.start[people[position]] = start
            fixed.append(position)
        return np.asarray(fixed, dtype=np.int64)


class _Market:
    """Prices at which some people choose among the seats that are left."""

    def __init__(self, dive: Dive, people: np.ndarray, seats: np.ndarray, own: np.ndarray) -> None:
        self.dive, self.people = dive, people
        self.rules, positions = dive.own.part(people)
        self.seats, self.own = seats, own[positions]
        self._adam = Adam(seats.size, around=AROUND)
        self._adam_own = Adam(len(self.own), around=AROUND)

    def step(self, free: np.ndarray, attempts: int) -> tuple[np.ndarray, ...]:
        """Price who is free, and move the prices by what they demand.

        Returns
        -------
        option, start : (n free, longest) int32
        allowed : (n free,) bool
        """
        dive, people = self.dive, self.people[free]
        pricing, itineraries = dive.pricing, dive.problem.itineraries
        adjust = dive.adjust - self.rules.charges(self.own)
        priced = pricing.price(self.seats, adjust, people, dive.left <= 0, attempts)
        option, start = priced.option[people], priced.start[people]
        used = load(pricing, option, start)
        taken = itineraries.seats - dive.left
        floor = np.maximum(itineraries.min_seats - taken, 0).astype(float)
        rise = seat_rise(self.seats, used, dive.left.astype(float), floor)
        new = self._adam.step(self.seats.ravel(), rise.ravel(), LENGTH).reshape(rise.shape)
        self.seats = np.clip(_on_grid(new), dive.least * (floor > 0), pricing.price_cap)
        excess = self.rules.excess(priced.option[self.people])
        new = self._adam_own.step(self.own, excess, CALM * LENGTH)
        self.own = np.clip(_on_grid(new), 0.0, pricing.price_cap)
        # When nobody had an itinerary to fix, the best known that keeps to the rules will do.
        return option, start, priced.allowed[people] | (attempts == MANY_ATTEMPTS)


def _on_grid(price: np.ndarray) -> np.ndarray:
    return np.asarray(np.rint(price * PRICE_GRID) / PRICE_GRID)


class _Memory:
    """The last itineraries of some people, newest at `last`."""

    def __init__(self, people: np.ndarray, longest: int) -> None:
        shape = (MEMORY, len(people), longest)
        self.option = np.full(shape, -1, dtype=np.int32)
        self.start = np.full(shape, -1, dtype=np.int32)
        self._allowed = np.zeros(len(people), dtype=bool)
        self._known = 0
        self.last = MEMORY - 1

    def add(
        self, free: np.ndarray, option: np.ndarray, start: np.ndarray, allowed: np.ndarray
    ) -> None:
        """Remember one more itinerary of those who are free."""
        self.last = (self.last + 1) % MEMORY
        self._known = min(MEMORY, self._known + 1)
        self.option[self.last, free], self.start[self.last, free] = option, start
        self._allowed[free] = allowed

    def settled(self) -> np.ndarray:
        """(n,) float64: weight of the newest bookings among those known, 0 if not allowed."""
        weight = np.zeros(self.option.shape[1:])
        for age in range(self._known):
            which = (self.last - age) % MEMORY
            same = self.option[which] == self.option[self.last]
            same &= self.start[which] == self.start[self.last]
            weight += same * (1 - FADING) ** age
        # Places without a booking count too, so that nobody is left who wants none.
        return np.asarray(weight.mean(axis=1) * self._allowed)
