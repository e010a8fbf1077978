"""A first good plan: settle the clearest itineraries, price again, and so on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.enumeration.reduced import reduce

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.solve.enumeration.bound import Prices
    from talentopt.solve.enumeration.columns import Columns
    from talentopt.solve.enumeration.generation import Generation
    from talentopt.solve.enumeration.restricted import Solution

ROUNDS, MOST_ROUNDS = 10, 60
"""Most rounds of pricing before each choice, and while rows are missed."""

SHARE = 8
"""One in so many of the free people, less one, is settled at a time; always at least one."""

KEPT = 30
"""Itineraries per person that are carried along."""

SETTLED = 0.999


def dive(generation: Generation, until: Callable[[], bool]) -> Columns | None:
    """Round the master, some people at a time.

    Returns
    -------
    Columns or None
        An itinerary of every part; None when time is over.
    """
    pool = _carried(generation, generation.restricted.columns, generation.prices)
    chosen = pool.subset(np.zeros(0, np.int64))
    free = list(generation.everybody)
    prices = generation.prices
    while free:
        small = reduce(generation, chosen, free)
        sub = small.generation
        sub.restricted.add(_renumbered(pool, free))
        sub.begin(prices)
        solution = sub.restricted.solve()
        for turn in range(MOST_ROUNDS):
            if solution is None or until():
                return None
            if turn >= ROUNDS and solution.missed < 1e-7:
                break
            added, _ = sub.round(solution.prices)
            if added == 0:
                break
            solution = sub.restricted.solve()
        if solution is None:
            return None
        known = sub.restricted.columns
        picked = _clearest(solution, known.part)
        settled = known.subset(picked)
        of_whole = np.array(free)[settled.part]
        chosen = chosen.joined(_with_parts(settled, of_whole))
        pool = _with_parts(known, np.array(free)[known.part])
        free = [part for part in free if part not in set(of_whole.tolist())]
        prices = solution.prices
        pool = _carried(generation, pool, prices)
    return chosen


def _clearest(solution: Solution, part: np.ndarray) -> np.ndarray:
    """Pick the itineraries of the largest values, of different parts."""
    share = solution.itineraries
    order = np.argsort(-share, kind="stable")
    _, first = np.unique(part[order], return_index=True)
    best = order[np.sort(first)]
    count = max(1, len(best) // SHARE - 1, int((share[best] > SETTLED).sum()))
    return best[:count]


def _with_parts(columns: Columns, part: np.ndarray) -> Columns:
    return type(columns)(part, columns.chosen, columns.lost, columns.missing)


def _renumbered(pool: Columns, free: list[int]) -> Columns:
    """Give parts their numbers in the smaller problem; drop those of people who are settled."""
    where = np.full(max(int(pool.part.max(initial=0)), max(free)) + 1, -1)
    where[free] = np.arange(len(free))
    inside = np.flatnonzero(where[pool.part] >= 0)
    some = pool.subset(inside)
    return _with_parts(some, where[some.part])


def _carried(generation: Generation, pool: Columns, prices: Prices) -> Columns:
    """Keep each person's itineraries that are worth most at prices."""
    coefficients = generation.restricted.coefficients
    used = coefficients.uses(pool).T @ prices.rows[coefficients.rows]
    worth = coefficients.points(pool) - used - prices.missing * pool.missing
    order = np.lexsort((-worth, pool.part))
    part = pool.part[order]
    rank = np.arange(len(part)) - np.searchsorted(part, part)
    return pool.subset(order[rank < KEPT])
