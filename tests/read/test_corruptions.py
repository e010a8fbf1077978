"""Everything a planner can get wrong is told with its place, and nothing else escapes."""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

import talentopt
from scenarios import MONTHS, small, write_scenario
from talentopt.read.checks.alike import one_letter_apart
from talentopt.read.errors import InputErrors

if TYPE_CHECKING:
    from pathlib import Path

DELETE = type("Gone", (), {"__repr__": lambda self: "gone"})()


def errors_of(folder: Path, **options: Any) -> list[str]:
    with pytest.raises(InputErrors) as caught:
        talentopt.read(folder, **options)
    return [str(error) for error in caught.value.errors]


def expect(lines: list[str], *words: str) -> None:
    """One of the errors holds all the words."""
    assert any(all(word in line for word in words) for line in lines), "\n".join(lines)


CELLS = [
    # table, row, column, value, where, what
    ("participants", 0, "id", "", "line 2, id", "blank"),
    ("participants", 1, "id", "P1", "line 3, id", "already given in line 2"),
    ("participants", 0, "start", "2026-13", "line 2, start", "no month"),
    ("participants", 0, "start", "2026-Q3", "line 2, start", "2026-07"),
    ("participants", 0, "start", "2026-7", "line 2, start", "no month"),
    ("participants", 0, "start", " 2026-07", "line 2, start", "no month"),
    ("participants", 0, "start", "2026-07-01", "line 2, start", "no month"),
    ("participants", 1, "start", "2026-11", "line 3, start, end", "starts after"),
    ("participants", 0, "grade", "senior", "line 2, grade", "no number"),
    ("participants", 0, "merit", "7,5", "line 2, merit", "'7,5' is no number"),
    ("participants", 0, "merit", "inf", "line 2, merit", "no number"),
    ("participants", 0, "career_need", "1.5", "line 2, career_need", "whole"),
    ("participants", 0, "career_need", "-1", "line 2, career_need", "out of range"),
    ("participants", 0, "career_need", "x", "line 2, career_need", "no number"),
    ("mentors", 0, "id", "", "line 2, id", "blank"),
    ("mentors", 1, "id", "M1", "line 3, id", "line 2"),
    ("mentors", 0, "capacity", "-1", "line 2, capacity", "at least 0"),
    ("mentors", 0, "capacity", "1.5", "line 2, capacity", "whole"),
    ("mentors", 0, "capacity", "two", "line 2, capacity", "no number"),
    ("mentors", 0, "capacity", "nan", "line 2, capacity", "no number"),
    ("mentors", 0, "capacity", "1_0", "line 2, capacity", "write 10"),
    ("mentors", 0, "technical", "-2", "line 2, technical", "out of range"),
    ("mentors", 0, "technical", "yes", "line 2, technical", "no number"),
    ("mentors", 0, "career", "0.5", "line 2, career", "whole"),
    ("mentors", 0, "grade", "V", "line 2, grade", "no number"),
    ("posts", 0, "id", "", "line 2, id", "blank"),
    ("posts", 1, "id", "HEAD", "line 3, id", "line 2"),
    ("posts", 0, "capacity", "-3", "line 2, capacity", "out of range"),
    ("posts", 0, "budget", "title", "line 2, budget", "did you mean 'titles'"),
    ("posts", 0, "cost", "-5", "line 2, cost", "out of range"),
    ("posts", 0, "cost", "5 EUR", "line 2, cost", "no number"),
    ("placements", 1, "id", "ON", "line 3, id", "line 2"),
    ("placements", 1, "stage", "", "line 3, stage", "blank"),
    ("placements", 1, "stage", "rotations", "line 3, stage", "did you mean 'rotation'"),
    ("placements", 1, "stage", "Rotation", "line 3, stage", "did you mean 'rotation'"),
    ("placements", 1, "duration", "", "line 3, duration", "blank"),
    ("placements", 1, "duration", "0", "line 3, duration", "out of range"),
    ("placements", 1, "duration", "1.5", "line 3, duration", "whole"),
    ("placements", 1, "duration", "-1", "line 3, duration", "out of range"),
    ("placements", 1, "seats", "", "line 3, seats", "blank"),
    ("placements", 1, "seats", "-1", "line 3, seats", "at least 0"),
    ("placements", 1, "seats", "1e99", "line 3, seats", "out of range"),
    ("placements", 1, "min_seats", "-1", "line 3, min_seats", "out of range"),
    ("placements", 1, "min_seats", "0.5", "line 3, min_seats", "whole"),
    ("placements", 3, "opens", "2026-12", "line 5, opens, closes", "opens after"),
    ("placements", 3, "closes", "December", "line 5, closes", "no month"),
    ("placements", 1, "load", "0", "line 3, load", "exclusive"),
    ("placements", 1, "load", "1.2", "line 3, load", "out of range"),
    ("placements", 1, "load", "0.5", "line 3, load", "exclusive"),
    ("placements", 5, "load", "", "line 7, load", "concurrent"),
    ("placements", 5, "load", "1", "line 7, load", "concurrent"),
    ("placements", 5, "hours", "-8", "line 7, hours", "out of range"),
    ("placements", 4, "budget", "labs", "line 6, budget", "did you mean 'lab'"),
    ("placements", 4, "cost", "-1", "line 6, cost", "out of range"),
    ("placements", 4, "cost", "1.000,50", "line 6, cost", "no number"),
    ("placements", 4, "entry", "two", "line 6, entry", "no number"),
    ("seats", 0, "placement", "R11", "line 2, placement", "did you mean 'R1'"),
    ("seats", 0, "period", "", "line 2, period", "blank"),
    ("seats", 0, "period", "3", "line 2, period", "no month"),
    ("seats", 0, "seats", "-2", "line 2, seats", "out of range"),
    ("seats", 0, "min_seats", "a", "line 2, min_seats", "no number"),
    ("participant_skills", 0, "participant", "p1", "line 2, participant", "did you mean 'P1'"),
    ("participant_skills", 0, "participant", "P1 ", "line 2, participant", "did you mean 'P1'"),
    ("participant_skills", 3, "participant", "7", "line 5, participant", "'7'"),
    ("participant_skills", 0, "skill", "", "line 2, skill", "blank"),
    ("participant_skills", 1, "skill", "geology", "line 3", "line 2"),
    ("participant_skills", 0, "level", "6", "line 2, level", "at most 5"),
    ("participant_skills", 0, "level", "-0.5", "line 2, level", "out of range"),
    ("participant_skills", 0, "target", "9", "line 2, target", "out of range"),
    ("participant_skills", 0, "target", "high", "line 2, target", "no number"),
    ("mentor_skills", 0, "mentor", "M9", "line 2, mentor", "no mentor 'M9'"),
    ("mentor_skills", 0, "level", "5.5", "line 2, level", "out of range"),
    ("placement_skills", 0, "placement", "X", "line 2, placement", "no placement 'X'"),
    ("placement_skills", 0, "develops", "7", "line 2, develops", "out of range"),
    ("placement_skills", 2, "requires", "-1", "line 4, requires", "out of range"),
    ("placement_skills", 2, "team", "1.5", "line 4, team", "whole"),
    ("placement_skills", 2, "team", "-1", "line 4, team", "out of range"),
    ("placement_skills", 2, "team_level", "8", "line 4, team_level", "out of range"),
    ("prerequisites", 0, "area", "", "line 2, area, placement", "neither"),
    ("prerequisites", 0, "placement", "T1", "line 2, area, placement", "both"),
    ("prerequisites", 0, "area", "reserch", "line 2, area", "did you mean 'research'"),
    ("prerequisites", 0, "requires", "magnet", "line 2, requires", "did you mean 'magnets'"),
    ("prerequisites", 0, "requires", "", "line 2, requires", "blank"),
    ("prerequisites", 0, "requires", "research", "line 2, requires", "T1 needs T1"),
    ("prerequisites", 1, "placement", "R33", "line 3, placement", "did you mean 'R3'"),
    ("requirements", 0, "participant", "008", "line 2, participant", "did you mean '007'"),
    ("requirements", 0, "stage", "rotatoin", "line 2, stage", "did you mean 'rotation'"),
    ("requirements", 0, "min", "-1", "line 2, min", "out of range"),
    ("requirements", 0, "min", "1.5", "line 2, min", "whole"),
    ("requirements", 0, "max", "0", "line 2, min, max", "above max"),
    ("preferences", 0, "chooser", "P9", "line 2, chooser", "no table has 'P9'"),
    ("preferences", 0, "chooser", "mining", "line 2, chooser", "no table has"),
    ("preferences", 0, "option", "M99", "line 2, option", "no table has 'M99'"),
    ("preferences", 1, "option", "minning", "line 3, option", "did you mean 'mining'"),
    ("preferences", 1, "option", "M1", "line 3", "line 2"),
    ("preferences", 0, "rank", "1", "line 2, points, rank", "both"),
    ("preferences", 0, "points", "", "line 2, points, rank", "neither"),
    ("preferences", 0, "points", "2e9", "line 2, points", "out of range"),
    ("preferences", 2, "rank", "0", "line 4, rank", "at least 1"),
    ("preferences", 2, "rank", "first", "line 4, rank", "no number"),
    ("preferences", 2, "rank", "1.5", "line 4, rank", "whole"),
    ("pairs", 0, "matching", "technic", "line 2, matching", "did you mean 'technical'"),
    ("pairs", 0, "seeker", "P8", "line 2, seeker", "no 'P8' in participants"),
    ("pairs", 0, "provider", "HEAD", "line 2, provider", "no 'HEAD' in mentors"),
    ("pairs", 1, "provider", "M8", "line 3, provider", "no matching has a provider 'M8'"),
    ("pairs", 1, "seeker", "M1", "line 3, seeker", "no matching has a seeker 'M1'"),
    ("pairs", 0, "seeker", "", "line 2, seeker", "blank"),
    ("pairs", 0, "points", "many", "line 2, points", "no number"),
    ("pairs", 0, "points", "-1e10", "line 2, points", "out of range"),
    ("pairs", 0, "load", "-1", "line 2, load", "out of range"),
    ("pairs", 0, "status", "fix", "line 2, status", "did you mean 'fixed'"),
    ("pairs", 0, "status", "done", "line 2, status", "no status"),
    ("pairs", 0, "status", "Open", "line 2, status", "did you mean 'open'"),
    ("bookings", 0, "participant", "P7", "line 2, participant", "no participant 'P7'"),
    ("bookings", 0, "placement", "ROT", "line 2, placement", "no placement 'ROT'"),
    ("bookings", 0, "start", "2026-01", "line 2, points", "any start"),
    ("bookings", 1, "start", "soon", "line 3, start", "no month"),
    ("bookings", 1, "status", "finished", "line 3, status", "no status"),
    ("bookings", 0, "points", "1e10", "line 2, points", "out of range"),
    ("absences", 0, "person", "P99", "line 2, person", "no table has 'P99'"),
    ("absences", 0, "from", "", "line 2, from", "blank"),
    ("absences", 0, "from", "2026-08", "line 2, from, to", "begins after"),
    ("absences", 0, "to", "2026", "line 2, to", "no month"),
    ("budgets", 1, "budget", "lab", "line 3, budget", "line 2"),
    ("budgets", 0, "amount", "", "line 2, amount", "blank"),
    ("budgets", 0, "amount", "-1", "line 2, amount", "out of range"),
    ("budgets", 0, "amount", "1,000", "line 2, amount", "no number"),
    ("quotas", 1, "quota", "chain", "line 3, quota", "line 2"),
    ("quotas", 0, "on", "rotatio", "line 2, on", "did you mean 'rotation'"),
    ("quotas", 0, "on", "", "line 2, on", "blank"),
    ("quotas", 1, "by", "2026-05", "line 3, by", "no period"),
    ("quotas", 0, "by", "2026-99", "line 2, by", "no month"),
    ("quotas", 0, "provider_column", "aera", "line 2, provider_column", "'area'"),
    ("quotas", 0, "provider_column", "duration", "line 2, provider_column", "numbers"),
    ("quotas", 0, "provider_value", "", "line 2, provider_value", "without provider_value"),
    ("quotas", 0, "provider_column", "", "line 2, provider_column", "without"),
    ("quotas", 1, "seeker_column", "trak", "line 3, seeker_column", "did you mean 'track'"),
    ("quotas", 1, "min", "2", "line 3, min, max", "above max"),
    ("quotas", 0, "min", "-1", "line 2, min", "out of range"),
    ("quotas", 0, "points", "-50", "line 2, points", "out of range"),
]


