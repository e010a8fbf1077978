"""Column generation: the best prices, with itineraries that fit them.

Prices of the master swing while it knows few itineraries, so pricing takes
place between them and the best known (Wentges, "Weighted Dantzig-Wolfe
decomposition for linear mixed-integer programming", 1997). Every pricing of
everybody proves a bound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.columns.duals import evaluate
from talentopt.solve.columns.grid import round_down
from talentopt.solve.columns.separate import separate_bound

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.solve.columns.duals import Dual
    from talentopt.solve.columns.market import Market
    from talentopt.solve.columns.master import Master
    from talentopt.solve.control import Control

NEW = 1e-6
"""Points by which an itinerary must beat the master's prices."""

NEAR, NEAREST, STEP = 0.4, 0.9, 0.1
"""How near to the best known prices pricing takes place, at least and at most; its changes."""

LOOSE = 0.3
"""Part of the gap from which people's bounds are worth tightening."""

SLOW = 0.02
"""Part of the gap: while the master gains more, people's bounds matter little."""

ROUNDS = 2
"""Most relaxed recursions per person and pricing."""

ARCS = 10_000
"""Most arcs of graphs that prove what these leave open, to begin with."""

CLOSED = 1e-4
"""Points between bound and master at which prices are best."""


def generate(
    market: Market,
    master: Master,
    control: Control,
    centre: Dual,
    rounds: int,
    most_arcs: int,
    until: Callable[[], bool],
) -> bool:
    """Improve the master until its value meets the bound; returns whether it did.

    Parameters
    ----------
    market : Market
    master : Master
    control : Control
    centre : Dual
        The best prices so far; changed.
    rounds : int
        Most pricings of everybody.
    most_arcs : int
        Of graphs for people's bounds, as soon as these are what keeps the gap open.
    until : callable
        Asked whether to stop before.
    """
    paths = centre.paths
    pool = master.pool
    nearness, misses, before, arcs = NEAR, 0, -np.inf, min(ARCS, most_arcs)
    constant = None
    for _ in range(rounds):
        if control.finished() or until():
            return False
        master.solve()
        if constant is None:
            constant = _constant(market, centre.prices)
        reached = master.value + constant + CLOSED
        if master.missed < NEW and round_down(centre.bound, market.step) < reached:
            return True
        prices = nearness * centre.prices + (1 - nearness) * master.prices
        prices[market.roles], prices[market.totals] = (
            centre.prices[market.roles],
            centre.prices[market.totals],
        )
        weight = nearness * centre.weight + (1 - nearness) * master.weight
        exact = nearness == 0.0
        show_weight(market, weight)
        bound = evaluate(
            market, prices, paths, exact=exact, rounds=ROUNDS, arcs=arcs, stop=control.finished
        )
        if bound == np.inf:
            return False
        market.prove(control, bound)
        new = pool.add(paths, market.everybody, prices)
        loose = paths.bound - paths.worth
        gap = bound - master.value - constant
        grown, before = master.value - before, master.value
        if exact or (loose.sum() > LOOSE * gap and grown < SLOW * gap):
            arcs = min(2 * arcs, most_arcs)
        gains = master.reduced(new) > NEW if len(new) else np.zeros(0, bool)
        better = bound < centre.bound
        if better:
            centre.prices, centre.weight, centre.bound = prices, weight, bound
            misses = 0
        if gains.any():
            nearness = max(NEAR, nearness - STEP) if better else min(NEAREST, nearness + STEP)
            continue
        if exact:
            return False
        misses += 1
        nearness = nearness / 2 if misses < 3 else 0.0
    return False


def prove(market: Market, master: Master, control: Control, centre: Dual, arcs: int) -> None:
    """Price everybody once more at the best prices, with larger graphs.

    Parameters
    ----------
    market : Market
    master : Master
        Its pool takes what was found.
    control : Control
    centre : Dual
        The best prices so far; its bound is lowered.
    arcs : int
        Most arcs of a person's graph.
    """
    show_weight(market, centre.weight)
    bound = evaluate(
        market, centre.prices, centre.paths, exact=False, rounds=ROUNDS, arcs=arcs,
        stop=control.finished,
    )  # fmt: skip
    if bound < np.inf:
        market.prove(control, bound)
        centre.bound = min(centre.bound, bound)
        master.pool.add(centre.paths, market.everybody, centre.prices)


def show_weight(market: Market, weight: np.ndarray) -> None:
    """Let people's own points count with these weights."""
    market.weight[:] = weight
    market.pricer.table.scale[:] = weight


def _constant(market: Market, prices: np.ndarray) -> float:
    """Points of what the master leaves out: concurrent bookings, pairs at fixed prices."""
    limits = market.limits
    constant = market.problem.constant
    constant += separate_bound(market.problem, market.option_prices(prices), market.weight)
    for part in (market.roles, market.totals):
        constant += float(prices[part] @ limits.upper[part])
    if market.relaxed is not None:
        constant += float(market.relaxed.demand_value.sum())
    return constant
