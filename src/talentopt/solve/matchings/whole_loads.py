"""Loads and capacities of a generalised assignment as whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem.measure import demand_of

if TYPE_CHECKING:
    from talentopt.problem import Matchings

MOST_ROOM = 100_000
"""Largest whole capacity that a knapsack may have."""


@dataclass(frozen=True, slots=True)
class Knapsacks:
    """The problem with whole loads, fixed arcs taken out.

    Attributes
    ----------
    load : (n_arcs,) int64
    capacity : (n_providers,) int64
    left : (n_demands,) int64
        Needs that fixed arcs leave.
    exact : bool
        Whether whole loads are the loads times scale (otherwise they were
        rounded up, and bounds must not be taken from them).
    scale : float
    """

    load: np.ndarray
    capacity: np.ndarray
    left: np.ndarray
    exact: bool
    scale: float


def whole_loads(matchings: Matchings) -> Knapsacks:
    """Scale loads and capacities to whole numbers, where possible without loss."""
    limit = matchings.capacity
    if matchings.n_matchings == 1:
        limit = np.minimum(limit, matchings.role_capacity[0])
    load = np.asarray(matchings.arc_load, dtype=float)
    most = np.bincount(matchings.arc_provider, weights=load, minlength=matchings.n_providers)
    limit = np.minimum(limit, most)
    fixed = matchings.fixed_arcs
    for scale in (1.0, 2.0, 4.0, 5.0, 10.0, 20.0, 100.0, 1000.0):
        exact = bool(np.allclose(load * scale, np.rint(load * scale), rtol=0, atol=1e-9))
        if exact and limit.max(initial=0.0) * scale <= MOST_ROOM:
            break
    else:
        exact, scale = False, 0.1 * MOST_ROOM / max(1.0, float(limit.max(initial=1.0)))
    whole = np.rint(load * scale) if exact else np.ceil(load * scale)
    whole = whole.astype(np.int64)
    taken = np.zeros(matchings.n_providers, np.int64)
    np.add.at(taken, matchings.arc_provider[fixed], whole[fixed])
    held = np.bincount(demand_of(matchings, fixed), minlength=matchings.n_demands)
    capacity = np.floor(limit * scale + 1e-6).astype(np.int64) - taken
    return Knapsacks(whole, capacity, matchings.demand_need - held, exact, scale)
