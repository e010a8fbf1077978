"""Point 7: laboratory slots per period, project teams with skills, sizes and windows."""

from __future__ import annotations

import pytest

from programme.walk import SOLVERS, people, walk

MODEL = {
    "itineraries": {
        "stages": [
            {"stage": "project", "min": 1, "max": 1, "missing": 100},
            {"stage": "lab", "concurrent": True, "min": 0, "max": 1},
        ],
        "understaffed": {"points": 20},
        "concurrent_load": 0.5,
        "points": [{"preference": {"weight": 1}}],
    }
}
PEOPLE = people("P1", "P2", "P3")
SKILLS = [
    {"participant": "P1", "skill": "design", "level": 4},
    {"participant": "P2", "skill": "design", "level": 2},
    {"participant": "P3", "skill": "design", "level": 1},
]
PROJECTS = [
    {
        "id": "A",
        "stage": "project",
        "duration": 2,
        "seats": 2,
        "min_seats": 1,
        "opens": "2026-02",
        "closes": "2026-03",
    },
    {"id": "B", "stage": "project", "duration": 2, "seats": 3},
]


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_team_needs_its_expert(tmp_path, solver) -> None:
    # A wants one person of level 3 or more (only P1) and level 2 to enter (not P3). P1 would
    # rather be in B (15 points), which is less than the 20 that a missing expert costs.
    tables = {
        "participants": PEOPLE,
        "participant_skills": SKILLS,
        "placements": PROJECTS,
        "placement_skills": [
            {"placement": "A", "skill": "design", "requires": 2, "team": 1, "team_level": 3}
        ],
        "preferences": [{"chooser": "P1", "option": "B", "points": 15}],
    }
    done = walk(tmp_path, tables, MODEL, solver, worth=0.0)
    assert "A" not in dict(done.bookings("P3"))
    if done.verdict.objective == 0.0:
        assert done.bookings("P1") == [("A", "2026-02")]


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_window_nobody_can_fill_is_understaffed(tmp_path, solver) -> None:
    # All are away in February: nobody at A, one seat short in each of its two months.
    tables = {
        "participants": PEOPLE,
        "placements": PROJECTS,
        "absences": [{"person": row["id"], "from": "2026-02", "to": "2026-02"} for row in PEOPLE],
    }
    done = walk(tmp_path, tables, MODEL, solver, worth=-40.0)
    short = done.plan.shortages
    assert short["rule"].tolist() == ["understaffed"]
    assert short["amount"].tolist() == [2.0]


@pytest.mark.parametrize("solver", SOLVERS)
def test_slots_of_a_laboratory(tmp_path, solver) -> None:
    # One slot a month, none in February, two in March: four slots in four months; the two-month
    # use cannot cross February, so March-April is all there is for it.
    tables = {
        "participants": PEOPLE,
        "placements": [
            {"id": "B", "stage": "project", "duration": 4, "seats": 3},
            {"id": "XRD", "stage": "lab", "duration": 2, "seats": 1, "load": 0.4},
        ],
        "seats": [
            {"placement": "XRD", "period": "2026-02", "seats": 0},
            {"placement": "XRD", "period": "2026-03", "seats": 2},
        ],
        "preferences": [
            {"chooser": "P1", "option": "XRD", "points": 9},
            {"chooser": "P2", "option": "XRD", "points": 8},
        ],
    }
    done = walk(tmp_path, tables, MODEL, solver, periods=4, worth=9.0)
    assert dict(done.bookings("P1")) == {"B": "2026-01", "XRD": "2026-03"}
    assert "XRD" not in dict(done.bookings("P2"))
