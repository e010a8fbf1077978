"""Compiled belief propagation for a generalised assignment, and a dive by it.

Assignments are weighted by exp(value / temperature). Providers and demands
are both knapsacks over the arcs that touch them: a provider has room for
loads, a demand has room for as many arcs as it needs. Each tells each of its
arcs the odds of being chosen that follow from all its other arcs, by dynamic
programming over the room used, until what they tell each other is settled
(belief propagation; the odds leave out the arc's own message, the cavity).
The dive fixes the arcs of highest belief a few at a time while the
temperature falls (decimation). See Mezard and Montanari, Information,
Physics, and Computation (2009), chapters 14 and 20.

Where capacities are filled to the last unit and the values of an arc's
rivals nearly tie, this keeps many ways of filling open where Lagrangian
prices jump from one to the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from talentopt.solve.compiled import compiled

if TYPE_CHECKING:
    from talentopt.solve.matchings.knapsacks import Items

LARGEST = 40.0
"""Largest logarithm of odds."""

NEGLIGIBLE = -14.0
"""Logarithm of the odds below which an arc does not matter to its provider."""

DAMPING = 0.3
"""Part of the former message that is kept."""


class Graph(NamedTuple):
    """The items of a generalised assignment, by provider and by demand.

    Attributes
    ----------
    items : Items
        Values are reduced: the load is charged at ``unit_price``.
    provider : (n_items,) int64
    demand_ptr : (n_demands + 1,) int64
    demand_item : (n_items,) int64
        Items grouped by demand.
    unit_price : (n_providers,) float64
        Loss of value per unit of room that stays empty, at least 0. It makes
        up for what is charged in the values, and keeps the weights of fuller
        and emptier knapsacks comparable.
    """

    items: Items
    provider: np.ndarray
    demand_ptr: np.ndarray
    demand_item: np.ndarray
    unit_price: np.ndarray

    @classmethod
    def of(cls, items: Items, unit_price: np.ndarray, n_demands: int) -> Graph:
        """Index items whose values are whole."""
        provider = np.repeat(np.arange(len(unit_price)), np.diff(items.ptr))
        demand_item = np.argsort(items.demand, kind="stable")
        ptr = np.searchsorted(items.demand[demand_item], np.arange(n_demands + 1))
        reduced = items.value - unit_price[provider] * items.load
        return cls(items._replace(value=reduced), provider, ptr, demand_item, unit_price)


class Pace(NamedTuple):
    """One round of a dive by beliefs.

    Attributes
    ----------
    temperature : float
        In points.
    sweeps : int
        How often messages are passed before items are fixed.
    share : float
        Share of what is open that is fixed.
    """

    temperature: float
    sweeps: int
    share: float


class Messages(NamedTuple):
    """What providers and demands tell each other; logarithms, all (n_items,) float64.

    Attributes
    ----------
    odds
        From the provider.
    field
        From the demand: the item's weight.
    belief
        Odds of the item, all told.
    """

    odds: np.ndarray
    field: np.ndarray
    belief: np.ndarray

    @classmethod
    def of(cls, n_items: int) -> Messages:
        """Begin where every item is rather not chosen."""
        return cls(np.zeros(n_items), np.full(n_items, -3.0), np.zeros(n_items))


@compiled
def _dot(x: np.ndarray, y: np.ndarray, n: int) -> float:
    """Sum products in four lanes, which a strict left-to-right sum forbids."""
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    whole = n - n % 4
    for k in range(0, whole, 4):
        a += x[k] * y[k]
        b += x[k + 1] * y[k + 1]
        c += x[k + 2] * y[k + 2]
        d += x[k + 3] * y[k + 3]
    for k in range(whole, n):
        a += x[k] * y[k]
    return a + b + c + d


@compiled
def cavity_odds(
    load: np.ndarray, field: np.ndarray, room: int, unused: float, odds: np.ndarray
) -> None:
    """Tell every item of one knapsack the odds that follow from all the others.

    Parameters
    ----------
    load : (n_items,) int64
    field : (n_items,) float64
        Logarithm of each item's weight when it is in the knapsack.
    room : int
        The items' loads sum to at most this.
    unused : float
        Logarithm of the weight of one unit of room that stays empty.
    odds : (n_items,) float64
        Written: logarithm of the total weight of the fillings with the item,
        its own weight left out, over that of the fillings without it.
    """
    n = len(load)
    room = min(room, load.sum())
    # Weights of the loads that the items before each one can have. Every item's two
    # weights are divided by their sum, so that products do not overflow.
    before = np.empty((n, room + 1))
    before[0] = 0.0
    before[0, 0] = 1.0
    for q in range(n - 1):
        share = 1.0 / (1.0 + np.exp(-field[q]))
        a = min(load[q], room + 1)
        source, target = before[q], before[q + 1]
        for w in range(a):
            target[w] = (1.0 - share) * source[w]
        for w in range(room + 1 - a):
            target[w + a] = (1.0 - share) * source[w + a] + share * source[w]
    # Weights of what the items after it and empty room add, by what is used before.
    after, other = np.empty(room + 1), np.empty(room + 1)
    after[room] = 1.0
    for w in range(room - 1, -1, -1):
        after[w] = after[w + 1] * np.exp(unused)
    for q in range(n - 1, -1, -1):
        a = min(load[q], room + 1)
        without = _dot(before[q], after, room + 1)
        inside = _dot(before[q], after[a:], room + 1 - a)
        if without <= 0.0:
            odds[q] = LARGEST
        elif inside <= 0.0:
            odds[q] = -LARGEST
        else:
            odds[q] = max(-LARGEST, min(LARGEST, np.log(inside / without)))
        share = 1.0 / (1.0 + np.exp(-field[q]))
        for w in range(room + 1 - a):
            other[w] = (1.0 - share) * after[w] + share * after[w + a]
        for w in range(room + 1 - a, room + 1):
            other[w] = (1.0 - share) * after[w]
        after, other = other, after


@compiled
def _ask_providers(
    graph: Graph,
    capacity: np.ndarray,
    open_item: np.ndarray,
    temperature: float,
    field: np.ndarray,
    odds: np.ndarray,
) -> None:
    """Write the odds that every provider gives its open items, where they matter."""
    for p in range(len(capacity)):
        first, last = graph.items.ptr[p], graph.items.ptr[p + 1]
        near = np.empty(last - first, np.int64)
        count = 0
        for k in range(first, last):
            if open_item[k] and field[k] > NEGLIGIBLE:
                near[count] = k
                count += 1
        if count == 0:
            continue
        told = np.empty(count)
        near = near[:count]
        unused = -graph.unit_price[p] / temperature
        cavity_odds(graph.items.load[near], field[near], capacity[p], unused, told)
        for q in range(count):
            odds[near[q]] = told[q]


@compiled
def _ask_demands(
    graph: Graph,
    left: np.ndarray,
    missing: np.ndarray,
    open_item: np.ndarray,
    temperature: float,
    odds: np.ndarray,
    field: np.ndarray,
    belief: np.ndarray,
) -> None:
    """Write what every demand tells the providers of its open items, and the beliefs."""
    for d in range(len(left)):
        first, last = graph.demand_ptr[d], graph.demand_ptr[d + 1]
        mine = np.empty(last - first, np.int64)
        count = 0
        for z in range(first, last):
            if open_item[graph.demand_item[z]]:
                mine[count] = graph.demand_item[z]
                count += 1
        if count == 0 or left[d] == 0:
            continue
        mine = mine[:count]
        own = graph.items.value[mine] / temperature
        weight = own + odds[mine]
        # Weights as such may overflow; those beside the largest do not.
        most = weight.max()
        told = np.empty(count)
        unused = min(LARGEST, -missing[d] / temperature - most)
        cavity_odds(np.ones(count, np.int64), weight - most, left[d], unused, told)
        for q in range(count):
            k = mine[q]
            new = max(-LARGEST, min(LARGEST, own[q] + told[q] - most))
            field[k] = DAMPING * field[k] + (1 - DAMPING) * new
            belief[k] = weight[q] + told[q] - most


@compiled
def advance(
    graph: Graph,
    capacity: np.ndarray,
    left: np.ndarray,
    missing: np.ndarray,
    pace: Pace,
    messages: Messages,
    chosen: np.ndarray,
) -> bool:
    """Pass messages between what is open, and fix the items of highest belief.

    Parameters
    ----------
    graph : Graph
    capacity : (n_providers,) int64
    left : (n_demands,) int64
        Providers that each demand still needs. Both are used up.
    missing : (n_demands,) float64
    pace : Pace
    messages : Messages
        Of the rounds before; changed.
    chosen : (n_items,) bool
        The items fixed; more are set.

    Returns
    -------
    bool
        False when nothing was open.
    """
    items, (odds, field, belief) = graph.items, messages
    n_items = len(items.demand)
    open_item = np.zeros(n_items, np.bool_)
    for k in range(n_items):
        p, d = graph.provider[k], items.demand[k]
        fits = items.load[k] <= capacity[p]
        worth = items.value[k] + graph.unit_price[p] * items.load[k] >= -missing[d]
        open_item[k] = fits and worth and left[d] > 0 and not chosen[k]
    if not open_item.any():
        return False
    heat = pace.temperature
    for _ in range(pace.sweeps):
        _ask_demands(graph, left, missing, open_item, heat, odds, field, belief)
        _ask_providers(graph, capacity, open_item, heat, field, odds)
    _ask_demands(graph, left, missing, open_item, heat, odds, field, belief)
    _fix_surest(graph, capacity, left, open_item, belief, pace.share, chosen)
    return True


@compiled
def _fix_surest(
    graph: Graph,
    capacity: np.ndarray,
    left: np.ndarray,
    open_item: np.ndarray,
    belief: np.ndarray,
    share: float,
    chosen: np.ndarray,
) -> None:
    """Choose the items of highest belief, at least one."""
    items = graph.items
    candidates = np.flatnonzero(open_item)
    target = max(1.0, share * left.sum())
    fixed = 0
    for k in candidates[np.argsort(-belief[candidates])]:
        d, p = items.demand[k], graph.provider[k]
        if left[d] == 0 or items.load[k] > capacity[p]:
            continue
        if fixed >= target:
            return
        chosen[k] = True
        left[d] -= 1
        capacity[p] -= items.load[k]
        fixed += 1
