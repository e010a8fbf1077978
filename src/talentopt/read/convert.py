"""From text cells to typed columns, with every cell that does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from talentopt.read.calendar import EXAMPLES, UNIT_NAMES
from talentopt.read.cells import figure, parse_numbers, parse_periods
from talentopt.read.errors import MOST_OF_A_KIND, nearest, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from talentopt.read.calendar import Calendar
    from talentopt.read.columns import Column, Table
    from talentopt.read.csvfile import RawTable
    from talentopt.read.errors import Findings

CALENDAR_DEFAULTS = {
    ("participants", "start"): 0,
    ("participants", "end"): -1,
    ("placements", "opens"): 0,
    ("placements", "closes"): -1,
}
"""Periods that are the calendar's first (0) or last (-1) when blank."""


class Converter:
    """Gives one table its types, noting every cell that does not fit."""

    def __init__(
        self, raw: RawTable, table: Table, calendar: Calendar | None, findings: Findings
    ) -> None:
        self._raw = raw
        self._table = table
        self._calendar = calendar
        self._findings = findings

    def convert(self) -> pd.DataFrame:
        """Return the table: standard columns typed, with defaults; attributes as text.

        Cells that do not fit are noted and missing.
        """
        cells = self._raw.cells
        columns = {
            column.name: self._column(column, cells[column.name])
            if column.name in cells
            else self._absent(column)
            for column in self._table.columns
        }
        attributes = {name: cells[name] for name in cells.columns if name not in columns}
        self._check_key(columns)
        return pd.DataFrame({**columns, **attributes}, index=cells.index)

    def _absent(self, column: Column) -> pd.Series:
        cells = self._raw.cells
        if column.required:
            found = nearest(column.name, (c for c in cells.columns if c not in self._known()))
            remedy = f"is it {found!r}?" if found else f"add it ({column.help})"
            problem = f"the column {column.name!r} is missing"
            self._findings.add(self._raw.file, 1, column.name, problem, remedy)
        blank = pd.Series("", index=cells.index, dtype="str")
        return self._typed(column, blank)

    def _known(self) -> set[str]:
        return {column.name for column in self._table.columns}

    def _column(self, column: Column, cells: pd.Series) -> pd.Series:
        if column.required:
            self._note(
                column,
                cells,
                (cells == "").to_numpy(),
                lambda _: ("the cell is blank", f"fill it in ({column.help})"),
            )
        return self._typed(column, cells)

    def _typed(self, column: Column, cells: pd.Series) -> pd.Series:
        if column.numeric:
            return self._numbers(column, cells)
        if column.kind == "period":
            return self._periods(column, cells)
        if column.kind == "status":
            return self._status(column, cells)
        return cells

    def _numbers(self, column: Column, cells: pd.Series) -> pd.Series:
        values, wrong = parse_numbers(cells)
        self._note(
            column,
            cells,
            wrong,
            lambda text: (f"{text!r} is no number", _number_like(column, text)),
        )
        low = -np.inf if column.low is None else column.low
        high = np.inf if column.high is None else column.high
        with np.errstate(invalid="ignore"):
            outside = (values < low) | (values > high)
            fraction = ~outside & (values != np.floor(values)) & ~np.isnan(values)
        fraction &= column.kind == "whole"
        self._note(
            column,
            cells,
            fraction,
            lambda text: (f"{text} is no whole number", "write 0, 1, 2, ..."),
        )
        self._note(
            column, cells, outside, lambda text: (f"{text} is out of range", _range(column))
        )
        values = np.where(outside | fraction, np.nan, values)
        if column.default is not None:
            values = np.where((cells == "").to_numpy(bool), column.default, values)
        return pd.Series(values, index=cells.index)

    def _periods(self, column: Column, cells: pd.Series) -> pd.Series:
        if self._calendar is None:
            return pd.Series(pd.NA, index=cells.index, dtype="Int64")
        periods, wrong = parse_periods(cells, self._calendar)
        if wrong:
            unit = self._calendar.unit
            problem = f"is no {UNIT_NAMES[unit]}"
            self._note(
                column,
                cells,
                cells.isin(list(wrong)).to_numpy(),
                lambda text: (f"{text!r} {problem}", f"write it like {EXAMPLES[unit]}"),
            )
        default = CALENDAR_DEFAULTS.get((self._table.name, column.name))
        if default is None:
            return periods
        return periods.fillna(default if default >= 0 else self._calendar.n_periods - 1)

    def _status(self, column: Column, cells: pd.Series) -> pd.Series:
        filled = cells.where(cells != "", str(column.default))
        wrong = ~filled.isin(column.choices).to_numpy()
        words = ", ".join(column.choices)
        self._note(
            column,
            cells,
            wrong,
            lambda text: (
                f"{text!r} is no {column.name}",
                suggestion(text, column.choices) or f"write one of {words}",
            ),
        )
        return filled.where(~wrong, str(column.default))

    def _note(
        self,
        column: Column,
        cells: pd.Series,
        wrong: np.ndarray,
        tell: Callable[[str], tuple[str, str]],
    ) -> None:
        """Note the wrong cells of a column, one by one up to a number."""
        note_rows(self._findings, self._raw.file, column.name, cells, wrong, tell)

    def _check_key(self, typed: Mapping[str, pd.Series]) -> None:
        """Refuse rows that repeat another row's key, naming both lines."""
        key = [name for name in self._table.key if name in self._raw.cells]
        if not key or len(self._raw.cells) < 2 or lacks_key(self._raw, self._table):
            return
        cells = self._raw.cells[key]
        if "status" in key:
            cells = cells.assign(status=typed["status"])
        required = [n for n in key if (c := self._table.column(n)) is not None and c.required]
        filled = (cells[required] != "").all(axis=1).to_numpy() if required else True
        repeated = cells.duplicated(keep="first").to_numpy() & filled
        if not repeated.any():
            return
        first = cells[~cells.duplicated(keep="first")]
        lines = dict(zip(first.itertuples(index=False, name=None), first.index, strict=True))
        texts = pd.Series(
            list(cells.itertuples(index=False, name=None)), index=cells.index, dtype=object
        )

        def tell(values: tuple[str, ...]) -> tuple[str, str]:
            what = ", ".join(repr(value) for value in values if value)
            return f"{what} was already given in line {lines[values]}", "remove one of the two"

        note_rows(self._findings, self._raw.file, ", ".join(key), texts, repeated, tell)


