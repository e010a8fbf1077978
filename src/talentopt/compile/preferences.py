"""What choosers said of their options, in points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talentopt.compile.side import Side


class Preferences:
    """The preferences table, with ranks turned into points.

    A rank r is worth 100 (R - r) / (R - 1) points, R the largest rank of the
    chooser over all options; 100 when R = 1.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._choosers = frame["chooser"].to_numpy(dtype=object)
        self._options = frame["option"].to_numpy(dtype=object)
        self._points = worth(frame)

    def of_seekers(
        self, seekers: Side, providers: Side, columns: Sequence[str]
    ) -> tuple[csr_array, csr_array]:
        """Points that seekers give, as two factors.

        Parameters
        ----------
        seekers, providers : Side
        columns : sequence of str
            Columns of the providers whose values are options; their points add up.

        Returns
        -------
        given : (n_seekers, n_options) csr_array
        named : (n_options, n_providers) csr_array
            How often a provider answers to the name of an option.
        """
        choosers = seekers.find(self._choosers)
        options, names = pd.factorize(self._options)
        given = _sparse(choosers, options, self._points, (len(seekers), len(names)))
        values = [pd.Index(names).get_indexer(providers.texts(column)) for column in columns]
        answering = np.tile(np.arange(len(providers)), len(columns))
        named_by = np.concatenate(values)
        named = _sparse(named_by, answering, np.ones(len(named_by)), (len(names), len(providers)))
        return given, named

    def of_providers(self, seekers: Side, providers: Side) -> csr_array:
        """(n_seekers, n_providers) csr_array: points that providers give seekers."""
        shape = (len(seekers), len(providers))
        return _sparse(
            seekers.find(self._options), providers.find(self._choosers), self._points, shape
        )


def worth(frame: pd.DataFrame) -> np.ndarray:
    """(n,) float64: points of each row of a preferences table."""
    points = frame["points"].to_numpy(dtype=np.float64, na_value=np.nan)
    ranks = frame["rank"].astype("float64")
    largest = ranks.groupby(frame["chooser"]).transform("max").to_numpy(dtype=np.float64)
    rank = ranks.to_numpy(dtype=np.float64)
    span = np.where(largest > 1, largest - 1, 1.0)
    ranked = np.where(largest > 1, 100.0 * (largest - rank) / span, 100.0)
    worth = np.where(np.isnan(points), ranked, points)
    return np.where(np.isnan(points) & np.isnan(rank), 0.0, worth)


def _sparse(
    rows: np.ndarray, columns: np.ndarray, values: np.ndarray, shape: tuple[int, int]
) -> csr_array:
    known = (rows >= 0) & (columns >= 0)
    return csr_array((values[known], (rows[known], columns[known])), shape=shape)
