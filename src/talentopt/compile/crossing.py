"""Seekers against providers: all that rules read of them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from talentopt.compile.side import shared_codes

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from scipy.sparse import csr_array

    from talentopt.compile.preferences import Preferences
    from talentopt.compile.side import Side
    from talentopt.compile.skills import Fit, Skills

CELLS_PER_BLOCK = 1 << 18
"""Pairs looked at in one go: a few arrays of this size fit into the caches."""


class Crossing:
    """Every seeker of one table against every provider of another.

    Parameters
    ----------
    seekers, providers : Side
    skills : Skills
    preferences : Preferences
    option_columns : tuple of str
        Columns of the provider that a seeker's preference may name.
    stages : (n_providers,) object, optional
        Stage of each provider, where providers are placements to be booked.
    """

    def __init__(
        self,
        seekers: Side,
        providers: Side,
        skills: Skills,
        preferences: Preferences,
        option_columns: tuple[str, ...] = ("id",),
        stages: np.ndarray | None = None,
    ) -> None:
        self.seekers = seekers
        self.providers = providers
        self.stages = stages
        self._skills = skills
        self._preferences = preferences
        self._option_columns = option_columns
        self._codes: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    def blocks(self) -> Iterator[slice]:
        """Cut the seekers into blocks of about `CELLS_PER_BLOCK` pairs."""
        size = max(1, CELLS_PER_BLOCK // max(1, len(self.providers)))
        for first in range(0, len(self.seekers), size):
            yield slice(first, min(first + size, len(self.seekers)))

    def shape(self, rows: slice) -> tuple[int, int]:
        """(n_rows, n_providers) of a block."""
        return rows.stop - rows.start, len(self.providers)

    def codes(self, column: str) -> tuple[np.ndarray, np.ndarray]:
        """(n_seekers,) and (n_providers,) int32: equal texts alike, blank -1."""
        if column not in self._codes:
            seekers, providers = shared_codes(
                self.seekers.texts(column), self.providers.texts(column)
            )
            self._codes[column] = seekers, providers
        return self._codes[column]

    @cached_property
    def fit(self) -> Fit:
        """The skill fit of every pair."""
        return self._skills.fit(self.seekers, self.providers)

    def preferred_by_seekers(self, rows: slice) -> csr_array:
        """(n_rows, n_providers) float64: points that the seekers give."""
        given, named = self._given_by_seekers
        return given[rows] @ named

    def preferred_by_providers(self, rows: slice) -> csr_array:
        """(n_rows, n_providers) float64: points that the providers give."""
        return self._given_by_providers[rows]

    @cached_property
    def _given_by_seekers(self) -> tuple[csr_array, csr_array]:
        return self._preferences.of_seekers(self.seekers, self.providers, self._option_columns)

    @cached_property
    def _given_by_providers(self) -> csr_array:
        return self._preferences.of_providers(self.seekers, self.providers)
