"""Point 3: 1 + 5 + N in order, in five different areas."""

from __future__ import annotations

import pytest

from programme.walk import SOLVERS, people, walk

MODEL = {
    "itineraries": {
        "ordered": True,
        "stages": [
            {"stage": "onboarding", "min": 1, "max": 1, "missing": 1000},
            {"stage": "rotation", "min": 5, "max": 5, "missing": 1000, "distinct": "area"},
            {"stage": "targeted", "min": 1, "max": 2, "missing": 1000},
        ],
        "idle": {"points": 2},
        "points": [{"preference": {"weight": 1}}],
    }
}
AREAS = "ABCDE"
PLACEMENTS = [
    {"id": "ON", "stage": "onboarding", "duration": 1, "seats": 2},
    *({"id": f"R{a}", "stage": "rotation", "area": a, "duration": 1, "seats": 1} for a in AREAS),
    {"id": "RA2", "stage": "rotation", "area": "A", "duration": 1, "seats": 2},
    {"id": "T1", "stage": "targeted", "duration": 1, "seats": 2},
    {"id": "T2", "stage": "targeted", "duration": 1, "seats": 2},
]


@pytest.mark.parametrize("solver", SOLVERS)
def test_one_five_n(tmp_path, solver) -> None:
    # Eight months: the second targeted placement fits too, and P1 wants T2.
    tables = {
        "participants": people("P1", "P2"),
        "placements": PLACEMENTS,
        "preferences": [{"chooser": "P1", "option": "T2", "points": 7}],
    }
    done = walk(tmp_path, tables, MODEL, solver, periods=8, worth=7.0)
    for person in ("P1", "P2"):
        names = [name for name, _ in done.bookings(person)]
        if done.verdict.objective == 7.0:
            assert names[0] == "ON"
            assert sorted(name[1] for name in names[1:6]) == list(AREAS)
            assert set(names[6:]) <= {"T1", "T2"}
            assert len(names) >= 7


@pytest.mark.parametrize("solver", SOLVERS)
def test_history_and_requirements_shorten_the_way(tmp_path, solver) -> None:
    # Onboarding and area A are done and three rotations enough: two and T1 in three months.
    tables = {
        "participants": people("P1"),
        "placements": PLACEMENTS,
        "requirements": [{"participant": "P1", "stage": "rotation", "min": 3, "max": 3}],
        "bookings": [
            {"participant": "P1", "placement": "ON", "start": "2025-11", "status": "done"},
            {"participant": "P1", "placement": "RA", "start": "2025-12", "status": "done"},
        ],
    }
    done = walk(tmp_path, tables, MODEL, solver, periods=3, worth=0.0)
    names = [name for name, _ in done.bookings("P1")]
    assert len(names) == 3
    assert "RA2" not in names
    assert names[2] in ("T1", "T2")
