"""Better prices of capacities: steps against the loads that the relaxation chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.steps import Adam

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talentopt.solve.matchings.interface import Relaxation

SPREAD_SAMPLE = 10_000
"""Arcs whose spread of values stands for all."""


def spread_of(values: np.ndarray) -> float:
    """Find the standard deviation of the values of arcs that may be chosen."""
    sample = values[:: max(1, len(values) // SPREAD_SAMPLE)]
    sample = sample[np.isfinite(sample)]
    return float(np.std(sample)) if len(sample) else 0.0


def lowered(
    relaxation: Relaxation,
    values: np.ndarray,
    prices: tuple[np.ndarray, np.ndarray],
    lengths: Iterable[float],
    *,
    distinct: bool = True,
) -> tuple[np.ndarray, np.ndarray]:
    """Take steps, and return the prices of the lowest bound.

    Parameters
    ----------
    relaxation : Relaxation
    values : (n_arcs,) float64
    prices : (role_price, total_price)
        Where to start.
    lengths : floats
        Of the steps, one each, where prices are small.
    distinct : bool
        Whether a seeker's providers must be distinct.

    Returns
    -------
    (role_price, total_price)
    """
    matchings, (role, total) = relaxation.matchings, prices
    adam = Adam(matchings.role_capacity.size + matchings.n_providers)
    limits = (matchings.role_capacity, matchings.capacity)
    best, lowest = prices, np.inf
    for length in lengths:
        relaxed = relaxation.relax(role, total, values=values, losses=False, distinct=distinct)
        if relaxed.bound < lowest:
            best, lowest = (role, total), relaxed.bound
        loads = (relaxed.role_load, relaxed.role_load.sum(axis=0))
        rise = np.concatenate(
            [
                np.where(np.isfinite(limit), load - limit, 0.0).ravel()
                for load, limit in zip(loads, limits, strict=True)
            ]
        )
        flat = np.concatenate([role.ravel(), total])
        flat = np.maximum(adam.step(flat, rise, length), 0.0)
        role, total = flat[: role.size].reshape(role.shape), flat[role.size :]
    return best
