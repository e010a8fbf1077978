"""The bookings table and the previous plan as facts about (person, placement)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talentopt.compile.entries import Cells

if TYPE_CHECKING:
    import pandas as pd

    from talentopt.compile.previous import PreviousBookings
    from talentopt.compile.side import Side

ANY = -1
"""Start of a booking that may start in any period."""

OUTSIDE = 1 << 30
"""Start of a booking before the calendar, which no mask holds."""


@dataclass(frozen=True, slots=True)
class Bookings:
    """Rows of the bookings table, then the begun bookings of the previous plan.

    Attributes
    ----------
    person, placement : (n,) int64
    start : (n,) int64
        `ANY` where it is blank.
    status : (n,) object
        ``open``, ``forbidden``, ``fixed`` or ``done``; ``begun`` for the previous plan.
    points : (n,) float64
    line : (n,) int64
        In the bookings table, or in the previous plan's table for ``begun``.
    """

    person: np.ndarray
    placement: np.ndarray
    start: np.ndarray
    status: np.ndarray
    points: np.ndarray
    line: np.ndarray

    @classmethod
    def of(
        cls, frame: pd.DataFrame, people: Side, placements: Side, kept: PreviousBookings
    ) -> Bookings:
        """Read every row whose person and placement are planned, and what is kept."""
        person, placement = people.find(frame["participant"]), placements.find(frame["placement"])
        rows = np.flatnonzero((person >= 0) & (placement >= 0))
        start = frame["start"].to_numpy(dtype=np.float64, na_value=np.nan)[rows]
        known = np.where(np.isnan(start), ANY, np.where(start < 0, OUTSIDE, start))
        points = frame["points"].to_numpy(dtype=np.float64, na_value=np.nan)[rows]
        return cls(
            np.concatenate([person[rows], kept.person]),
            np.concatenate([placement[rows], kept.placement]),
            np.concatenate([known.astype(np.int64), kept.start]),
            np.concatenate(
                [
                    frame["status"].to_numpy(dtype=object)[rows],
                    np.full(len(kept.person), "begun", dtype=object),
                ]
            ),
            np.concatenate([np.nan_to_num(points), np.zeros(len(kept.person))]),
            np.concatenate([frame.index.to_numpy()[rows], kept.line]),
        )

    def added_points(self) -> Cells:
        """Return the points that rows add to a booking at any start."""
        mine = self.points != 0
        return Cells.of(self.person[mine], self.placement[mine], self.points[mine])

    def starts(self, *statuses: str) -> Cells:
        """Return the cells with one of these statuses; their value is the start."""
        mine = np.isin(self.status.astype(str), statuses)
        return Cells.of(self.person[mine], self.placement[mine], self.start[mine])
