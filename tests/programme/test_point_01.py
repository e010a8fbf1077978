"""Point 1: a development plan for everybody, renewed every cycle."""

from __future__ import annotations

import shutil

import pytest

from programme.walk import PROVEN, SOLVERS, people, plan_of, walk
from scenarios import write_table
from talentopt.insight.development import development
from talentopt.read.reader import read

MODEL = {
    "matchings": {"guide": {"seekers": "participants", "providers": "mentors", "missing": 50}},
    "itineraries": {
        "stages": [{"stage": "work", "min": 2, "max": 2, "missing": 100}],
        "points": [{"skill_fit": {"weight": 60}}],
    },
    "stability": {"pair_change": 15, "placement_change": 10},
}
TABLES = {
    "participants": people("P1"),
    "mentors": [{"id": "M1", "capacity": 1}],
    "mentor_skills": [{"mentor": "M1", "skill": "optics", "level": 3}],
    "participant_skills": [
        {"participant": "P1", "skill": "geology", "level": 1, "target": 4},
        {"participant": "P1", "skill": "optics", "level": 2, "target": 4},
        {"participant": "P1", "skill": "law", "level": 3, "target": 3},
    ],
    "placements": [
        {"id": "W1", "stage": "work", "duration": 2, "seats": 1},
        {"id": "W2", "stage": "work", "duration": 2, "seats": 1, "opens": "2026-03"},
    ],
    "placement_skills": [{"placement": "W1", "skill": "geology", "develops": 3}],
}


@pytest.mark.parametrize("solver", SOLVERS)
def test_goals_contributions_and_renewal(tmp_path, solver) -> None:
    # Gaps: geology 3, optics 2. W1 closes 2 of 5: 60 * 0.4 = 24 points.
    done = walk(tmp_path, TABLES, MODEL, solver, worth=24.0)
    rows = development(done.scenario, done.plan).to_dict("records")
    assert [(row["skill"], row["kind"], row["help"], row["closes"]) for row in rows] == [
        ("geology", "work", "W1", 2.0),
        ("optics", "guide", "M1", 1.0),
    ]
    assert [row["open"] for row in rows] == [1.0, 1.0]
    assert {row["renewed"] for row in rows} == {"2026-04"}


@pytest.mark.parametrize("solver", PROVEN)
def test_renewed_with_few_changes(tmp_path, solver) -> None:
    first = walk(tmp_path / "first", TABLES, MODEL, solver, worth=24.0)
    later = tmp_path / "later"
    shutil.copytree(first.scenario.path, later)
    # A newcomer; P1 keeps the guide, who has one place.
    write_table(later / "participants.csv", people("P1", "P2"))
    scenario = read(later, previous=first.folder, at="2026-04")
    # Three months are left: P2 gets one of two placements and no guide, 24 - 100 - 50.
    second = plan_of(scenario, tmp_path / "plan", solver, worth=-126.0)
    assert second.pairs("guide") == {"P1": "M1"}
    assert second.bookings("P1") == first.bookings("P1")
    assert set(development(second.scenario, second.plan)["renewed"]) == {""}
