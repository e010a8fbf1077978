"""Pricing: every person's best itinerary at given prices, exact in whole units."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from talentopt.solve.lagrangian import kernels
from talentopt.solve.lagrangian.kinds import kinds_of, stage_caps
from talentopt.solve.lagrangian.layout import Layout
from talentopt.solve.lagrangian.seats import charge_by_start
from talentopt.solve.lagrangian.states import MOST_KEPT, allocate
from talentopt.solve.lagrangian.vectors import LANES, ROW
from talentopt.solve.lagrangian.worth import ROUNDING, Extras, add_up

if TYPE_CHECKING:
    from talentopt.problem import Itineraries
    from talentopt.solve.lagrangian.kinds import Kinds
    from talentopt.solve.lagrangian.layout import Work

EXACT_SCALE = 1600
"""Whole units per point: points on a grid of 0.01 and prices of 1/64 are exact."""

PRICE_GRID = 64
LARGEST = 150e6
"""Units that one person's points may add up to."""

ELSEWHERE = np.iinfo(np.int32).max
"""The place of homes where no placement is."""

FEW_PEOPLE, PEOPLE_PER_TASK = 16, 12
"""Priced by one thread, and at a time when there are many."""

ATTEMPTS, LAZY = 24, 0
"""Recursions on one person whose best itinerary breaks a limit; a lazy one never repeats any."""


class Priced(NamedTuple):
    """Itineraries at some prices.

    Attributes
    ----------
    bound : (n_people,) float64
        No itinerary of the person is worth more at these prices.
    option, start : (n_people, longest) int32
        The best itinerary; -1 where it is shorter.
    allowed : (n_people,) bool
        Whether it is whole and breaks no rule. With more than one attempt all
        itineraries keep to the rules, but some are not the best or cut short.
    """

    bound: np.ndarray
    option: np.ndarray
    start: np.ndarray
    allowed: np.ndarray