NAMES = {("budgets", "budget"), *((table, "id") for table in small()[0])}
"""Columns to which other tables refer, so that what is wrong in them shows there too."""


def in_turns(cells: list[tuple]) -> list[list[tuple]]:
    """Corruptions that one reading shows: a name alone, else one of each table."""
    turns: list[list[tuple]] = []
    seen: Counter[str] = Counter()
    for cell in cells:
        if (cell[0], cell[2]) in NAMES:
            continue
        if seen[cell[0]] == len(turns):
            turns.append([])
        turns[seen[cell[0]]].append(cell)
        seen[cell[0]] += 1
    return turns + [[cell] for cell in cells if (cell[0], cell[2]) in NAMES]


@pytest.mark.parametrize("cells", in_turns(CELLS))
def test_cells(tmp_path: Path, cells: list[tuple]) -> None:
    tables, model = small()
    for table, row, column, value, _, _ in cells:
        tables[table][row][column] = value
    lines = errors_of(write_scenario(tmp_path, tables, model))
    for table, _, _, _, where, what in cells:
        expect(lines, f"{table}.csv, {where}", what)


STAGES = ("itineraries", "stages")
MODEL = [
    # path, value, words
    (("matching",), {}, ("unknown name 'matching'", "did you mean 'matchings'")),
    (("name",), DELETE, ("'name' is missing",)),
    (("name",), 7, ("put it in quotes",)),
    (("matchings", "technical", "seekers"), "participant", ("'participants'",)),
    (("matchings", "technical", "providers"), "mentorz", ("did you mean 'mentors'",)),
    (("matchings", "technical", "providers"), "budgets", ("has no ids",)),
    (("matchings", "technical", "providers"), DELETE, ("'providers' is missing",)),
    (("matchings", "technical", "need"), -1, ("technical.need", "out of range")),
    (("matchings", "technical", "need"), 1.5, ("technical.need", "whole number")),
    (("matchings", "technical", "need"), "one", ("technical.need", "no whole number")),
    (("matchings", "technical", "need"), True, ("technical.need", "no whole number")),
    (("matchings", "technical", "missing"), -5, ("technical.missing", "at least 0")),
    (("matchings", "technical", "missing"), 1e12, ("technical.missing", "out of range")),
    (("matchings", "technical", "missing"), {"column": "x"}, ("no column 'x'",)),
    (("matchings", "technical", "missing"), {"column": "grade", "default": -1}, ("below 0",)),
    (("matchings", "technical", "missing"), {"col": "grade"}, ("unknown name 'col'",)),
    (("matchings", "technical", "distinct"), ["carer"], ("did you mean 'career'",)),
    (("matchings", "technical", "distinct"), ["technical"], ("names itself",)),
    (("matchings", "technical", "distinct"), "career", ("no list",)),
    (("matchings", "technical", "point"), [], ("unknown name 'point'", "'points'")),
    (("matchings", "technical", "eligible", 0), {}, ("no rule",)),
    (("matchings", "technical", "eligible", 0, "same"), {"column": "unit"}, ("several rules",)),
    (("matchings", "technical", "eligible", 0), {"skil_fit": {}}, ("did you mean 'skill_fit'",)),
    (("matchings", "technical", "eligible", 0), {"skill_fit": {}}, ("needs a `min`",)),
    (("matchings", "technical", "eligible", 1, "different", "weight"), 3, ("`weight` has no",)),
    (("matchings", "technical", "eligible", 1, "different", "column"), "Unit", ("'unit'",)),
    (("matchings", "technical", "eligible", 0, "at_least", "of"), "mentor", ("'seeker'",)),
    (
        ("matchings", "technical", "eligible", 0, "at_least", "column"),
        "name",
        ("no cell of 'name'",),
    ),
    (("matchings", "technical", "eligible", 0, "at_least", "than"), "grad", ("'grade'",)),
    (("matchings", "technical", "points", 0, "skill_fit", "min"), 0.2, ("`min` has no place",)),
    (("matchings", "technical", "points", 0, "skill_fit", "weight"), "60", ("no number",)),
    (("matchings", "technical", "points", 3, "same", "column"), "sight", ("'site'",)),
    (("matchings", "technical", "points", 3), {"same": "site"}, ("no block of names",)),
    (("matchings", "technical", "points", 3), {"at_least": {}}, ("unknown name 'at_least'",)),
    (("matchings", "technical", "points", 0, "stage"), "rotation", ("no place in a matching",)),
    (("matchings", "post", "points", 0, "value", "column"), "merits", ("'merit'",)),
    (("matchings", "post", "points", 0, "value", "column"), "start", ("periods, not numbers",)),
    (("matchings", "site"), {"seekers": "participants", "providers": "mentors"}, ("rename",)),
    (("matchings",), [], ("matchings", "no block of names")),
    ((*STAGES, 1, "stage"), "onboarding", ("already given",)),
    ((*STAGES, 1, "min"), 3, ("min 3 is above max 2",)),
    ((*STAGES, 1, "distinct"), "aera", ("did you mean 'area'",)),
    ((*STAGES, 1, "missing"), "lots", ("no number",)),
    ((*STAGES, 3, "hours", "core"), -8, ("hours.core", "at least 0")),
    ((*STAGES, 3, "concurrent"), "maybe", ("true or false",)),
    ((*STAGES, 3, "concurent"), True, ("did you mean 'concurrent'",)),
    ((*STAGES, 0), {"min": 1}, ("'stage' is missing",)),
    (("itineraries", "stages"), DELETE, ("'stages' is missing",)),
    (("itineraries", "limits", 0, "column"), "units", ("did you mean 'unit'",)),
    (("itineraries", "limits", 0, "max"), -1, ("out of range",)),
    (("itineraries", "idle", "points"), -2, ("at least 0",)),
    (("itineraries", "idle"), 2, ("no block of names",)),
    (("itineraries", "move", "column"), "sites", ("did you mean 'site'",)),
    (("itineraries", "concurrent_load"), -0.5, ("out of range",)),
    (("itineraries", "ordered"), 1, ("true or false",)),
    (("itineraries", "eligible", 0, "stage"), "target", ("did you mean 'targeted'",)),
    (("itineraries", "eligible", 0, "at_least", "than"), "entries", ("did you mean 'entry'",)),
    (("itineraries", "understaffed", "points"), {"column": "x"}, ("no number",)),
    (("links", 0, "matching"), "technicl", ("did you mean 'technical'",)),
    (("links", 0, "column"), "domains", ("did you mean 'domain'",)),
    (("links", 0, "stage"), "rotate", ("did you mean 'rotation'",)),
    (("links", 0, "points"), DELETE, ("'points' is missing",)),
    (("fairness", "worst_off"), -1, ("at least 0",)),
    (("stability", "pair_change"), {"column": "loyal"}, ("no column 'loyal'",)),
]


