"""What an audit says of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from talentopt.audit.ledger import Violation

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

__all__ = ["Difference", "Verdict", "Violation"]


class Difference(NamedTuple):
    """A claim of the plan's files that the recomputation does not confirm."""

    file: str
    line: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything recomputed from a scenario and a plan's pairs and bookings.

    Attributes
    ----------
    violations : tuple of Violation
        Hard rules that the plan breaks: (rule, subject, message).
    differences : tuple of Difference
        Claims in the plan's files that are not confirmed: (file, line, message).
    scores : DataFrame
        Columns `rule`, `subject`, `object`, `period`, `points`: every point,
        losses negative.
    objective : float
        Sum of `scores`.
    components : mapping of str to float
        Points by rule.
    totals : mapping of str to float
        Each participant's own points.
    n_pairs, n_bookings : int
        Size of the plan.
    """

    violations: tuple[Violation, ...]
    differences: tuple[Difference, ...]
    scores: pd.DataFrame
    objective: float
    components: Mapping[str, float]
    totals: Mapping[str, float]
    n_pairs: int
    n_bookings: int

    @property
    def ok(self) -> bool:
        """Whether the plan keeps every hard rule and says nothing wrong."""
        return not self.violations and not self.differences
