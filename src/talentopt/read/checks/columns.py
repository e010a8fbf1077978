"""Columns that the model names, and the numbers in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from talentopt.read.cells import parse_numbers
from talentopt.read.convert import note_rows
from talentopt.read.model import LARGEST, ColumnNumber

if TYPE_CHECKING:
    from talentopt.read.checks.facts import Facts
    from talentopt.read.document import Path


class Columns:
    """Checks columns of tables on behalf of the model, each column and bound once."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._checked: set[tuple[str, str, float, bool]] = set()

    def text(self, path: Path, table: str, column: str) -> None:
        """Check that a column exists and can be compared as text."""
        problem, remedy = self.facts.text_column(table, column)
        if problem:
            self.facts.note_model(path, problem, remedy)

    def numeric(self, path: Path, table: str, column: str) -> None:
        """Check that a column exists and holds numbers or blanks."""
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
            self._numbers((*place, key, "column"), table, given.column, low, whole=whole)

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
        with np.errstate(invalid="ignore"):
            outside = (
                (values < low) | (np.abs(values) > LARGEST) if low > -np.inf else wrong & False
            )
            fraction = ~outside & (values != np.floor(values)) & ~np.isnan(values)
        user = ".".join(map(str, path))
        file = facts.files[table]
        for rows, told in (
            (wrong, ("is no number", f"the model reads it as one ({user})")),
            (outside, ("is out of range", f"write a number from {low:,g} to {LARGEST:,g}")),
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
