"""Whole answers of a master: by fixing and pricing in turn, and by selection.

Fixing few itineraries at a time, and pricing again, lets the others move out
of the way. Selection searches for the best combination of known itineraries,
of everybody or of some people while the others stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import highspy
import numpy as np

from talentopt.solve.columns.generate import show_weight
from talentopt.solve.columns.master import INFINITY, quiet_highs

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.solve.columns.market import Market
    from talentopt.solve.columns.master import Master
    from talentopt.solve.columns.tables import Paths
    from talentopt.solve.control import Control

HALF = 0.5
SETTLED = 0.999
"""Share from which an itinerary counts as chosen."""

MOST_FIXED, PER_PERSON = 5, 25
"""Most itineraries fixed at once, and people left for each of them."""

PRICINGS = 2
"""Most pricings after each round of fixing."""

GAIN = 1e-6
FEASIBLE = highspy.SolutionStatus.kSolutionStatusFeasible
NODES_PER_SECOND = 200
"""Nodes of the search tree per second when reproducible."""


def round_off(
    market: Market,
    master: Master,
    control: Control,
    paths: Paths,
    rng: np.random.Generator,
    hope: Callable[[float], bool],
) -> np.ndarray | None:
    """Fix the most settled itineraries, price the others again, and so on.

    Parameters
    ----------
    market : Market
    master : Master
        Gets new itineraries; is left as free as it was.
    control : Control
    paths : Paths
        Where to start pricing from; changed.
    rng : numpy Generator
        Decides between equals.
    hope : callable
        Whether a plan could still be worth that many of the master's points.

    Returns
    -------
    numbers : (n_people,) int64, or None
        Itineraries of the pool.
    """
    pool = master.pool
    fixed: dict[int, int] = {}
    try:
        while True:
            master.solve()
            if control.finished() or not hope(master.value):
                return None
            if len(fixed) == master.n_people:
                return np.array(list(fixed.values())) if master.missed < GAIN else None
            for number in _most_settled(master, fixed, rng):
                master.bound(number, 1.0, 1.0)
                fixed[int(pool.person[number])] = int(number)
            free = np.setdiff1d(market.everybody, np.array(list(fixed), dtype=np.int64))
            for _ in range(PRICINGS):
                if len(free) == 0:
                    break
                master.solve()
                show_weight(market, master.weight)
                market.set_prices(master.prices)
                market.pricer.price(paths, free, exact=False, stop=control.finished)
                new = pool.add(paths, free, master.prices)
                if len(new) == 0 or not (master.reduced(new) > GAIN).any():
                    break
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


def select(
    master: Master,
    control: Control,
    numbers: np.ndarray,
    seconds: float,
    start: np.ndarray | None = None,
) -> np.ndarray | None:
    """Choose one itinerary each, of some of the pool.

    Parameters
    ----------
    master : Master
        Gets the rows that an answer exceeds.
    control : Control
    numbers : (n,) int64
        Itineraries that may be chosen.
    seconds : float
        Most time.
    start : (n_people,) int64, optional
        A choice in hand.

    Returns
    -------
    numbers : (n_people,) int64, or None
    """
    master.add_itineraries()
    master.add_rows(_may_be_exceeded(master, numbers))
    highs = _whole(master, control, numbers, seconds)
    if start is not None:
        solution = highspy.HighsSolution()
        value = np.zeros(highs.getNumCol())
        value[master.column_of[start]] = 1.0
        if master.lowest:
            value[0] = master.pool.total[start].min()
        solution.col_value = value.tolist()
        highs.setSolution(solution)
    highs.run()
    if highs.getInfo().primal_solution_status != FEASIBLE:
        return None
    value = np.array(highs.getSolution().col_value)
    return np.flatnonzero(value[master.column_of] > HALF)


def _whole(master: Master, control: Control, numbers: np.ndarray, seconds: float) -> highspy.Highs:
    """Make the program in whole numbers."""
    program = master.highs.getLp()
    upper = np.array(program.col_upper_)
    upper[master.column_of] = 0.0
    upper[master.column_of[numbers]] = 1.0
    program.col_upper_ = upper
    kinds = [highspy.HighsVarType.kContinuous] * program.num_col_
    for column in master.column_of[numbers]:
        kinds[column] = highspy.HighsVarType.kInteger
    program.integrality_ = kinds
    highs = quiet_highs()
    highs.setOptionValue("random_seed", control.limits.seed % (2**31))
    if control.limits.reproducible:
        highs.setOptionValue("mip_max_nodes", max(1, int(seconds * NODES_PER_SECOND)))
    else:
        highs.setOptionValue("time_limit", max(0.1, min(seconds, control.seconds_left)))
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", max(1e-6, 0.99 * master.market.step))
    highs.passModel(program)
    return highs


def _may_be_exceeded(master: Master, numbers: np.ndarray) -> np.ndarray:
    """Find what everybody's largest uses together exceed."""
    pool, limits = master.pool, master.market.limits
    most = np.zeros(len(limits.upper))
    for person in np.unique(pool.person[numbers]):
        mine = pool.uses[numbers[pool.person[numbers] == person]]
        most += np.maximum(0.0, mine.max(axis=0).toarray().ravel())
    return np.flatnonzero((most > limits.upper) & (limits.ceiling > 0))
