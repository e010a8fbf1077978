"""From a flow that pairs a seeker twice with one provider to distinct providers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem.measure import demand_of
from talentopt.solve.matchings.flow import Matched, best_matching, changed_values, matching_value

if TYPE_CHECKING:
    from talentopt.problem import Matchings
    from talentopt.solve.matchings.interface import Relaxation


def distinct_matching(
    relaxation: Relaxation,
    *,
    bonus: tuple[np.ndarray, np.ndarray] | None = None,
    prices: tuple[np.ndarray, np.ndarray] | None = None,
) -> Matched:
    """Find a very good matching of unit loads with distinct providers, and a bound.

    Where the best flow pairs a seeker twice with one provider, the arc that
    is cheaper to replace is forbidden, and the flow is solved again from its
    own prices, until no seeker is left. The bound is that of the relaxation
    at the first flow's prices, where single seekers are exact.

    Parameters
    ----------
    relaxation : Relaxation
    bonus : (arcs, points), optional
        Points added to single arcs (links with known bookings).
    prices : (role_price, total_price), optional
        Where to start; good prices save rounds.

    Returns
    -------
    Matched
        With the first flow's prices.

    Raises
    ------
    OverflowError
        When fixed arcs exceed a need or a capacity, or clash.
    """
    matchings = relaxation.matchings
    first = best_matching(relaxation, bonus=bonus, prices=prices)
    values = changed_values(relaxation.values, bonus)
    if not matchings.distinct:
        return first
    proof = relaxation.relax(first.role_price, first.total_price, values=values, losses=False)
    matched = first
    forbidden = np.zeros(0, dtype=np.int64)
    while len(worse := _clashing(relaxation, matched, values)):
        if np.isin(worse, matchings.fixed_arcs).any():
            message = "fixed pairs give a seeker the same provider twice"
            raise OverflowError(message)
        forbidden = np.union1d(forbidden, worse)
        matched = best_matching(
            relaxation,
            bonus=bonus,
            prices=(matched.role_price, matched.total_price),
            forbidden=forbidden,
        )
    value = matching_value(matchings, values, matched.arcs)
    return Matched(
        matched.arcs, value, max(proof.bound, value), first.role_price, first.total_price
    )


def _clashing(relaxation: Relaxation, matched: Matched, values: np.ndarray) -> np.ndarray:
    """One arc to forbid for each (seeker, provider) that occurs twice in a group."""
    matchings = relaxation.matchings
    demand = demand_of(matchings, matched.arcs)
    loss = _replacement_loss(relaxation, matched, values, demand)
    loss[np.isin(matched.arcs, matchings.fixed_arcs)] = np.inf
    forbidden = []
    for group in matchings.distinct:
        mine = np.flatnonzero(np.isin(matchings.demand_matching[demand], group))
        key = _pair_key(matchings, matched.arcs[mine], demand[mine])
        # Per pair, all but the arc that is hardest to replace.
        order = np.lexsort((-loss[mine], key))
        repeated = np.diff(key[order], prepend=-1) == 0
        forbidden.append(matched.arcs[mine[order[repeated]]])
    return np.unique(np.concatenate(forbidden))


def _pair_key(matchings: Matchings, arcs: np.ndarray, demand: np.ndarray) -> np.ndarray:
    seeker = matchings.demand_seeker[demand].astype(np.int64)
    key: np.ndarray = seeker * matchings.n_providers + matchings.arc_provider[arcs]
    return key


def _replacement_loss(
    relaxation: Relaxation, matched: Matched, values: np.ndarray, demand: np.ndarray
) -> np.ndarray:
    """(n_pairs,) float64: reduced value lost when a pair gives way to the next best."""
    matchings = relaxation.matchings
    prices = (matched.role_price, matched.total_price)
    price = prices[0] + prices[1]
    n_slots = int(matchings.demand_need.max(initial=1))
    others = np.setdiff1d(
        relaxation.best_candidates(prices, 2 * n_slots + 1, values), matched.arcs
    )
    other_demand = demand_of(matchings, others)
    next_best = -matchings.demand_missing.copy()
    role = matchings.demand_matching
    np.maximum.at(
        next_best,
        other_demand,
        values[others] - price[role[other_demand], matchings.arc_provider[others]],
    )
    own: np.ndarray = (
        values[matched.arcs] - price[role[demand], matchings.arc_provider[matched.arcs]]
    )
    loss: np.ndarray = own - next_best[demand]
    return loss
