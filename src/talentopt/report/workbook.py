"""``plan.xlsx``: the plan's tables, and the grids that planners draw and change.

What `talentopt.edits` takes back is compared with hidden copies of the sheets
as they were written.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from talentopt.plan.plan import Plan
    from talentopt.report.view import Stay, View

CREATED = datetime.datetime(2026, 1, 1)
"""Creation date of every workbook, so that the same plan gives the same file."""

OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
"""Cells are what they are: text that begins like a formula or an address stays text."""

EDITED = {
    "pairs": ("matching", "seeker", "provider"),
    "placements": ("participant", "placement", "start"),
}
"""Sheets that may be changed, beside the grid ``people``, and the columns that count."""

ORIGINAL = "original {}"
"""Name of the hidden copy of a sheet."""

COLOURS = ("#CFE3D4", "#CDDCF2", "#F3DCC0", "#E6D3EE", "#D3EBEE", "#F2D5D9")


def write_workbook(plan: Plan, view: View, path: Path) -> None:
    """Write the workbook of a plan."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        book.set_properties({"created": CREATED})
        head = book.add_format({"bold": True, "bg_color": "#E8E8E8"})
        # Text format keeps periods and ids as they are typed.
        text = book.add_format({"num_format": "@"})
        bars = [
            book.add_format({"num_format": "@", "bg_color": colour, "border": 1, "align": "left"})
            for colour in COLOURS
        ]
        _draw_people(book.add_worksheet("people"), view, head, text, bars)
        for name in ("pairs", "placements", "shortages"):
            table = getattr(plan, name)
            rows = table.itertuples(index=False, name=None)
            _fill(book.add_worksheet(name), tuple(table.columns), rows, head, text)
        heads = ("unit", "id", "name", *view.periods)
        _fill(book.add_worksheet("seats"), heads, _seats(view), head, text)
        for name, columns in EDITED.items():
            rows = getattr(plan, name)[list(columns)].itertuples(index=False, name=None)
            _hide(book.add_worksheet(ORIGINAL.format(name)), columns, rows)
        columns = ("participant", "placement", "start")
        drawn = (
            (p.id, stay.placement_id, stay.start) for p in view.people for stay in _bars(p.stays)
        )
        _hide(book.add_worksheet(ORIGINAL.format("people")), columns, drawn)


def _fill(
    sheet: Any, heads: Sequence[str], rows: Iterable[Sequence[Any]], format: Any, text: Any
) -> None:
    """Fill one sheet below a frozen head."""
    sheet.freeze_panes(1, 1)
    widths = [len(head) for head in heads]
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, format)
    last = 0
    for last, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(last, column, value, text)
                widths[column] = max(widths[column], len(value))
            elif value == value:
                sheet.write_number(last, column, value)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width, 60) + 2)
    sheet.autofilter(0, 0, last, len(heads) - 1)


def _hide(sheet: Any, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Keep what was written, out of sight."""
    sheet.very_hidden()
    for number, row in enumerate((heads, *rows)):
        for column, value in enumerate(row):
            sheet.write_string(number, column, value)


def _bars(stays: list[Stay]) -> list[Stay]:
    """Leave concurrent placements out of the grid: there they would lie upon each other."""
    return [stay for stay in stays if stay.exclusive]


def _draw_people(sheet: Any, view: View, head: Any, text: Any, bars: list[Any]) -> None:
    """Draw people against periods: one merged cell, the placement's id, for each booking."""
    sheet.freeze_panes(1, 2)
    for column, name in enumerate(("id", "name", *view.periods)):
        sheet.write_string(0, column, name, head)
    number = {period: column for column, period in enumerate(view.periods, start=2)}
    for row, person in enumerate(view.people, start=1):
        sheet.write_string(row, 0, person.id, text)
        sheet.write_string(row, 1, person.name, text)
        for stay in _bars(person.stays):
            first, last = number[stay.start], number[stay.end]
            format = bars[stay.stage_number % len(bars)]
            if last > first:
                # The merged cell is blank first: `merge_range` guesses types of what it writes.
                sheet.merge_range(row, first, row, last, "", format)
            sheet.write_string(row, first, stay.placement_id, format)
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 1, 22)
    sheet.set_column(2, max(2, len(view.periods) + 1), 9, text)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _seats(view: View) -> Iterable[list[str]]:
    """Write placements against periods: people there / seats."""
    for unit, placements in view.units.items():
        for placement in placements:
            cells = (f"{cell.used}/{cell.seats}" for cell in placement.cells)
            yield [unit, placement.id, placement.name, *cells]
