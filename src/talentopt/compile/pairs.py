"""The pairs table as one matching reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talentopt.compile.entries import Cells

if TYPE_CHECKING:
    import pandas as pd

    from talentopt.compile.side import Side


@dataclass(frozen=True, slots=True)
class Pairs:
    """The rows of the pairs table that concern one matching.

    Rows without a matching concern every matching whose tables hold both ids.

    Attributes
    ----------
    seeker, provider : (n,) int64
        Rows of the seekers' and the providers' table.
    line : (n,) int64
    status : (n,) object
    points, load : (n,) float64
    """

    seeker: np.ndarray
    provider: np.ndarray
    line: np.ndarray
    status: np.ndarray
    points: np.ndarray
    load: np.ndarray

    @classmethod
    def of(cls, frame: pd.DataFrame, matching: str, seekers: Side, providers: Side) -> Pairs:
        """Select the rows of one matching; its own rows after those of all matchings."""
        named = frame["matching"].to_numpy(dtype=object)
        seeker, provider = seekers.find(frame["seeker"]), providers.find(frame["provider"])
        concerned = (named == matching) | (named == "")
        rows = np.flatnonzero(concerned & (seeker >= 0) & (provider >= 0))
        rows = rows[np.argsort(named[rows] == matching, kind="stable")]
        return cls(
            seeker[rows],
            provider[rows],
            frame.index.to_numpy()[rows],
            frame["status"].to_numpy(dtype=object)[rows],
            np.nan_to_num(frame["points"].to_numpy(dtype=np.float64, na_value=np.nan)[rows]),
            frame["load"].to_numpy(dtype=np.float64)[rows],
        )

    def forbidden(self) -> Cells:
        """Return the cells that must not be paired."""
        mine = self.status == "forbidden"
        return Cells.of(self.seeker[mine], self.provider[mine])

    def added_points(self) -> Cells:
        """Return the points that rows add, whatever their status."""
        mine = self.points != 0
        return Cells.of(self.seeker[mine], self.provider[mine], self.points[mine])
