"""Compiled passes over the pairing arcs.

Every kernel works on a range of demands (or of seekers), so that threads can
share one pass: all release the interpreter lock.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from talentopt.solve.compiled import compiled

MAX_SLOTS = 6
"""Most providers of one seeker in a distinct group that are chosen exactly."""

NODE_LIMIT = 20_000
"""Most partial choices tried for one seeker's distinct group."""


class Arcs(NamedTuple):
    """The arcs of all demands at given prices.

    Attributes
    ----------
    ptr : (n_demands + 1,) int64
    provider : (n_arcs,) int32
    value : (n_arcs,) float64
    load : (n_arcs,) float64
        Not read when `unit_loads` is true.
    unit_loads : bool
    price : (n_matchings, n_providers) float64
        Price of one unit of load.
    """

    ptr: np.ndarray
    provider: np.ndarray
    value: np.ndarray
    load: np.ndarray
    unit_loads: bool
    price: np.ndarray


class Demands(NamedTuple):
    """The demands, all arrays (n_demands,) unless said.

    Attributes
    ----------
    matching, need : int32
    missing, weight : float64
        `weight` multiplies the values of the arcs and `missing`.
    fixed_ptr : (n_demands + 1,) int64
    fixed_arcs : (n_fixed,) int64
    """

    matching: np.ndarray
    need: np.ndarray
    missing: np.ndarray
    weight: np.ndarray
    fixed_ptr: np.ndarray
    fixed_arcs: np.ndarray


@compiled
def reduced_value(arcs: Arcs, demands: Demands, d: int, a: int) -> float:
    """Value of arc a of demand d, minus the price of its load."""
    cost = arcs.price[demands.matching[d], arcs.provider[a]]
    if not arcs.unit_loads:
        cost *= arcs.load[a]
    return float(demands.weight[d] * arcs.value[a] - cost)


@compiled
def _is_fixed(demands: Demands, d: int, a: int) -> bool:
    first, last = demands.fixed_ptr[d], demands.fixed_ptr[d + 1]
    return bool(first < last and (demands.fixed_arcs[first:last] == a).any())


@compiled
def best_arcs(
    first: int,
    last: int,
    arcs: Arcs,
    demands: Demands,
    chosen: np.ndarray,
    reduced: np.ndarray,
) -> None:
    """Choose the best arcs of the demands ``first:last`` at given prices.

    ``chosen[d]`` and ``reduced[d]`` (n_demands, width) receive the arcs and
    their reduced values, best first, as many as `need`; unused slots hold -1
    and the value of leaving them empty. Fixed arcs come first.
    """
    for d in range(first, last):
        need = demands.need[d]
        floor = -demands.missing[d] * demands.weight[d]
        forced = demands.fixed_ptr[d + 1] - demands.fixed_ptr[d]
        chosen[d] = -1
        reduced[d] = floor
        for k in range(forced):
            a = demands.fixed_arcs[demands.fixed_ptr[d] + k]
            chosen[d, k] = a
            reduced[d, k] = reduced_value(arcs, demands, d, a)
        if forced >= need:
            continue
        worst = floor
        for a in range(arcs.ptr[d], arcs.ptr[d + 1]):
            value = reduced_value(arcs, demands, d, a)
            if value <= worst or _is_fixed(demands, d, a):
                continue
            k = need - 1
            while k > forced and reduced[d, k - 1] < value:
                reduced[d, k] = reduced[d, k - 1]
                chosen[d, k] = chosen[d, k - 1]
                k -= 1
            reduced[d, k] = value
            chosen[d, k] = a
            worst = reduced[d, need - 1]


@compiled
def link_losses(
    first: int,
    last: int,
    arcs: Arcs,
    demands: Demands,
    person: np.ndarray,
    provider_value: np.ndarray,
    chosen: np.ndarray,
    reduced: np.ndarray,
    loss: np.ndarray,
) -> None:
    """Reduced value lost by insisting on a provider of each value.

    ``loss`` (n_people, n_values) is written for the people whose demands are
    in ``first:last``: 0 where a chosen arc has the value already, inf where
    no arc has it.
    """
    for d in range(first, last):
        if person[d] < 0 or demands.need[d] == 0:
            continue
        row = loss[person[d]]
        for a in range(arcs.ptr[d], arcs.ptr[d + 1]):
            v = provider_value[arcs.provider[a]]
            if v >= 0:
                row[v] = min(row[v], -reduced_value(arcs, demands, d, a))
        given_up = reduced[d, demands.need[d] - 1]
        for v in range(len(row)):
            row[v] = max(0.0, row[v] + given_up)
        for k in range(demands.need[d]):
            if chosen[d, k] >= 0:
                v = provider_value[arcs.provider[chosen[d, k]]]
                if v >= 0:
                    row[v] = 0.0


@compiled
def insert_arc(arc: int, value: float, best: np.ndarray, best_value: np.ndarray) -> None:
    """Put an arc among the best, the last of which it is better than."""
    k = len(best) - 1
    while k > 0 and best_value[k - 1] < value:
        best_value[k] = best_value[k - 1]
        best[k] = best[k - 1]
        k -= 1
    best_value[k] = value
    best[k] = arc


@compiled
def top_of_demand(
    arcs: Arcs, demands: Demands, d: int, best: np.ndarray, best_value: np.ndarray
) -> None:
    """Fill `best` with the arcs of highest reduced value that are not fixed."""
    last = len(best) - 1
    for a in range(arcs.ptr[d], arcs.ptr[d + 1]):
        value = reduced_value(arcs, demands, d, a)
        if value > best_value[last] and not _is_fixed(demands, d, a):
            insert_arc(a, value, best, best_value)


@compiled
def top_arcs(first: int, last: int, arcs: Arcs, demands: Demands, best: np.ndarray) -> None:
    """Fill ``best`` (n_demands, width) with the arcs of highest reduced value.

    Best first, -1 where a demand has fewer arcs; fixed arcs are left out.
    """
    value = np.empty(best.shape[1])
    for d in range(first, last):
        best[d] = -1
        value[:] = -np.inf
        top_of_demand(arcs, demands, d, best[d], value)


@compiled
def mark_close(
    first: int,
    last: int,
    arcs: Arcs,
    demands: Demands,
    reduced: np.ndarray,
    slack: np.ndarray,
    close: np.ndarray,
) -> None:
    """Mark the arcs within `slack` (n_demands,) of their demand's last chosen arc.

    ``reduced`` is what `best_arcs` wrote at the same prices; ``close``
    (n_arcs,) bool is written for the demands ``first:last``.
    """
    for d in range(first, last):
        need = demands.need[d]
        free = need > demands.fixed_ptr[d + 1] - demands.fixed_ptr[d]
        threshold = reduced[d, need - 1] - slack[d] if free else np.inf
        for a in range(arcs.ptr[d], arcs.ptr[d + 1]):
            close[a] = reduced_value(arcs, demands, d, a) >= threshold
