"""Point 8: projects on their way to the market: advisers, the reward fund, sharing sessions."""

from __future__ import annotations

import pytest

from programme.walk import SECONDS, people, walk, with_solvers

VALUE = {"column": "value", "default": 50}
MODEL = {
    "matchings": {
        "ip": {
            "seekers": "projects",
            "providers": "advisers",
            "missing": VALUE,
            "eligible": [{"same": {"column": "domain"}}],
        },
        "legal": {"seekers": "projects", "providers": "advisers", "missing": 40},
        "market": {
            "seekers": "projects",
            "providers": "advisers",
            "missing": VALUE,
            "points": [{"same": {"column": "domain", "weight": 30}}],
        },
        "reward": {
            "seekers": "projects",
            "providers": "awards",
            "eligible": [
                {"at_least": {"column": "revenue", "of": "seeker", "than": "min_revenue"}}
            ],
            "points": [{"value": {"column": "share", "of": "provider"}}],
        },
    },
    "itineraries": {
        "stages": [{"stage": "session", "concurrent": True, "hours": {"sharing": 4}, "missing": 5}]
    },
}
AWARD = {"budget": "fund"}
TABLES = {
    "participants": people("P1"),
    "projects": [
        {"id": "J1", "domain": "magnets", "value": 90, "revenue": 80},
        {"id": "J2", "domain": "optics", "value": None, "revenue": 50},
    ],
    # Three places for six wishes: A1 does any one thing, A2 two, no market.
    "advisers": [
        {"id": "A1", "domain": "magnets", "capacity": 1, "ip": 1, "legal": 1, "market": 1},
        {"id": "A2", "domain": "optics", "capacity": 2, "ip": 2, "legal": 2, "market": None},
    ],
    "awards": [
        {"id": "gold", "capacity": 2, "cost": 60, "share": 60, "min_revenue": 70} | AWARD,
        {"id": "silver", "capacity": 2, "cost": 30, "share": 30, "min_revenue": 40} | AWARD,
        {"id": "bronze", "capacity": 2, "cost": 10, "share": 10, "min_revenue": 10} | AWARD,
    ],
    "placements": [
        {
            "id": "S1",
            "stage": "session",
            "duration": 1,
            "seats": 1,
            "load": 0.1,
            "hours": 3,
            "layer": "sharing",
        }
    ],
}
# Best advice: A1 markets J1 (30 points, saves 90); A2 protects J2 (50) and one project's law (40).
# J1 lacks ip (90), one lacks law (40), J2 lacks the market (50): 30 - 180 = -150.
ADVICE = -150.0
SESSION = -5.0


@pytest.mark.parametrize(
    "solver, fund, shares",
    with_solvers(
        (80, {"J1": "gold", "J2": "bronze"}),  # 60 + 30 would be 10 too much
        (200, {"J1": "gold", "J2": "silver"}),  # J2's revenue is below gold's 70
        (60, {"J1": "gold"}),  # or two silvers: 60 points either way
        (35, {}),
    ),
)
def test_advisers_fund_and_sessions(tmp_path, solver, fund, shares) -> None:
    best = {200: 90, 80: 70, 60: 60, 35: 30}[fund]
    tables = TABLES | {"budgets": [{"budget": "fund", "amount": fund}]}
    done = walk(tmp_path, tables, MODEL, solver, worth=ADVICE + SESSION + best)
    cost = {row["id"]: row["cost"] for row in TABLES["awards"]}
    assert sum(cost[award] for award in done.pairs("reward").values()) <= fund
    if solver not in SECONDS:
        assert done.pairs("market") == {"J1": "A1"}
        assert done.pairs("ip") == {"J2": "A2"}
    if solver not in SECONDS and best > 60:
        assert done.pairs("reward") == shares
    assert dict(done.bookings("P1")).keys() == {"S1"}
