"""Periods as the calendar writes them, and their indices."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Literal

Unit = Literal["month", "quarter", "week", "plain"]

EXAMPLES: dict[Unit, str] = {
    "month": "2026-07",
    "quarter": "2026-Q3",
    "week": "2026-W27",
    "plain": "1",
}

UNIT_NAMES: dict[Unit, str] = {
    "month": "month",
    "quarter": "quarter",
    "week": "week",
    "plain": "period number",
}

_PATTERNS: dict[Unit, re.Pattern[str]] = {
    "month": re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])"),
    "quarter": re.compile(r"([0-9]{4})-Q([1-4])"),
    "week": re.compile(r"([0-9]{4})-W(0[1-9]|[1-4][0-9]|5[0-3])"),
    "plain": re.compile(r"(0|-?[1-9][0-9]{0,5})"),
}


def ordinal(unit: Unit, text: str) -> int:
    """Return the number of a period; consecutive periods have consecutive numbers.

    Raises
    ------
    ValueError
        If the text is no period of that unit.
    """
    match = _PATTERNS[unit].fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no {UNIT_NAMES[unit]} such as {EXAMPLES[unit]}")
    if unit == "plain":
        return int(text)
    year, part = int(match[1]), int(match[2])
    if unit == "month":
        return year * 12 + part - 1
    if unit == "quarter":
        return year * 4 + part - 1
    if year < 1:
        raise ValueError(f"{text!r} is no week such as {EXAMPLES[unit]}")
    return datetime.date.fromisocalendar(year, part, 1).toordinal() // 7


def label(unit: Unit, number: int) -> str:
    """Write the period with this ordinal as the calendar writes it."""
    if unit == "plain":
        return str(number)
    if unit == "month":
        return f"{number // 12:04d}-{number % 12 + 1:02d}"
    if unit == "quarter":
        return f"{number // 4:04d}-Q{number % 4 + 1}"
    year, week, _ = datetime.date.fromordinal(number * 7 + 1).isocalendar()
    return f"{year:04d}-W{week:02d}"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Consecutive periods of one unit.

    Attributes
    ----------
    unit : str
    start : int
        Ordinal of the first period.
    n_periods : int
    cycle : int or None
        Periods between re-plans.
    """

    unit: Unit
    start: int
    n_periods: int
    cycle: int | None = None

    def index(self, text: str) -> int:
        """Find the 0-based index of a period; outside the calendar it is negative or large.

        Raises
        ------
        ValueError
            If the text is no period of this calendar's unit.
        """
        return ordinal(self.unit, text) - self.start

    def label(self, index: int) -> str:
        """Write a period, given its 0-based index."""
        return label(self.unit, self.start + int(index))
