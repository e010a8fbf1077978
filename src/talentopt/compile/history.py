"""What people have already done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from talentopt.compile.side import Side


@dataclass(frozen=True, slots=True)
class History:
    """The bookings that are done, each (person, placement) once.

    It counts for stage counts, distinct values, limits, prerequisites, hours
    and quotas, and for nothing else.

    Attributes
    ----------
    person, placement : (n,) int64
    start : (n,) float64
        Period index, also before the calendar; NaN = not said.
    line : (n,) int64
        Line in the bookings table.
    """

    person: np.ndarray
    placement: np.ndarray
    start: np.ndarray
    line: np.ndarray

    @classmethod
    def of(cls, bookings: pd.DataFrame, people: Side, placements: Side) -> History:
        """Read the rows with status ``done``."""
        done = bookings[bookings["status"] == "done"]
        person = people.find(done["participant"])
        placement = placements.find(done["placement"])
        key = person * max(1, len(placements)) + placement
        known = (person >= 0) & (placement >= 0)
        rows = np.flatnonzero(known)[np.unique(key[known], return_index=True)[1]]
        start = done["start"].to_numpy(dtype=np.float64, na_value=np.nan)
        return cls(person[rows], placement[rows], start[rows], done.index.to_numpy()[rows])

    def __len__(self) -> int:
        """Count the bookings."""
        return len(self.person)

    def holds(self, n_people: int, placements: np.ndarray) -> np.ndarray:
        """(n_people,) bool: who has done at least one of some placements.

        Parameters
        ----------
        n_people : int
        placements : (n_placements,) bool
        """
        held = np.zeros(n_people, dtype=bool)
        held[self.person[placements[self.placement]]] = True
        return held