@pytest.mark.parametrize(
    ("path", "value", "words"),
    MODEL,
    ids=[".".join(map(str, m[0])) + f"={m[1]}"[:30] for m in MODEL],
)
def test_model(tmp_path: Path, path: tuple[Any, ...], value: Any, words: tuple[str, ...]) -> None:
    tables, model = small()
    block: Any = model
    for key in path[:-1]:
        block = block[key]
    if value is DELETE:
        del block[path[-1]]
    else:
        block[path[-1]] = value
    lines = errors_of(write_scenario(tmp_path, tables, model))
    expect(lines, *words)


SETTINGS = [
    # settings, words
    ({"model_name": None}, ("scenario.yaml", "'model' is missing")),
    ({"model_name": "one-five"}, ("no model 'one-five'",)),
    ({"model_name": "../model.yaml"}, ("outside", "../model.yaml")),
    ({"model_name": "/etc/passwd"}, ("outside",)),
    ({"model_name": ["x"]}, ("model", "no text")),
    ({"name": None}, ("'name' is missing",)),
    ({"name": 7}, ("name", "put it in quotes")),
    ({"calendar": None}, ("'calendar' is missing",)),
    ({"calendar": {**MONTHS, "unit": "day"}}, ("calendar.unit", "'month'")),
    ({"calendar": {**MONTHS, "unit": "months"}}, ("calendar.unit", "'month'")),
    ({"calendar": {**MONTHS, "start": "2026"}}, ("calendar.start", "2026-07")),
    ({"calendar": {**MONTHS, "start": "2026-Q1"}}, ("calendar.start", "no month")),
    ({"calendar": {"unit": "week", "start": "2025-W53", "periods": 4}}, ("calendar.start",)),
    ({"calendar": {**MONTHS, "start": "9999-06"}}, ("calendar.start", "9999")),
    ({"calendar": {**MONTHS, "periods": 0}}, ("calendar.periods", "at least 1")),
    ({"calendar": {**MONTHS, "periods": "12"}}, ("calendar.periods", "whole number")),
    ({"calendar": {**MONTHS, "periods": 10**12}}, ("calendar.periods", "at most")),
    ({"calendar": {**MONTHS, "cycle": 0}}, ("calendar.cycle", "at least 1")),
    ({"calendar": {**MONTHS, "period": 3}}, ("did you mean 'periods'",)),
    ({"calendar": "2026"}, ("calendar", "no block")),
    ({"wieghts": {}}, ("unknown name 'wieghts'", "did you mean 'weights'")),
    ({"weights": {"itineraries.idle.pionts": 1}}, ("did you mean 'itineraries.idle.points'",)),
    ({"weights": {"itineraries.idle": 1}}, ("whole block",)),
    ({"weights": {"itineraries.idle.points": "x"}}, ("not a number",)),
    ({"weights": {"itineraries.idle.points": -1}}, ("scenario.yaml", "at least 0")),
    ({"weights": {"matchings.technical.providers": 5}}, ("text, not a number",)),
    ({"weights": {"itineraries.stages.9.missing": 5}}, ("no 'itineraries.stages.9.missing'",)),
    ({"weights": {"": 5}}, ("the model has no ''",)),
    ({"weights": [1]}, ("weights", "no block")),
    ({"previous": "plan"}, ("previous", "no plan")),
    ({"previous": 3}, ("previous", "put it in quotes")),
    ({"at": "2026-03"}, ("at", "only together with `previous`")),
]


