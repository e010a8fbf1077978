"""One CSV file or sheet as text cells, with the line of every row."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from talentopt.read.errors import MOST_OF_A_KIND

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from talentopt.read.columns import Table
    from talentopt.read.errors import Findings

_MARKS = {
    "UTF-32": (b"\xff\xfe\0\0", b"\0\0\xfe\xff"),
    "UTF-16": (b"\xff\xfe", b"\xfe\xff"),
}
"""Byte-order marks of encodings that are not read, longer ones first."""

MOST_COLUMNS = 1000
"""Most columns of a table."""


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as it was written.

    Attributes
    ----------
    file : str
        ``participants.csv`` or ``sheet 'participants'``.
    cells : DataFrame of str
        Index: line in the file.
    unread : tuple of mapping
        Rows of another length than the header: their cells by column, as far
        as they go. They are errors and in no other way part of the table.
    """

    file: str
    cells: pd.DataFrame
    unread: tuple[Mapping[str, str], ...] = ()

    @property
    def without_rows(self) -> bool:
        """Whether nothing follows the header."""
        return self.cells.empty and not self.unread

    @classmethod
    def empty(cls, table: Table, file: str = "") -> RawTable:
        """Stand in for a table that is not there."""
        index = pd.Index([], dtype="int64", name="line")
        columns = {column.name: pd.Series(dtype="str", index=index) for column in table.columns}
        return cls(file, pd.DataFrame(columns, index=index))


def decode(file: str, data: bytes, findings: Findings) -> str | None:
    """Read bytes as UTF-8, or say which encoding they seem to have."""
    remedy = "save it as UTF-8" + (" (in Excel: `CSV UTF-8`)" if _is_csv(file) else "")
    for encoding, marks in _MARKS.items():
        if data.startswith(marks):
            findings.add(file, None, "", f"the file is {encoding}", remedy)
            return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        problem = f"byte {data[error.start]:#04x} is not UTF-8"
        findings.add(file, row, "", problem, remedy)
        return None
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        problem = "the file holds zero bytes, so it is no text"
        findings.add(file, row, "", problem, remedy)
        return None
    return text


def _is_csv(file: str) -> bool:
    return file.lower().endswith(".csv")


def read_csv(file: str, text: str, findings: Findings) -> RawTable | None:
    """Split a CSV file into cells; None when nothing of it can be used."""
    rows = _Rows(text)
    try:
        return table_of(file, rows, findings)
    except csv.Error as error:
        row = rows.before + 1
        problem = f"the quotes or cells cannot be read: {error}"
        remedy = 'put a cell in quotes on both sides and write a quote inside it twice: "a ""b"""'
        findings.add(file, row, "", problem, remedy)
        return None


class _Rows:
    """Rows that are not empty, each with the number of its first line."""

    def __init__(self, text: str) -> None:
        self._reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        self.before = 0

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        for cells in self._reader:
            if cells:
                yield self.before + 1, cells
            self.before = self._reader.line_num


def table_of(
    file: str, rows: Iterable[tuple[int, list[str]]], findings: Findings
) -> RawTable | None:
    """Take the first row as the header and check the shape of the others."""
    numbered = iter(rows)
    row, header = next(numbered, (1, []))
    if not _usable(file, row, header, findings):
        return None
    lines: list[int] = []
    cells: list[list[str]] = []
    odd: list[tuple[int, list[str]]] = []
    width = len(header)
    for line, values in numbered:
        if len(values) != width:
            odd.append((line, values))
            continue
        lines.append(line)
        cells.append(values)
    if len(odd) > 1 and not cells:
        _note_header(file, row, width, odd, findings)
        return None
    columns = zip(*cells, strict=True) if cells else ([] for _ in header)
    index = pd.Index(lines, dtype="int64", name="line")
    table = pd.DataFrame(
        {
            name: pd.Series(list(column), index=index, dtype="str")
            for name, column in zip(header, columns, strict=True)
        },
        index=index,
    )
    _note_odd(file, odd, width, findings)
    return RawTable(file, table, tuple(dict(zip(header, row, strict=False)) for _, row in odd))


def _note_header(
    file: str, row: int, width: int, odd: Sequence[tuple[int, list[str]]], findings: Findings
) -> None:
    """Note a header that no row fits: a title above it, or a column too many."""
    line, values = odd[0]
    problem = f"no row has as many cells as the header: {width} (line {line}: {len(values)})"
    remedy = "let the first line name every column, one cell each"
    findings.add(file, row, "", problem, remedy)


def _note_odd(
    file: str, odd: Sequence[tuple[int, list[str]]], width: int, findings: Findings
) -> None:
    """Note rows of another length than the header, and count those beyond a number."""
    for line, values in odd[:MOST_OF_A_KIND]:
        problem = f"the row has {len(values)} cells, the header has {width}"
        remedy = "cells with a comma in them need quotes"
        if len(values) < width:
            remedy = "add the missing commas"
        findings.add(file, line, "", problem, remedy)
    if len(odd) > MOST_OF_A_KIND:
        more = len(odd) - MOST_OF_A_KIND
        line = odd[MOST_OF_A_KIND][0]
        findings.add(file, line, "", f"and {more:,} more rows like these from here on")


def _usable(file: str, row: int, header: list[str], findings: Findings) -> bool:
    if not header:
        findings.add(file, 1, "", "the file is empty", "write at least the header")
        return False
    if header[0].startswith("sep="):
        findings.add(file, row, "", f"{header[0]!r} is a note for Excel", "remove the line")
        return False
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        problem = "the cells are not separated by commas"
        remedy = "save the file with commas (in Excel: `CSV UTF-8 (comma delimited)`)"
        findings.add(file, row, "", problem, remedy)
        return False
    if len(header) > MOST_COLUMNS:
        problem = f"the header has more than {MOST_COLUMNS} columns"
        findings.add(file, row, "", problem, "remove columns that nothing needs")
        return False
    nameless = [number for number, name in enumerate(header, 1) if not name]
    if nameless:
        problem = f"column {nameless[0]} has no name"
        if len(nameless) > 1:
            problem = f"{len(nameless)} columns have no name, such as column {nameless[0]}"
        remedy = "name every column in the first line, or remove the extra commas"
        findings.add(file, row, "", problem, remedy)
    repeated = [name for name in dict.fromkeys(header) if name and header.count(name) > 1]
    for name in repeated:
        findings.add(file, row, name, "two columns have this name", "rename one of them")
    return not (nameless or repeated)
