"""Adding and removing rows of a scenario's tables before they are checked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from talentopt.read.errors import suggestion
from talentopt.read.tables import STANDARD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from talentopt.read.errors import Findings
    from talentopt.read.source import Source

ADD, REMOVE = "option --add", "option --remove"

REFERRING = (
    "participant",
    "mentor",
    "placement",
    "person",
    "chooser",
    "option",
    "seeker",
    "provider",
    "requires",
    "budget",
)
"""Columns of standard tables that hold ids of other tables."""


def edit_rows(
    source: Source,
    added: Sequence[tuple[str, Mapping[str, str]]],
    removed: Sequence[tuple[str, str]],
    findings: Findings,
) -> None:
    """Change the rows of a source in place.

    Parameters
    ----------
    source : Source
    added : sequence of (str, mapping)
        Table, and cells by column; other cells are blank.
    removed : sequence of (str, str)
        Table, and the row's id (several keys joined by a slash). What other tables say of
        a person or placement that is removed goes with it.
    findings : Findings
    """
    for table, name in removed:
        _remove(source, table, name, findings)
    for table, cells in added:
        _add(source, table, cells, findings)


def _add(source: Source, table: str, cells: Mapping[str, str], findings: Findings) -> None:
    raw = source.tables.get(table)
    if raw is None:
        remedy = "add rows to " + ", ".join(sorted(source.tables))
        findings.add(ADD, None, table, f"the scenario has no table {table!r}", remedy)
        return
    line = int(raw.cells.index.max()) + 1 if len(raw.cells) else 2
    row = pd.DataFrame([dict(cells)], index=[line], dtype=object)
    source.tables[table] = replace(raw, cells=pd.concat([raw.cells, row]).fillna(""))


def _remove(source: Source, table: str, name: str, findings: Findings) -> None:
    raw = source.tables.get(table)
    if raw is None:
        findings.add(REMOVE, None, table, f"the scenario has no table {table!r}", "check the name")
        return
    layout = STANDARD.get(table)
    keys = [key for key in (layout.key if layout else ("id",)) if key in raw.cells]
    names = raw.cells[keys[0]] if keys else raw.cells.iloc[:, 0]
    for key in keys[1:]:
        names = names + "/" + raw.cells[key]
    if not (names == name).any():
        remedy = suggestion(name, names.head(100_000).tolist())
        findings.add(REMOVE, None, f"{table}.{name}", f"{table} has no row {name!r}", remedy)
        return
    source.tables[table] = replace(raw, cells=raw.cells[names != name])
    if keys == ["id"]:
        _forget(source, name)


def _forget(source: Source, name: str) -> None:
    """Drop the rows that refer to an id which no table has any more."""
    for raw in source.tables.values():
        if "id" in raw.cells and (raw.cells["id"] == name).any():
            return
    for table, raw in list(source.tables.items()):
        layout = STANDARD.get(table)
        if layout is None or "id" in raw.cells:
            continue
        refers = pd.Series(False, index=raw.cells.index)
        for column in layout.columns:
            if column.name in REFERRING and column.name in raw.cells:
                refers |= raw.cells[column.name] == name
        source.tables[table] = replace(raw, cells=raw.cells[~refers])
