"""Tables without a file, or without rows: what other tables say of their rows is left out.

A planner who takes ``mentors.csv`` away wants a programme without mentors, and
not to clean every other table first. What is left out is noted. Participants
are the exception: nothing is left of a scenario without them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from talentopt.read.checks.facts import blank, unknown

if TYPE_CHECKING:
    from talentopt.read.checks.facts import Facts


def check_people(facts: Facts) -> None:
    """Refuse a scenario without participants whose other tables speak of them."""
    if "participants" not in facts.absent or not _has_participants(facts):
        return
    naming = [
        name
        for name, layout in facts.layouts.items()
        if any("participants" in column.refers for column in layout.columns)
    ]
    rows = [name for name in naming if name not in facts.absent | facts.broken]
    if not rows:
        return
    empty = "participants" in facts.source.tables
    problem = "nobody is in the file" if empty else "the table is missing"
    facts.findings.add(
        facts.files["participants"],
        None,
        "",
        f"{problem}, and {', '.join(facts.files[name] for name in rows)} name participants",
        "fill it in" if empty else "add it",
    )
    facts.source.broken |= {"participants"}


def _has_participants(facts: Facts) -> bool:
    matchings = facts.model.matchings.values()
    sides = {table for m in matchings for table in (m.seekers, m.providers)}
    return facts.model.itineraries is not None or "participants" in sides


def leave_out(facts: Facts) -> None:
    """Drop rows and clear cells that name rows of tables that are not there."""
    gone = facts.absent - {"participants"}
    _references(facts, gone)
    _pairs(facts, gone)
    if "placements" in gone:
        rows = np.ones(len(facts.tables["prerequisites"]), dtype=bool)
        _drop(facts, "prerequisites", rows, {"placements"})


def _references(facts: Facts, gone: set[str]) -> None:
    for table, layout in facts.layouts.items():
        for column in layout.columns:
            if not gone.intersection(column.refers) or table in facts.broken:
                continue
            filled = ~blank(facts.tables[table][column.name])
            if column.required:
                _drop(facts, table, filled, gone.intersection(column.refers))
            elif filled.any():
                facts.tables[table].loc[filled, column.name] = ""
                note = f"{filled.sum()} cells of {column.name} are ignored"
                note_absent(facts, table, note, gone.intersection(column.refers))


def _pairs(facts: Facts, gone: set[str]) -> None:
    frame, matchings = facts.tables["pairs"], facts.model.matchings
    lost = [name for name, m in matchings.items() if {m.seekers, m.providers} & gone]
    used = {table for m in matchings.values() for table in (m.seekers, m.providers)}
    if not lost or not facts.broken.isdisjoint(used):
        return
    known = _ids(facts, used)
    nobody = unknown(frame["seeker"], known) | unknown(frame["provider"], known)
    rows = frame["matching"].isin(lost).to_numpy(bool) | (blank(frame["matching"]) & nobody)
    _drop(facts, "pairs", rows, used & gone)


def missing_people(facts: Facts) -> set[str]:
    """List the tables that are not there although the model uses their rows."""
    matchings = facts.model.matchings.values()
    used = {table for m in matchings for table in (m.seekers, m.providers)}
    if facts.model.itineraries is not None:
        used.add("placements")
    return used & facts.absent - {"participants"}


def _ids(facts: Facts, tables: set[str]) -> pd.Series:
    ids = [facts.ids(table) for table in tables if "id" in facts.tables[table]]
    return pd.concat(ids) if ids else pd.Series(dtype="str")


def _drop(facts: Facts, table: str, rows: np.ndarray, gone: set[str]) -> None:
    if rows.any():
        facts.tables[table] = facts.tables[table][~rows]
        note_absent(facts, table, f"{rows.sum()} rows are ignored", gone)


def note_absent(facts: Facts, table: str, what: str, gone: set[str]) -> None:
    """Note what is left out of a table because others are not there."""
    files = " and ".join(facts.files[name] for name in sorted(gone - set(facts.source.tables)))
    empty = " and ".join(facts.files[name] for name in sorted(gone & set(facts.source.tables)))
    why = [f"there is no {files}"] * bool(files) + [f"nothing is in {empty}"] * bool(empty)
    facts.findings.note(f"{facts.files[table]}: {what}, as {' and '.join(why)}")