@pytest.mark.parametrize(("settings", "words"), SETTINGS, ids=[str(s[0])[:50] for s in SETTINGS])
def test_setting(tmp_path: Path, settings: dict[str, Any], words: tuple[str, ...]) -> None:
    expect(errors_of(write_scenario(tmp_path, *small(), **settings)), *words)


HEADER = "id,name,unit\n"
FILES = [
    # file, content, words
    ("participants.csv", b"", ("participants.csv", "empty")),
    ("participants.csv", b"id;name\nP1;Ada\n", ("participants.csv, line 1", "commas")),
    ("participants.csv", b"id\tname\nP1\tAda\n", ("participants.csv, line 1", "commas")),
    ("participants.csv", "id,name\nP1,Jürgen\n".encode("latin-1"), ("line 2", "UTF-8")),
    ("participants.csv", "id,name\nP1,Ada\n".encode("utf-16"), ("UTF-16",)),
    ("participants.csv", "id,name\nP1,Ada\n".encode("utf-16-le"), ("zero bytes",)),
    ("participants.csv", bytes(range(256)) * 8, ("participants.csv", "UTF-8")),
    ("participants.csv", b'id,name\nP1,"Ada\n', ("participants.csv, line 2", "quotes")),
    ("participants.csv", b'id,name\nP1,"A"da\n', ("participants.csv, line 2", "quotes")),
    ("participants.csv", b"id,name\nP1\n", ("line 2", "1 cells, the header has 2")),
    ("participants.csv", b"id,name\nP1,Ada,x\n", ("line 2", "3 cells, the header has 2")),
    ("participants.csv", b"id,id\nP1,P2\n", ("line 1, id", "two columns")),
    ("participants.csv", b"id,name,\nP1,Ada,\n", ("line 1", "column 3 has no name")),
    ("participants.csv", b"ID,name\nP1,Ada\n", ("line 1, id", "is it 'ID'?")),
    ("participants.csv", b"name\nAda\n", ("line 1, id", "missing")),
    ("participants.csv", b"id,name\n" + b"P1," + b"x" * 200_000, ("line 2", "field")),
    ("participants.csv", b'id,name\nP1,"a\nb"\n\nP1,c\n', ("line 5, id", "line 2")),
    ("participant.csv", b"id\nP1\n", ("unknown table", "did you mean 'participants'")),
    ("Mentors.csv", b"id\nP1\n", ("unknown table", "did you mean 'mentors'")),
    ("notes.csv", b"a\n1\n", ("notes.csv", "unknown table 'notes'")),
    ("scenario.yaml", b"", ("scenario.yaml", "nothing is in the file")),
    ("scenario.yaml", b"name: [", ("scenario.yaml", "no YAML")),
    ("scenario.yaml", b"- a\n", ("scenario.yaml", "block of names")),
    ("scenario.yaml", b"just text", ("scenario.yaml", "block of names")),
    ("scenario.yaml", b"\xff\xfe\x00", ("scenario.yaml", "UTF-16")),
    ("scenario.yaml", b"name: a\nname: b\n", ("line 2, name", "line 1")),
    ("scenario.yaml", b"name: !!python/object:os.system x\n", ("line 1", "tag")),
    ("scenario.yaml", b"name: &a x\nmodel: *a\n", ("aliases",)),
    ("scenario.yaml", b"name: a\n---\nname: b\n", ("several documents",)),
    ("scenario.yaml", b"<<: {a: 1}\n", ("merge",)),
    ("scenario.yaml", b"name: a\n\tmodel: b\n", ("no YAML",)),
    ("scenario.yaml", b"name: " + b"[" * 5000, ("scenario.yaml",)),
    ("scenario.yaml", b"name: " + b"a" * 2_000_000, ("characters",)),
    ("scenario.yaml", b"? [a, b]\n: c\n", ("a name must be text",)),
    ("scenario.yaml", b"name: x\x07\n", ("no YAML",)),
    ("model.yaml", b"# none\n", ("model.yaml", "nothing is in the file")),
    ("model.yaml", b"name: m\nmatchings:\n  on: {}\n", ("line 3", 'put it in quotes: "on"')),
    ("model.yaml", b"name: m\nmatchings:\n  007: {}\n", ("line 3", 'put it in quotes: "007"')),
    ("model.yaml", b"name: no\n", ("line 1, name", "put it in quotes")),
    ("model.yaml", b"name: m\n", ("neither matchings nor itineraries",)),
    ("model.yaml", b"name: m\nfairness: {worst_off: .nan}\n", ("worst_off",)),
    ("model.yaml", b"name: m\nfairness: {worst_off: .inf}\n", ("worst_off",)),
    ("model.yaml", b"name: m\nfairness: {worst_off: 1_0}\n", ("worst_off", "no number")),
]


