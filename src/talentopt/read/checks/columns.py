"""Columns that the model names, and the numbers in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from talentopt.read.cells import figure, parse_numbers
from talentopt.read.convert import note_rows
from talentopt.read.document import dotted
from talentopt.read.model import LARGEST, ColumnNumber

if TYPE_CHECKING:
    import pandas as pd

    from talentopt.read.checks.facts import Facts
    from talentopt.read.document import Path


class Columns:
    """Checks columns of tables on behalf of the model, each column and bound once."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._checked: set[tuple[str, str, float, bool]] = set()

    def text(self, path: Path, column: str, *tables: str) -> None:
        """Check that a column exists in each of the tables and can be compared as text."""
        for table in self._present(path, column, tables):
            problem, remedy = self.facts.text_column(table, column)
            if problem:
                self.facts.note_model(path, problem, remedy)

    def numeric(self, path: Path, column: str, *tables: str) -> None:
        """Check that a column exists in each of the tables and holds numbers or blanks."""
        for table in self._present(path, column, tables):
            self._numbers(path, table, column, -np.inf, whole=False)

    def number(
        self,
        place: Path,
        key: str,
        given: Any,
        table: str,
        *,
        low: float = -LARGEST,
        whole: bool = False,
    ) -> None:
        """Check a number of the model that a column may give; others are checked already."""
        if isinstance(given, ColumnNumber):
            path = (*place, key, "column")
            for present in self._present(path, given.column, (table,)):
                self._numbers(path, present, given.column, low, whole=whole)

    def _present(self, path: Path, column: str, tables: tuple[str, ...]) -> list[str]:
        """List the tables that have a column; note those that lack it, together."""
        facts = self.facts
        lacking = [table for table in dict.fromkeys(tables) if facts.lacks(table, column)]
        if lacking:
            facts.note_model(path, *facts.without(lacking, column))
        return [table for table in dict.fromkeys(tables) if table not in lacking]

    def _numbers(self, path: Path, table: str, column: str, low: float, *, whole: bool) -> None:
        facts = self.facts
        problem, remedy = facts.number_column(table, column)
        if problem:
            facts.note_model(path, problem, remedy)
            return
        if table in facts.broken or (table, column, low, whole) in self._checked:
            return
        self._checked.add((table, column, low, whole))
        cells = facts.tables[table][column]
        values, wrong = parse_numbers(cells)
        filled = wrong | ~np.isnan(values)
        if wrong.sum() > 1 and wrong.sum() == filled.sum():
            self._note_text(path, table, cells[wrong])
            return
        with np.errstate(invalid="ignore"):
            outside = (
                (values < low) | (np.abs(values) > LARGEST) if low > -np.inf else wrong & False
            )
            fraction = ~outside & (values != np.floor(values)) & ~np.isnan(values)
        user = dotted(path)
        file = facts.files[table]
        bounds = f"write a number from {figure(low)} to {figure(LARGEST)}"
        for rows, told in (
            (wrong, ("is no number", f"the model reads it as one ({user})")),
            (outside, ("is out of range", bounds)),
            (fraction & whole, ("is no whole number", "write 0, 1, 2, ...")),
        ):
            note_rows(
                facts.findings,
                file,
                column,
                cells,
                rows,
                lambda cell: (f"{cell!r} {told[0]}", told[1]),
            )

    def _note_text(self, path: Path, table: str, wrong: pd.Series) -> None:
        """Note a column that holds no number at all: the model may mean another one."""
        place = f"{self.facts.files[table]}, line {wrong.index[0]}"
        problem = f"no cell of {wrong.name!r} in {table} is a number ({place}: {wrong.iloc[0]!r})"
        remedy = f"write numbers in {len(wrong):,} rows, or name another column"
        self.facts.note_model(path, problem, remedy)
