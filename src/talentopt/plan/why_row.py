"""Hard rows that have no room left, such as budgets, and what they keep out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import measure
from talentopt.problem.feasible import SLACK

if TYPE_CHECKING:
    from talentopt.compile.index import Index
    from talentopt.problem import Assignment, Problem


class FullRows:
    """Answers which hard row one more pair or booking would break.

    Events (quotas on people) are left aside: what they count depends on the
    other bookings of the same person.

    Parameters
    ----------
    problem : Problem
    index : Index
    assignment : Assignment
    """

    def __init__(self, problem: Problem, index: Index, assignment: Assignment) -> None:
        rows = problem.rows
        self._n_arcs = problem.matchings.n_arcs
        hard = np.isinf(rows.price) & np.isfinite(rows.upper)
        self._row = np.flatnonzero(hard)
        self._names = [" ".join(index.rows[row][:2]) for row in self._row]
        if len(self._row):
            activity = measure.row_activity(problem, assignment)
            self._room = (rows.upper - activity)[self._row]
            self._columns = rows.matrix[self._row].tocsc()

    def block_pair(self, arc: int) -> str | None:
        """Name a hard row without room for this pair, such as ``budget travel``."""
        return self._block(arc)

    def block_booking(self, option: int) -> str | None:
        """Name a hard row without room for this booking."""
        return self._block(self._n_arcs + option)

    def _block(self, column: int) -> str | None:
        if len(self._row) == 0:
            return None
        entries = slice(self._columns.indptr[column], self._columns.indptr[column + 1])
        row, draw = self._columns.indices[entries], self._columns.data[entries]
        broken = row[draw > self._room[row] + SLACK]
        return self._names[broken[0]] if len(broken) else None
