"""Prices of everything that people share, and the bound that they prove.

Seats, rows and mentors' capacities have one price each. At given prices the
problem falls apart into one itinerary per person and the best arcs of each
demand; their values plus the priced limits bound every plan from above
(Lagrangian relaxation). A link is worth to an itinerary what it pays minus
what the person loses by insisting on a provider of that value.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem.measure import demand_of
from talentopt.solve.columns.grid import round_down, step_of
from talentopt.solve.columns.pricing import Pricer
from talentopt.solve.columns.separate import separate_bound
from talentopt.solve.matchings.interface import Relaxation

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.problem import Problem
    from talentopt.solve.columns.tables import Paths
    from talentopt.solve.control import Control
    from talentopt.solve.matchings.interface import Relaxed


@dataclass(frozen=True, slots=True)
class Limits:
    """Two-sided limits of all shared resources, and the range of their prices.

    All arrays are (n_prices,): seats by (placement, period), then rows, then
    providers by (matching, provider), then providers.
    """

    lower: np.ndarray
    upper: np.ndarray
    floor: np.ndarray
    ceiling: np.ndarray
    unit: np.ndarray

    def constant(self, prices: np.ndarray) -> float:
        """Priced limits: prices times the side that binds."""
        binding = np.where(prices > 0, self.upper, self.lower)
        used = prices != 0
        return float(prices[used] @ binding[used])

    def slope(self, prices: np.ndarray, load: np.ndarray) -> np.ndarray:
        """Load beyond the binding side; 0 between the limits where the price is 0."""
        over = np.where(prices >= 0, load - self.upper, 0.0)
        under = np.where(prices <= 0, load - self.lower, 0.0)
        free = prices == 0
        slope = np.where(prices > 0, over, np.where(prices < 0, under, 0.0))
        return np.where(free, np.maximum(over, 0.0) + np.minimum(under, 0.0), slope)


class Market:
    """The shared side of one problem.

    Parameters
    ----------
    problem : Problem
    workers : int
    """

    def __init__(self, problem: Problem, workers: int) -> None:
        """Lay out limits; all prices are zero."""
        self.problem = problem
        self.pricer = Pricer(problem, workers)
        self.relaxation = Relaxation(problem.matchings, problem.links, workers=workers)
        self.everybody = np.arange(problem.itineraries.n_people)
        self.step = step_of(problem)
        self.lowest = bool(problem.worst_off and problem.matchings.n_arcs == 0)
        shape = problem.itineraries.seats.shape
        n_seats, n_rows = shape[0] * shape[1], len(problem.rows)
        roles = problem.matchings.role_capacity.size
        cuts = np.cumsum([n_seats, n_rows, roles])
        self.seats = slice(0, cuts[0])
        self.rows = slice(cuts[0], cuts[1])
        self.roles = slice(cuts[1], cuts[2])
        self.totals = slice(cuts[2], cuts[2] + problem.matchings.n_providers)
        self.limits = _limits(problem)
        n_arcs, n_options = problem.matchings.n_arcs, problem.itineraries.n_options
        matrix = problem.rows.matrix.tocsc()
        self.row_arcs = matrix[:, :n_arcs].tocsr()
        self.row_options = matrix[:, n_arcs : n_arcs + n_options].tocsr()
        self.row_events = matrix[:, n_arcs + n_options :].tocsr()
        self.arcs_in_rows = bool(self.row_arcs.nnz)
        share = problem.worst_off / max(1, problem.itineraries.n_people)
        self.weight = np.full(problem.itineraries.n_people, 1.0 + share)
        self.pricer.table.scale[:] = self.weight
        self.relaxed: Relaxed | None = None
        self._choose: Callable[..., Relaxed] = self.relaxation.relax
        self._values = self.relaxation.values
        self._per_matching = np.bincount(
            problem.links.matching, minlength=max(1, problem.matchings.n_matchings)
        )

    def set_prices(self, prices: np.ndarray) -> None:
        """Show the itineraries the prices of seats and rows."""
        pricer, problem = self.pricer, self.problem
        shape = problem.itineraries.seats.shape
        pricer.set_prices(prices[self.seats].reshape(shape))
        if len(problem.rows):
            paid = self.row_options.T @ prices[self.rows]
            pricer.table.adjust[:] = -paid[pricer.structure.slot_option]
            of_event = -(self.row_events.T @ prices[self.rows])
            family = pricer.structure.once_family
            is_event = family < len(problem.events)
            pricer.table.once[is_event] = of_event[family[is_event]]

    def match(self, prices: np.ndarray) -> None:
        """Choose arcs at the prices, and show the itineraries what links are worth."""
        problem = self.problem
        matchings = problem.matchings
        values = None
        if self.arcs_in_rows:
            values = self.relaxation.values - self.row_arcs.T @ prices[self.rows]
        weights = None
        if problem.worst_off:
            owner = matchings.demand_person
            weights = np.where(owner >= 0, self.weight[owner], 1.0)
        role = prices[self.roles].reshape(matchings.role_capacity.shape)
        self._choose = partial(
            self.relaxation.relax, role, prices[self.totals].copy(), weights=weights
        )
        self._values = self.relaxation.values if values is None else values
        self.relaxed = self._choose(values=self._values)
        self._show_links()

    def _show_links(self) -> None:
        links, pricer = self.problem.links, self.pricer
        if len(links) == 0 or self.relaxed is None:
            return
        structure = pricer.structure
        entries = np.arange(len(structure.once_family))
        slot = np.searchsorted(structure.once_ptr, entries, side="right") - 1
        person = np.searchsorted(pricer.first_slot, slot, side="right") - 1
        placement = structure.slot_placement[slot]
        for link in range(len(links)):
            mine = structure.once_family == len(self.problem.events) + link
            value = links.placement_value[link][placement[mine]]
            loss = self.relaxed.link_loss[link][person[mine], value]
            loss = loss / self._per_matching[links.matching[link]]
            paid = links.points[link][person[mine]] * self.weight[person[mine]]
            pricer.table.once[mine] = np.maximum(0.0, paid - loss)

    def bound(self, prices: np.ndarray, paths: Paths) -> float:
        """Everybody's bound plus the priced limits: no plan is worth more."""
        total = float(paths.bound.sum()) + self.limits.constant(prices)
        total += separate_bound(self.problem, self.option_prices(prices), self.weight)
        if self.relaxed is not None:
            total += float(self.relaxed.demand_value.sum())
        return total + self.problem.constant

    def prove(self, control: Control, bound: float) -> None:
        """Tell of a bound, as low as whole plans allow."""
        control.tighten(round_down(bound, self.step))

    def option_prices(self, prices: np.ndarray) -> np.ndarray:
        """(n_options,) float64: what rows charge for each option."""
        paid: np.ndarray = self.row_options.T @ prices[self.rows]
        return paid

    def load(self, paths: Paths, people: np.ndarray) -> np.ndarray:
        """(n_prices,) load of people's itineraries and, if matched, of the arcs chosen."""
        load = self.own_load(paths, people)
        if self.relaxed is not None:
            relaxed = self._mentors_beside(paths, people)
            load[self.roles] = relaxed.role_load.ravel()
            load[self.totals] = relaxed.role_load.sum(axis=0)
            if self.arcs_in_rows:
                load[self.rows] += self.row_arcs[:, relaxed.arcs].sum(axis=1)
        return load

    def _mentors_beside(self, paths: Paths, people: np.ndarray) -> Relaxed:
        """Choose arcs as last, with the points of links that people's bookings would be paid."""
        options, _ = self.pricer.bookings(paths, people)
        arcs, points = arcs_with_links(self.problem, options)
        values = self._values.copy()
        np.add.at(values, arcs, points)
        return self._choose(values=values, losses=False)

    def own_load(self, paths: Paths, people: np.ndarray) -> np.ndarray:
        """(n_prices,) load of people's itineraries alone."""
        load = np.zeros(len(self.limits.lower))
        load[self.seats] = self.pricer.loads(paths, people).ravel()
        if len(self.problem.rows):
            options, starts = self.pricer.bookings(paths, people)
            load[self.rows] = self.row_options[:, options].sum(axis=1)
            happens = events_of(self.problem, options, starts)
            load[self.rows] += self.row_events @ happens
        return load

    def person_totals(self, paths: Paths) -> np.ndarray:
        """(n_people,) float64: rough share of each person in the bound, for worst-off weights."""
        totals: np.ndarray = paths.bound / self.weight
        matchings = self.problem.matchings
        if self.relaxed is not None and matchings.n_demands:
            owner = matchings.demand_person
            mine = owner >= 0
            np.add.at(
                totals, owner[mine], self.relaxed.demand_value[mine] / self.weight[owner[mine]]
            )
        return totals