def lacks_key(raw: RawTable, table: Table) -> bool:
    """Whether a column is missing without which rows cannot be told apart."""
    columns = [column for column in table.columns if column.name in table.key]
    return any(column.required and column.name not in raw.cells for column in columns)


def note_rows(
    findings: Findings,
    file: str,
    column: str,
    cells: pd.Series,
    wrong: np.ndarray,
    tell: Callable[[Any], tuple[str, str]],
) -> None:
    """Note wrong rows one by one, and count those beyond a number."""
    at = np.flatnonzero(wrong)
    for i in at[:MOST_OF_A_KIND]:
        problem, remedy = tell(cells.iat[i])
        findings.add(file, int(cells.index[i]), column, problem, remedy)
    _count_rest(findings, file, column, cells.index[at].tolist(), "rows")


def note_names(
    findings: Findings,
    file: str,
    column: str,
    cells: pd.Series,
    wrong: np.ndarray,
    tell: Callable[[Any], tuple[str, str]],
) -> None:
    """Note names that nothing has: each once, however many rows write it."""
    at = np.flatnonzero(wrong)
    names: dict[str, list[int]] = {}
    for row, name in zip(cells.index[at].tolist(), cells.iloc[at], strict=True):
        names.setdefault(name, []).append(row)
    for name in list(names)[:MOST_OF_A_KIND]:
        problem, remedy = tell(name)
        for row in names[name]:
            findings.add_once(file, row, column, problem, remedy)
    _count_rest(findings, file, column, [rows[0] for rows in names.values()], "names")


def _count_rest(findings: Findings, file: str, column: str, rows: list[int], what: str) -> None:
    """Say how many there are beyond those told one by one, and from which row on."""
    more = len(rows) - MOST_OF_A_KIND
    if more > 0:
        message = f"and {more:,} more {what} like these from here on"
        findings.add(file, rows[MOST_OF_A_KIND], column, message)


def _number_like(column: Column, text: str) -> str:
    plain = text.strip().replace(" ", "").replace("_", "")
    plain = plain if plain.count(",") != 1 else plain.replace(",", ".")
    values, wrong = parse_numbers(pd.Series([plain], dtype="str"))
    if not wrong[0] and not np.isnan(values[0]):
        return f"write {plain}"
    return "write a number such as 2" if column.kind == "whole" else "write a number such as 0.5"


def _range(column: Column) -> str:
    if column.low is None:
        return f"write a number of at most {figure(column.high)}"
    words = f"write a number of at least {figure(column.low)}"
    return words if column.high is None else f"{words} and at most {figure(column.high)}"
