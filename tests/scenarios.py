"""Scenarios for tests: written from dictionaries, so that a test shows its facts."""

from __future__ import annotations

import copy
import csv
import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Rows = list[dict[str, Any]]


class Formula(NamedTuple):
    """A cell of a workbook whose value was computed."""

    value: Any


MONTHS = {"unit": "month", "start": "2026-01", "periods": 12, "cycle": 6}


def write_table(path: Path, rows: Rows | str) -> None:
    """Write rows as CSV; text is written as it is. Missing keys and None are blank."""
    if isinstance(rows, str):
        path.write_text(rows, encoding="utf-8", newline="")
        return
    header = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for row in rows:
            writer.writerow(["" if row.get(name) is None else row[name] for name in header])


def write_scenario(
    folder: Path,
    tables: Mapping[str, Rows | str],
    model: Mapping[str, Any] | str,
    *,
    model_name: Any = "model.yaml",
    **scenario_yaml: Any,
) -> Path:
    """Write a scenario folder.

    Parameters
    ----------
    folder
        Created when absent.
    tables
        Rows (dictionaries) or the file's text, by table name. A table without
        rows is not written.
    model
        The model's content or the text of its file, ``model.yaml``.
    model_name
        What ``scenario.yaml`` says the model is.
    scenario_yaml
        Keys of ``scenario.yaml`` that replace the usual ones: `name`,
        `calendar`, `weights`, `previous`, `at`; None leaves one out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        if rows:
            write_table(folder / f"{name}.csv", rows)
    text = model if isinstance(model, str) else json.dumps(model, indent=1, ensure_ascii=False)
    (folder / "model.yaml").write_text(text, encoding="utf-8")
    settings = {"name": "test", "model": model_name, "calendar": MONTHS, **scenario_yaml}
    settings = {key: value for key, value in settings.items() if value is not None}
    text = json.dumps(settings, indent=1, ensure_ascii=False)
    (folder / "scenario.yaml").write_text(text, encoding="utf-8")
    return folder


def write_workbook(
    path: Path, tables: Mapping[str, Rows], model: str, **scenario_yaml: Any
) -> Path:
    """Write the same as one workbook; `model` is a name or a file beside it.

    Text stays text, numbers become number cells.
    """
    import xlsxwriter

    settings = {"name": "test", "model": model, "calendar": MONTHS, **scenario_yaml}
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm"}) as book:
        sheet = book.add_worksheet("scenario")
        _write_rows(sheet, _flat(settings))
        for name, rows in tables.items():
            header = list(dict.fromkeys(column for row in rows for column in row))
            _write_rows(
                book.add_worksheet(name), [header, *([r.get(c) for c in header] for r in rows)]
            )
    return path


def _write_rows(sheet: Any, rows: Sequence[Sequence[Any]]) -> None:
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(i, j, value)
            elif isinstance(value, Formula):
                sheet.write_formula(i, j, "=1/0", None, value.value)
            elif value is not None:
                sheet.write(i, j, value)


def _flat(block: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for key, value in block.items():
        rows += (
            _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [(prefix + key, value)]
        )
    return rows


def small() -> tuple[dict[str, Rows], dict[str, Any]]:
    """Tables and model of a scenario that uses every table and every rule; change them freely.

    Use as ``tables, model = small(); write_scenario(folder, tables, model)``.
    """
    return copy.deepcopy(_TABLES), copy.deepcopy(_MODEL)


_TABLES: dict[str, Rows] = {
    "participants": [
        {
            "id": "P1",
            "name": "Ada",
            "unit": "Mining",
            "site": "North",
            "track": "technical",
            "grade": 2,
            "merit": 7.5,
            "career_need": None,
        },
        {
            "id": "P2",
            "name": "Bo",
            "unit": "Magnets",
            "site": "South",
            "track": "operations",
            "grade": 3,
            "end": "2026-10",
            "merit": 4,
        },
        {
            "id": "007",
            "name": "Cy",
            "unit": "Mining",
            "site": "North",
            "track": "technical",
            "grade": 1,
            "start": "2026-02",
        },
    ],
    "mentors": [
        {
            "id": "M1",
            "name": "Max",
            "unit": "Magnets",
            "site": "North",
            "grade": 5,
            "capacity": 2,
            "technical": 2,
            "career": 1,
            "domain": "geology",
        },
        {
            "id": "M2",
            "name": "Mia",
            "unit": "Separation",
            "site": "South",
            "grade": 6,
            "technical": 1,
            "career": 2,
            "domain": "magnetics",
        },
        {
            "id": "M3",
            "name": "Moe",
            "unit": "Separation",
            "site": "North",
            "grade": 5,
            "capacity": 1,
            "technical": None,
            "career": 1,
            "domain": "geology",
        },
    ],
    "posts": [
        {"id": "HEAD", "capacity": 1, "budget": "titles", "cost": 5, "site": "North"},
        {"id": "DEPUTY", "capacity": 2, "budget": "titles", "cost": 3, "site": "South"},
    ],
    "placements": [
        {"id": "ON", "name": "Welcome", "stage": "onboarding", "duration": 1, "seats": 3},
        {
            "id": "R1",
            "name": "Pit",
            "stage": "rotation",
            "area": "mining",
            "unit": "Mining",
            "site": "North",
            "domain": "geology",
            "duration": 2,
            "seats": 1,
            "min_seats": 1,
        },
        {
            "id": "R2",
            "name": "Press",
            "stage": "rotation",
            "area": "magnets",
            "unit": "Magnets",
            "site": "South",
            "domain": "magnetics",
            "duration": 3,
            "seats": 2,
        },
        {
            "id": "R3",
            "name": "Furnace",
            "stage": "rotation",
            "area": "magnets",
            "unit": "Magnets",
            "site": "South",
            "domain": "magnetics",
            "duration": 2,
            "seats": 1,
            "opens": "2026-02",
            "closes": "2026-11",
        },
        {
            "id": "T1",
            "name": "Lab",
            "stage": "targeted",
            "area": "research",
            "unit": "Magnets",
            "site": "South",
            "domain": "magnetics",
            "duration": 2,
            "seats": 2,
            "budget": "lab",
            "cost": 10,
            "entry": 1,
        },
        {
            "id": "L1",
            "name": "Lecture",
            "stage": "lecture",
            "duration": 1,
            "seats": 3,
            "load": 0.2,
            "hours": 8,
            "layer": "core",
        },
        {
            "id": "L2",
            "name": "Seminar",
            "stage": "lecture",
            "duration": 1,
            "seats": 2,
            "load": 0.3,
            "hours": 4,
            "layer": "frontier",
            "budget": "lab",
            "cost": 1.5,
        },
    ],
    "seats": [
        {"placement": "R1", "period": "2026-03", "seats": 2, "min_seats": 0},
        {"placement": "R2", "period": "2026-05", "seats": 1},
    ],
    "participant_skills": [
        {"participant": "P1", "skill": "geology", "level": 1, "target": 3},
        {"participant": "P1", "skill": "magnetics", "level": 0.5, "target": 2},
        {"participant": "P2", "skill": "magnetics", "level": 2, "target": 4},
        {"participant": "007", "skill": "geology", "target": 2},
    ],
    "mentor_skills": [
        {"mentor": "M1", "skill": "geology", "level": 4},
        {"mentor": "M2", "skill": "magnetics", "level": 5},
        {"mentor": "M3", "skill": "geology", "level": 2.5},
    ],
    "placement_skills": [
        {"placement": "R1", "skill": "geology", "develops": 3},
        {"placement": "R2", "skill": "magnetics", "develops": 2.5},
        {"placement": "T1", "skill": "magnetics", "requires": 0.5, "team": 1, "team_level": 2},
    ],
    "prerequisites": [
        {"area": "research", "placement": None, "requires": "magnets"},
        {"area": None, "placement": "R3", "requires": "ON"},
    ],
    "requirements": [{"participant": "007", "stage": "rotation", "min": 1}],
    "preferences": [
        {"chooser": "P1", "option": "M1", "points": 5, "rank": None},
        {"chooser": "P1", "option": "mining", "points": 8},
        {"chooser": "P2", "option": "R3", "rank": 1},
        {"chooser": "P2", "option": "Mining", "rank": 2},
        {"chooser": "M2", "option": "P2", "points": 3},
    ],
    "pairs": [
        {
            "matching": "technical",
            "seeker": "P1",
            "provider": "M1",
            "points": 4,
            "load": None,
            "status": "open",
        },
        {"matching": None, "seeker": "P2", "provider": "M3", "status": "forbidden"},
        {"matching": "career", "seeker": "007", "provider": "M2", "load": 2, "status": "fixed"},
    ],
    "bookings": [
        {"participant": "P1", "placement": "R1", "start": None, "points": 6, "status": None},
        {"participant": "P2", "placement": "R2", "start": "2026-02", "status": "forbidden"},
        {"participant": "P2", "placement": "ON", "start": "2025-11", "status": "done"},
        {"participant": "007", "placement": "ON", "status": "fixed"},
    ],
    "absences": [
        {"person": "P1", "from": "2026-06", "to": "2026-07", "reason": "parental leave"},
        {"person": "M1", "from": "2026-08", "to": "2026-08"},
    ],
    "budgets": [{"budget": "lab", "amount": 25}, {"budget": "titles", "amount": 8}],
    "quotas": [
        {
            "quota": "chain",
            "on": "rotation",
            "provider_column": "area",
            "provider_value": "magnets",
            "by": "2026-09",
            "min": 1,
            "points": 50,
        },
        {
            "quota": "operations-posts",
            "on": "post",
            "seeker_column": "track",
            "seeker_value": "operations",
            "min": 0,
            "max": 1,
        },
    ],
}

_MODEL: dict[str, Any] = {
    "name": "small",
    "matchings": {
        "technical": {
            "seekers": "participants",
            "providers": "mentors",
            "need": 1,
            "missing": 100,
            "distinct": ["career"],
            "eligible": [
                {"at_least": {"column": "grade", "above": 1}},
                {"different": {"column": "unit"}},
            ],
            "points": [
                {"skill_fit": {"weight": 60}},
                {"preference": {"weight": 1, "of": "seeker"}},
                {"preference": {"of": "provider"}},
                {"same": {"column": "site", "weight": 10}},
            ],
        },
        "career": {
            "seekers": "participants",
            "providers": "mentors",
            "need": {"column": "career_need", "default": 1},
            "missing": 80,
            "eligible": [],
            "points": [{"different": {"column": "unit", "weight": 2}}],
        },
        "peer": {"seekers": "participants", "providers": "participants"},
        "post": {
            "seekers": "participants",
            "providers": "posts",
            "points": [{"value": {"of": "seeker", "column": "merit", "weight": 1}}],
        },
    },
    "itineraries": {
        "ordered": True,
        "stages": [
            {"stage": "onboarding", "min": 1, "max": 1, "missing": 100},
            {"stage": "rotation", "min": 2, "max": 2, "missing": 100, "distinct": "area"},
            {"stage": "targeted", "min": 0, "max": 1, "missing": 100},
            {
                "stage": "lecture",
                "concurrent": True,
                "hours": {"core": 8, "frontier": 4},
                "missing": 5,
            },
        ],
        "limits": [{"column": "unit", "max": 2}],
        "idle": {"points": 2},
        "move": {"column": "site", "points": 5, "from_home": True},
        "understaffed": {"points": 3},
        "concurrent_load": 0.5,
        "eligible": [
            {
                "at_least": {"column": "grade", "of": "seeker", "than": "entry"},
                "stage": "targeted",
            },
        ],
        "points": [{"skill_fit": {"weight": 30}}, {"preference": {"weight": 1}}],
    },
    "links": [{"matching": "technical", "column": "domain", "stage": "rotation", "points": 15}],
    "fairness": {"worst_off": 0.5},
    "stability": {"pair_change": 3, "placement_change": 2},
}