def events_of(problem: Problem, options: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """(n_events,) float64: 1 where an event happens."""
    events = problem.events
    start_of = np.full(problem.itineraries.n_options + 1, np.iinfo(np.int32).max, np.int64)
    start_of[options] = starts
    owner = np.repeat(np.arange(len(events)), np.diff(events.ptr))
    happens = np.zeros(len(events))
    happens[owner[start_of[events.options] <= events.latest_start]] = 1.0
    return happens


def _limits(problem: Problem) -> Limits:
    """Stack the limits of seats, rows and providers."""
    itineraries, matchings, rows = problem.itineraries, problem.matchings, problem.rows
    apart = ~itineraries.placement_exclusive[:, None] | (itineraries.seats == 0)
    understaffed = max(0.0, itineraries.understaffed_price)
    seat_floor = np.where((itineraries.min_seats > 0) & ~apart, -understaffed, 0.0)
    seat_ceiling = np.where(apart, 0.0, np.inf)
    capacity = np.concatenate([matchings.role_capacity.ravel(), matchings.capacity])
    bounded = np.isfinite(capacity)
    bounded_below = np.where(seat_floor < 0, itineraries.min_seats, 0)
    lower = [bounded_below.ravel(), rows.lower, np.zeros(len(capacity))]
    upper = [itineraries.seats.ravel(), rows.upper, np.where(bounded, capacity, 0.0)]
    priced = _priced_rows(problem)
    floor = [
        seat_floor.ravel(),
        np.where(np.isfinite(rows.lower) & priced, -rows.price, 0.0),
        np.zeros(len(capacity)),
    ]
    ceiling = [
        seat_ceiling.ravel(),
        np.where(np.isfinite(rows.upper) & priced, rows.price, 0.0),
        np.where(bounded, np.inf, 0.0),
    ]
    typical = np.ones(len(rows))
    if len(rows):
        entries = np.maximum(1, np.diff(rows.matrix.tocsr().indptr))
        typical = np.maximum(1e-9, np.abs(rows.matrix).sum(axis=1) / entries)
    unit = [np.ones(itineraries.seats.size), 1.0 / typical, np.ones(len(capacity))]
    parts = (lower, upper, floor, ceiling, unit)
    return Limits(*(np.concatenate(part).astype(np.float64) for part in parts))


def _priced_rows(problem: Problem) -> np.ndarray:
    """(n_rows,) bool: rows that count no event of concurrent placements (those stay at 0)."""
    rows, events, itineraries = problem.rows, problem.events, problem.itineraries
    if len(rows) == 0 or len(events) == 0:
        return np.ones(len(rows), dtype=bool)
    owner = np.repeat(np.arange(len(events)), np.diff(events.ptr))
    exclusive = itineraries.placement_exclusive[itineraries.option_placement[events.options]]
    apart = np.zeros(len(events))
    apart[owner[~exclusive]] = 1.0
    counted = rows.matrix.tocsc()[:, -len(events) :]
    untouched: np.ndarray = abs(counted) @ apart == 0
    return untouched


def arcs_with_links(problem: Problem, options: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Arcs that pay a link with given bookings, and the points; each arc may occur often."""
    links, matchings, itineraries = problem.links, problem.matchings, problem.itineraries
    person = np.searchsorted(itineraries.option_ptr, options, side="right") - 1
    placement = itineraries.option_placement[options]
    arcs, points = [np.zeros(0, np.int64)], [np.zeros(0)]
    for link in range(len(links)):
        value = links.placement_value[link][placement]
        n_values = int(max(value.max(initial=0), links.provider_value[link].max(initial=0))) + 1
        visited = np.zeros((itineraries.n_people, n_values), dtype=bool)
        visited[person[value >= 0], value[value >= 0]] = True
        demands = np.flatnonzero(
            (matchings.demand_matching == links.matching[link]) & (matchings.demand_person >= 0)
        )
        if len(demands) == 0:
            continue
        of_link = np.arange(
            matchings.arc_ptr[demands[0]], matchings.arc_ptr[demands[-1] + 1], dtype=np.int64
        )
        owner = matchings.demand_person[demand_of(matchings, of_link)]
        offered = links.provider_value[link][matchings.arc_provider[of_link]]
        paying = (offered >= 0) & (owner >= 0)
        paying[paying] = visited[owner[paying], offered[paying]]
        arcs.append(of_link[paying])
        points.append(links.points[link][owner[paying]])
    return np.concatenate(arcs), np.concatenate(points)
