"""What one side said of the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.compile.crossing import Crossing
    from talentopt.read.model import Preference


def points(rule: Preference, crossing: Crossing, rows: slice) -> np.ndarray:
    """(n_rows, n_providers) float64."""
    if rule.of == "seeker":
        said = crossing.preferred_by_seekers(rows)
    else:
        said = crossing.preferred_by_providers(rows)
    return np.asarray(said * crossing.seekers.amounts(rule.weight)[rows, None])