@pytest.mark.parametrize(
    ("name", "content", "words"), FILES, ids=[f"{f[0]}:{f[1][:24]!r}" for f in FILES]
)
def test_file(tmp_path: Path, name: str, content: bytes, words: tuple[str, ...]) -> None:
    write_scenario(tmp_path, *small())
    (tmp_path / name).write_bytes(content)
    expect(errors_of(tmp_path), *words)


@pytest.mark.parametrize("nth", range(4))
def test_every_table_may_lack_any_required_column(tmp_path: Path, nth: int) -> None:
    from talentopt.read.tables import STANDARD

    tables, model = small()
    lacking = {}
    for table in STANDARD.values():
        required = [column.name for column in table.columns if column.required]
        assert len(required) <= 4
        if nth < len(required):
            lacking[table.name] = required[nth]
    for table, name in lacking.items():
        tables[table] = [{k: v for k, v in row.items() if k != name} for row in tables[table]]
    lines = errors_of(write_scenario(tmp_path, tables, model))
    for table, name in lacking.items():
        expect(lines, f"{table}.csv, line 1, {name}", "missing")


REFERRED = ("participants", "mentors", "placements", "posts", "budgets")
"""Tables whose rows others name."""


@pytest.mark.parametrize("table", REFERRED)
def test_a_missing_column_of_ids_is_told_once(tmp_path: Path, table: str) -> None:
    tables, model = small()
    key = "budget" if table == "budgets" else "id"
    tables[table] = [{k.replace(key, "Key"): v for k, v in row.items()} for row in tables[table]]
    (line,) = errors_of(write_scenario(tmp_path, tables, model))
    assert f"{table}.csv, line 1, {key}: the column '{key}' is missing" in line


