"""Raise the lowest totals by exchanging providers between seekers.

Simulated annealing on the squared shortfalls below a target. An exchange of
two pairs' providers within one matching keeps every load, so that whatever
rows count providers by matching stay as they are; a move to a provider with
room is tried as well where no rows forbid it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from talentopt.problem.measure import demand_of, provider_loads
from talentopt.solve.compiled import compiled

if TYPE_CHECKING:
    from talentopt.problem import Problem


class Pairs(NamedTuple):
    """The arcs and who owns them, as the annealing reads them.

    Attributes
    ----------
    ptr, provider, points
        Of the arcs, as in `Matchings`.
    demand : (n_pairs,) int64
        The demand of each pair; the pairs are what is moved.
    matching, seeker, person : (n_demands,) int64
        Only pairs of demands with a person are moved.
    clash : (n_matchings, n_matchings) bool
        Matchings in which a seeker may not have the same provider.
    """

    ptr: np.ndarray
    provider: np.ndarray
    points: np.ndarray
    demand: np.ndarray
    matching: np.ndarray
    seeker: np.ndarray
    person: np.ndarray
    clash: np.ndarray


@compiled
def _arc(pairs: Pairs, d: int, provider: int) -> int:
    """Find the arc of demand d to a provider; -1 when there is none."""
    first, last = pairs.ptr[d], pairs.ptr[d + 1]
    while first < last:
        middle = (first + last) // 2
        if pairs.provider[middle] < provider:
            first = middle + 1
        else:
            last = middle
    if first < pairs.ptr[d + 1] and pairs.provider[first] == provider:
        return int(first)
    return -1


@compiled
def _taken(pairs: Pairs, arcs: np.ndarray, seeker_ptr: np.ndarray, d: int, provider: int) -> bool:
    """Whether the seeker of demand d already has the provider where that matters."""
    seeker = pairs.seeker[d]
    for k in range(seeker_ptr[seeker], seeker_ptr[seeker + 1]):
        other = pairs.demand[k]
        same = other == d or pairs.clash[pairs.matching[d], pairs.matching[other]]
        if same and pairs.provider[arcs[k]] == provider:
            return True
    return False


@compiled
def _cost(total: float, target: float) -> float:
    return max(0.0, target - total) ** 2


@compiled
def anneal(
    pairs: Pairs,
    arcs: np.ndarray,
    movable: np.ndarray,
    seeker_ptr: np.ndarray,
    role_room: np.ndarray,
    room: np.ndarray,
    totals: np.ndarray,
    target: float,
    moves: int,
    warmth: float,
    random: np.random.Generator,
    best: np.ndarray,
) -> float:
    """Exchange providers at falling temperatures; the best arcs are kept.

    Parameters
    ----------
    pairs : Pairs
        Sorted by seeker.
    arcs : (n_pairs,) int64
        Changed.
    movable : (n_movable,) int64
        Pairs that may move.
    seeker_ptr : (n_seekers + 1,) int64
        Where the pairs of each seeker begin.
    role_room : (n_matchings, n_providers) float64
    room : (n_providers,) float64
        Capacity left; below 1 nobody moves there.
    totals : (n_people,) float64
        Changed.
    target : float
        Totals from here on count as good enough.
    moves : int
    warmth : float
        First temperature; the last is a thousandth of it.
    random : numpy.random.Generator
    best : (n_pairs,) int64
        Written.

    Returns
    -------
    float
        Lowest total of `best`.
    """
    best[:] = arcs
    reached = totals.min()
    heat = warmth
    for move in range(moves):
        if move % 1000 == 0:
            heat = warmth * 0.001 ** (move / moves)
        k = movable[random.integers(0, len(movable))]
        d = pairs.demand[k]
        i = pairs.person[d]
        span = pairs.ptr[d + 1] - pairs.ptr[d]
        own = pairs.provider[arcs[k]]
        role = pairs.matching[d]
        other, e, j, back = -1, -1, -1, -1
        if random.random() < 0.3:
            wanted = pairs.ptr[d] + random.integers(0, span)
            p = pairs.provider[wanted]
            if role_room[role, p] < 1 or room[p] < 1 or _taken(pairs, arcs, seeker_ptr, d, p):
                continue
        else:
            other = movable[random.integers(0, len(movable))]
            e = pairs.demand[other]
            p = pairs.provider[arcs[other]]
            if pairs.matching[e] != role or pairs.seeker[e] == pairs.seeker[d] or p == own:
                continue
            j = pairs.person[e]
            wanted = _arc(pairs, d, p)
            back = _arc(pairs, e, own)
            if wanted < 0 or back < 0 or _taken(pairs, arcs, seeker_ptr, d, p):
                continue
            if _taken(pairs, arcs, seeker_ptr, e, own):
                continue
        mine_after = totals[i] + pairs.points[wanted] - pairs.points[arcs[k]]
        change = _cost(mine_after, target) - _cost(totals[i], target)
        theirs_after = 0.0
        if other >= 0:
            theirs_after = totals[j] + pairs.points[back] - pairs.points[arcs[other]]
            change += _cost(theirs_after, target) - _cost(totals[j], target)
        if change > -heat * np.log(random.random()):
            continue
        totals[i] = mine_after
        arcs[k] = wanted
        if other >= 0:
            totals[j] = theirs_after
            arcs[other] = back
        else:
            role_room[role, own] += 1
            room[own] += 1
            role_room[role, p] -= 1
            room[p] -= 1
        if min(mine_after, theirs_after if other >= 0 else mine_after) > reached or change < 0:
            lowest = totals.min()
            if lowest > reached:
                reached = lowest
                best[:] = arcs
                if reached >= target:
                    return float(reached)
    return float(reached)


def raise_by_swaps(
    problem: Problem,
    clash: np.ndarray,
    arcs: np.ndarray,
    totals: np.ndarray,
    target: float,
    *,
    moves: int,
    warmth: float,
    seed: int,
) -> tuple[np.ndarray, float]:
    """Raise the lowest total of an allowed choice of arcs with unit loads.

    Parameters
    ----------
    problem : Problem
        Without bookings.
    clash : (n_matchings, n_matchings) bool
    arcs : (n,) int64
        An allowed choice.
    totals : (n_people,) float64
        The totals it gives.
    target : float
        Lowest total that is hoped for.
    moves : int
    warmth : float
        First temperature, in squared points of shortfall.
    seed : int

    Returns
    -------
    arcs : (n,) int64
    lowest : float
        The lowest total they give; rows of the problem may be broken.
    """
    matchings = problem.matchings
    demand = demand_of(matchings, arcs)
    order = np.argsort(matchings.demand_seeker[demand], kind="stable")
    arcs, demand = arcs[order], demand[order]
    owned = matchings.demand_person[demand] >= 0
    movable = np.flatnonzero(owned & ~np.isin(arcs, matchings.fixed_arcs))
    if len(movable) == 0:
        return arcs, float(totals.min())
    load = provider_loads(matchings, arcs)
    room = matchings.capacity - load.sum(axis=0)
    role_room = matchings.role_capacity - load
    if len(problem.rows):
        room = np.zeros_like(room)
    seekers = np.arange(matchings.n_seekers + 1)
    pairs = Pairs(
        matchings.arc_ptr,
        matchings.arc_provider,
        matchings.arc_points,
        demand,
        matchings.demand_matching.astype(np.int64),
        matchings.demand_seeker.astype(np.int64),
        matchings.demand_person.astype(np.int64),
        clash,
    )
    best = arcs.copy()
    lowest = anneal(
        pairs,
        arcs,
        movable,
        np.searchsorted(matchings.demand_seeker[demand], seekers),
        role_room,
        room,
        totals.copy(),
        target,
        moves,
        max(warmth, 1e-9),
        np.random.default_rng(seed),
        best,
    )
    return best, lowest
