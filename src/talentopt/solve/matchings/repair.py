"""Matchings of unit loads with distinct providers, by flows in which few arcs are forbidden.

A flow may pair a seeker twice with one provider; the relaxation, which knows what is best for
every single seeker, may load a provider too much. So the relaxation says for which of its
matchings a seeker takes a provider, the flow may not use the same provider for another one,
and does the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem.measure import demand_of
from talentopt.solve.matchings.descent import lowered, spread_of
from talentopt.solve.matchings.flow import (
    TOLERANCE,
    Matched,
    best_matching,
    changed_values,
)

if TYPE_CHECKING:
    from talentopt.problem import Matchings
    from talentopt.solve.matchings.interface import Relaxation

STEPS, LENGTH = 100, 0.03
"""Steps of the prices, the longest as a part of the spread of values."""


def distinct_matching(
    relaxation: Relaxation,
    *,
    bonus: tuple[np.ndarray, np.ndarray] | None = None,
    prices: tuple[np.ndarray, np.ndarray] | None = None,
    settled: bool = False,
) -> Matched:
    """Find a very good matching of unit loads with distinct providers, and a bound.

    Prices that are near the best of the relaxation say who is chosen for what;
    a flow without the other uses of the same providers is allowed. Again and
    again, only the other uses of its own pairs are forbidden, which cannot make
    it worse.

    Parameters
    ----------
    relaxation : Relaxation
    bonus : (arcs, points), optional
        Points added to single arcs (links with known bookings).
    prices : (role_price, total_price), optional
        Where to start; good prices save rounds.
    settled : bool
        Whether these prices are near the best already, so that none are looked for.

    Returns
    -------
    Matched
        With the prices that prove the bound.

    Raises
    ------
    OverflowError
        When fixed arcs exceed a need or a capacity, or clash.
    """
    matchings = relaxation.matchings
    values = changed_values(relaxation.values, bonus)
    if prices is None or not matchings.distinct:
        first = best_matching(relaxation, bonus=bonus, prices=prices)
        if not matchings.distinct or not len(_clashing(relaxation, first, values)):
            return first
        prices = (first.role_price, first.total_price)
    if not settled:
        prices = better_prices(relaxation, values, prices)
    role_price, total_price = prices
    proof = relaxation.relax(role_price, total_price, values=values, losses=False)
    matched = _distinct_flow(
        relaxation, values, bonus, (role_price, total_price), _other_uses(matchings, proof.arcs)
    )
    while True:
        known = (matched.role_price, matched.total_price)
        other_uses = _other_uses(matchings, matched.arcs)
        again = _distinct_flow(relaxation, values, bonus, known, other_uses)
        if again.value <= matched.value + TOLERANCE:
            break
        matched = again
    return Matched(
        matched.arcs, matched.value, max(proof.bound, matched.value), role_price, total_price
    )


def better_prices(
    relaxation: Relaxation, values: np.ndarray, prices: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Take the usual steps from prices that were near the best of other values; see `lowered`."""
    longest = LENGTH * spread_of(values)
    lengths = longest * (1 - np.arange(STEPS) / STEPS) ** 1.5
    return lowered(relaxation, values, prices, lengths)


def _distinct_flow(
    relaxation: Relaxation,
    values: np.ndarray,
    bonus: tuple[np.ndarray, np.ndarray] | None,
    prices: tuple[np.ndarray, np.ndarray],
    forbidden: np.ndarray,
) -> Matched:
    """Find the best flow without some arcs, and without more until no seeker is paired twice."""
    while True:
        matched = best_matching(relaxation, bonus=bonus, prices=prices, forbidden=forbidden)
        worse = _clashing(relaxation, matched, values)
        if not len(worse):
            return matched
        if np.isin(worse, relaxation.matchings.fixed_arcs).any():
            message = "fixed pairs give a seeker the same provider twice"
            raise OverflowError(message)
        forbidden = np.union1d(forbidden, worse)
        prices = (matched.role_price, matched.total_price)


def _other_uses(matchings: Matchings, arcs: np.ndarray) -> np.ndarray:
    """(n,) int64: arcs that pair a seeker of `arcs` with the same provider once more."""
    demand = demand_of(matchings, np.arange(matchings.n_arcs))
    seeker, matching = matchings.demand_seeker[demand], matchings.demand_matching[demand]
    provider, other = matchings.arc_provider, np.zeros(matchings.n_arcs, dtype=bool)
    for group in matchings.distinct:
        within = np.isin(np.arange(matchings.n_matchings), group)
        taken = np.zeros((int(seeker.max(initial=0)) + 1, matchings.n_providers), dtype=bool)
        mine = arcs[within[matching[arcs]]]
        taken[seeker[mine], provider[mine]] = True
        other |= within[matching] & taken[seeker, provider]
    other[arcs] = False
    other[matchings.fixed_arcs] = False
    return np.flatnonzero(other)


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
