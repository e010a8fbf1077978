"""A small valid scenario to fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from talentopt.generate.files import write_folder, write_workbook
from talentopt.read.tables import STANDARD, Column, Table

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS: dict[str, Any] = {
    "name": "My programme",
    "model": "one-five-n",
    "calendar": {"unit": "month", "start": "2026-07", "periods": 24, "cycle": 6},
}

EXAMPLES: dict[str, tuple[str, ...]] = {
    "participants": (
        "id,name,unit,site,track,grade,start,end",
        "P1,Ada Example,Mining,North,technical,1,,",
        "P2,Ben Example,Separation,South,operations,2,,",
        "P3,Cleo Example,Magnets,North,technical,1,2026-09,",
    ),
    "mentors": (
        "id,name,unit,site,grade,track,domain,capacity,technical,career,peer",
        "M1,Tess Example,Separation,North,5,technical,separation,3,2,1,",
        "M2,Tom Example,Mining,South,5,technical,ore,3,2,1,",
        "M3,Cora Example,Magnets,South,4,operations,magnets,,,1,",
        "M4,Carl Example,Smelting,North,4,technical,metals,,,2,",
        "M5,Paul Example,Mining,North,2,technical,ore,1,,,1",
        "M6,Pia Example,Magnets,South,2,operations,magnets,2,,,2",
    ),
    "placements": (
        "id,name,stage,area,unit,site,domain,duration,seats,min_seats,opens,closes,load",
        "ON1,Welcome,onboarding,,Head office,North,,1,2,,,,",
        "RO1,Pit planning,rotation,mining,Mining,North,ore,2,1,,,,",
        "RO2,Solvent extraction,rotation,separation,Separation,South,separation,3,1,,,,",
        "RO3,Molten salts,rotation,smelting,Smelting,South,metals,2,1,,,,",
        "RO4,Sintering,rotation,magnets,Magnets,North,magnets,3,1,,,,",
        "RO5,Scrap to oxide,rotation,recycling,Recycling,South,separation,2,1,,,,",
        "RO6,Sales and supply,rotation,market,Head office,North,,2,1,,,,",
        "TA1,Cleaner leaching,targeted,,Separation,South,separation,4,1,,2027-07,,",
        "TA2,Magnets without terbium,targeted,,Magnets,North,magnets,5,2,,2027-07,,",
    ),
    "participant_skills": (
        "participant,skill,level,target",
        "P1,solvent-extraction,1,3",
        "P1,safety,2,3",
        "P2,geology,0,3",
        "P2,safety,1,3",
        "P3,sintering,1,4",
        "P3,solvent-extraction,0,2",
    ),
    "mentor_skills": (
        "mentor,skill,level",
        "M1,solvent-extraction,5",
        "M1,safety,3",
        "M2,geology,5",
        "M2,safety,4",
    ),
    "placement_skills": (
        "placement,skill,develops,requires,team,team_level",
        "RO2,solvent-extraction,2,,,",
        "RO4,sintering,2,,,",
        "TA1,solvent-extraction,3,,,",
        "TA2,sintering,4,,,",
    ),
    "preferences": (
        "chooser,option,points,rank",
        "P1,M1,,1",
        "P1,magnets,,2",
        "P2,TA1,80,",
        "M1,P3,,1",
    ),
    "absences": ("person,from,to,reason", "P2,2027-02,2027-02,examination"),
}
"""Rows that show what belongs where; to be replaced."""


def new(target: Path, *, xlsx: bool = False) -> Path:
    """Write a small valid scenario to fill in, with a guide to every column.

    The folder has a ``README.md`` that explains the tables; the workbook has
    the same explanations as notes on the column heads.

    Parameters
    ----------
    target : Path
        A folder that is new or empty; with `xlsx` a file that is not there yet.
    xlsx : bool
        Write one workbook instead of a folder.

    Returns
    -------
    Path
        What was written.

    Raises
    ------
    FileExistsError
        If there is already something there.
    """
    tables = {name: _example(table) for name, table in STANDARD.items()}
    if xlsx:
        path = target if target.suffix == ".xlsx" else target.with_name(f"{target.name}.xlsx")
        return write_workbook(path, SETTINGS, tables, _column_notes())
    return write_folder(target, SETTINGS, tables, _guide())


def _example(table: Table) -> pd.DataFrame:
    """Make one table: the example rows, or the head of the columns alone."""
    lines = [line.split(",") for line in EXAMPLES.get(table.name, ())]
    if not lines:
        return pd.DataFrame(columns=[column.name for column in table.columns], dtype=object)
    return pd.DataFrame(lines[1:], columns=lines[0], dtype=object)


def _column_notes() -> dict[str, dict[str, str]]:
    return {
        name: {column.name: _explain(column) for column in table.columns}
        for name, table in STANDARD.items()
    }


def _explain(column: Column) -> str:
    """Say in one line what a column takes."""
    parts = [column.help]
    if column.required:
        parts.append("required")
    elif column.default_help:
        parts.append(f"blank = {column.default_help}")
    if column.example:
        parts.append(f"for example {column.example}")
    return "; ".join(parts)


def _guide() -> str:
    """Write the guide that lies beside the tables."""
    lines = [
        "# My programme",
        "",
        "Replace the example rows by yours; keep the heads of the columns. Tables that you do not",
        "need may stay empty or be removed. Any further column is kept as an attribute that rules",
        "can name. Then:",
        "",
        "    talentopt check .",
        "    talentopt solve . -o ../plan --report",
        "",
        "`scenario.yaml` names the programme model and the calendar. To change the rules, copy a",
        "model into this folder and name it there, or override single numbers under `weights:`.",
    ]
    for table in STANDARD.values():
        lines += ["", f"## {table.name}.csv", "", f"{table.help.capitalize()}.", ""]
        lines += [f"- `{column.name}`: {_explain(column)}" for column in table.columns]
    return "\n".join(lines) + "\n"
