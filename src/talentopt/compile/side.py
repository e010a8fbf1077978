"""One table as arrays: ids, texts, numbers and each row's amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from talentopt.read.cells import numbers
from talentopt.read.model import ColumnNumber

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talentopt.read.calendar import Calendar
    from talentopt.read.scenario import Scenario

LARGEST_COUNT = 10**9
"""Stands for "no limit" where counts are integers."""


class Side:
    """The rows of one table, as the seekers or the providers of a pairing.

    Parameters
    ----------
    table : str
        Name of the table.
    frame : DataFrame
        Its rows; the index is the line number in the file.
    calendar : Calendar
        Writes the periods of columns that hold period indices.
    """

    def __init__(self, table: str, frame: pd.DataFrame, calendar: Calendar) -> None:
        self.table = table
        self.frame = frame
        self.ids = pd.Index(frame["id"].to_numpy(dtype=object), dtype=object)
        self._calendar = calendar
        self._texts: dict[str, np.ndarray] = {}
        self._numbers: dict[str, np.ndarray] = {}

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.frame)

    def find(self, ids: pd.Series | np.ndarray) -> np.ndarray:
        """(n,) int64: the row of each id; -1 where there is none."""
        return np.asarray(self.ids.get_indexer(np.asarray(ids, dtype=object)), dtype=np.int64)

    def lines(self) -> np.ndarray:
        """(n,) the line of each row in its file."""
        return self.frame.index.to_numpy()

    def texts(self, column: str) -> np.ndarray:
        """(n,) object: a column as text, blank (also where it is absent) as ``""``."""
        if column not in self._texts:
            self._texts[column] = self._read_texts(column)
        return self._texts[column]

    def numbers(self, column: str) -> np.ndarray:
        """(n,) float64: a column as numbers, blank (also where it is absent) as NaN."""
        if column not in self._numbers:
            self._numbers[column] = self._read_numbers(column)
        return self._numbers[column]

    def amounts(self, number: float | ColumnNumber) -> np.ndarray:
        """(n,) float64: a number of the model for each row."""
        if not isinstance(number, ColumnNumber):
            return np.full(len(self), float(number))
        filled = self.numbers(number.column)
        return np.asarray(np.where(np.isnan(filled), number.default, filled))

    def counts(self, number: float | ColumnNumber) -> np.ndarray:
        """(n,) int64: a count of the model for each row."""
        counts = np.clip(np.rint(self.amounts(number)), 0, LARGEST_COUNT)
        return np.asarray(counts.astype(np.int64))

    def _read_texts(self, column: str) -> np.ndarray:
        if column not in self.frame:
            return np.full(len(self), "", dtype=object)
        values = self.frame[column]
        if isinstance(values.dtype, pd.Int64Dtype):
            return _objects("" if pd.isna(v) else self._calendar.label(v) for v in values)
        if pd.api.types.is_numeric_dtype(values):
            return _objects(_written(v) for v in values.to_numpy(dtype=float))
        return np.asarray(values.to_numpy(dtype=object))

    def _read_numbers(self, column: str) -> np.ndarray:
        if column not in self.frame:
            return np.full(len(self), np.nan)
        values = self.frame[column]
        if isinstance(values.dtype, pd.Int64Dtype):
            return np.asarray(values.to_numpy(dtype=np.float64, na_value=np.nan))
        return np.asarray(numbers(values))


class Sides:
    """Every table of a scenario as a `Side`, made when first asked for."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._sides: dict[str, Side] = {}

    def __getitem__(self, table: str) -> Side:
        """Return the side of this table."""
        if table not in self._sides:
            frame = self._scenario.tables[table]
            self._sides[table] = Side(table, frame, self._scenario.calendar)
        return self._sides[table]


def shared_codes(*texts: np.ndarray) -> list[np.ndarray]:
    """Code equal texts alike over several arrays.

    Returns
    -------
    list of (n,) int32
        One array for each given; blank texts are -1.
    """
    joined = np.concatenate([np.asarray(part, dtype=object) for part in texts])
    codes = np.full(len(joined), -1, dtype=np.int32)
    filled = joined != ""
    codes[filled] = pd.factorize(joined[filled])[0]
    return np.split(codes, np.cumsum([len(part) for part in texts])[:-1])


def _objects(values: Iterable[object]) -> np.ndarray:
    return np.array(list(values), dtype=object)


def _written(value: float) -> str:
    if np.isnan(value):
        return ""
    return str(int(value)) if value == int(value) else repr(float(value))
