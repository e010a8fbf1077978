"""Point 9: honours under quotas, and who is next."""

from __future__ import annotations

import pytest

from programme.walk import PROVEN, SOLVERS, walk
from talentopt.insight.reserve import reserve_lists
from talentopt.insight.standing import Standing

MODEL = {
    "matchings": {
        "honour": {
            "seekers": "participants",
            "providers": "honours",
            "eligible": [
                {"at_least": {"column": "max_grade", "than": "grade"}},
                {"at_least": {"column": "innovation", "of": "seeker", "than": "least"}},
            ],
            "points": [{"value": {"column": "innovation"}}],
        }
    }
}
TABLES = {
    "participants": [
        {"id": "P1", "unit": "U1", "grade": 1, "innovation": 95},
        {"id": "P2", "unit": "U1", "grade": 2, "innovation": 90},
        {"id": "P3", "unit": "U2", "grade": 2, "innovation": 60},
        {"id": "P4", "unit": "U2", "grade": 5, "innovation": 99},
        {"id": "P5", "unit": "U3", "grade": 1, "innovation": 55},
    ],
    "honours": [
        {"id": "Outstanding Newcomer", "max_grade": 2, "least": 50, "capacity": 2},
        {"id": "Innovation Pioneer", "max_grade": 9, "least": 98, "capacity": 1},
    ],
    "quotas": [
        {"quota": f"honours-{unit}", "on": "honour", "seeker_column": "unit", "seeker_value": unit}
        | {"max": most}
        for unit, most in (("U1", 1), ("U2", 2))
    ],
}


@pytest.mark.parametrize("solver", SOLVERS)
def test_honours_under_hard_quotas(tmp_path, solver) -> None:
    # The unit U1 gets one: 95, then 60 instead of 90, and the pioneer's 99.
    done = walk(tmp_path, TABLES, MODEL, solver, worth=95 + 60 + 99)
    assert "P2" not in done.pairs("honour") or "P1" not in done.pairs("honour")
    if done.verdict.objective == 95 + 60 + 99:
        assert set(done.pairs("honour")) == {"P1", "P3", "P4"}


@pytest.mark.parametrize("solver", PROVEN)
def test_the_reserve_list_names_the_quota(tmp_path, solver) -> None:
    done = walk(tmp_path, TABLES, MODEL, solver, worth=95 + 60 + 99)
    table = reserve_lists(Standing.of(done.scenario, done.plan))
    rows = table[["provider", "place", "seeker", "change", "behind", "needs"]].values.tolist()
    assert rows == [
        ["Outstanding Newcomer", 1, "P2", 90.0, -30.0, "1 more of quota honours-U1"],
        ["Outstanding Newcomer", 2, "P5", 55.0, 5.0, ""],
    ]