@pytest.mark.parametrize("table", REFERRED)
def test_a_table_of_nearly_the_right_name_is_told_once(tmp_path: Path, table: str) -> None:
    write_scenario(tmp_path, *small())
    (tmp_path / f"{table}.csv").rename(tmp_path / f"{table[:-1]}.csv")
    (line,) = errors_of(tmp_path)
    assert f"unknown table {table[:-1]!r}; did you mean {table!r}?" in line


@pytest.mark.parametrize("table", ["participant_skills", "preferences", "quotas", "seats"])
def test_a_missing_column_of_a_key_is_told_once(tmp_path: Path, table: str) -> None:
    from talentopt.read.tables import STANDARD

    tables, model = small()
    key = STANDARD[table].key[-1]
    rows = [*tables[table], *tables[table][:1]]
    tables[table] = [{k: v for k, v in row.items() if k != key} for row in rows]
    (line,) = errors_of(write_scenario(tmp_path, tables, model))
    assert f"{table}.csv, line 1, {key}: the column '{key}' is missing" in line


@pytest.mark.parametrize("table", REFERRED)
@pytest.mark.parametrize("change", [",", None])
def test_a_row_of_another_length_is_told_once(
    tmp_path: Path, table: str, change: str | None
) -> None:
    write_scenario(tmp_path, *small())
    file = tmp_path / f"{table}.csv"
    lines = file.read_text("utf-8").splitlines()
    lines[1] = lines[1] + change if change else lines[1].rsplit(",", 1)[0]
    file.write_text("\n".join(lines), encoding="utf-8")
    (told,) = errors_of(tmp_path)
    assert f"{table}.csv, line 2: the row has " in told
    assert "cells, the header has" in told


@pytest.mark.parametrize("table", REFERRED)
def test_a_header_that_no_row_fits_is_told_once(tmp_path: Path, table: str) -> None:
    write_scenario(tmp_path, *small())
    file = tmp_path / f"{table}.csv"
    file.write_text("Our list\n" + file.read_text("utf-8"), encoding="utf-8")
    (told,) = errors_of(tmp_path)
    assert f"{table}.csv, line 1: no row has as many cells as the header: 1 (line 2: " in told


