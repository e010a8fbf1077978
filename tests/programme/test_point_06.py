"""Point 6: study seats and the tuition budget."""

from __future__ import annotations

import pytest

from programme.walk import walk, with_solvers

MODEL = {
    "itineraries": {
        "stages": [{"stage": "study", "concurrent": True, "min": 0, "max": 1}],
        "concurrent_load": 0.5,
        "eligible": [
            {
                "at_least": {"column": "grade", "of": "seeker", "than": "min_grade"},
                "stage": "study",
            }
        ],
        "points": [{"preference": {"weight": 1}}],
    }
}
MASTER = {"stage": "study", "duration": 4, "load": 0.3, "budget": "tuition", "min_grade": 2}
TABLES = {
    "participants": [{"id": f"P{i}", "grade": grade} for i, grade in enumerate([3, 2, 2, 1], 1)],
    "placements": [
        {"id": "MA", "seats": 2, "cost": 600} | MASTER,
        {"id": "PHD", "seats": 1, "cost": 900} | MASTER,
    ],
    "preferences": [
        {"chooser": "P1", "option": "PHD", "points": 50},
        {"chooser": "P1", "option": "MA", "points": 30},
        {"chooser": "P2", "option": "MA", "points": 40},
        {"chooser": "P3", "option": "MA", "points": 35},
        {"chooser": "P4", "option": "MA", "points": 99},
    ],
}


@pytest.mark.parametrize(
    "solver, amount, worth",
    with_solvers(
        (1500, 90.0),  # PHD and one master: 50 + 40
        (2100, 125.0),  # everybody who may: 50 + 40 + 35 for 900 + 600 + 600
        (1200, 75.0),  # two masters: 40 + 35
        (899, 40.0),
        (0, 0.0),
    ),
)
def test_the_budget_binds(tmp_path, solver, amount, worth) -> None:
    tables = TABLES | {"budgets": [{"budget": "tuition", "amount": amount}]}
    done = walk(tmp_path, tables, MODEL, solver, worth=worth)
    cost = done.scenario.tables["placements"].set_index("id")["cost"]
    assert cost[done.plan.placements["placement"]].sum() <= amount
    assert done.bookings("P4") == []
