"""Which matchings a seeker may not be paired with the same provider in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.problem import Matchings


def clashing_matchings(matchings: Matchings) -> np.ndarray:
    """(n_matchings, n_matchings) bool: no seeker has a provider in both."""
    clash: np.ndarray = np.zeros((matchings.n_matchings, matchings.n_matchings), dtype=bool)
    for group in matchings.distinct:
        members = np.asarray(group, dtype=np.int64)
        clash[np.ix_(members, members)] = True
    np.fill_diagonal(clash, val=False)
    return clash


def distinct_parts(matchings: Matchings, clash: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Demands of each seeker that exclude one another, as (ptr, demand) lists."""
    from scipy.sparse.csgraph import connected_components

    _, part = connected_components(clash, directed=False)
    grouped = np.asarray(clash.any(axis=1))
    demands = np.flatnonzero(grouped[matchings.demand_matching])
    key = (
        part[matchings.demand_matching[demands]].astype(np.int64) * matchings.n_seekers
        + matchings.demand_seeker[demands]
    )
    order = np.argsort(key, kind="stable")
    key, demands = key[order], demands[order]
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    return np.append(starts, len(demands)).astype(np.int64), demands.astype(np.int64)
