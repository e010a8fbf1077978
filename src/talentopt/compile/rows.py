"""Collects linear rows before they become one sparse matrix."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from talentopt.problem.problem import Rows


class RowBuilder:
    """Collects rows over arcs, options and events.

    Parameters
    ----------
    n_arcs, n_options : int
        Columns before those of the events.
    """

    def __init__(self, n_arcs: int, n_options: int) -> None:
        self.n_arcs, self.n_options = n_arcs, n_options
        self.names: list[tuple[str, str, str]] = []
        self._columns: list[np.ndarray] = []
        self._values: list[np.ndarray] = []
        self._lower: list[float] = []
        self._upper: list[float] = []
        self._price: list[float] = []

    def add(
        self,
        name: tuple[str, str, str],
        columns: np.ndarray,
        values: np.ndarray | float,
        bounds: tuple[float, float],
        price: float,
    ) -> None:
        """Add ``lower <= values @ columns <= upper`` at a price per unit missed."""
        self.names.append(name)
        self._columns.append(np.asarray(columns, dtype=np.int64))
        self._values.append(np.broadcast_to(np.asarray(values, dtype=np.float64), columns.shape))
        self._lower.append(bounds[0])
        self._upper.append(bounds[1])
        self._price.append(price)

    def finish(self, n_events: int) -> Rows:
        """Join all rows."""
        n_columns = self.n_arcs + self.n_options + n_events
        lengths = [len(columns) for columns in self._columns]
        matrix = csr_array(
            (
                np.concatenate([np.zeros(0), *self._values]),
                np.concatenate([np.zeros(0, np.int64), *self._columns]),
                np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64),
            ),
            shape=(len(lengths), n_columns),
        )
        matrix.sort_indices()
        return Rows(
            matrix,
            np.array(self._lower, dtype=np.float64),
            np.array(self._upper, dtype=np.float64),
            np.array(self._price, dtype=np.float64),
        )