class Pricing:
    """The exclusive itineraries of a problem, prepared for many passes.

    Parameters
    ----------
    itineraries : Itineraries
    workers : int
        Threads that share a pass.

    Attributes
    ----------
    longest : int
        Most bookings of one person.
    price_cap : float
        Largest price of a seat and period.
    """

    def __init__(self, itineraries: Itineraries, workers: int = 1) -> None:
        """Begin with states that keep nothing apart."""
        self.itineraries = itineraries
        self.workers = max(1, workers)
        self.threads = ThreadPoolExecutor(self.workers) if self.workers > 1 else None
        caps = stage_caps(itineraries)
        self.longest = max(1, int(caps.sum(axis=1).max(initial=0)))
        largest = 1.0 + float(
            (itineraries.stage_missing * np.maximum(itineraries.stage_min, 0)).sum(axis=1).max()
            + self.longest * np.abs(itineraries.option_points).max(initial=0.0)
            + itineraries.n_periods * itineraries.idle_price.max(initial=0.0)
            + self.longest * itineraries.move_price.max(initial=0.0)
        )
        self.scale = float(min(EXACT_SCALE, LARGEST / largest))
        self.price_cap = LARGEST / self.scale / max(1, int(itineraries.n_periods)) / 2
        self.layout = self._layout(itineraries, caps)
        self._works: SimpleQueue[Work] = SimpleQueue()
        for _ in range(self.workers):
            self._works.put(allocate(self.layout))
        exclusive = itineraries.placement_exclusive[itineraries.option_placement]
        forced = itineraries.fixed_options[exclusive[itineraries.fixed_options]]
        self._forced = np.bincount(
            itineraries.option_person()[forced], minlength=itineraries.n_people
        )

    def price(
        self, price: np.ndarray, worth: np.ndarray | None = None, attempts: int = ATTEMPTS
    ) -> Priced:
        """Find everybody's best itinerary.

        Parameters
        ----------
        price : (n_placements, n_periods) float64
            Price of one seat in one period, a multiple of 1 / `PRICE_GRID`.
        worth : (n_options,) int32, optional
            See `units`; by default points alone.
        attempts : int
            See `ATTEMPTS`.

        Returns
        -------
        Priced
        """
        priced = self.nothing()
        everybody = np.arange(self.itineraries.n_people)
        worth = self.units() if worth is None else worth
        self.reprice(everybody, price, worth, attempts, priced)
        return priced

    def nothing(self) -> Priced:
        """Itineraries without bookings, to be found by `reprice`."""
        n_people = self.itineraries.n_people
        shape = (n_people, self.longest)
        return Priced(
            np.zeros(n_people),
            np.full(shape, -1, np.int32),
            np.full(shape, -1, np.int32),
            np.zeros(n_people, dtype=np.bool_),
        )

    def reprice(
        self,
        people: np.ndarray,
        price: np.ndarray,
        worth: np.ndarray,
        attempts: int,
        priced: Priced,
    ) -> None:
        """Find the best itineraries of some people, on all threads.

        Parameters
        ----------
        people : (n,) int64
        price : (n_placements, n_periods) float64
            As in `price`.
        worth : (n_options,) int32
            See `units`.
        attempts : int
            See `ATTEMPTS`.
        priced : Priced
            Whose rows of these people are changed.
        """
        charge = self._charge(price)

        def run(part: np.ndarray) -> None:
            work = self._works.get()
            try:
                kernels.price_people(part, self.layout, worth, charge, attempts, work, *priced)
            finally:
                self._works.put(work)
            priced.bound[part] -= self._forced[part] * self.layout.fixed_bonus
            priced.bound[part] /= self.scale

        if self.threads is None or len(people) < FEW_PEOPLE:
            run(people)
        else:
            rounds = max(1, len(people) // (PEOPLE_PER_TASK * self.workers))
            tasks = rounds * self.workers
            list(self.threads.map(run, np.array_split(people, tasks)))

    def _charge(self, price: np.ndarray) -> np.ndarray:
        """(n_placements * n_starts,) int32: what a booking costs by placement and start."""
        duration, n_starts = self.itineraries.placement_duration, self.layout.n_starts
        return charge_by_start(price, duration, n_starts, self.scale, self.price_cap)

    def layout_for_one(self) -> Layout:
        """Copy what the states keep apart, for a thread that prices anybody beside others."""
        return self.layout._replace(
            kept=self.layout.kept.copy(), kept_flags=self.layout.kept_flags.copy()
        )

    def units(self, extras: Extras | None = None) -> np.ndarray:
        """(n_options,) int32: points of options, rounded up so that bounds stay valid."""
        itineraries = self.itineraries
        if extras is None:
            none = np.zeros((0, itineraries.n_placements), dtype=np.int32)
            extras = Extras(np.zeros(0), none, np.zeros((0, itineraries.n_people, 1)))
        worth = np.empty(itineraries.n_options, dtype=np.int32)
        read = (itineraries.option_ptr, itineraries.option_placement, itineraries.option_points)

        def run(first: int, last: int) -> None:
            add_up(first, last, *read, extras, self.scale, worth)

        if self.threads is None or itineraries.n_people < FEW_PEOPLE:
            run(0, itineraries.n_people)
        else:
            cuts = np.linspace(0, itineraries.n_people, self.workers + 1).astype(np.int64)
            list(self.threads.map(run, cuts[:-1], cuts[1:]))
        return worth

    def price_units(self, price: np.ndarray) -> np.ndarray:
        """(n_placements, n_periods) int64: prices of seats, rounded down."""
        capped = np.clip(price, -self.price_cap, self.price_cap)
        return np.asarray(np.floor(capped * self.scale + ROUNDING).astype(np.int64))

    def _layout(self, itineraries: Itineraries, caps: np.ndarray) -> Layout:
        kinds = kinds_of(itineraries)
        durations, duration_number = np.unique(itineraries.placement_duration, return_inverse=True)
        places = _places(itineraries)
        of_exclusive = itineraries.placement_place[itineraries.placement_exclusive]
        blank = bool(len(places) == 0 or (of_exclusive < 0).any())
        home = np.where(_abroad(itineraries), ELSEWHERE, itineraries.home)
        fixed = np.zeros(itineraries.n_options, dtype=np.bool_)
        fixed[itineraries.fixed_options] = True
        kept_start = np.full(itineraries.n_options, -1, dtype=np.int32)
        kept_start[itineraries.kept_options] = itineraries.kept_starts
        kept_points = np.zeros(itineraries.n_options, dtype=np.int64)
        kept_points[itineraries.kept_options] = self._up(itineraries.kept_booking_points)
        n_places = len(places) + int(blank)
        return Layout(
            itineraries.n_periods,
            -(-itineraries.n_periods // LANES) * LANES,
            n_places,
            1 if n_places == 1 else -(-n_places // ROW) * ROW,
            blank,
            int(LARGEST / 4),
            itineraries.option_ptr,
            itineraries.option_placement,
            itineraries.option_starts,
            fixed,
            kept_start,
            kept_points,
            _place_index(places, itineraries.placement_place),
            itineraries.placement_duration,
            duration_number.astype(np.int64),
            durations.astype(np.int64),
            kinds.of_placement,
            kinds.stage,
            kinds.value,
            kinds.needs,
            kinds.meets,
            kinds.n_values,
            _resource_stage(itineraries, kinds),
            kinds.done,
            kinds.needed,
            itineraries.limit_value,
            itineraries.limit_left,
            caps,
            itineraries.stage_min,
            self._down(itineraries.stage_missing),
            self._down(itineraries.idle_price),
            itineraries.idle_from,
            self._down(itineraries.move_price),
            np.where(np.isin(home, places), _place_index(places, home), -1),
            np.full((itineraries.n_people, MOST_KEPT), -1, dtype=np.int32),
            np.zeros(itineraries.n_people, dtype=np.int64),
        )

    def _up(self, points: np.ndarray) -> np.ndarray:
        return np.ceil(points * self.scale - ROUNDING).astype(np.int64)

    def _down(self, points: np.ndarray) -> np.ndarray:
        return np.floor(points * self.scale + ROUNDING).astype(np.int64)


def _resource_stage(itineraries: Itineraries, kinds: Kinds) -> np.ndarray:
    """(n_values + n_placements,) int64: the stage of each resource, see `Layout`."""
    of_value = np.zeros(kinds.n_values, dtype=np.int64)
    named = kinds.value >= 0
    of_value[kinds.value[named]] = kinds.stage[named]
    return np.concatenate([of_value, itineraries.placement_stage.astype(np.int64)])


def _places(itineraries: Itineraries) -> np.ndarray:
    """(n,) int64: where moves begin and end, `ELSEWHERE` last; none when moves cost nothing."""
    if not itineraries.move_price.any():
        return np.zeros(0, dtype=np.int64)
    places = np.unique(itineraries.placement_place[itineraries.placement_place >= 0])
    if _abroad(itineraries).any():
        places = np.append(places, ELSEWHERE)
    return places


def _abroad(itineraries: Itineraries) -> np.ndarray:
    """(n_people,) bool: whose home is where no placement is, so that every first one is a move."""
    known = np.isin(itineraries.home, itineraries.placement_place)
    return np.asarray((itineraries.home >= 0) & ~known)


def _place_index(places: np.ndarray, value: np.ndarray) -> np.ndarray:
    """(n,) int32: number of each place, blank and unknown ones last."""
    where = np.searchsorted(places, value)
    known = np.isin(value, places)
    return np.where(known, where, len(places)).astype(np.int32)
