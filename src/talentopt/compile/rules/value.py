"""A number in a column of one side; blank is 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.compile.crossing import Crossing
    from talentopt.read.model import Value


def points(rule: Value, crossing: Crossing, rows: slice) -> np.ndarray:
    """(n_rows, n_providers) or (n_rows, 1) float64."""
    weight = crossing.seekers.amounts(rule.weight)[rows, None]
    if rule.of == "seeker":
        return np.asarray(
            np.nan_to_num(crossing.seekers.numbers(rule.column))[rows, None] * weight
        )
    return np.asarray(np.nan_to_num(crossing.providers.numbers(rule.column))[None, :] * weight)
