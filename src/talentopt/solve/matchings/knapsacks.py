"""Compiled Lagrangian relaxation and dive of a generalised assignment.

The needs of the demands are priced, so that every provider is left with a
knapsack of its own: the arcs of highest value minus price within its
capacity. Their optimum is a stronger bound than the linear relaxation's.
Items are arcs grouped by provider; loads and capacities are whole numbers.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from talentopt.solve.compiled import compiled

MOMENTUM, SPREAD = 0.8, 0.98
"""Decay of the mean and of the square of the directions (Adam)."""


class Items(NamedTuple):
    """Arcs that may be chosen, grouped by provider.

    Attributes
    ----------
    ptr : (n_providers + 1,) int64
    demand : (n_items,) int64
    value : (n_items,) float64
    load : (n_items,) int64
    """

    ptr: np.ndarray
    demand: np.ndarray
    value: np.ndarray
    load: np.ndarray


@compiled
def fill_knapsacks(
    items: Items, capacity: np.ndarray, open_item: np.ndarray, price: np.ndarray, used: np.ndarray
) -> float:
    """Fill every provider's knapsack exactly at given prices of the demands.

    Parameters
    ----------
    items : Items
    capacity : (n_providers,) int64
    open_item : (n_items,) bool
        Items that may still be chosen.
    price : (n_demands,) float64
    used : (n_items,) bool
        Written: the items chosen.

    Returns
    -------
    float
        Sum of value minus price over the items chosen.
    """
    total = 0.0
    for p in range(len(capacity)):
        first, last = items.ptr[p], items.ptr[p + 1]
        room = capacity[p]
        wanted = np.empty(last - first, np.int64)
        count = 0
        load = 0
        for k in range(first, last):
            used[k] = False
            if open_item[k] and items.load[k] <= room:
                gain = items.value[k] - price[items.demand[k]]
                if gain > 0:
                    wanted[count] = k
                    count += 1
                    load += items.load[k]
        if load <= room:
            for k in wanted[:count]:
                used[k] = True
                total += items.value[k] - price[items.demand[k]]
            continue
        total += _fill_one(items, wanted[:count], room, price, used)
    return total


@compiled
def _fill_one(
    items: Items, wanted: np.ndarray, room: int, price: np.ndarray, used: np.ndarray
) -> float:
    """Fill one knapsack by dynamic programming over the room used."""
    best = np.zeros(room + 1)
    take = np.zeros((len(wanted), room + 1), np.bool_)
    for q in range(len(wanted)):
        k = wanted[q]
        gain = items.value[k] - price[items.demand[k]]
        load = items.load[k]
        row = take[q]
        for w in range(room, load - 1, -1):
            candidate = best[w - load] + gain
            if candidate > best[w]:
                best[w] = candidate
                row[w] = True
    w = room
    for q in range(len(wanted) - 1, -1, -1):
        if take[q, w]:
            used[wanted[q]] = True
            w -= items.load[wanted[q]]
    return float(best[room])


@compiled
def step_prices(
    left: np.ndarray,
    missing: np.ndarray,
    demand: np.ndarray,
    used: np.ndarray,
    step: float,
    count: int,
    price: np.ndarray,
    mean: np.ndarray,
    square: np.ndarray,
) -> None:
    """Move the prices of the demands by one Adam step on what is used minus what is left.

    A price never falls below minus the demand's `missing`: at that price it
    is as good to leave the need unmet.
    """
    excess = -left.astype(np.float64)
    for k in range(len(demand)):
        if used[k]:
            excess[demand[k]] += 1.0
    scale_mean = 1.0 - MOMENTUM**count
    scale_square = 1.0 - SPREAD**count
    for d in range(len(left)):
        if left[d] == 0:
            continue
        mean[d] = MOMENTUM * mean[d] + (1 - MOMENTUM) * excess[d]
        square[d] = SPREAD * square[d] + (1 - SPREAD) * excess[d] ** 2
        direction = (mean[d] / scale_mean) / (np.sqrt(square[d] / scale_square) + 1e-3)
        price[d] = max(-missing[d], price[d] + step * direction)


@compiled
def dive(
    items: Items,
    capacity: np.ndarray,
    left: np.ndarray,
    missing: np.ndarray,
    price: np.ndarray,
    step: float,
    steps: int,
    share: float,
    memory: float,
    chosen: np.ndarray,
) -> None:
    """Fix the most settled items a few at a time, with prices moving in between.

    Parameters
    ----------
    items : Items
    capacity : (n_providers,) int64
    left : (n_demands,) int64
        Providers that each demand still needs. Both are used up.
    missing : (n_demands,) float64
    price : (n_demands,) float64
        Where the prices start; changed.
    step : float
        Length of a price step, in points.
    steps : int
        Price steps per round.
    share : float
        Share of what is open that is fixed per round.
    memory : float
        Weight of the newest choice in the average that says what is settled.
    chosen : (n_items,) bool
        Written: the items fixed.
    """
    n_items = len(items.demand)
    provider = np.empty(n_items, np.int64)
    for p in range(len(capacity)):
        provider[items.ptr[p] : items.ptr[p + 1]] = p
    chosen[:] = False
    used = np.zeros(n_items, np.bool_)
    settled = np.zeros(n_items)
    mean, square = np.zeros(len(left)), np.full(len(left), 0.5)
    count = 0
    open_item = np.ones(n_items, np.bool_)
    while True:
        n_open = 0
        for k in range(n_items):
            d = items.demand[k]
            fits = items.load[k] <= capacity[provider[k]]
            worth = items.value[k] >= -missing[d]
            open_item[k] = left[d] > 0 and not chosen[k] and fits and worth
            if open_item[k]:
                n_open += 1
        if n_open == 0:
            return
        for _ in range(steps):
            fill_knapsacks(items, capacity, open_item, price, used)
            count += 1
            step_prices(left, missing, items.demand, used, step, count, price, mean, square)
            for k in range(n_items):
                settled[k] += memory * (used[k] - settled[k])
        _fix_settled(items, provider, capacity, left, open_item, settled, share, chosen)


@compiled
def _fix_settled(
    items: Items,
    provider: np.ndarray,
    capacity: np.ndarray,
    left: np.ndarray,
    open_item: np.ndarray,
    settled: np.ndarray,
    share: float,
    chosen: np.ndarray,
) -> None:
    """Choose the items of highest average use, at least one."""
    candidates = np.flatnonzero(open_item)
    order = candidates[np.argsort(-settled[candidates])]
    target = max(1.0, share * left.sum())
    fixed = 0
    for k in order:
        d = items.demand[k]
        if left[d] == 0 or items.load[k] > capacity[provider[k]]:
            continue
        if fixed >= target or (fixed > 0 and settled[k] < 0.2):
            return
        chosen[k] = True
        left[d] -= 1
        capacity[provider[k]] -= items.load[k]
        fixed += 1
