"""The plan that a re-planned scenario starts from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talentopt.read.columns import Column, Table
from talentopt.read.convert import Converter
from talentopt.read.csvfile import RawTable
from talentopt.read.folder import read_table
from talentopt.read.scenario import PreviousPlan

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from talentopt.read.calendar import Calendar
    from talentopt.read.errors import Findings

_PAIRS = Table(
    "pairs",
    "pairs of the plan",
    (
        Column("matching", "id", "the matching", required=True),
        Column("seeker", "id", "who seeks", required=True),
        Column("provider", "id", "who provides", required=True),
    ),
    ("matching", "seeker", "provider"),
)
_PLACEMENTS = Table(
    "plan placements",
    "bookings of the plan",
    (
        Column("participant", "id", "the person", required=True),
        Column("placement", "id", "the placement", required=True),
        Column("start", "period", "the period it starts in", required=True),
    ),
    ("participant", "placement"),
)


def read_previous(
    folder: Path, calendar: Calendar, origin: tuple[str, int | None], findings: Findings
) -> PreviousPlan | None:
    """Read a plan's pairs and bookings; None when they cannot be read.

    One of ``pairs.csv`` and ``placements.csv`` may be missing: a plan of a
    programme without matchings, or without itineraries.
    """
    files = {table: folder / name for table, name in FILES.items()}
    try:
        present = {table: path.is_file() for table, path in files.items()}
    except (OSError, ValueError):
        present = {}
    if not any(present.values()):
        problem = f"there is no plan in {str(folder)!r}"
        remedy = "name a folder with pairs.csv and placements.csv"
        findings.add(*origin, "previous", problem, remedy)
        return None
    frames = {}
    for name, path in files.items():
        frames[name] = _read(path, _LAYOUTS[name], calendar, findings) if present[name] else None
        if present[name] and frames[name] is None:
            return None
    pairs, placements = (
        _empty(_LAYOUTS[name], calendar, findings) if frame is None else frame
        for name, frame in frames.items()
    )
    placements["start"] = placements["start"].fillna(0).astype("int64")
    return PreviousPlan(folder, pairs, placements)


FILES = {"pairs": "pairs.csv", "placements": "placements.csv"}
"""What is read of a plan, by table."""

_LAYOUTS = {"pairs": _PAIRS, "placements": _PLACEMENTS}


def _read(path: Path, table: Table, calendar: Calendar, findings: Findings) -> pd.DataFrame | None:
    before = len(findings.errors)
    raw = read_table(path, findings)
    if raw is None:
        return None
    raw = RawTable(f"previous plan, {path.name}", raw.cells)
    names = [column.name for column in table.columns]
    frame = Converter(raw, table, calendar, findings).convert()
    return None if len(findings.errors) > before else frame[names]


def _empty(table: Table, calendar: Calendar, findings: Findings) -> pd.DataFrame:
    return Converter(RawTable.empty(table), table, calendar, findings).convert()
