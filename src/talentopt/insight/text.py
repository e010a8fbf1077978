"""Tables as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def as_text(table: pd.DataFrame, most: int | None = None) -> str:
    """Align a table's columns: text to the left, numbers to the right; NaN is blank.

    Parameters
    ----------
    table : DataFrame
    most : int, optional
        Rows shown; a last line counts the others.
    """
    shown = table if most is None else table.head(most)
    columns = [[str(name), *map(_cell, shown[name])] for name in shown.columns]
    widths = [max(map(len, column)) for column in columns]
    numeric = [dtype.kind in "iuf" for dtype in table.dtypes]
    lines = []
    for row in zip(*columns, strict=True):
        cells = (
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        )
        lines.append("  ".join(cells).rstrip())
    if len(shown) < len(table):
        lines.append(f"... and {len(table) - len(shown)} more")
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if value != value else f"{value:,.3f}".rstrip("0").rstrip(".")
    return str(value)
