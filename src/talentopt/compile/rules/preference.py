"""What one side said of the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from talentopt.compile.crossing import Crossing
    from talentopt.read.model import Preference


def points(rule: Preference, crossing: Crossing, rows: slice) -> csr_array:
    """(n_rows, n_providers) float64."""
    if rule.of == "seeker":
        said = crossing.preferred_by_seekers(rows)
    else:
        said = crossing.preferred_by_providers(rows)
    weight = crossing.seekers.amounts(rule.weight)[rows]
    points = said.data * np.repeat(weight, np.diff(said.indptr))
    return csr_array((points, said.indices, said.indptr), shape=said.shape)
