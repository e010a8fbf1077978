"""Both sides' column is filled and equal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.compile.crossing import Crossing
    from talentopt.read.model import Compare


def allowed(rule: Compare, crossing: Crossing, rows: slice) -> np.ndarray:
    """(n_rows, n_providers) bool."""
    seekers, providers = crossing.codes(rule.column)
    mine = seekers[rows, None]
    return np.asarray((mine == providers[None, :]) & (mine >= 0))


def points(rule: Compare, crossing: Crossing, rows: slice) -> np.ndarray:
    """(n_rows, n_providers) float64."""
    weight = crossing.seekers.amounts(1.0 if rule.weight is None else rule.weight)
    return np.where(allowed(rule, crossing, rows), weight[rows, None], 0.0)


def reason(rule: Compare, crossing: Crossing, seeker: int, provider: int) -> str:
    """Say which two values differ."""
    mine = crossing.seekers.texts(rule.column)[seeker] or "blank"
    other = crossing.providers.texts(rule.column)[provider] or "blank"
    return (
        f"{rule.column} must be the same, but is {mine} for {crossing.seekers.ids[seeker]} "
        f"and {other} for {crossing.providers.ids[provider]}"
    )
