"""Matchings of unit loads as a minimum-cost flow over lazily priced arcs.

Network: demand -> (matching, provider) -> provider -> sink, with a second
way from each demand to the sink for what stays missing. Only some arcs of
each demand enter; after each flow its potentials price all the others, and
those that could pay enter too, until none is left. The flow is then the
optimum over all arcs, proven by the relaxation at its own prices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem.measure import demand_of, provider_loads
from talentopt.solve.matchings.descent import lowered, spread_of
from talentopt.solve.matchings.potentials import potentials

if TYPE_CHECKING:
    from talentopt.problem import Matchings
    from talentopt.solve.matchings.interface import Relaxation

ALL_ARCS_BELOW = 400_000
"""Arcs that are handed over at once instead of being priced lazily."""

FIRST_CANDIDATES = 24
NEXT_CANDIDATES = 8
TOLERANCE = 1e-6

FIRST_STEPS, FIRST_LENGTH = 40, 0.3
"""Steps of the first prices, the longest as a part of the spread of values."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A best matching and its proof.

    Attributes
    ----------
    arcs : (n_pairs,) int64
        Chosen arcs, ascending.
    value : float
        Points and kept points (and bonuses) of the arcs, minus missing.
    bound : float
        No matching is worth more.
    role_price : (n_matchings, n_providers) float64
    total_price : (n_providers,) float64
        Prices of the capacities that prove the bound.
    """

    arcs: np.ndarray
    value: float
    bound: float
    role_price: np.ndarray
    total_price: np.ndarray


class Network:
    """The flow network of the demands and capacities that fixed arcs leave.

    Raises
    ------
    OverflowError
        When fixed arcs exceed a need or a capacity.
    """

    def __init__(self, matchings: Matchings) -> None:
        """Find what fixed arcs leave of needs and capacities."""
        self.matchings = matchings
        fixed = matchings.fixed_arcs
        held = np.bincount(demand_of(matchings, fixed), minlength=matchings.n_demands)
        self.need = matchings.demand_need - held
        used = provider_loads(matchings, fixed)
        role_left = matchings.role_capacity - used
        total_left = matchings.capacity - used.sum(axis=0)
        least = min(role_left.min(initial=0.0), total_left.min(initial=0.0))
        if self.need.min(initial=0) < 0 or least < -TOLERANCE:
            message = "fixed pairs exceed a need or a capacity"
            raise OverflowError(message)
        most = float(self.need.sum())
        self.role_left = np.minimum(np.floor(role_left + TOLERANCE), most).astype(np.int64)
        self.total_left = np.minimum(np.floor(total_left + TOLERANCE), most).astype(np.int64)

    def solve(
        self, candidates: np.ndarray, values: np.ndarray
    ) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
        """Find the best flow over some arcs.

        Parameters
        ----------
        candidates : (n,) int64
            Arcs that may be chosen, none of them fixed.
        values : (n_arcs,) float64

        Returns
        -------
        arcs : (n_chosen,) int64
        prices : (role_price, total_price)
        """
        from ortools.graph.python import min_cost_flow

        matchings = self.matchings
        tail, head, capacity, points = self._arcs(candidates, values)
        n_nodes = int(head.max(initial=0)) + 1
        scale = _scale(points, n_nodes)
        cost = -np.rint(points * scale).astype(np.int64)
        solver = min_cost_flow.SimpleMinCostFlow()
        solver.add_arcs_with_capacity_and_unit_cost(tail, head, capacity, cost)
        demands = np.arange(matchings.n_demands)
        sink = matchings.n_demands + (matchings.n_matchings + 1) * matchings.n_providers
        solver.set_nodes_supplies(
            np.append(demands, sink), np.append(self.need, -self.need.sum()).astype(np.int64)
        )
        status = solver.solve()
        if status != solver.OPTIMAL:
            message = f"the flow solver stopped with status {status}"
            raise RuntimeError(message)
        flow = np.asarray(solver.flows(np.arange(len(tail))))
        distance = potentials(tail, head, capacity, cost, flow, n_nodes) / scale
        role = matchings.n_demands + np.arange(matchings.n_matchings * matchings.n_providers)
        total = matchings.n_demands + len(role) + np.arange(matchings.n_providers)
        shape = (matchings.n_matchings, matchings.n_providers)
        below = distance[total]
        role_price = np.maximum(np.tile(below, shape[0]) - distance[role], 0.0).reshape(shape)
        total_price = np.maximum(distance[sink] - below, 0.0)
        chosen = candidates[flow[: len(candidates)] > 0]
        role_price[np.isinf(matchings.role_capacity)] = 0.0
        total_price[np.isinf(matchings.capacity)] = 0.0
        return chosen, (role_price, total_price)

    def _arcs(self, candidates: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, ...]:
        """Tail, head, capacity and points of every arc of the network."""
        matchings = self.matchings
        demand = demand_of(matchings, candidates)
        n_roles = matchings.n_matchings * matchings.n_providers
        first_total = matchings.n_demands + n_roles
        sink = first_total + matchings.n_providers
        role = (
            matchings.n_demands
            + matchings.demand_matching[demand].astype(np.int64) * matchings.n_providers
            + matchings.arc_provider[candidates]
        )
        roles = matchings.n_demands + np.arange(n_roles)
        totals = first_total + np.arange(matchings.n_providers)
        demands = np.arange(matchings.n_demands)
        to_sink = np.full(matchings.n_demands, sink)
        none = np.zeros(n_roles + matchings.n_providers)
        tail = np.concatenate([demand, roles, totals, demands])
        head = np.concatenate(
            [role, np.tile(totals, matchings.n_matchings), np.full(len(totals), sink), to_sink]
        )
        capacity = np.concatenate(
            [np.ones(len(demand)), self.role_left.ravel(), self.total_left, self.need]
        )
        points = np.concatenate([values[candidates], none, -matchings.demand_missing])
        return tail, head, capacity.astype(np.int64), points


def best_matching(
    relaxation: Relaxation,
    *,
    bonus: tuple[np.ndarray, np.ndarray] | None = None,
    prices: tuple[np.ndarray, np.ndarray] | None = None,
    forbidden: np.ndarray | None = None,
) -> Matched:
    """Find the best matching of unit loads, distinct providers ignored.

    Parameters
    ----------
    relaxation : Relaxation
    bonus : (arcs, points), optional
        Points added to single arcs (links with known bookings).
    prices : (role_price, total_price), optional
        Where to start; good prices save rounds.
    forbidden : (n,) int64, optional
        Arcs that may not be chosen.

    Returns
    -------
    Matched
        Optimal: `value` equals `bound` up to rounding, unless `forbidden`
        is given, when the bound is that of the matching without these arcs.

    Raises
    ------
    OverflowError
        When fixed arcs exceed a need or a capacity.
    """
    matchings = relaxation.matchings
    values = changed_values(relaxation.values, bonus, forbidden)
    network = Network(matchings)
    chosen, (role_price, total_price) = _optimum(relaxation, network, values, prices)
    arcs = np.sort(np.concatenate([matchings.fixed_arcs, chosen]))
    value = matching_value(matchings, values, arcs)
    proof = relaxation.relax(role_price, total_price, values=values, losses=False, distinct=False)
    return Matched(arcs, value, max(proof.bound, value), role_price, total_price)


def changed_values(
    values: np.ndarray,
    bonus: tuple[np.ndarray, np.ndarray] | None,
    forbidden: np.ndarray | None = None,
) -> np.ndarray:
    """(n_arcs,) float64: values of arcs with points added to some and others ruled out."""
    if bonus is None and forbidden is None:
        return values
    values = values.copy()
    if bonus is not None:
        np.add.at(values, bonus[0], bonus[1])
    if forbidden is not None:
        values[forbidden] = -np.inf
    return values


def _optimum(
    relaxation: Relaxation,
    network: Network,
    values: np.ndarray,
    prices: tuple[np.ndarray, np.ndarray] | None,
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Arcs and prices of the flow over all arcs, adding arcs until none can pay."""
    matchings = relaxation.matchings
    if matchings.n_arcs <= ALL_ARCS_BELOW:
        usable = np.isfinite(values)
        usable[matchings.fixed_arcs] = False
        return network.solve(np.flatnonzero(usable), values)
    if prices is None:
        prices = first_prices(relaxation, values)
    candidates = relaxation.best_candidates(prices, FIRST_CANDIDATES, values)
    while True:
        chosen, prices = network.solve(candidates, values)
        best = relaxation.relax(*prices, values=values, losses=False, distinct=False).arcs
        missed = np.setdiff1d(np.setdiff1d(best, candidates), matchings.fixed_arcs)
        if len(missed) == 0:
            return chosen, prices
        close = relaxation.best_candidates(prices, NEXT_CANDIDATES, values)
        candidates = np.union1d(candidates, close)


