"""Skill levels, and the share of a seeker's gaps that a provider can close."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from talentopt.compile.side import Side
    from talentopt.read.scenario import Scenario

LARGEST_CACHE = 1 << 24
"""Most cells of what providers close of the kinds of gaps that are kept (128 MB)."""

_OFFERED = {
    "participants": ("participant_skills", "participant", "level"),
    "mentors": ("mentor_skills", "mentor", "level"),
    "placements": ("placement_skills", "placement", "develops"),
}


class Skills:
    """Levels and gaps of every table that has skills.

    Skills are numbered as `participant_skills` and `placement_skills` name
    them; a skill nobody lists is level 0.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._tables = scenario.tables
        named = [scenario.tables[table]["skill"] for table, _, _ in _OFFERED.values()]
        self.names = pd.Index(pd.unique(pd.concat(named).to_numpy(dtype=object)), dtype=object)
        self._fits: dict[tuple[Side, Side], Fit] = {}

    def levels(self, side: Side) -> np.ndarray:
        """(n_rows, n_skills) float64: what each row has, or offers; 0 without skills."""
        if side.table not in _OFFERED:
            return np.zeros((len(side), len(self.names)))
        table, owner, column = _OFFERED[side.table]
        return self._spread(side, table, owner, column)

    def gaps(self, side: Side) -> np.ndarray:
        """(n_rows, n_skills) float64: how far each target is above the level."""
        if side.table != "participants":
            return np.zeros((len(side), len(self.names)))
        targets = self._spread(side, "participant_skills", "participant", "target")
        return np.asarray(np.maximum(0.0, targets - self.levels(side)))

    def fit(self, seekers: Side, providers: Side) -> Fit:
        """Return the fit of two tables, the same one for every matching of them."""
        if (seekers, providers) not in self._fits:
            fit = Fit(self.levels(seekers), self.gaps(seekers), self.levels(providers))
            self._fits[seekers, providers] = fit
        return self._fits[seekers, providers]

    def _spread(self, side: Side, table: str, owner: str, column: str) -> np.ndarray:
        rows = self._tables[table]
        spread = np.zeros((len(side), len(self.names)))
        owners = side.find(rows[owner])
        skills = self.names.get_indexer(rows["skill"].to_numpy(dtype=object))
        filled = rows[column].to_numpy(dtype=np.float64, na_value=np.nan)
        known = (owners >= 0) & ~np.isnan(filled)
        spread[owners[known], skills[known]] = filled[known]
        return spread


class Fit:
    """The skill fit of seekers with providers, block by block.

    Gaps of the same skill, level and size are of one kind: whoever has one gains
    the same from a provider, which is computed once.

    Parameters
    ----------
    levels, gaps : (n_seekers, n_skills) float64
    offered : (n_providers, n_skills) float64
    """

    def __init__(self, levels: np.ndarray, gaps: np.ndarray, offered: np.ndarray) -> None:
        self._total = gaps.sum(axis=1)
        self._offers = np.ascontiguousarray(offered.T)
        seeker, skill = np.nonzero(gaps)
        self._first = np.searchsorted(seeker, np.arange(len(gaps) + 1))
        lacks = np.column_stack([skill, levels[seeker, skill], gaps[seeker, skill]])
        self._kinds, kind = np.unique(lacks, axis=0, return_inverse=True)
        self._kind = kind.reshape(-1)

    def block(self, rows: slice) -> np.ndarray:
        """(n_rows, n_providers) float64: shares of the gaps closed, 0 without gaps."""
        first = self._first[rows.start : rows.stop + 1]
        kind, gains = self._kind[first[0] : first[-1]], self._all_gains
        if gains is None:
            used, kind = np.unique(kind, return_inverse=True)
            gains = self._gains(used)
        shape = len(first) - 1, len(gains)
        lacks = csr_array((np.ones(len(kind)), kind, first - first[0]), shape=shape)
        total = self._total[rows]
        closed = lacks @ gains
        closed /= np.where(total > 0, total, 1.0)[:, None]
        return np.asarray(closed)

    def has_gaps(self, rows: slice) -> np.ndarray:
        """(n_rows,) bool."""
        return np.asarray(self._total[rows] > 0)

    @cached_property
    def _all_gains(self) -> np.ndarray | None:
        """What every provider closes of every kind; None where that is too much to keep."""
        if len(self._kinds) * self._offers.shape[1] > LARGEST_CACHE:
            return None
        return self._gains(np.arange(len(self._kinds)))

    def _gains(self, kinds: np.ndarray) -> np.ndarray:
        """(n_kinds, n_providers) float64: how much of each gap is closed."""
        skill, level, gap = self._kinds[kinds].T
        gain = self._offers[skill.astype(np.int64)] - level[:, None]
        return np.asarray(np.clip(gain, 0.0, gap[:, None], out=gain))
