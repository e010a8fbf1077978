"""The Lagrangian bound: prices of seats, capacities and rows, moved together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import measure
from talentopt.solve.lagrangian.own import OwnRules
from talentopt.solve.lagrangian.pricing import PRICE_GRID, Priced, Pricing
from talentopt.solve.matchings.repair import distinct_matching

if TYPE_CHECKING:
    from talentopt.problem import Prices, Problem
    from talentopt.solve.lagrangian.steps import Adam
    from talentopt.solve.matchings.interface import Relaxation, Relaxed

CALM = (1.0, 0.18, 0.18, 1.0, 0.32, 0.09)
"""Steps of the parts of `Duals` relative to those of seats.

Mentors' prices start near their best; prices that concern one person hear of that person's
choice only, which turns about from pass to pass.
"""

MATCHED = 12_000
"""Demands up to which mentors are matched alone first: 3 s for 4,173, but 326 s for 30,000."""


@dataclass
class Duals:
    """Prices of everything shared.

    Attributes
    ----------
    seats : (n_placements, n_periods) float64
        Negative where seats under the minimum cost points.
    role : (n_matchings, n_providers) float64
    total : (n_providers,) float64
    rows : (n_rows,) float64
        Points per unit of each row's activity.
    own : (n,) float64
        Of the rules of single people, see `OwnRules`.
    links : (n_links, n_people) float64
        For each booking that a link pays, of which one counts.
    """

    seats: np.ndarray
    role: np.ndarray
    total: np.ndarray
    rows: np.ndarray
    own: np.ndarray
    links: np.ndarray

    def flat(self) -> np.ndarray:
        """All prices as one vector."""
        return np.concatenate([part.ravel() for part in self.parts()])

    def like(self, flat: np.ndarray) -> Duals:
        """Prices of the same shapes from one vector."""
        parts = self.parts()
        cuts = np.cumsum([part.size for part in parts[:-1]])
        pieces = np.split(flat, cuts)
        return Duals(*(new.reshape(old.shape) for new, old in zip(pieces, parts, strict=True)))

    def parts(self) -> tuple[np.ndarray, ...]:
        """List all prices in the order of the fields."""
        return (
            self.seats,
            self.role,
            self.total,
            self.rows,
            self.own,
            self.links,
        )


@dataclass(frozen=True, slots=True)
class Point:
    """The relaxation at some prices: its bound, its parts, and which way is up."""

    bound: float
    priced: Priced
    relaxed: Relaxed
    rise: np.ndarray


class Dual:
    """The relaxation of one problem.

    Parameters
    ----------
    problem : Problem
    pricing : Pricing
    relaxation : Relaxation
        With the problem's links.
    """

    def __init__(self, problem: Problem, pricing: Pricing, relaxation: Relaxation) -> None:
        """Find which prices may be positive or negative."""
        self.problem, self.pricing, self.relaxation = problem, pricing, relaxation
        itineraries, matchings, rows = problem.itineraries, problem.matchings, problem.rows
        n_arcs, n_options = matchings.n_arcs, itineraries.n_options
        everybody = np.arange(itineraries.n_people)
        self.own = OwnRules(itineraries, everybody)
        self._of_arcs = rows.matrix[:, :n_arcs]
        self._of_options = rows.matrix[:, n_arcs : n_arcs + n_options]
        events = np.diff(rows.matrix[:, n_arcs + n_options :].indptr) > 0
        cap = pricing.price_cap
        price = np.minimum(np.where(events, 0.0, rows.price), cap)
        under = min(itineraries.understaffed_price, cap)
        used = itineraries.seats > 0
        most = Duals(
            np.where(used, cap, 0.0),
            np.where(np.isfinite(matchings.role_capacity), np.inf, 0.0),
            np.where(np.isfinite(matchings.capacity), np.inf, 0.0),
            np.where(np.isfinite(rows.lower), price, 0.0),
            np.full(len(self.own.allowed), cap),
            np.maximum(problem.links.points, 0.0),
        )
        least = Duals(
            np.where(itineraries.min_seats > 0, -under, 0.0),
            np.zeros_like(most.role),
            np.zeros_like(most.total),
            -np.where(np.isfinite(rows.upper), price, 0.0),
            np.zeros_like(most.own),
            np.zeros_like(most.links),
        )
        self.most, self.least = most.flat(), least.flat()
        self._shapes = most.parts()
        self._room = (itineraries.seats.astype(float), itineraries.min_seats.astype(float))
        self._person = itineraries.option_person()
        self._linked = []
        for values in problem.links.placement_value:
            options = np.flatnonzero(values[itineraries.option_placement] >= 0)
            # Options are in the order of people.
            people, begin = np.unique(self._person[options], return_index=True)
            value = values[itineraries.option_placement[options]]
            self._linked.append((options, value, people, begin))
        self.link_rivals = np.bincount(problem.links.matching, minlength=1)
        self.worst_off = self._worst_off()

    def start(self) -> Duals:
        """No price on seats; mentors at the prices of their own best matching, or at none."""
        matchings = self.problem.matchings
        duals = Duals(
            np.zeros(self._room[0].shape),
            np.zeros(matchings.role_capacity.shape),
            np.zeros(matchings.capacity.shape),
            np.zeros(len(self.problem.rows)),
            np.zeros(len(self.own.allowed)),
            np.zeros(self.problem.links.points.shape),
        )
        few = len(matchings.demand_need) <= MATCHED
        if matchings.unit_loads and matchings.n_arcs and few:
            try:
                matched = distinct_matching(self.relaxation)
            except OverflowError:
                return duals
            duals.role, duals.total = matched.role_price.copy(), matched.total_price.copy()
        return duals

    def start_from(self, known: Prices) -> Duals:
        """Start from prices of an earlier plan; what is not known costs nothing."""
        nothing = Duals(*(np.zeros(part.shape) for part in self._shapes))
        parts = [
            np.nan_to_num(part) for part in (known.seats, known.role, known.total, known.rows)
        ]
        return nothing.like(
            self.project(
                np.concatenate(
                    [*(part.ravel() for part in parts), nothing.own, nothing.links.ravel()]
                )
            )
        )

    def adjust(self, duals: Duals, relaxed: Relaxed) -> np.ndarray:
        """(n_options,) float64: what rows and links add to each option's points."""
        return self._adjusted(duals, self._link_gains(relaxed))

    def _adjusted(self, duals: Duals, gains_of_links: list[np.ndarray]) -> np.ndarray:
        adjust = self.row_options(duals)
        for link, gains in enumerate(gains_of_links):
            options = self._linked[link][0]
            price = duals.links[link, self._person[options]]
            adjust[options] += np.maximum(gains - price, 0.0)
        return adjust

    def _link_gains(self, relaxed: Relaxed) -> list[np.ndarray]:
        """Per link, what each option that could meet it would gain."""
        links = self.problem.links
        found = []
        for link, loss in enumerate(relaxed.link_loss):
            options, value, _, _ = self._linked[link]
            person = self._person[options]
            lost = loss[person, value] / self.link_rivals[links.matching[link]]
            found.append(np.maximum(links.points[link, person] - lost, 0.0))
        return found

    def _paid_once(
        self, duals: Duals, gains_of_links: list[np.ndarray], booked: np.ndarray
    ) -> tuple[float, np.ndarray]:
        """Find what prices of links return to mentors, and bookings paid beyond the first.

        Whoever visits several values that a link would pay is paid for one.
        With a price p on each paid booking, itineraries keep what exceeds it,
        and the mentor may offer up to p once more whatever is visited.
        """
        returned, beyond = 0.0, np.zeros(duals.links.shape)
        for link, gains in enumerate(gains_of_links):
            options, _, people, begin = self._linked[link]
            person, price = self._person[options], duals.links[link]
            most = np.zeros(len(price))
            if len(begin):
                most[people] = np.maximum.reduceat(gains, begin)
            returned += float(np.minimum(price, most).sum())
            paid = booked[options] * (gains > price[person])
            beyond[link] = np.bincount(person, weights=paid, minlength=len(price))
            beyond[link] -= price < most
        return returned, beyond

    def row_options(self, duals: Duals) -> np.ndarray:
        """(n_options,) float64: what rows add to each option's points."""
        return np.asarray(self._of_options.T @ duals.rows, dtype=float)

    def row_worth(self, duals: Duals) -> np.ndarray:
        """(n_arcs,) float64: what rows add to each arc's points."""
        return np.asarray(self._of_arcs.T @ duals.rows, dtype=float)

    def at(self, duals: Duals, attempts: int) -> Point:
        """Solve the relaxation at some prices.

        Parameters
        ----------
        duals : Duals
        attempts : int
            See `Pricing.price`.

        Returns
        -------
        Point
        """
        problem, rows = self.problem, self.problem.rows
        values = self.relaxation.values
        if duals.rows.any():
            values = values + self.row_worth(duals)
        relaxed = self.relaxation.relax(duals.role, duals.total, values=values)
        gains_of_links = self._link_gains(relaxed)
        adjust = self._adjusted(duals, gains_of_links) - self.own.charges(duals.own)
        priced = self.pricing.price(duals.seats, adjust, attempts=attempts)
        bound = relaxed.bound + float(priced.bound.sum()) + problem.constant + self.worst_off
        seats, floor = self._room
        bound += float((np.maximum(duals.seats, 0) * seats).sum())
        bound += float((np.minimum(duals.seats, 0) * floor).sum())
        bound += float((duals.own * self.own.allowed).sum())
        side = np.where(duals.rows > 0, rows.lower, rows.upper)
        active = duals.rows != 0
        bound -= float((duals.rows[active] * side[active]).sum())
        booked = self._booked(priced)
        returned, beyond = self._paid_once(duals, gains_of_links, booked)
        rise = self._rise(duals, priced, relaxed, booked)
        return Point(bound + returned, priced, relaxed, np.concatenate([rise, beyond.ravel()]))

    def project(self, flat: np.ndarray) -> np.ndarray:
        """Put prices on their grid and within their limits."""
        grid = np.rint(flat * PRICE_GRID) / PRICE_GRID
        return np.asarray(np.clip(grid, self.least, self.most))

    def descend(self, duals: Duals, point: Point, adam: Adam, length: float) -> Duals:
        """Take one step."""
        at = duals.flat()
        calm = Duals(
            *(np.full(part.shape, by) for part, by in zip(duals.parts(), CALM, strict=True))
        )
        step = adam.step(at, point.rise, length * calm.flat())
        return duals.like(self.project(step))

    def _booked(self, priced: Priced) -> np.ndarray:
        """(n_options,) int64: how often each option is booked."""
        chosen = priced.option[priced.option >= 0]
        return np.bincount(chosen, minlength=self.problem.itineraries.n_options)

    def _rise(
        self, duals: Duals, priced: Priced, relaxed: Relaxed, booked: np.ndarray
    ) -> np.ndarray:
        """Find how far everything but links is from what prices pay for."""
        matchings, rows = self.problem.matchings, self.problem.rows
        seats, floor = self._room
        used = load(self.pricing, priced.option, priced.start)
        role = relaxed.role_load - matchings.role_capacity
        total = relaxed.role_load.sum(axis=0) - matchings.capacity
        paired = np.zeros(matchings.n_arcs)
        paired[relaxed.arcs] = 1.0
        activity = self._of_options @ booked + self._of_arcs @ paired
        # A reward below the lower limit, a price above the upper, nothing between.
        short, over = rows.lower - activity, rows.upper - activity
        wanted = np.where(duals.rows > 0, short, np.where(duals.rows < 0, over, 0.0))
        idle = duals.rows == 0
        wanted[idle] = (np.maximum(short, 0) + np.minimum(over, 0))[idle]
        return np.concatenate(
            [
                seat_rise(duals.seats, used, seats, floor).ravel(),
                np.where(np.isfinite(role), role, 0.0).ravel(),
                np.where(np.isfinite(total), total, 0.0),
                wanted,
                self.own.excess(priced.option),
            ]
        )

    def _worst_off(self) -> float:
        """Most that the lowest total can add."""
        problem = self.problem
        if not problem.worst_off or not problem.itineraries.n_people:
            return 0.0
        free = np.zeros(self._room[0].shape)
        totals = self.pricing.price(free, attempts=1).bound.copy()
        matchings = problem.matchings
        none = (np.zeros_like(matchings.role_capacity), np.zeros_like(matchings.capacity))
        values = self.relaxation.relax(*none, losses=False, distinct=False).demand_value
        owner = matchings.demand_person
        np.add.at(totals, owner[owner >= 0], values[owner >= 0])
        totals += np.maximum(problem.links.points, 0.0).sum(axis=0)
        return problem.worst_off * float(totals.min())


def seat_rise(
    price: np.ndarray, used: np.ndarray, seats: np.ndarray, floor: np.ndarray
) -> np.ndarray:
    """(n_placements, n_periods) float64: too many people, or too few where that costs."""
    over, short = used - seats, np.minimum(used - floor, 0.0)
    at_zero = np.where(over > 0, over, short)
    below = np.where(price < 0, used - floor, at_zero)
    return np.asarray(np.where(price > 0, over, below))


def load(pricing: Pricing, option: np.ndarray, start: np.ndarray) -> np.ndarray:
    """(n_placements, n_periods) float64: people of some itineraries at each placement."""
    itineraries = pricing.itineraries
    booked = option >= 0
    return measure.seats_used(itineraries, option[booked], start[booked]).astype(float)
