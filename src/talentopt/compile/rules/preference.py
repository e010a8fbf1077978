"""What one side said of the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from talentopt.compile.crossing import Crossing
    from talentopt.read.model import Preference


def points(rule: Preference, crossing: Crossing, rows: slice) -> csr_array:
    """(n_rows, n_providers) float64."""
    if rule.of == "seeker":
        said = crossing.preferred_by_seekers(rows)
    else:
        said = crossing.preferred_by_providers(rows)
    return said.multiply(crossing.seekers.amounts(rule.weight)[rows, None])
