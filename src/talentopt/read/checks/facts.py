"""What every check looks at, and how it notes what it finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from talentopt.read.convert import note_names, note_rows
from talentopt.read.document import dotted
from talentopt.read.errors import suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import numpy as np

    from talentopt.read.columns import Table
    from talentopt.read.document import Document, Path
    from talentopt.read.errors import Findings
    from talentopt.read.model import Model
    from talentopt.read.source import Source


@dataclass(frozen=True, slots=True)
class Facts:
    """Typed tables, the model, and where to note mistakes.

    Attributes
    ----------
    model : Model
    document : Document
        The model's file.
    layouts : mapping of str to Table
    tables : dict of str to DataFrame
    files : mapping of str to str
        Where each table is read from.
    source : Source
        Where they come from.
    n_periods : int
        Length of the calendar.
    findings : Findings
    named : set of (str, str)
        Columns, by table, that the model or a table names.
    told : set of (str, str)
        Columns, by table, that were told to be missing.
    """

    model: Model
    document: Document
    layouts: Mapping[str, Table]
    tables: dict[str, pd.DataFrame]
    files: Mapping[str, str]
    source: Source
    n_periods: int
    findings: Findings
    named: set[tuple[str, str]] = field(default_factory=set)
    told: set[tuple[str, str]] = field(default_factory=set)

    def note(
        self, table: str, column: str, wrong: np.ndarray, tell: Callable[[Any], tuple[str, str]]
    ) -> None:
        """Note every wrong row of a table; `tell` is given the cell of that column."""
        if wrong.any():
            name = column.split(", ")[0]
            note_rows(
                self.findings, self.files[table], column, self.tables[table][name], wrong, tell
            )

    def note_names(
        self, table: str, column: str, wrong: np.ndarray, tell: Callable[[Any], tuple[str, str]]
    ) -> None:
        """Note every name that the wrong rows of a column write, each once."""
        if wrong.any():
            note_names(
                self.findings, self.files[table], column, self.tables[table][column], wrong, tell
            )

    def strangers(self, cells: pd.Series, known: pd.Series, tables: Iterable[str]) -> np.ndarray:
        """Find filled cells that name none of the known ids; (n,) bool.

        Where no more names are unknown than rows of these tables have lost
        their own (blank, or another row's), the names are taken to be theirs.
        """
        wrong = unknown(cells, known)
        if wrong.any():
            lost = sum(self._nameless(table) for table in tables)
            return wrong & (cells[wrong].nunique() > lost)
        return wrong

    def _nameless(self, table: str) -> int:
        ids = self.ids(table)
        return int((blank(ids) | ids.duplicated().to_numpy()).sum())

    def note_model(self, path: Path, problem: str, remedy: str = "") -> None:
        """Note a mistake of the model."""
        self.findings.add(*self.document.origin(path), dotted(path), problem, remedy)

    @property
    def absent(self) -> set[str]:
        """Tables without a file, or without a row in it."""
        return {
            name
            for name in self.layouts
            if name not in self.broken
            and ((raw := self.source.tables.get(name)) is None or raw.without_rows)
        }

    @property
    def broken(self) -> frozenset[str]:
        """Tables whose file cannot be used, or lacks the column of ids."""
        return self.source.broken

    def ids(self, table: str) -> pd.Series:
        """List the ids of a table: its column `id`, or `budget`."""
        return self.cells(table, "id" if "id" in self.tables[table] else "budget")

    def cells(self, table: str, column: str) -> pd.Series:
        """List what a column names, also in rows that are errors, so that nobody is missed."""
        cells = self.tables[table][column]
        raw = self.source.tables.get(table)
        more = [] if raw is None else [row[column] for row in raw.unread if column in row]
        return pd.concat([cells, pd.Series(more, dtype="str")]) if more else cells

    def text_column(self, table: str, column: str) -> tuple[str, str]:
        """Say what is wrong with a column that is compared as text; blank when nothing is."""
        self.named.add((table, column))
        if self.lacks(table, column):
            return self.without((table,), column)
        if self.tables[table][column].dtype.kind in "fi":
            problem = f"the column {column!r} of {table} holds numbers or periods, not text"
            return problem, "copy it to a column with a name of your own"
        return "", ""

    def number_column(self, table: str, column: str) -> tuple[str, str]:
        """Say what is wrong with a column that is read as numbers; blank when nothing is."""
        self.named.add((table, column))
        if self.lacks(table, column):
            return self.without((table,), column)
        if isinstance(self.tables[table][column].dtype, pd.Int64Dtype):
            problem = f"the column {column!r} of {table} holds periods, not numbers"
            return problem, "copy it to a column with a name of your own"
        return "", ""

    def lacks(self, table: str, column: str) -> bool:
        """Whether a table lacks a column that is no standard one.

        A table without a file gets the column, without cells.
        """
        frame = self.tables[table]
        if column not in frame and (table in self.absent or table in self.broken):
            frame[column] = pd.Series(dtype="str", index=frame.index)
        return column not in frame

    def without(self, tables: Sequence[str], column: str) -> tuple[str, str]:
        """Say that these tables lack a column, and what it may be called."""
        known = [str(name) for table in tables for name in self.tables[table]]
        have = "have" if len(tables) > 1 else "has"
        files = " and ".join(self.files[table] for table in tables)
        problem = f"{' and '.join(tables)} {have} no column {column!r}"
        return problem, suggestion(column, known, f"add it to {files}")

    def absent_columns(self, table: str) -> list[str]:
        """List the table's columns that its file leaves out."""
        raw = self.source.tables.get(table)
        names = [column.name for column in self.layouts[table].columns]
        return [] if raw is None else [name for name in names if name not in raw.cells]

    def attributes(self, table: str) -> list[str]:
        """List the columns of a table's file that have no meaning of their own."""
        raw = self.source.tables.get(table)
        layout = self.layouts[table]
        names = [] if raw is None else [str(name) for name in raw.cells]
        return [name for name in names if layout.column(name) is None]

    def stages(self) -> list[str]:
        """List the model's stages."""
        itineraries = self.model.itineraries
        names = [] if itineraries is None else [stage.stage for stage in itineraries.stages]
        return list(dict.fromkeys(names))

    def people_tables(self) -> list[str]:
        """List the tables whose rows can seek, provide or be booked."""
        named = {
            table
            for matching in self.model.matchings.values()
            for table in (matching.seekers, matching.providers)
        }
        base = ["participants", "mentors", "placements"]
        return base + sorted(name for name in named - set(base) if "id" in self.tables[name])


def unknown(cells: pd.Series, known: pd.Series) -> np.ndarray:
    """Find filled cells that name none of the known ids; (n,) bool."""
    return ((cells != "") & ~cells.isin(known)).to_numpy(bool)


def blank(cells: pd.Series) -> np.ndarray:
    """Find blank cells; (n,) bool."""
    return (cells == "").to_numpy(bool)
