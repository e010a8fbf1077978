"""Ranks obtained, and the credit that the next cycle may weigh."""

from __future__ import annotations

import pandas as pd
import pytest

from plan.cases import CALENDAR, TABLES, plan_of
from scenarios import write_scenario
from talentopt.insight.fairness import ranks, totals, worst_off
from talentopt.insight.ledger import (
    credits,
    ledger,
    previous_ledger,
    read_ledger,
    with_credits,
    write_ledger,
)
from talentopt.insight.standing import BrokenPlan, Standing
from talentopt.read.reader import read

MODEL = {
    "name": "tiny",
    "matchings": {"guide": {"seekers": "participants", "providers": "mentors", "missing": 50}},
    "itineraries": {"stages": [{"stage": "rotation", "min": 1, "max": 2, "missing": 100}]},
    "fairness": {"worst_off": 2},
}
WISHES = [
    {"chooser": "P1", "option": "M1", "rank": 1},
    {"chooser": "P1", "option": "M2", "rank": 2},
    {"chooser": "P2", "option": "M1", "rank": 1},
    {"chooser": "P2", "option": "b", "rank": 2},
]
MENTORS = [{"id": "M1", "capacity": 1}, {"id": "M2", "capacity": 1}]


@pytest.fixture
def standing(tmp_path):
    tables = TABLES | {"mentors": MENTORS, "preferences": WISHES}
    scenario = read(write_scenario(tmp_path / "s", tables, MODEL, calendar=CALENDAR))
    pairs = [("guide", "P1", "M1")]
    plan = plan_of(scenario, pairs, [("P1", "A", "2026-01"), ("P2", "B", "2026-01")])
    return Standing.of(scenario, plan)


def test_ranks_scores_and_credit(standing, tmp_path) -> None:
    rows = ledger(standing, previous_ledger(standing.scenario))
    # P1 got the first of two; P2 nothing of one, and the one rotation wished for.
    assert rows[["participant", "kind", "option", "of", "score"]].values.tolist() == [
        ["P1", "guide", "M1", 2, 1.0],
        ["P2", "guide", "", 1, 0.0],
        ["P2", "rotation", "B", 1, 1.0],
    ]
    # Mean scores 1 and 0.5, so 0.25 from the mean of all either way.
    assert credits(rows) == {"P1": 0.75, "P2": 1.25}
    write_ledger(rows, tmp_path)
    assert credits(read_ledger(tmp_path)) == {"P1": 0.75, "P2": 1.25}
    again = ledger(standing, read_ledger(tmp_path))
    assert len(again) == len(rows)
    earlier = rows.assign(cycle="2025-07")
    assert credits(ledger(standing, earlier)) == {"P1": 0.5, "P2": 1.5}
    people = pd.DataFrame({"id": ["P2", "P3"]})
    assert with_credits(people, rows)["credit"].tolist() == ["1.25", "1"]


def test_fairness(standing) -> None:
    worst = worst_off(standing)
    assert (worst.person, worst.total, worst.term, worst.next_total) == ("P2", -50, -100, 0)
    row = ranks(standing).query("kind == 'guide' and column == ''").to_dict("records")[0]
    assert (row["seekers"], row["places"], row["first"], row["nothing"]) == (2, 1, 1, 1)
    assert (row["first_share"], row["mean_rank"]) == (0.5, 1.0)
    assert totals(standing).query("column == 'site'")["mean"].tolist() == [-25.0]


def test_a_plan_that_is_not_possible(standing) -> None:
    plan = plan_of(standing.scenario, [], [])
    pairs = pd.DataFrame({"matching": ["guide"], "seeker": ["P9"], "provider": ["M1"]})
    object.__setattr__(plan, "pairs", pairs)
    with pytest.raises(BrokenPlan):
        Standing.of(standing.scenario, plan)
