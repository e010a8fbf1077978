"""The matching of mentors beside known bookings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem.measure import demand_of
from talentopt.solve.matchings.bidding import matching_by_bids
from talentopt.solve.matchings.flow import changed_values
from talentopt.solve.matchings.repair import better_prices, distinct_matching

if TYPE_CHECKING:
    from talentopt.solve.lagrangian.dual import Dual
    from talentopt.solve.lagrangian.duals import Duals


EXACT = 12_000
"""Demands up to which a flow is asked: 3 s for 4,173, but 326 s for 30,000, where bids take 2."""


def pair(dual: Dual, duals: Duals, options: np.ndarray, *, quickly: bool = False) -> np.ndarray:
    """Match everybody, links paid where bookings meet them.

    Parameters
    ----------
    dual : Dual
    duals : Duals
        Whose prices of mentors are close to those of the best matching.
    options : (n,) int64
        What is booked.
    quickly : bool
        Whether a matching near the best will do.

    Returns
    -------
    (n_pairs,) int64
        Arcs; rows are respected by their prices only.
    """
    matchings = dual.problem.matchings
    if matchings.n_arcs == 0:
        return np.zeros(0, dtype=np.int64)
    paid = _paid(dual, duals, options)
    try:
        if quickly or len(matchings.demand_need) > EXACT:
            matched = matching_by_bids(dual.relaxation, bonus=paid)
        else:
            prices = (duals.role, duals.total)
            matched = distinct_matching(dual.relaxation, bonus=paid, prices=prices, settled=True)
    except OverflowError:
        return np.zeros(0, dtype=np.int64)
    return matched.arcs


def prices_beside(dual: Dual, duals: Duals, options: np.ndarray) -> Duals:
    """Replace the prices of mentors by those that are best beside some bookings.

    After wishes have changed they are the furthest from the best, and a step of them alone takes
    a twentieth of the time of one of all prices.

    Parameters
    ----------
    dual : Dual
    duals : Duals
    options : (n,) int64
        What is booked.
    """
    relaxation = dual.relaxation
    matchings = relaxation.matchings
    if not (matchings.n_arcs and matchings.unit_loads):
        return duals
    values = changed_values(relaxation.values, _paid(dual, duals, options))
    role, total = better_prices(relaxation, values, (duals.role, duals.total))
    new = replace(duals, role=role, total=total)
    return duals.like(dual.project(new.flat()))


def _paid(dual: Dual, duals: Duals, options: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(arcs, points): what is added to single arcs beside some bookings."""
    bonus = link_bonus(dual, options) + dual.row_worth(duals)
    arcs = np.flatnonzero(bonus)
    return arcs, bonus[arcs]


def link_bonus(dual: Dual, options: np.ndarray) -> np.ndarray:
    """(n_arcs,) float64: points of the links that each arc would meet."""
    problem = dual.problem
    links, matchings, itineraries = problem.links, problem.matchings, problem.itineraries
    bonus = np.zeros(matchings.n_arcs)
    if not len(links):
        return bonus
    demand = demand_of(matchings, np.arange(matchings.n_arcs))
    owner, role = matchings.demand_person[demand], matchings.demand_matching[demand]
    person = np.searchsorted(itineraries.option_ptr, options, side="right") - 1
    placement = itineraries.option_placement[options]
    for link in range(len(links)):
        visited = links.placement_value[link, placement]
        n_values = 1 + max(int(visited.max(initial=0)), int(links.provider_value[link].max()))
        visits = np.zeros((itineraries.n_people, n_values), dtype=bool)
        visits[person[visited >= 0], visited[visited >= 0]] = True
        offered = links.provider_value[link, matchings.arc_provider]
        mine = np.flatnonzero((role == links.matching[link]) & (owner >= 0) & (offered >= 0))
        met = mine[visits[owner[mine], offered[mine]]]
        bonus[met] += links.points[link, owner[met]]
    return bonus
