"""Point 10: enough people developed per link of the industrial chain, by a date."""

from __future__ import annotations

import pytest

from programme.walk import people, walk, with_solvers
from talentopt.insight.chain import coverage

MODEL = {
    "itineraries": {
        "stages": [{"stage": "targeted", "min": 1, "max": 2, "missing": 100}],
        "points": [{"preference": {"weight": 1}}],
    }
}
TABLES = {
    "participants": people("P1", "P2", "P3", track="technical"),
    "placements": [
        {"id": "MAG", "stage": "targeted", "duration": 2, "seats": 1, "link": "magnets"},
        {"id": "MIN", "stage": "targeted", "duration": 2, "seats": 3, "link": "mining"},
    ],
}
QUOTA = {
    "quota": "magnets",
    "on": "targeted",
    "seeker_column": "track",
    "seeker_value": "technical",
    "provider_column": "link",
    "provider_value": "magnets",
    "min": 2,
    "points": 40,
}


@pytest.mark.parametrize(
    "solver, by, history, worth, counted, reached",
    with_solvers(
        ("2026-03", True, 0.0, 2, "2026-02"),  # P3 has done it before
        ("2026-04", False, 0.0, 2, "2026-04"),  # one after the other: January and March
        ("2026-03", False, -40.0, 1, ""),  # the second would end in April
        ("2026-01", True, -40.0, 1, ""),
    ),
)
def test_a_link_of_the_chain(tmp_path, solver, by, history, worth, counted, reached) -> None:
    tables = TABLES | {"quotas": [QUOTA | {"by": by}]}
    if history:
        tables["bookings"] = [{"participant": "P3", "placement": "MAG", "status": "done"}]
    done = walk(tmp_path, tables, MODEL, solver, worth=worth)
    if done.verdict.objective == worth:
        row = coverage(done.scenario, done.plan).to_dict("records")[0]
        assert (row["counted"], row["missing"], row["points"]) == (counted, 2 - counted, -worth)
        assert row["who"] == "track = technical"
        assert not reached or row["reached"] <= by
        assert bool(row["reached"]) == bool(reached)


def test_a_dear_wish_beats_a_cheap_link(tmp_path) -> None:
    # P1 and P2 would lose 50 each by MAG in time; a missing one costs 40.
    tables = TABLES | {
        "participants": people("P1", "P2", track="technical"),
        "quotas": [QUOTA | {"by": "2026-06"}],
        "preferences": [{"chooser": who, "option": "MIN", "points": 50} for who in ("P1", "P2")],
    }
    done = walk(
        tmp_path,
        tables,
        MODEL
        | {
            "itineraries": MODEL["itineraries"]
            | {"stages": [{"stage": "targeted", "min": 1, "max": 1, "missing": 100}]}
        },
        "exact",
        worth=100 - 80,
    )
    assert coverage(done.scenario, done.plan)["counted"].tolist() == [0]
