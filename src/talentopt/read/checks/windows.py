"""Firsts that come after their lasts, and smallests above their largests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.read.checks.facts import Facts

_SPANS = (
    ("participants", "start", "end", "the person starts after their end"),
    ("placements", "opens", "closes", "the placement opens after it closes"),
    ("absences", "from", "to", "the absence begins after it ends"),
)
_RANGES = (("requirements", "min", "max"), ("quotas", "min", "max"))


def check_windows(facts: Facts) -> None:
    """Note windows and ranges that are the wrong way round.

    A window that only the calendar's own end cuts off is fine.
    """
    last = facts.n_periods - 1
    for table, first, end, problem in _SPANS:
        frame = facts.tables[table]
        begins = frame[first].to_numpy(np.float64, na_value=np.nan)
        ends = frame[end].to_numpy(np.float64, na_value=np.nan)
        with np.errstate(invalid="ignore"):
            wrong = (begins > ends) & ~(_default(table) & ((begins == 0) | (ends == last)))
        facts.note(table, f"{first}, {end}", wrong, lambda _: (problem, "swap or correct them"))
    for table, low, high in _RANGES:
        frame = facts.tables[table]
        with np.errstate(invalid="ignore"):
            wrong = frame[low].to_numpy() > frame[high].to_numpy()
        facts.note(
            table,
            f"{low}, {high}",
            wrong,
            lambda value: (f"min {value:g} is above max", "lower min or raise max"),
        )


def _default(table: str) -> bool:
    """Whether blank periods of a table mean the calendar's ends."""
    return table in ("participants", "placements")