def test_many_rows_of_another_length_are_counted(tmp_path: Path) -> None:
    write_scenario(tmp_path, *small())
    rows = "P1,Ada\n" + "".join(f"X{i},name,,,,,,,,,,,,,,,,,\n" for i in range(1000))
    (tmp_path / "participants.csv").write_text("id,name\n" + rows, encoding="utf-8")
    told = [line for line in errors_of(tmp_path) if "participants.csv, line" in line]
    assert len(told) < 30
    expect(told, "line 23", "and 980 more rows")


@pytest.mark.parametrize("table", ["mentors", "placements", "posts", "budgets", "preferences"])
def test_a_table_without_rows_is_as_good_as_none(tmp_path: Path, table: str) -> None:
    tables, model = small()
    folder = write_scenario(tmp_path / "without", {**tables, table: []}, model)
    missing = talentopt.read(folder)
    (folder / f"{table}.csv").write_text(",".join(tables[table][0]) + "\n", encoding="utf-8")
    empty = talentopt.read(folder)
    assert len(empty.notes) == len(missing.notes)
    assert all(f"nothing is in {table}.csv" in note for note in empty.notes)
    assert all(f"there is no {table}.csv" in note for note in missing.notes)


def test_participants_without_rows(tmp_path: Path) -> None:
    write_scenario(tmp_path, *small())
    header = (tmp_path / "participants.csv").read_text("utf-8").splitlines()[0]
    (tmp_path / "participants.csv").write_text(header + "\n", encoding="utf-8")
    expect(errors_of(tmp_path), "participants.csv: nobody is in the file")


def test_repeated_rows(tmp_path: Path) -> None:
    tables, model = small()
    repeated = {name: [*rows, rows[0]] for name, rows in tables.items()}
    lines = errors_of(write_scenario(tmp_path, repeated, model))
    for name, rows in tables.items():
        expect(lines, f"{name}.csv, line {len(rows) + 2}", "already given in line 2")


def test_circle_over_several_rows(tmp_path: Path) -> None:
    tables, model = small()
    tables["prerequisites"] += [
        {"area": "mining", "requires": "T1"},
        {"placement": "R2", "requires": "R1"},
        {"area": "magnets", "requires": "mining"},
    ]
    lines = errors_of(write_scenario(tmp_path, tables, model))
    assert len(lines) == 1
    expect(lines, "circle", "needs")


def test_a_circle_with_a_way_around_is_none(tmp_path: Path) -> None:
    tables, model = small()
    tables["prerequisites"] = [
        {"placement": "R2", "area": None, "requires": "R3"},
        {"placement": None, "area": "research", "requires": "magnets"},
        {"placement": "R1", "requires": "magnets"},
    ]
    talentopt.read(write_scenario(tmp_path, tables, model))


def test_ambiguous_id(tmp_path: Path) -> None:
    tables, model = small()
    tables["mentors"][2]["id"] = "P2"
    tables["mentor_skills"][2]["mentor"] = "P2"
    tables["pairs"][1]["provider"] = "P2"
    tables["absences"][0]["person"] = "P2"
    lines = errors_of(write_scenario(tmp_path, tables, model))
    expect(lines, "preferences.csv, line 4, chooser", "participants and mentors")
    expect(lines, "not clear who", "also in", "line 6, option", "absences.csv, line 2, person")


def test_everything_is_told_at_once(tmp_path: Path) -> None:
    tables, model = small()
    tables["participants"][0]["start"] = "x"
    tables["budgets"][0]["amount"] = "-1"
    model["links"][0]["stage"] = "x"
    folder = write_scenario(tmp_path, tables, model, weights={"x.y": 1}, at="2026-02")
    lines = errors_of(folder)
    for word in ("participants.csv", "budgets.csv", "links.0.stage", "weights.x.y", "at"):
        expect(lines, word)


def test_many_errors_of_a_kind_are_counted(tmp_path: Path) -> None:
    tables, model = small()
    tables["mentor_skills"] = [{"mentor": f"X{i}", "skill": "a"} for i in range(500)]
    lines = errors_of(write_scenario(tmp_path, tables, model))
    assert len(lines) == 21
    expect(lines, "mentor_skills.csv, line 22", "480 more names")


@pytest.mark.parametrize("name", ["missing", "missing.xlsx", "a\0b", "x" * 5000])
def test_no_such_path(tmp_path: Path, name: str) -> None:
    assert errors_of(tmp_path / name)


def test_a_file_that_is_no_scenario(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("{}")
    expect(errors_of(tmp_path / "plan.json"), "no scenario")


def test_model_behind_a_link(tmp_path: Path) -> None:
    folder = write_scenario(tmp_path / "inner", *small())
    (folder / "model.yaml").rename(tmp_path / "model.yaml")
    (folder / "model.yaml").symlink_to(tmp_path / "model.yaml")
    expect(errors_of(folder), "outside")


@pytest.mark.parametrize("junk", [b"", b"{", b"\x00" * 100, b"PK\x03\x04", b"x,y\n1\n"])
def test_broken_previous_plan(tmp_path: Path, junk: bytes) -> None:
    folder = write_scenario(tmp_path / "a", *small(), previous="../plan", at="2026-02")
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "placements.csv").write_bytes(junk)
    expect(errors_of(folder), "placements.csv")


