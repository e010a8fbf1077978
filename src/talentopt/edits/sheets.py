"""Reading a planner's workbook: what is in it now, and what was in it at first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from talentopt.read.workbook import cell_text
from talentopt.report.workbook import EDITED, ORIGINAL

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from talentopt.read.calendar import Calendar
    from talentopt.read.errors import Findings


class Entry(NamedTuple):
    """One pair (matching, seeker, provider) or booking (participant, placement, start).

    Attributes
    ----------
    facts : tuple of str
    cells : tuple of str
        The cell of each fact, such as ``C7``; blank in hidden sheets.
    """

    facts: tuple[str, str, str]
    cells: tuple[str, str, str]


class Sheet(NamedTuple):
    """A sheet that may be changed: as it is, and as it was."""

    name: str
    now: list[Entry]
    was: set[tuple[str, str, str]]


def read_sheets(path: Path, calendar: Calendar, findings: Findings) -> list[Sheet]:
    """Read the sheets that may be changed.

    Parameters
    ----------
    path : Path
    calendar : Calendar
    findings : Findings
        Hears of sheets and columns that are missing.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
        }
    except (CalamineError, OSError, ValueError) as error:
        findings.add(
            path.name, None, "", f"this is no readable workbook: {error}", "save as .xlsx"
        )
        return []
    wanted = (*EDITED, "people")
    for name in (*wanted, *(ORIGINAL.format(each) for each in wanted)):
        if name not in sheets:
            remedy = "take the plan.xlsx that `talentopt report` writes"
            findings.add(path.name, None, "", f"the sheet {name!r} is missing", remedy)
    findings.stop_if_any()
    found = []
    for name in wanted:
        place = f"{path.name}, sheet {name!r}"
        before = _table(sheets[ORIGINAL.format(name)], EDITED.get(name, EDITED["placements"]))
        rows = sheets[name]
        now = (
            _grid(rows, calendar, place, findings)
            if name == "people"
            else _named(rows, EDITED[name], place, findings)
        )
        found.append(Sheet(name, now, {entry.facts for entry in before}))
    findings.stop_if_any()
    return found


def address(row: int, column: int) -> str:
    """Name a cell as a spreadsheet does; both numbers count from 0."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"


def _named(
    rows: list[list[Any]], columns: Sequence[str], place: str, findings: Findings
) -> list[Entry]:
    heads = [cell_text(value) for value in rows[0]] if rows else []
    for column in columns:
        if column not in heads:
            findings.add(place, None, "", f"the column {column!r} is missing", "restore its head")
    if set(columns) - set(heads):
        return []
    return _table(rows, columns)


def _table(rows: list[list[Any]], columns: Sequence[str]) -> list[Entry]:
    heads = [cell_text(value) for value in rows[0]]
    where = [heads.index(column) for column in columns]
    entries = []
    for number, row in enumerate(rows[1:], start=1):
        facts = [_text(row, column) for column in where]
        if any(facts):
            a, b, c = (address(number, column) for column in where)
            entries.append(Entry((facts[0], facts[1], facts[2]), (a, b, c)))
    return entries


def _grid(
    rows: list[list[Any]], calendar: Calendar, place: str, findings: Findings
) -> list[Entry]:
    """Find the bookings drawn: each begins where a placement's id first stands."""
    heads = [_text(rows[0], column) for column in range(len(rows[0]))] if rows else []
    periods = {calendar.label(p) for p in range(calendar.n_periods)}
    if heads[:2] != ["id", "name"] or not set(heads[2:]) <= {*periods, ""}:
        findings.add(place, 1, "", "the first row is not as it was", "restore id, name, periods")
        return []
    entries = []
    for number, row in enumerate(rows[1:], start=1):
        person, before = _text(row, 0), ""
        for column in range(2, len(heads)):
            placement = _text(row, column)
            if placement and placement != before:
                cells = (address(number, 0), address(number, column), address(0, column))
                entries.append(Entry((person, placement, heads[column]), cells))
            before = placement
    return entries


def _text(row: list[Any], column: int) -> str:
    return cell_text(row[column]) if column < len(row) else ""
