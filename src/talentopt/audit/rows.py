"""Rows of a table, and what their cells mean."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Attributes
    ----------
    table : str
    line : int
        Line in the file.
    cells : mapping of str to object
        Cells by column; missing columns read as blank.
    """

    table: str
    line: int
    cells: Mapping[str, object]

    @property
    def id(self) -> str:
        """The row's own id."""
        return self.text("id")

    def text(self, column: str) -> str:
        """Read a cell as text; blank is empty."""
        value = self.cells.get(column, "")
        if isinstance(value, str):
            return value
        figure = number(value)
        return "" if figure is None else f"{figure:.15g}"

    def number(self, column: str) -> float | None:
        """Read a cell as a number; None is blank."""
        return number(self.cells.get(column, ""))


def rows_of(table: str, frame: pd.DataFrame) -> list[Row]:
    """Take a table apart into rows."""
    columns = [str(column) for column in frame.columns]
    lines = [int(line) for line in frame.index]
    cells = zip(*(frame[column].tolist() for column in frame.columns), strict=True)
    return [
        Row(table, line, dict(zip(columns, values, strict=True)))
        for line, values in zip(lines, cells, strict=True)
    ]


def number(value: object) -> float | None:
    """Read a checked cell as a number; None is blank."""
    if isinstance(value, str):
        return float(value) if value else None
    if isinstance(value, (int, float)) and not math.isnan(value):
        return float(value)
    return None


def whole(value: float | None) -> int:
    """Read a number that is there and is a count or period."""
    if value is None:
        raise ValueError("a cell that the reader fills in is blank")
    return round(value)
