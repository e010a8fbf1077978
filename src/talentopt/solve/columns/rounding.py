"""Whole answers of a master, by fixing and pricing in turn.

Fixing few itineraries at a time, and pricing again, lets the others move out
of the way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.columns.generate import show_weight
from talentopt.solve.columns.master import INFINITY

if TYPE_CHECKING:
    from talentopt.solve.columns.market import Market
    from talentopt.solve.columns.master import Master
    from talentopt.solve.columns.tables import Paths
    from talentopt.solve.control import Control

SETTLED = 0.999
"""Share from which an itinerary counts as chosen."""

MOST_FIXED, PER_PERSON = 5, 25
"""Most itineraries fixed at once, and people left for each of them."""

PRICINGS = 1
"""Most pricings after each round of fixing."""

GAIN = 1e-6


def round_off(
    market: Market,
    master: Master,
    control: Control,
    paths: Paths,
    rng: np.random.Generator,
    start: dict[int, int],
    least: float,
) -> np.ndarray | None:
    """Fix the most settled itineraries, price the others again, and so on.

    Parameters
    ----------
    market : Market
    master : Master
        Gets new itineraries, and answers for the last of them; is left as
        free as it was.
    control : Control
    paths : Paths
        Where to start pricing from; changed.
    rng : numpy Generator
        Decides between equals.
    start : dict of int to int
        Itineraries that some people have from the beginning, by person.
    least : float
        Give up when the answer is worth no more, in the master's points.

    Returns
    -------
    numbers : (n_people,) int64, or None
        Itineraries of the pool.
    """
    pool, fixed = master.pool, dict(start)
    for number in fixed.values():
        master.bound(number, 1.0, 1.0)
    try:
        while True:
            free = np.setdiff1d(market.everybody, np.array(list(fixed), dtype=np.int64))
            for _ in range(PRICINGS):
                master.solve()
                if len(free) == 0:
                    break
                show_weight(market, master.weight)
                market.set_prices(master.prices)
                market.pricer.price(paths, free, exact=False, stop=control.finished)
                new = pool.add(paths, free, master.prices)
                if len(new) == 0 or not (master.reduced(new) > GAIN).any():
                    break
            if control.finished() or master.value <= least:
                return None
            if len(free) == 0:
                return np.array(list(fixed.values()))
            if len(master.share) < len(pool):
                master.solve()
            for number in _most_settled(master, fixed, rng):
                master.bound(number, 1.0, 1.0)
                fixed[int(pool.person[number])] = int(number)
    finally:
        for number in fixed.values():
            master.bound(number, 0.0, INFINITY)


def _most_settled(master: Master, fixed: dict[int, int], rng: np.random.Generator) -> np.ndarray:
    """Itineraries of different people not yet fixed, those of the largest shares."""
    free = np.ones(master.n_people, dtype=bool)
    free[list(fixed)] = False
    person = master.pool.person[: len(master.share)]
    share = np.where(free[person], master.share, -1.0)
    order = np.lexsort((rng.random(len(share)), -share))
    _, first = np.unique(person[order], return_index=True)
    best = order[np.sort(first)]
    best = best[share[best] >= 0]
    left = int(free.sum())
    count = max(1, min(MOST_FIXED, left // PER_PERSON), int((share[best] > SETTLED).sum()))
    return best[:count]
