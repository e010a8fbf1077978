"""Matchings of unit loads by bids: nearly the best, in a fraction of a flow's time.

Whoever has no provider bids for the one of highest value less price, as much
as makes the second best as good; the lowest bid held there gives way where
none is free (Bertsekas, 1988). Without roles and distinct providers the
matching is within the least rise of the bids, per demand, of the best one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from talentopt.problem.measure import demand_of
from talentopt.solve.compiled import compiled
from talentopt.solve.matchings.descent import spread_of
from talentopt.solve.matchings.flow import Matched, Network, changed_values, matching_value

if TYPE_CHECKING:
    from talentopt.problem import Matchings
    from talentopt.solve.matchings.interface import Relaxation

LEAST_RISE = 0.005
"""Of the spread of values, by how much a bid exceeds the price at least."""

PATIENCE, FASTER = 30, 1.05
"""Bids after which the least rise of one who is always outbid grows, and its factor."""


class Places(NamedTuple):
    """Needs, one row for each provider needed, and what may be held.

    Attributes
    ----------
    demand : (n_places,) int64
        In ascending order.
    of_seeker : (n_places,) int64
        All rows, those of one seeker beside one another.
    first, last : (n_places,) int64
        Where in `of_seeker` the rows of the same seeker are.
    matching : (n_places,) int64
    clash : (n_matchings, n_matchings) bool
        Matchings in which a seeker needs distinct providers; in each by itself, too.
    role_left, left : (n_matchings, n_providers), (n_providers,) int64
    """

    demand: np.ndarray
    of_seeker: np.ndarray
    first: np.ndarray
    last: np.ndarray
    matching: np.ndarray
    clash: np.ndarray
    role_left: np.ndarray
    left: np.ndarray


class Offers(NamedTuple):
    """What each demand may choose from.

    Attributes
    ----------
    ptr : (n_demands + 1,) int64
    provider : (n_arcs,) int32
    value : (n_arcs,) float64
    missing : (n_demands,) float64
        What it costs to choose nothing.
    """

    ptr: np.ndarray
    provider: np.ndarray
    value: np.ndarray
    missing: np.ndarray


class Held(NamedTuple):
    """Who holds what, and at which bid.

    Attributes
    ----------
    arc, provider : (n_places,) int64
        -1 while none is held.
    bid : (n_places,) float64
    head : (n_providers,) int64
        The first row that holds a place of the provider; -1 for none.
    after : (n_places,) int64
        The next row that holds one of the same provider.
    role_held, all_held : (n_matchings, n_providers), (n_providers,) int64
    price : (n_matchings, n_providers) float64
        What a bid must exceed; infinite where nothing may be held.
    """

    arc: np.ndarray
    provider: np.ndarray
    bid: np.ndarray
    head: np.ndarray
    after: np.ndarray
    role_held: np.ndarray
    all_held: np.ndarray
    price: np.ndarray


def matching_by_bids(
    relaxation: Relaxation, *, bonus: tuple[np.ndarray, np.ndarray] | None = None
) -> Matched:
    """Find a matching with distinct providers near the best one, its prices, and a bound.

    Parameters
    ----------
    relaxation : Relaxation
    bonus : (arcs, points), optional
        Points added to single arcs (links with known bookings).

    Returns
    -------
    Matched

    Raises
    ------
    OverflowError
        When fixed arcs exceed a need or a capacity.
    """
    matchings, values = relaxation.matchings, changed_values(relaxation.values, bonus)
    places = _places(relaxation)
    held = _held(matchings, places)
    rise = LEAST_RISE * max(1.0, spread_of(values))
    offers = Offers(matchings.arc_ptr, matchings.arc_provider, values, matchings.demand_missing)
    _bid(rise, offers, places, held)
    arcs = np.sort(held.arc[held.arc >= 0])
    role_price, total_price = _prices(matchings, places, held)
    proof = relaxation.relax(role_price, total_price, values=values, losses=False)
    value = matching_value(matchings, values, arcs)
    return Matched(arcs, value, max(proof.bound, value), role_price, total_price)


def _places(relaxation: Relaxation) -> Places:
    matchings, network = relaxation.matchings, Network(relaxation.matchings)
    demand = np.repeat(np.arange(matchings.n_demands), matchings.demand_need)
    seeker = matchings.demand_seeker[demand]
    of_seeker = np.argsort(seeker, kind="stable")
    ordered = seeker[of_seeker]
    return Places(
        demand,
        of_seeker,
        np.searchsorted(ordered, seeker),
        np.searchsorted(ordered, seeker, side="right"),
        matchings.demand_matching[demand].astype(np.int64),
        relaxation.clash | np.eye(matchings.n_matchings, dtype=bool),
        network.role_left,
        network.total_left,
    )


def _held(matchings: Matchings, places: Places) -> Held:
    """Hold fixed arcs, which take no place of those that are left; nothing else."""
    n_places, shape = len(places.demand), matchings.role_capacity.shape
    arc, provider = np.full(n_places, -1), np.full(n_places, -1)
    fixed = np.sort(matchings.fixed_arcs)
    demand = demand_of(matchings, fixed)
    within = np.arange(len(fixed)) - np.searchsorted(demand, demand)
    row = np.searchsorted(places.demand, demand) + within
    arc[row], provider[row] = fixed, matchings.arc_provider[fixed]
    closed = (places.role_left <= 0) | (places.left <= 0)
    return Held(
        arc,
        provider,
        np.zeros(n_places),
        np.full(shape[1], -1),
        np.full(n_places, -1),
        np.zeros(shape, np.int64),
        np.zeros(shape[1], np.int64),
        np.where(closed, np.inf, 0.0),
    )


def _prices(matchings: Matchings, places: Places, held: Held) -> tuple[np.ndarray, np.ndarray]:
    """Prices of the capacities at the lowest bids where they are used up."""
    lowest = held.price.min(axis=0)
    full = np.isfinite(lowest) & (held.all_held >= places.left)
    total = np.where(full & np.isfinite(matchings.capacity), lowest, 0.0)
    open_ = np.isfinite(matchings.role_capacity) & np.isfinite(held.price)
    return np.where(open_, held.price - total, 0.0), total


@compiled
def _bid(rise: float, offers: Offers, places: Places, held: Held) -> None:
    """Let everybody bid until nobody without a provider would gain by one."""
    waiting = np.flatnonzero(held.arc < 0)
    bids = np.zeros(len(places.demand), np.int64)
    first, count = 0, len(waiting)
    while count > 0:
        row = waiting[first]
        first, count = (first + 1) % len(waiting), count - 1
        matching = places.matching[row]
        arc, gain = _choose(row, offers, places, held)
        if arc < 0:
            continue
        provider = offers.provider[arc]
        bids[row] += 1
        least = rise * FASTER ** max(0, bids[row] - PATIENCE)
        held.bid[row] = held.price[matching, provider] + gain + least
        outbid = _give_way(matching, provider, places, held)
        if outbid >= 0:
            waiting[(first + count) % len(waiting)] = outbid
            count += 1
        held.arc[row], held.provider[row] = arc, provider
        held.after[row], held.head[provider] = held.head[provider], row
        held.role_held[matching, provider] += 1
        held.all_held[provider] += 1
        _reprice(provider, places, held)


@compiled
def _choose(row: int, offers: Offers, places: Places, held: Held) -> tuple[int, float]:
    """Find the best arc of a row at present prices, and what it gains over the second best."""
    demand, matching = places.demand[row], places.matching[row]
    best, second, arc = -offers.missing[demand], -offers.missing[demand], -1
    for a in range(offers.ptr[demand], offers.ptr[demand + 1]):
        value = offers.value[a] - held.price[matching, offers.provider[a]]
        if value > second and not _has(row, offers.provider[a], places, held):
            if value > best:
                best, second, arc = value, best, a
            else:
                second = value
    return arc, best - second


@compiled
def _has(row: int, provider: int, places: Places, held: Held) -> bool:
    """Whether the seeker of a row has a provider where it needs another one."""
    for i in range(places.first[row], places.last[row]):
        other = places.of_seeker[i]
        same = held.provider[other] == provider and other != row
        if same and places.clash[places.matching[row], places.matching[other]]:
            return True
    return False


@compiled
def _lowest(matching: int, provider: int, places: Places, held: Held) -> int:
    """Find the row of the lowest bid for a provider, in one matching or, with -1, in all."""
    lowest, row = -1, held.head[provider]
    while row >= 0:
        mine = matching < 0 or places.matching[row] == matching
        if mine and (lowest < 0 or held.bid[row] < held.bid[lowest]):
            lowest = row
        row = held.after[row]
    return lowest


@compiled
def _give_way(matching: int, provider: int, places: Places, held: Held) -> int:
    """Take the place of the lowest bid where none is free; return its row, or -1."""
    if held.role_held[matching, provider] >= places.role_left[matching, provider]:
        row = _lowest(matching, provider, places, held)
    elif held.all_held[provider] >= places.left[provider]:
        row = _lowest(-1, provider, places, held)
    else:
        return -1
    before = held.head[provider]
    if before == row:
        held.head[provider] = held.after[row]
    else:
        while held.after[before] != row:
            before = held.after[before]
        held.after[before] = held.after[row]
    held.role_held[places.matching[row], provider] -= 1
    held.all_held[provider] -= 1
    held.arc[row], held.provider[row] = -1, -1
    return int(row)


@compiled
def _reprice(provider: int, places: Places, held: Held) -> None:
    """Set the prices of a provider to the bids that would have to give way."""
    full = held.all_held[provider] >= places.left[provider]
    total = held.bid[_lowest(-1, provider, places, held)] if full else 0.0
    for matching in range(len(held.role_held)):
        left = places.role_left[matching, provider]
        if left <= 0:
            continue
        price = total
        if held.role_held[matching, provider] >= left:
            price = held.bid[_lowest(matching, provider, places, held)]
        held.price[matching, provider] = price
