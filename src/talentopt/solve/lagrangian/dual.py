"""The Lagrangian bound: prices of seats, capacities and rows, moved together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.lagrangian.crowds import prices_of_crowds
from talentopt.solve.lagrangian.duals import Duals, Offer, Point
from talentopt.solve.lagrangian.link_points import add_link_points
from talentopt.solve.lagrangian.own import OwnRules
from talentopt.solve.lagrangian.pricing import PRICE_GRID
from talentopt.solve.lagrangian.seats import crowding
from talentopt.solve.lagrangian.worth import Extras
from talentopt.solve.matchings.bidding import matching_by_bids

if TYPE_CHECKING:
    from talentopt.problem import Prices, Problem
    from talentopt.solve.lagrangian.pricing import Priced, Pricing
    from talentopt.solve.matchings.interface import Relaxation, Relaxed
    from talentopt.solve.steps import Adam

CALM = (1.0, 0.5, 0.5, 1.0, 0.32, 0.09)
"""Steps of the parts of `Duals` relative to those of seats.

Mentors' prices start near their best; prices that concern one person hear of that person's
choice only, which turns about from pass to pass.
"""


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
        self.own = OwnRules(itineraries)
        self._of_arcs = rows.matrix[:, :n_arcs].tocsc()
        self._of_options = rows.matrix[:, n_arcs : n_arcs + n_options].tocsc()
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
        self._room = (itineraries.seats.astype(float), itineraries.min_seats.astype(float))
        self._person = itineraries.option_person()
        self._reached = [self._reach(values) for values in problem.links.placement_value]
        self._value = np.concatenate([problem.links.placement_value, itineraries.limit_value])
        self.link_rivals = np.bincount(problem.links.matching, minlength=1)
        self._beside = np.zeros(n_arcs)
        self.worst_off = self._worst_off()

    def start(self) -> Duals:
        """No price on seats; mentors at the prices of a good matching of their own."""
        matchings = self.problem.matchings
        duals = Duals(
            np.zeros(self._room[0].shape),
            np.zeros(matchings.role_capacity.shape),
            np.zeros(matchings.capacity.shape),
            np.zeros(len(self.problem.rows)),
            np.zeros(len(self.own.allowed)),
            np.zeros(self.problem.links.points.shape),
        )
        if matchings.unit_loads and matchings.n_arcs:
            try:
                matched = matching_by_bids(self.relaxation)
            except OverflowError:
                return duals
            duals.role, duals.total = matched.role_price.copy(), matched.total_price.copy()
        return duals

    def start_from(self, known: Prices) -> Duals:
        """Start from prices of an earlier plan; what is not known costs nothing."""
        own = np.zeros(len(self.own.allowed))
        parts = (known.seats, known.role, known.total, known.rows, known.links)
        seats, role, total, rows, links = map(np.nan_to_num, parts)
        duals = Duals(seats, role, total, rows, own, links)
        return duals.like(self.project(duals.flat()))

    def start_of_crowds(self, duals: Duals, seconds: float) -> Duals | None:
        """Replace the prices of seats by those of crowds, see `prices_of_crowds`."""
        itineraries = self.problem.itineraries
        understaffed = min(itineraries.understaffed_price, self.pricing.price_cap)
        seats = prices_of_crowds(itineraries, understaffed, seconds)
        return None if seats is None else replace(duals, seats=self.project_seats(seats))

    def offer(self, duals: Duals) -> Offer:
        """Solve the matchings at some prices, and tell what that makes of bookings."""
        values = self._arc_values(duals)
        relaxed = self.relaxation.relax(duals.role, duals.total, values=values)
        return Offer(relaxed, self._link_gains(relaxed))

    def worth(self, duals: Duals, offer: Offer, *, charged: bool = True) -> np.ndarray:
        """(n_options,) int32: what options are worth at some prices of all but seats, in units.

        Parameters
        ----------
        duals : Duals
        offer : Offer
            At these prices.
        charged : bool
            Whether the rules of single people cost their prices.
        """
        gains = [
            np.maximum(gain - price[:, None], 0.0)
            for gain, price in zip(offer.gains_of_links, duals.links, strict=True)
        ]
        return self.worth_with(duals, gains, charged=charged)

    def worth_with(
        self, duals: Duals, gains: list[np.ndarray], *, charged: bool = False
    ) -> np.ndarray:
        """(n_options,) int32: what options are worth with known gains by links, in units.

        Parameters
        ----------
        duals : Duals
            Whose prices of rows count.
        gains : list of (n_people, n_values) float64
            Per link, of bookings with each value.
        charged : bool
            As of `worth`.
        """
        charges = self.own.by_value(duals.own)
        most = max([charges.shape[2], *(gain.shape[1] for gain in gains)])
        points = np.zeros((len(self._value), charges.shape[1], most))
        for link, gain in enumerate(gains):
            points[link, :, : gain.shape[1]] = gain
        if charged:
            points[len(gains) :, :, : charges.shape[2]] = -charges
        return self.pricing.units(Extras(self._row_options(duals), self._value, points))

    def _reach(self, value: np.ndarray) -> np.ndarray:
        """(n_people, n_values) bool: who has an option with each ``value`` (n_placements,)."""
        itineraries = self.problem.itineraries
        reached = np.zeros((itineraries.n_people, 1 + int(value.max(initial=-1))), dtype=bool)
        of_option = value[itineraries.option_placement]
        named = of_option >= 0
        reached[self._person[named], of_option[named]] = True
        return reached

    def _link_gains(self, relaxed: Relaxed) -> list[np.ndarray]:
        """Per link, what bookings with each value would gain a person."""
        links = self.problem.links
        found = []
        for link, loss in enumerate(relaxed.link_loss):
            reached = self._reached[link]
            lost = loss[:, : reached.shape[1]] / self.link_rivals[links.matching[link]]
            gain = np.maximum(links.points[link][:, None] - lost, 0.0)
            found.append(np.where(reached, gain, 0.0))
        return found

    def _most_gained(self, offer: Offer) -> np.ndarray:
        """(n_links, n_people) float64: the most that each person gains by each link."""
        most = np.zeros(self.problem.links.points.shape)
        for link, gains in enumerate(offer.gains_of_links):
            most[link] = gains.max(axis=1, initial=0.0)
        return most

    def _paid_beyond(self, duals: Duals, offer: Offer, chosen: np.ndarray) -> np.ndarray:
        """(n_links, n_people) float64: bookings paid beyond the one that is.

        Whoever visits several values that a link would pay is paid for one.
        With a price p on each paid booking, itineraries keep what exceeds it,
        and the mentor may offer up to p once more whatever is visited.
        """
        beyond = np.zeros(duals.links.shape)
        for link in range(len(beyond)):
            person, _ = self._paid_bookings(duals, offer, chosen, link)
            np.add.at(beyond[link], person, 1.0)
        return beyond - (duals.links < self._most_gained(offer))

    def _paid_bookings(
        self, duals: Duals, offer: Offer, chosen: np.ndarray, link: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """(n,) int64 twice: person and value of the bookings that a link would pay."""
        placement = self.problem.itineraries.option_placement[chosen]
        value = self.problem.links.placement_value[link, placement]
        person, value = self._person[chosen[value >= 0]], value[value >= 0]
        paid = offer.gains_of_links[link][person, value] > duals.links[link, person]
        return person[paid], value[paid]

    def _mentors_beside(self, duals: Duals, offer: Offer, chosen: np.ndarray) -> Relaxed:
        """Solve the matchings with the points of links that chosen bookings would be paid.

        A booking is paid what its mentor costs more than the best one, so that whoever books it
        loads that mentor instead.
        """
        paid = []
        for link, gains in enumerate(offer.gains_of_links):
            points = np.zeros(gains.shape)
            person, value = self._paid_bookings(duals, offer, chosen, link)
            points[person, value] = self.problem.links.points[link, person]
            paid.append(points)
        # Kept from pass to pass: memory for millions of arcs takes longer to get than to fill.
        np.copyto(self._beside, self._arc_values(duals))
        add_link_points(self.problem, paid, self._beside)
        return self.relaxation.relax(duals.role, duals.total, values=self._beside, losses=False)

    def _row_options(self, duals: Duals) -> np.ndarray:
        """(n_options,) float64: what rows add to each option's points; empty = nothing."""
        if not duals.rows.any():
            return np.zeros(0)
        return np.asarray(self._of_options.T @ duals.rows, dtype=float)

    def _arc_values(self, duals: Duals) -> np.ndarray:
        """(n_arcs,) float64: points of arcs with what rows add; not to be changed."""
        values = self.relaxation.values
        priced = self._of_arcs.nnz and duals.rows.any()
        return values + self.row_worth(duals) if priced else values

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
        offer = self.offer(duals)
        priced = self.pricing.price(duals.seats, self.worth(duals, offer), attempts)
        bound = offer.relaxed.bound + float(priced.bound.sum())
        bound += problem.constant + self.worst_off
        seats, floor = self._room
        bound += float((np.maximum(duals.seats, 0) * seats).sum())
        bound += float((np.minimum(duals.seats, 0) * floor).sum())
        bound += float((duals.own * self.own.allowed).sum())
        side = np.where(duals.rows > 0, rows.lower, rows.upper)
        active = duals.rows != 0
        bound -= float((duals.rows[active] * side[active]).sum())
        bound += float(np.minimum(duals.links, self._most_gained(offer)).sum())
        return Point(bound, priced, self.rise(duals, offer, priced))

    def project(self, flat: np.ndarray) -> np.ndarray:
        """Put prices on their grid and within their limits."""
        grid = np.rint(flat * PRICE_GRID) / PRICE_GRID
        return np.asarray(np.clip(grid, self.least, self.most))

    def project_seats(self, seats: np.ndarray) -> np.ndarray:
        """Put the prices of seats on their grid and within their limits."""
        grid = np.rint(seats.ravel() * PRICE_GRID) / PRICE_GRID
        least, most = self.least[: seats.size], self.most[: seats.size]
        return np.asarray(np.clip(grid, least, most).reshape(seats.shape))

    def descend(self, duals: Duals, point: Point, adam: Adam, length: float) -> Duals:
        """Take one step."""
        return duals.like(self.step(duals, point.rise, adam, length))

    def step(self, duals: Duals, rise: np.ndarray, adam: Adam, length: float) -> np.ndarray:
        """Take one step, each part of the prices as far as `CALM` says, as a vector."""
        calm = Duals(
            *(np.full(part.shape, by) for part, by in zip(duals.parts(), CALM, strict=True))
        )
        return self.project(adam.step(duals.flat(), rise, length * calm.flat()))

    def rise(self, duals: Duals, offer: Offer, priced: Priced) -> np.ndarray:
        """(size,) float64: how far everything is from what prices pay for."""
        matchings, rows = self.problem.matchings, self.problem.rows
        chosen = priced.option[priced.option >= 0]
        relaxed = self._mentors_beside(duals, offer, chosen)
        role = relaxed.role_load - matchings.role_capacity
        total = relaxed.role_load.sum(axis=0) - matchings.capacity
        activity = self._of_options[:, chosen].sum(axis=1)
        activity = activity + self._of_arcs[:, relaxed.arcs].sum(axis=1)
        # A reward below the lower limit, a price above the upper, nothing between.
        short, over = rows.lower - activity, rows.upper - activity
        wanted = np.where(duals.rows > 0, short, np.where(duals.rows < 0, over, 0.0))
        idle = duals.rows == 0
        wanted[idle] = (np.maximum(short, 0) + np.minimum(over, 0))[idle]
        rise = Duals(
            self.seat_rise(duals.seats, priced.option, priced.start),
            np.where(np.isfinite(role), role, 0.0),
            np.where(np.isfinite(total), total, 0.0),
            wanted,
            self.own.excess(priced.option),
            self._paid_beyond(duals, offer, chosen),
        )
        return rise.flat()

    def seat_rise(
        self, price: np.ndarray, option: np.ndarray, start: np.ndarray, share: float = 1.0
    ) -> np.ndarray:
        """(n_placements, n_periods) float64: too many people, or too few where that costs.

        Parameters
        ----------
        price : (n_placements, n_periods) float64
        option, start : (n, longest) int32
            Itineraries of a `share` of the people, which stand for all.
        share : float
        """
        itineraries, booked = self.problem.itineraries, option >= 0
        placement = itineraries.option_placement[option[booked]]
        duration = itineraries.placement_duration
        return crowding(price, placement, start[booked], duration, *self._room, share)

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
