"""A mixed-integer linear model in arrays, and its builder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from talentopt.problem.problem import Assignment

if TYPE_CHECKING:
    from collections.abc import Callable

    Completion = Callable[[np.ndarray, Assignment], None]

ABSENT = np.iinfo(np.int32).min
"""Second id of rows that have only one."""


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Maximise ``objective @ x + constant`` over ``row_lower <= matrix @ x <= row_upper``.

    The first columns are the arcs, then come the (option, start) pairs in the
    order of `Itineraries.all_starts`, then auxiliary columns.

    Attributes
    ----------
    objective : (n_columns,) float64
    constant : float
    column_lower, column_upper : (n_columns,) float64
    integral : (n_columns,) bool
        Columns that must be whole. The others are either whole whenever these
        are, or measure a shortage.
    shortage : (n_columns,) bool
        Columns that may be fractions in the best solution.
    matrix : (n_rows, n_columns) csr_array of float64
    row_lower, row_upper : (n_rows,) float64
    row_kind : (n_rows,) int16
        Index into `kinds`.
    row_ids : (n_rows, 2) int64
        What each row is about, as `kinds` says; `ABSENT` when there is no second.
    kinds : tuple of str
        Kinds of rows with the names of their ids, e.g. ``seats/placement/period``.
    n_arcs : int
    start_option : (n_starts,) int64
    start_period : (n_starts,) int32
        Option and start of the columns after the arcs.
    slack_row, slack_column : (n_slacks,) int64
        Columns that make up for a row below its lower bound (sign 1) or above
        its upper bound (sign -1).
    slack_sign : (n_slacks,) float64
    worst : int
        The column of the lowest person's total; -1 = none.
    completions : tuple of callable
        Fill the other auxiliary columns of a solution in.
    """

    objective: np.ndarray
    constant: float
    column_lower: np.ndarray
    column_upper: np.ndarray
    integral: np.ndarray
    shortage: np.ndarray
    matrix: csr_array
    row_lower: np.ndarray
    row_upper: np.ndarray
    row_kind: np.ndarray
    row_ids: np.ndarray
    kinds: tuple[str, ...]
    n_arcs: int
    start_option: np.ndarray
    start_period: np.ndarray
    slack_row: np.ndarray
    slack_column: np.ndarray
    slack_sign: np.ndarray
    worst: int
    completions: tuple[Completion, ...]

    @property
    def n_columns(self) -> int:
        """Number of columns."""
        return len(self.objective)

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.row_lower)

    def decode(self, values: np.ndarray) -> Assignment:
        """Read the assignment from a solution, rounding to the nearest whole number."""
        chosen = np.asarray(values[: self.n_arcs + len(self.start_option)]) > 0.5
        booked = np.flatnonzero(chosen[self.n_arcs :])
        return Assignment.of(
            np.flatnonzero(chosen[: self.n_arcs]),
            self.start_option[booked],
            self.start_period[booked],
        )

    def vector(self, assignment: Assignment) -> np.ndarray:
        """(n_columns,) float64: the best solution that decodes into an assignment.

        The assignment's starts must be allowed ones; hard rows need not hold.
        """
        values = np.zeros(self.n_columns)
        values[assignment.arcs] = 1.0
        values[self.n_arcs + self.starts_of(assignment)] = 1.0
        for complete in self.completions:
            complete(values, assignment)
        activity = (self.matrix @ values)[self.slack_row]
        below = self.row_lower[self.slack_row] - activity
        above = activity - self.row_upper[self.slack_row]
        missed = np.where(self.slack_sign > 0, below, above)
        values[self.slack_column] = np.maximum(missed, 0.0)
        if self.worst >= 0:
            totals = self.matrix[:, [self.worst]].nonzero()[0]
            values[self.worst] = -(self.matrix @ values)[totals].max()
        return values

    def starts_of(self, assignment: Assignment) -> np.ndarray:
        """(n_bookings,) int64: position of each booking among the starts."""
        first = np.searchsorted(self.start_option, assignment.options, side="left")
        last = np.searchsorted(self.start_option, assignment.options, side="right")
        return np.array(
            [
                begin + np.searchsorted(self.start_period[begin:end], start)
                for begin, end, start in zip(first, last, assignment.starts, strict=True)
            ],
            dtype=np.int64,
        )


