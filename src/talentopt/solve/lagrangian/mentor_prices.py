"""Prices of mentors on their own, while everything else stands still.

A pass over the itineraries costs as much as many passes over the matchings, and mentors'
prices, of roles and of totals, lie in a narrow valley: one step per pass goes back and forth
across it. So links are split as they are: what bookings are paid by a link stays, what is
left of its points goes to the arcs that offer the same, and the matchings take steps of
their own. Bookings then ask for no more of a link than the new prices make necessary.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.lagrangian.link_points import add_link_points
from talentopt.solve.matchings.descent import adam_of, lowered

if TYPE_CHECKING:
    from talentopt.solve.lagrangian.dual import Dual, Duals

STEPS = 20
"""Of the matchings at a time."""

SHORTER = 0.1
"""Their length relative to that of seats."""


class MentorPrices:
    """Steps of the prices of mentors.

    Parameters
    ----------
    dual : Dual
    """

    def __init__(self, dual: Dual) -> None:
        """Find which prices may be positive."""
        matchings, self._dual = dual.problem.matchings, dual
        self._adam = adam_of(matchings)
        # Links that share a matching do not say how much of its loss each one pays.
        self.useful = matchings.n_arcs > 0 and int(dual.link_rivals.max()) <= 1

    def lowered(self, duals: Duals, length: float) -> Duals:
        """Lower the bound of the matchings by steps from some prices.

        Parameters
        ----------
        duals : Duals
        length : float
            Of the steps of seats.

        Returns
        -------
        Duals
            With other prices of mentors and links.
        """
        paid = self._paid(duals)
        values = self._values(duals, paid)
        role, total = lowered(
            self._dual.relaxation,
            values,
            (duals.role, duals.total),
            [SHORTER * length] * STEPS,
            adam=self._adam,
        )
        moved = duals.like(self._dual.project(replace(duals, role=role, total=total).flat()))
        gains = self._dual.offer(moved).gains_of_links
        links = np.zeros_like(duals.links)
        for link, (gain, pays) in enumerate(zip(gains, paid, strict=True)):
            links[link] = (gain - pays).max(axis=1, initial=0.0)
        return duals.like(self._dual.project(replace(moved, links=links).flat()))

    def _paid(self, duals: Duals) -> list[np.ndarray]:
        """Per link, (n_people, n_values) float64: what bookings get; inf where there are none."""
        offer = self._dual.offer(duals)
        return [
            np.where(reached, np.maximum(gain - price[:, None], 0.0), np.inf)
            for gain, price, reached in zip(
                offer.gains_of_links, duals.links, self._dual.reached, strict=True
            )
        ]

    def _values(self, duals: Duals, paid: list[np.ndarray]) -> np.ndarray:
        """(n_arcs,) float64: points of arcs, with what rows and bookings leave to them."""
        values = self._dual.arc_values(duals)
        points = self._dual.problem.links.points
        left = [np.maximum(of[:, None] - pays, 0.0) for of, pays in zip(points, paid, strict=True)]
        add_link_points(self._dual.problem, left, values)
        return values
