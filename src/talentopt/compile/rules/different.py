"""The negation of `same`: true where either side is blank."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.compile.rules import same

if TYPE_CHECKING:
    from talentopt.compile.crossing import Crossing
    from talentopt.read.model import Compare


def allowed(rule: Compare, crossing: Crossing, rows: slice) -> np.ndarray:
    """(n_rows, n_providers) bool."""
    return ~same.allowed(rule, crossing, rows)


def points(rule: Compare, crossing: Crossing, rows: slice) -> np.ndarray:
    """(n_rows, n_providers) float64."""
    weight = crossing.seekers.amounts(1.0 if rule.weight is None else rule.weight)
    return np.where(allowed(rule, crossing, rows), weight[rows, None], 0.0)


def reason(rule: Compare, crossing: Crossing, seeker: int, provider: int) -> str:
    """Say which value both share."""
    shared = crossing.seekers.texts(rule.column)[seeker]
    return (
        f"{rule.column} must differ, but is {shared} for both "
        f"{crossing.seekers.ids[seeker]} and {crossing.providers.ids[provider]}"
    )