def first_prices(relaxation: Relaxation, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find approximate prices of capacities, for a first choice of arcs."""
    matchings = relaxation.matchings
    longest = FIRST_LENGTH * spread_of(values)
    return lowered(
        relaxation,
        values,
        (np.zeros(matchings.role_capacity.shape), np.zeros(matchings.capacity.shape)),
        longest * (1 - np.arange(FIRST_STEPS) / FIRST_STEPS) ** 1.5,
        distinct=False,
    )


def matching_value(matchings: Matchings, values: np.ndarray, arcs: np.ndarray) -> float:
    """Sum of the arcs' values, minus what is missing."""
    held = np.bincount(demand_of(matchings, arcs), minlength=matchings.n_demands)
    short = np.maximum(matchings.demand_need - held, 0)
    return float(values[arcs].sum() - (short * matchings.demand_missing).sum())


def _scale(points: np.ndarray, n_nodes: int) -> float:
    """Find the multiplier that makes points whole, as far as 64 bits allow."""
    largest = float(np.abs(points).max(initial=1.0))
    most = 2.0**60 / (largest + 1.0) / (n_nodes + 1)
    for scale in (1.0, 100.0, 10_000.0):
        if np.allclose(points * scale, np.rint(points * scale), rtol=0, atol=1e-6):
            return min(scale, most)
    return min(1e10, most)
