"""``plan.xlsx``: the plan's tables, and the grids that planners draw."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from talentopt.plan.plan import Plan
    from talentopt.report.view import View

CREATED = datetime.datetime(2026, 1, 1)
"""Creation date of every workbook, so that the same plan gives the same file."""

OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
"""Cells are what they are: text that begins like a formula or an address stays text."""


def write_workbook(plan: Plan, view: View, path: Path) -> None:
    """Write the workbook of a plan."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        book.set_properties({"created": CREATED})
        head = book.add_format({"bold": True, "bg_color": "#E8E8E8"})
        for name in ("pairs", "placements", "shortages"):
            table = getattr(plan, name)
            rows = table.itertuples(index=False, name=None)
            _fill(book.add_worksheet(name), tuple(table.columns), rows, head)
        _fill(book.add_worksheet("people"), ("id", "name", *view.periods), _grid(view), head)
        heads = ("unit", "id", "name", *view.periods)
        _fill(book.add_worksheet("seats"), heads, _seats(view), head)


def _fill(sheet: Any, heads: Sequence[str], rows: Iterable[Sequence[Any]], format: Any) -> None:
    """Fill one sheet below a frozen head."""
    sheet.freeze_panes(1, 1)
    widths = [len(head) for head in heads]
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, format)
    last = 0
    for last, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(last, column, value)
                widths[column] = max(widths[column], len(value))
            elif value == value:
                sheet.write_number(last, column, value)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width, 60) + 2)
    sheet.autofilter(0, 0, last, len(heads) - 1)


def _grid(view: View) -> Iterable[list[str]]:
    """Write people against periods: where everybody is."""
    column = {period: number for number, period in enumerate(view.periods)}
    for person in view.people:
        cells: list[list[str]] = [[] for _ in view.periods]
        for stay in person.stays:
            for period in range(column[stay.start], column[stay.end] + 1):
                cells[period].append(stay.placement)
        yield [person.id, person.name, *(" + ".join(cell) for cell in cells)]


def _seats(view: View) -> Iterable[list[str]]:
    """Write placements against periods: people there / seats."""
    for unit, placements in view.units.items():
        for placement in placements:
            cells = (f"{cell.used}/{cell.seats}" for cell in placement.cells)
            yield [unit, placement.id, placement.name, *cells]
