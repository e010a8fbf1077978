"""How points are rounded."""

from __future__ import annotations

import numpy as np


def rounded(points: np.ndarray) -> np.ndarray:
    """Round summed points half-even to 0.01.

    Rounding 100 times the points to six decimals first makes halves that
    binary fractions miss by a hair count as halves.
    """
    return np.rint(np.round(points * 100.0, 6)) / 100.0
