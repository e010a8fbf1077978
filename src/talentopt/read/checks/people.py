"""Tables whose ids may come from several others: preferences and absences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from talentopt.read.checks.absent import missing_people, note_absent
from talentopt.read.checks.facts import blank
from talentopt.read.errors import suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from talentopt.read.checks.facts import Facts


def check_preferences(facts: Facts) -> None:
    """Check who chooses what, and that points or a rank say how much."""
    frame = facts.tables["preferences"]
    tables = facts.people_tables()
    if facts.broken.isdisjoint(tables):
        choosers = {table: facts.ids(table) for table in tables}
        _check_ids(facts, "preferences", "chooser", choosers, {})
        options = dict(choosers)
        options["placements"] = pd.concat(
            [
                facts.ids("placements"),
                _filled(facts.cells("placements", "area")),
                _filled(facts.cells("placements", "unit")),
            ]
        )
        units = {
            f"units of {table}": _filled(facts.cells(table, "unit"))
            for table in tables
            if "unit" in facts.tables[table]
        }
        if ("placements", "area") not in facts.told:
            _check_ids(facts, "preferences", "option", options, units)
    points, rank = (_written(facts, frame, column) for column in ("points", "rank"))
    facts.note(
        "preferences",
        "points, rank",
        points & rank,
        lambda _: ("points and rank are both given", "keep one of the two"),
    )
    facts.note(
        "preferences",
        "points, rank",
        ~points & ~rank,
        lambda _: ("neither points nor a rank is given", "fill in one of the two"),
    )


def check_absences(facts: Facts) -> None:
    """Check that everybody who is away is somebody, and only one."""
    if not facts.broken.isdisjoint(("participants", "mentors")):
        return
    both = {table: facts.ids(table) for table in ("participants", "mentors")}
    others = {
        table: facts.ids(table)
        for table in facts.people_tables()
        if table not in (*both, "placements")
    }
    _check_ids(facts, "absences", "person", both, others)


def _written(facts: Facts, frame: pd.DataFrame, column: str) -> np.ndarray:
    """Find the rows with something in a cell, be it right or wrong; (n,) bool."""
    raw = facts.source.tables.get("preferences")
    if raw is None or column not in raw.cells:
        return np.zeros(len(frame), bool)
    return ~blank(raw.cells[column].reindex(frame.index))


def _filled(cells: pd.Series) -> pd.Series:
    return cells[cells != ""]


def _check_ids(
    facts: Facts,
    table: str,
    column: str,
    known: Mapping[str, pd.Series],
    also: Mapping[str, pd.Series],
) -> None:
    """Note ids that no table has, and ids that several of the `known` tables have."""
    cells = facts.tables[table][column]
    names = pd.Series(cells.unique(), dtype="str")
    count = np.zeros(len(names), np.int64)
    for ids in known.values():
        count += names.isin(ids).to_numpy()
    found = count > 0
    for ids in also.values():
        found |= names.isin(ids).to_numpy()
    everything = pd.concat([*known.values(), *also.values()]).drop_duplicates()
    found |= ~facts.strangers(names, everything, known)
    nobody = cells.isin(names[~found]).to_numpy(bool)
    missing = missing_people(facts)
    if missing and nobody.any():
        note_absent(facts, table, f"{column} of {nobody.sum()} rows is ignored", missing)
    else:
        facts.note_names(
            table,
            column,
            nobody,
            lambda name: (
                f"no table has {name!r}",
                suggestion(name, everything, f"add it to {' or '.join(known)}"),
            ),
        )

    def tell(name: str) -> tuple[str, str]:
        homes = " and ".join(home for home, ids in known.items() if (ids == name).any())
        return f"{name!r} is in {homes}, so it is not clear who is meant", "rename one of them"

    facts.note_names(table, column, cells.isin(names[count > 1]).to_numpy(bool), tell)
