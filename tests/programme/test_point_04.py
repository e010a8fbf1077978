"""Point 4: three different mentors for everybody, under the mentors' capacities."""

from __future__ import annotations

import pytest

from programme.walk import PROVEN, SOLVERS, people, walk
from talentopt.insight.blocking import blocking_pairs
from talentopt.insight.standing import Standing

ROLE = {"seekers": "participants", "providers": "mentors", "need": 1, "missing": 1000}
MODEL = {
    "matchings": {
        "technical": ROLE
        | {"distinct": ["career", "peer"], "points": [{"same": {"column": "site", "weight": 10}}]},
        "career": ROLE,
        "peer": ROLE | {"points": [{"preference": {"weight": 1}}]},
    }
}


def mentors(last_capacity):
    every = {"technical": 2, "career": 2, "peer": 2}
    return [
        {"id": "A", "site": "N", "capacity": 2} | every,
        {"id": "B", "site": "S", "capacity": 2} | every,
        {"id": "C", "site": "S", "capacity": last_capacity} | every | {"technical": None},
    ]


@pytest.mark.parametrize("solver", SOLVERS)
def test_three_different_mentors(tmp_path, solver) -> None:
    # C is no technical mentor. P1 is technical with A (same site: 10), and P2, who is at no
    # site, then likes C as peer (5).
    tables = {
        "participants": [{"id": "P1", "site": "N"}, {"id": "P2", "site": ""}],
        "mentors": mentors(2),
        "preferences": [{"chooser": "P2", "option": "C", "points": 5}],
    }
    done = walk(tmp_path, tables, MODEL, solver, worth=15.0)
    for person in ("P1", "P2"):
        roles = [done.pairs(name).get(person) for name in MODEL["matchings"]]
        assert sorted(roles) == ["A", "B", "C"]
        assert roles[0] != "C"


@pytest.mark.parametrize("solver", SOLVERS)
def test_five_places_for_six(tmp_path, solver) -> None:
    tables = {"participants": people("P1", "P2"), "mentors": mentors(1)}
    done = walk(tmp_path, tables, MODEL, solver, worth=-1000.0)
    short = done.plan.shortages
    assert short["rule"].tolist() == ["missing"]
    assert short["points"].tolist() == [1000.0]


@pytest.mark.parametrize("solver", PROVEN)
def test_who_would_rather_have_each_other(tmp_path, solver) -> None:
    # P1 and M2 name each other, yet P2 with M2 is worth 30 more to the plan.
    model = {
        "matchings": {
            "guide": ROLE
            | {"points": [{"preference": {"weight": 1}}, {"preference": {"of": "provider"}}]}
        }
    }
    tables = {
        "participants": people("P1", "P2"),
        "mentors": [{"id": "M1", "capacity": 1}, {"id": "M2", "capacity": 1}],
        "preferences": [
            {"chooser": "P1", "option": "M2", "points": 10},
            {"chooser": "P2", "option": "M2", "points": 50},
            {"chooser": "M2", "option": "P1", "points": 10},
        ],
    }
    done = walk(tmp_path, tables, model, solver, worth=50.0)
    found = blocking_pairs(Standing.of(done.scenario, done.plan)).to_dict("records")
    # Pairing them gives 20, loses P2's 50 and leaves P2 with nobody: 20 - 50 - 1000.
    assert [(row["seeker"], row["provider"], row["change"]) for row in found] == [
        ("P1", "M2", -1030.0)
    ]
    assert (found[0]["leaves"], found[0]["displaces"]) == ("M1", "P2")
