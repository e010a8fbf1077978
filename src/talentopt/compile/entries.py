"""Facts about single cells of a crossing, applied block by block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Cells:
    """Some (seeker, provider) cells of a crossing, sorted by seeker.

    Attributes
    ----------
    seeker, provider : (n,) int64
        Rows of the two tables.
    value : (n,) float64
        What the fact says of the cell; not used for mere sets of cells.
    """

    seeker: np.ndarray
    provider: np.ndarray
    value: np.ndarray

    @classmethod
    def of(
        cls, seeker: np.ndarray, provider: np.ndarray, value: np.ndarray | float = 0.0
    ) -> Cells:
        """Sort cells by seeker."""
        order = np.argsort(seeker, kind="stable")
        values = np.broadcast_to(np.asarray(value), (len(seeker),))
        return cls(np.asarray(seeker)[order], np.asarray(provider)[order], values[order])

    def within(self, rows: slice) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the cells of a block: row within it, provider and value."""
        first, last = np.searchsorted(self.seeker, [rows.start, rows.stop])
        part = slice(first, last)
        return self.seeker[part] - rows.start, self.provider[part], self.value[part]

    def clear(self, allowed: np.ndarray, rows: slice) -> None:
        """Set these cells of a block to False (or 0)."""
        seeker, provider, _ = self.within(rows)
        allowed[seeker, provider] = 0

    def add(self, points: np.ndarray, rows: slice) -> None:
        """Add the values of these cells to a block."""
        seeker, provider, value = self.within(rows)
        np.add.at(points, (seeker, provider), value)