@pytest.mark.parametrize("text", ["2026", "x", "2031-01", "2026-Q1"])
def test_at_is_a_period_of_the_calendar(tmp_path: Path, text: str) -> None:
    folder = write_scenario(tmp_path / "a", *small(), previous="../plan", at=text)
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "pairs.csv").write_text("matching,seeker,provider\n")
    expect(errors_of(folder), "scenario.yaml", "at:", text)


def test_errors_survive_pickling(tmp_path: Path) -> None:
    import pickle

    (tmp_path / "scenario.yaml").write_text(json.dumps({"name": "x"}))
    with pytest.raises(InputErrors) as caught:
        talentopt.read(tmp_path)
    assert pickle.loads(pickle.dumps(caught.value)).errors == caught.value.errors


@pytest.mark.parametrize("table", ["participants", "mentors", "placements"])
@pytest.mark.parametrize("repeated", [False, True])
def test_a_row_that_lost_its_id_is_told_once(tmp_path: Path, table: str, repeated: bool) -> None:
    tables, model = small()
    tables[table][0]["id"] = tables[table][1]["id"] if repeated else ""
    told = errors_of(write_scenario(tmp_path, tables, model))
    assert len(told) == 1
    assert f"{table}.csv, line {3 if repeated else 2}, id" in told[0]


def test_a_name_that_nothing_has_is_told_once(tmp_path: Path) -> None:
    tables, model = small()
    for row in tables["participant_skills"]:
        row["participant"] = "P77"
    told = errors_of(write_scenario(tmp_path, tables, model))
    named = [line for line in told if "there is no participant 'P77'" in line]
    assert len(named) == 1
    assert "participant_skills.csv, line 2, participant" in named[0]
    assert "(also in line 3, " in named[0]


ALIKE = [
    ("participants", "grade", "Grade", "line 1, grade: the column 'grade' is missing"),
    ("participants", "unit", "units", "line 1, unit: the column 'unit' is missing"),
    ("mentors", "capacity", " capacity", "line 1, capacity: the column 'capacity' is missing"),
    ("placements", "area", "field", "prerequisites name areas (prerequisites.csv, line 2)"),
]


@pytest.mark.parametrize(("table", "column", "other", "words"), ALIKE)
def test_a_misspelt_column_is_told_once(
    tmp_path: Path, table: str, column: str, other: str, words: str
) -> None:
    tables, model = small()
    model["itineraries"]["stages"][1].pop("distinct", None)
    tables[table] = [
        {other if name == column else name: cell for name, cell in row.items()}
        for row in tables[table]
    ]
    (told,) = errors_of(write_scenario(tmp_path, tables, model))
    assert f"{table}.csv" in told
    assert words in told


def test_a_column_that_is_nearly_another_is_noted(tmp_path: Path) -> None:
    tables, model = small()
    for row in tables["mentors"]:
        row["technic"] = row.pop("technical", "")
    notes = talentopt.read(write_scenario(tmp_path, tables, model)).notes
    assert any("'technic' is kept" in note and "'technical'" in note for note in notes)


@pytest.mark.parametrize("other", ["technicl", "techncial", "technicall", "tachnical"])
def test_a_column_that_nothing_names_is_a_slip(tmp_path: Path, other: str) -> None:
    tables, model = small()
    for row in tables["mentors"]:
        row[other] = row.pop("technical", "")
    (told,) = errors_of(write_scenario(tmp_path, tables, model))
    assert (
        f"mentors.csv, line 1, technical: the column 'technical' is missing; is it {other!r}"
        in told
    )


def test_a_column_that_a_rule_names_is_no_slip(tmp_path: Path) -> None:
    tables, model = small()
    for row in tables["mentors"]:
        row["technicl"] = row.pop("technical", 1) or 1
    rule = {"value": {"of": "provider", "column": "technicl", "weight": 1}}
    model["matchings"]["technical"]["points"].append(rule)
    talentopt.read(write_scenario(tmp_path, tables, model))


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("open", "opens", True),
        ("opnes", "opens", True),
        ("open", "opens ", False),
        ("opens", "opens", False),
        ("closed", "closes", True),
        ("started", "start", False),
        ("ab", "ba", True),
        ("", "a", True),
        ("abcd", "badc", False),
    ],
)
def test_one_letter_apart(one: str, other: str, apart: bool) -> None:
    assert one_letter_apart(one, other) is apart
    assert one_letter_apart(other, one) is apart


@pytest.mark.parametrize("name", ["mentors.csv", "scenario.yaml", "model.yaml"])
def test_a_pipe_is_not_opened(tmp_path: Path, name: str) -> None:
    write_scenario(tmp_path, *small())
    (tmp_path / name).unlink()
    os.mkfifo(tmp_path / name)
    expect(errors_of(tmp_path), "pipe")


def test_weights_in_a_block_that_is_wrong_are_no_mistake_of_their_own(tmp_path: Path) -> None:
    tables, model = small()
    model["itinerary"] = model.pop("itineraries")
    weights = {"itineraries.idle.points": 3}
    (told,) = errors_of(write_scenario(tmp_path, tables, model, weights=weights))
    assert "unknown name 'itinerary'; did you mean 'itineraries'?" in told