class Builder:
    """Collects columns, rows and entries, rule by rule."""

    def __init__(self) -> None:
        self.n_columns = 0
        self.n_rows = 0
        self._columns: list[tuple[np.ndarray, ...]] = []
        self._rows: list[tuple[np.ndarray, ...]] = []
        self._entries: list[tuple[np.ndarray, ...]] = []
        self._kinds: list[str] = []
        self._slacks: list[tuple[np.ndarray, ...]] = []
        self._completions: list[Completion] = []
        nothing = np.zeros(0, dtype=np.int64)
        self.columns(np.zeros(0), nothing)
        self._rows.append((np.zeros(0), np.zeros(0), nothing, np.zeros((0, 2), dtype=np.int64)))
        self.entries(nothing, nothing)

    def columns(
        self,
        points: np.ndarray,
        person: np.ndarray,
        *,
        upper: np.ndarray | float = 1.0,
        lower: np.ndarray | float = 0.0,
        integral: bool = False,
        shortage: bool = False,
    ) -> np.ndarray:
        """Add columns worth `points` each, part of their person's total (-1 = nobody's).

        Returns
        -------
        (n,) int64
            Their indices.
        """
        points = np.asarray(points, dtype=np.float64)
        shape = points.shape
        self._columns.append(
            (
                points,
                np.broadcast_to(np.asarray(person, dtype=np.int64), shape),
                np.broadcast_to(np.asarray(lower, dtype=np.float64), shape),
                np.broadcast_to(np.asarray(upper, dtype=np.float64), shape),
                np.full(shape, integral),
                np.full(shape, shortage),
            )
        )
        first = self.n_columns
        self.n_columns += len(points)
        return np.arange(first, self.n_columns)

    def rows(
        self,
        kind: str,
        ids: tuple[np.ndarray, ...],
        lower: np.ndarray | float,
        upper: np.ndarray | float,
    ) -> np.ndarray:
        """Add empty rows with their bounds and the ids that name them.

        Returns
        -------
        (n,) int64
            Their indices.
        """
        if kind not in self._kinds:
            self._kinds.append(kind)
        n = len(ids[0])
        second = ids[1] if len(ids) > 1 else np.full(n, ABSENT)
        self._rows.append(
            (
                np.broadcast_to(np.asarray(lower, dtype=np.float64), n),
                np.broadcast_to(np.asarray(upper, dtype=np.float64), n),
                np.full(n, self._kinds.index(kind), dtype=np.int16),
                np.stack([ids[0], second], axis=1).astype(np.int64),
            )
        )
        first = self.n_rows
        self.n_rows += n
        return np.arange(first, self.n_rows)

    def entries(
        self, rows: np.ndarray, columns: np.ndarray, values: np.ndarray | float = 1.0
    ) -> None:
        """Add entries of the matrix; entries at the same place add up."""
        rows = np.asarray(rows, dtype=np.int64)
        filled = np.broadcast_to(np.asarray(values, dtype=np.float64), rows.shape)
        self._entries.append((rows, np.broadcast_to(columns, rows.shape), filled))

    def shortages(
        self, rows: np.ndarray, price: np.ndarray, person: np.ndarray | int = -1
    ) -> np.ndarray:
        """Let each row fall short of its lower bound at a price per unit."""
        return self._slack(rows, price, person, 1.0)

    def excesses(self, rows: np.ndarray, price: np.ndarray) -> np.ndarray:
        """Let each row go over its upper bound at a price per unit."""
        return self._slack(rows, price, -1, -1.0)

    def _slack(
        self, rows: np.ndarray, price: np.ndarray, person: np.ndarray | int, sign: float
    ) -> np.ndarray:
        price = np.broadcast_to(np.asarray(price, dtype=np.float64), rows.shape)
        columns = self.columns(-price, np.asarray(person), upper=np.inf, shortage=True)
        self.entries(rows, columns, sign)
        self._slacks.append((rows, columns, np.full(len(rows), sign)))
        return columns

    def on_completion(self, complete: Completion) -> None:
        """Register what fills auxiliary columns in from an assignment."""
        self._completions.append(complete)

    def owned(self) -> tuple[np.ndarray, np.ndarray]:
        """Return points and person of every column so far."""
        joined = _join(self._columns)
        return joined[0], joined[1]

    def finish(
        self,
        bonus: np.ndarray,
        constant: float,
        worst: int,
        n_arcs: int,
        starts: tuple[np.ndarray, np.ndarray],
    ) -> LinearModel:
        """Join everything; `bonus` is what the first columns earn outside any total."""
        points, _, lower, upper, integral, shortage = _join(self._columns)
        points[: len(bonus)] += bonus
        row, column, value = _join(self._entries)
        matrix = csr_array((value, (row, column)), shape=(self.n_rows, self.n_columns))
        matrix.sum_duplicates()
        row_lower, row_upper, kind, ids = _join(self._rows)
        nothing = np.zeros(0, dtype=np.int64)
        slacks = _join([(nothing, nothing, np.zeros(0)), *self._slacks])
        return LinearModel(
            points,
            constant,
            lower,
            upper,
            integral,
            shortage,
            matrix,
            row_lower,
            row_upper,
            kind,
            ids,
            tuple(self._kinds),
            n_arcs,
            starts[0],
            starts[1],
            slacks[0],
            slacks[1],
            slacks[2],
            worst,
            tuple(self._completions),
        )


def _join(blocks: list[tuple[np.ndarray, ...]]) -> list[np.ndarray]:
    return [np.concatenate(parts) for parts in zip(*blocks, strict=True)]
