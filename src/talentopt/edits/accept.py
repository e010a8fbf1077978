"""What a planner changed in a plan's workbook becomes entries of the scenario.

- A pair or booking that is new, moved or put in another's place is **fixed**.
- One that was removed, with nothing in its place, is **forbidden**.
- All others stay as free as they were.

In another's place means: the same seeker in the same matching, or the same
person for bookings.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from talentopt.edits.sheets import Entry, read_sheets
from talentopt.read.errors import Findings, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from talentopt.compile.index import Conflict
    from talentopt.edits.sheets import Sheet
    from talentopt.read.scenario import Scenario

Facts = tuple[str, str, str]

KEYS = {
    "pairs": ("matching", "seeker", "provider"),
    "bookings": ("participant", "placement", "start"),
}


class Change(NamedTuple):
    """One entry that an edit asks for.

    Attributes
    ----------
    table : str
        ``pairs`` or ``bookings``.
    facts : tuple of str
        Values of `KEYS`; a blank start is any start.
    status : str
        ``fixed`` or ``forbidden``.
    origin : str
        Sheet and cell.
    """

    table: str
    facts: Facts
    status: str
    origin: str


class Accepted(NamedTuple):
    """A scenario with a planner's edits.

    Attributes
    ----------
    scenario : Scenario
        With further rows in `pairs` and `bookings`; its hash stays the
        original's, since every plan for it is a plan for the original.
    said : list of str
        What was understood, a line per change.
    cells : dict
        Sheet and cell behind each further row, by its file and line.
    """

    scenario: Scenario
    said: list[str]
    cells: dict[str, str]

    def name_cells(self, conflicts: Iterable[Conflict]) -> list[Conflict]:
        """Name the cells, not the rows made of them, in what cannot hold."""
        return [
            replace(conflict, source=self.cells.get(conflict.source, conflict.source))
            for conflict in conflicts
        ]


def accept_edits(scenario: Scenario, path: Path) -> Accepted:
    """Take a changed workbook into a scenario.

    Parameters
    ----------
    scenario : Scenario
    path : Path
        A ``plan.xlsx`` that `talentopt report` wrote and a planner changed.

    Raises
    ------
    InputErrors
        With the sheet and cell of everything that cannot be understood.
    """
    findings, changes = Findings(), list[Change]()
    for sheet in read_sheets(path, scenario.calendar, findings):
        place = f"{path.name}, sheet {sheet.name!r}"
        new = [entry for entry in sheet.now if entry.facts not in sheet.was]
        check = _check_pair if sheet.name == "pairs" else _check_booking
        good = [entry for entry in new if check(scenario, entry, place, findings)]
        changes += _changes(sheet, good, place)
    _check_agreement(changes, findings)
    findings.stop_if_any()
    tables, said = dict(scenario.tables), [f"{len(changes)} changes accepted from {path.name}"]
    cells: dict[str, str] = {}
    for change in dict.fromkeys(changes):
        table, line = _with(tables[change.table], change, scenario)
        tables[change.table] = table
        file = scenario.files.get(change.table, change.table)
        facts = ", ".join(filter(None, change.facts))
        source = f"{file}, line {line}"
        said.append(f"{change.origin}: {facts} {change.status} (as {source})")
        cells[source] = change.origin
    return Accepted(replace(scenario, tables=tables), said, cells)


def _changes(sheet: Sheet, new: list[Entry], place: str) -> list[Change]:
    """Fix what is new, forbid what is gone with nothing in its place."""
    table = "pairs" if sheet.name == "pairs" else "bookings"
    whose = slice(0, 2) if table == "pairs" else slice(0, 1)
    changes = [
        Change(table, entry.facts, "fixed", f"{place}, cell {entry.cells[1]}")
        if table == "bookings"
        else Change(table, entry.facts, "fixed", f"{place}, cell {entry.cells[2]}")
        for entry in new
        if entry.facts[1] and (table == "bookings" or entry.facts[2])
    ]
    replaced = {change.facts[whose] for change in changes}
    for facts in sorted(sheet.was - {entry.facts for entry in sheet.now}):
        if facts[whose] not in replaced:
            what: Facts = facts if table == "pairs" else (facts[0], facts[1], "")
            changes.append(Change(table, what, "forbidden", f"{place}, removed"))
    return changes


def _check_pair(scenario: Scenario, entry: Entry, place: str, findings: Findings) -> bool:
    name, seeker, provider = entry.facts
    matching = scenario.model.matchings.get(name)
    if not provider:
        return True
    if matching is None:
        hint = suggestion(name, scenario.model.matchings)
        findings.add(f"{place}, cell {entry.cells[0]}", None, "", f"no matching {name!r}", hint)
        return False
    good = True
    for identity, table, cell in (
        (seeker, matching.seekers, entry.cells[1]),
        (provider, matching.providers, entry.cells[2]),
    ):
        good &= _check_id(scenario, table, identity, f"{place}, cell {cell}", findings)
    return good


def _check_booking(scenario: Scenario, entry: Entry, place: str, findings: Findings) -> bool:
    person, placement, start = entry.facts
    if not placement:
        return True
    good = _check_id(scenario, "participants", person, f"{place}, cell {entry.cells[0]}", findings)
    cell = f"{place}, cell {entry.cells[1]}"
    good &= _check_id(scenario, "placements", placement, cell, findings)
    try:
        inside = not start or 0 <= scenario.calendar.index(start) < scenario.calendar.n_periods
    except ValueError:
        inside = False
    if not inside:
        remedy = f"write it like {scenario.calendar.label(0)}"
        problem = f"{start!r} is no period of the calendar"
        findings.add(f"{place}, cell {entry.cells[2]}", None, "", problem, remedy)
    return good and inside


def _check_id(
    scenario: Scenario, table: str, identity: str, place: str, findings: Findings
) -> bool:
    known = scenario.tables[table]["id"]
    if identity in set(known):
        return True
    findings.add(
        place, None, "", f"there is no {identity!r} in {table}", suggestion(identity, known)
    )
    return False


def _check_agreement(changes: list[Change], findings: Findings) -> None:
    """Refuse two changes that ask for different things of one booking or pair."""
    first: dict[tuple[str, ...], Change] = {}
    for change in changes:
        what = change.facts if change.table == "pairs" else change.facts[:2]
        other = first.setdefault((change.table, *what), change)
        if (other.facts, other.status) != (change.facts, change.status):
            problem = f"this contradicts {other.origin}: {', '.join(filter(None, other.facts))}"
            findings.add(change.origin, None, "", problem, "change one of the two back")


def _with(table: pd.DataFrame, change: Change, scenario: Scenario) -> tuple[pd.DataFrame, int]:
    """Add an entry, or change the row that has it already; say in which line it is."""
    keys = KEYS[change.table]
    values: list[object] = list(change.facts)
    if change.table == "bookings":
        values[2] = scenario.calendar.index(change.facts[2]) if change.facts[2] else pd.NA
    same = pd.Series(True, index=table.index)
    for key, value in zip(keys, values, strict=True):
        same &= table[key].isna() if value is pd.NA else (table[key] == value).fillna(False)
    same &= table["status"] != "done"
    if same.any():
        line = int(table.index[same.to_numpy(bool)][0])
        changed = table.copy()
        changed.loc[line, "status"] = change.status
        return changed, line
    line = int(table.index.max()) + 1 if len(table) else 2
    row = dict(zip(keys, values, strict=True)) | {"status": change.status}
    if change.table == "pairs":
        row["load"] = 1.0
    new = pd.DataFrame(
        {
            column: pd.Series(
                [row.get(str(column), _blank(table[column]))], [line], table[column].dtype
            )
            for column in table.columns
        }
    )
    return (pd.concat([table, new]) if len(table) else new), line


def _blank(column: pd.Series) -> object:
    """Return what a blank cell of this column is."""
    return float("nan") if column.dtype.kind == "f" else ""
