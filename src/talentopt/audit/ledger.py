"""What the audit finds: violations, points and shortages, collected rule by rule."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

SLACK = 1e-9
"""Room for floating-point error when sums are compared with limits."""


class Violation(NamedTuple):
    """A hard rule that the plan breaks."""

    rule: str
    subject: str
    message: str


class Score(NamedTuple):
    """Points, the way `scores.csv` writes them; losses are negative."""

    rule: str
    subject: str
    object: str
    period: str
    points: float


class Shortage(NamedTuple):
    """Something that the plan misses, with the (positive) points it costs."""

    rule: str
    subject: str
    amount: float
    points: float


@dataclass
class Ledger:
    """Collects what the rules find.

    Attributes
    ----------
    violations : list of Violation
    scores : list of Score
        Zero rows are left out, except pairs and bookings.
    shortages : list of Shortage
        Also those that cost nothing.
    """

    violations: list[Violation] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)
    shortages: list[Shortage] = field(default_factory=list)
    _shares: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def forbid(self, rule: str, subject: str, message: str) -> None:
        """Note a broken hard rule."""
        self.violations.append(Violation(rule, subject, message))

    def choose(self, score: Score, person: str | None = None) -> None:
        """Note the points of a pair or booking; kept also when they are 0."""
        self.scores.append(score)
        if person is not None:
            self._shares[person].append(score.points)

    def note(self, score: Score, person: str | None = None) -> None:
        """Note any other points, unless they are 0."""
        if score.points != 0:
            self.choose(score, person)

    def miss(
        self,
        rule: str,
        subject: str,
        object: str,
        amount: float,
        price: float,
        *,
        period: str = "",
        person: str | None = None,
    ) -> None:
        """Note something missing: a shortage, and the points it costs."""
        if amount > 0:
            self.shortages.append(Shortage(rule, subject, amount, amount * price))
            self.note(Score(rule, subject, object, period, -amount * price), person)

    def total(self, person: str) -> float:
        """Add up everything attributed to one person."""
        return math.fsum(self._shares.get(person, ()))

    def objective(self) -> float:
        """Add up all points."""
        return math.fsum(score.points for score in self.scores)
