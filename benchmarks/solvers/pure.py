"""What the methods for one pure matching share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.problem import Problem


def pure_matching(problem: Problem) -> str:
    """Say why a problem is more than one matching under capacities; blank when it is that."""
    matchings = problem.matchings
    if problem.itineraries.n_options:
        return "there are itineraries"
    if matchings.n_matchings != 1:
        return "there are several matchings"
    if not matchings.unit_loads:
        return "pairs have loads"
    if len(problem.rows) or problem.worst_off:
        return "there are rules across people"
    return ""


def seats_of(problem: Problem) -> np.ndarray:
    """(n_providers,) int64: places of each provider."""
    matchings = problem.matchings
    room = np.minimum(matchings.capacity, matchings.role_capacity.min(axis=0))
    return np.floor(np.minimum(room, matchings.demand_need.sum()) + 1e-9).astype(np.int64)
