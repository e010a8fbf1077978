"""Pricing: every person's best itinerary at given prices, exact in whole units."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from talentopt.solve.lagrangian import kernels
from talentopt.solve.lagrangian.layout import Layout
from talentopt.solve.lagrangian.nodes import build, stage_caps
from talentopt.solve.lagrangian.vectors import ROW

if TYPE_CHECKING:
    from talentopt.problem import Itineraries
    from talentopt.solve.lagrangian.nodes import Nodes, Tables

EXACT_SCALE = 1600
"""Whole units per point: points on a grid of 0.01 and prices of 1/64 are exact."""

PRICE_GRID = 64
LARGEST = 150e6
"""Units that one person's points may add up to."""

CLOSED = 1_000_000_000
ELSEWHERE = np.iinfo(np.int32).max
"""The place of homes where no placement is."""

PEOPLE_PER_TASK = 48
ATTEMPTS = 24
"""Recursions spent on one person whose best itinerary breaks a limit."""


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
    repeatable : (n_options,) bool
        Options that a single attempt may book twice.
    price_cap : float
        Largest price of a seat and period.
    """

    def __init__(self, itineraries: Itineraries, workers: int = 1) -> None:
        """Build the nodes."""
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
        self.scale = min(EXACT_SCALE, LARGEST / largest)
        self.price_cap = LARGEST / self.scale / max(1, int(itineraries.n_periods)) / 2
        tables, nodes = build(itineraries)
        self.layout = self._layout(itineraries, tables, nodes)
        self.repeatable = tables.repeatable[itineraries.option_placement]
        exclusive = itineraries.placement_exclusive[itineraries.option_placement]
        forced = itineraries.fixed_options[exclusive[itineraries.fixed_options]]
        self._forced = np.bincount(
            itineraries.option_person()[forced], minlength=itineraries.n_people
        )

    def price(
        self,
        price: np.ndarray,
        adjust: np.ndarray | None = None,
        people: np.ndarray | None = None,
        blocked: np.ndarray | None = None,
        attempts: int = ATTEMPTS,
    ) -> Priced:
        """Find everybody's best itinerary.

        Parameters
        ----------
        price : (n_placements, n_periods) float64
            Price of one seat in one period, a multiple of 1 / `PRICE_GRID`.
        adjust : (n_options,) float64, optional
            Added to the points of each option.
        people : (n,) int64, optional
            Whom to price; everybody when not given.
        blocked : (n_placements, n_periods) bool, optional
            Seats and periods that cannot be used.
        attempts : int
            See `ATTEMPTS`.

        Returns
        -------
        Priced
            Rows of people who were not asked for are empty.
        """
        itineraries, scale = self.itineraries, self.scale
        if people is None:
            people = np.arange(itineraries.n_people)
        worth, units = self.units(adjust), self.price_units(price)
        if blocked is not None:
            units = np.where(blocked, CLOSED, units)
        summed = np.zeros((itineraries.n_placements, itineraries.n_periods + 1), dtype=np.int64)
        np.cumsum(units, axis=1, out=summed[:, 1:])
        shape = (itineraries.n_people, self.longest)
        bound = np.zeros(itineraries.n_people)
        option, start = np.full(shape, -1, np.int32), np.full(shape, -1, np.int32)
        allowed = np.zeros(itineraries.n_people, dtype=np.bool_)

        def run(part: np.ndarray) -> None:
            kernels.price_people(
                part, self.layout, worth, summed, attempts, bound, option, start, allowed
            )

        parts = np.array_split(people, max(1, -(-len(people) // PEOPLE_PER_TASK)))
        if self.threads is None or len(parts) == 1:
            for part in parts:
                run(part)
        else:
            list(self.threads.map(run, parts))
        bound = (bound - self._forced * self.layout.fixed_bonus) / scale
        return Priced(bound, option, start, allowed)

    def units(self, adjust: np.ndarray | None) -> np.ndarray:
        """(n_options,) int64: points of options, rounded up so that bounds stay valid."""
        points = self.itineraries.option_points
        if adjust is not None:
            points = points + adjust
        return self._up(points)

    def price_units(self, price: np.ndarray) -> np.ndarray:
        """(n_placements, n_periods) int64: prices of seats, rounded down."""
        capped = np.clip(price, -self.price_cap, self.price_cap)
        return np.asarray(np.floor(capped * self.scale + 1e-4).astype(np.int64))

    def _layout(self, itineraries: Itineraries, tables: Tables, nodes: Nodes) -> Layout:
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
            tables.ptr,
            tables.of_placement,
            _place_index(places, itineraries.placement_place),
            itineraries.placement_duration,
            tables.duration,
            tables.level,
            itineraries.limit_value,
            itineraries.limit_left,
            nodes.of_person,
            nodes.ptr,
            nodes.stage,
            nodes.held,
            nodes.skip,
            nodes.edge_ptr,
            nodes.edge_table,
            nodes.edge_next,
            itineraries.stage_min,
            self._down(itineraries.stage_missing),
            self._down(itineraries.idle_price),
            itineraries.idle_from,
            self._down(itineraries.move_price),
            np.where(np.isin(home, places), _place_index(places, home), -1),
        )

    def _up(self, points: np.ndarray) -> np.ndarray:
        return np.ceil(points * self.scale - 1e-4).astype(np.int64)

    def _down(self, points: np.ndarray) -> np.ndarray:
        return np.floor(points * self.scale + 1e-4).astype(np.int64)


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
