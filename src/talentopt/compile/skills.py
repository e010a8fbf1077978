"""Skill levels, and the share of a seeker's gaps that a provider can close."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from talentopt.compile.side import Side
    from talentopt.read.scenario import Scenario

LARGEST_CACHE = 1 << 24
"""Most cells of one fit matrix that is kept for the next matching (128 MB)."""

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

    What was computed is kept for the next matching when it is small enough.

    Parameters
    ----------
    levels, gaps : (n_seekers, n_skills) float64
    offered : (n_providers, n_skills) float64
    """

    def __init__(self, levels: np.ndarray, gaps: np.ndarray, offered: np.ndarray) -> None:
        self.levels, self.gaps, self.offered = levels, gaps, offered
        self._by_skill = np.ascontiguousarray(offered.T)
        n_cells = len(levels) * len(offered)
        self._cached = np.zeros(len(levels), dtype=bool) if n_cells <= LARGEST_CACHE else None
        self._cache = np.empty((len(levels), len(offered)) if n_cells <= LARGEST_CACHE else (0, 0))

    def block(self, rows: slice) -> np.ndarray:
        """(n_rows, n_providers) float64: shares of the gaps closed, 0 without gaps."""
        if self._cached is None:
            return self._closed_share(rows)
        if not self._cached[rows].all():
            self._cache[rows] = self._closed_share(rows)
            self._cached[rows] = True
        return self._cache[rows]

    def has_gaps(self, rows: slice) -> np.ndarray:
        """(n_rows,) bool."""
        return np.asarray(self.gaps[rows].any(axis=1))

    def _closed_share(self, rows: slice) -> np.ndarray:
        gaps, levels = self.gaps[rows], self.levels[rows]
        closed = np.zeros((len(gaps), len(self.offered)))
        for skill in np.flatnonzero(gaps.any(axis=0) & self._by_skill.any(axis=1)):
            who = np.flatnonzero(gaps[:, skill])
            gain = self._by_skill[skill] - levels[who, skill, None]
            np.clip(gain, 0.0, gaps[who, skill, None], out=gain)
            closed[who] += gain
        total = gaps.sum(axis=1)
        return np.asarray(closed / np.where(total > 0, total, 1.0)[:, None])
