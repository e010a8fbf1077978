"""What decisions have gained the bound so far: later nodes need not try them again.

"Reliability branching" (Achterberg, Koch and Martin, "Branching rules revisited", 2005),
with gains per decision instead of per unit, as most decisions are about one half.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.solve.enumeration.branching import Condition
    from talentopt.solve.enumeration.candidates import Candidate

RELIABLE = 1
"""Times that each side of a candidate is tried before its gains are believed."""


class Gains:
    """Averages the points by which decisions lowered bounds."""

    def __init__(self) -> None:
        """Begin without any."""
        self._noted: dict[Condition, list[float]] = {}

    def note(self, decision: Condition, gain: float) -> None:
        """Remember what a decision gained."""
        self._noted.setdefault(decision, []).append(gain)

    def expected(self, candidate: Candidate) -> np.ndarray | None:
        """(2,) float64: what the sides should gain; None while that is not known well."""
        noted = [self._noted.get(decision, []) for decision in candidate]
        if min(len(gains) for gains in noted) < RELIABLE:
            return None
        return np.array([float(np.mean(gains)) for gains in noted])
