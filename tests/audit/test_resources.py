"""Budgets and quotas."""

import pytest

from audit.cases import broken, mentoring, only_message, people, points, post, rotating

STUDY = [("P1", "A", "2026-03"), ("P2", "A", "2026-05")]


def quota_points(verdict):
    return points(verdict).get(("quota", "Q", "", ""), 0)


def quota(on="work", **columns):
    return [{"quota": "Q", "on": on, "points": 10, **columns}]


def test_placements_draw_once_per_person(judge):
    for amount, fits in ((200, True), (199.5, False)):
        tables = {
            "participants": people("P1", "P2"),
            "placements": [post("A", budget="tuition", cost=100), post("B", cost=5)],
            "budgets": [{"budget": "tuition", "amount": amount}],
        }
        verdict = judge(tables, rotating(), placements=[*STUDY, ("P1", "B", "2026-09")])
        assert broken(verdict) == ([] if fits else [("budget", "tuition")])
        assert fits or only_message(verdict) == (
            "the plan draws 200 from budget tuition, 199.5 is available (budgets.csv line 2)"
        )


def test_pairs_draw_the_providers_cost(judge):
    model = mentoring(need=2)
    model["matchings"]["guide"]["providers"] = "titles"
    tables = {
        "titles": [
            {"id": "T1", "budget": "fund", "cost": 3},
            {"id": "T2", "budget": "fund", "cost": 2.5},
        ],
        "budgets": [{"budget": "fund", "amount": 5}],
    }
    assert judge(tables, model, pairs=[("guide", "P1", "T1")]).ok
    verdict = judge(tables, model, pairs=[("guide", "P1", "T1"), ("guide", "P1", "T2")])
    assert only_message(verdict).startswith("the plan draws 5.5 from budget fund")


def test_history_draws_nothing(judge):
    tables = {
        "placements": [post("A", budget="tuition", cost=100)],
        "budgets": [{"budget": "tuition", "amount": 0}],
        "bookings": [{"participant": "P1", "placement": "A", "status": "done"}],
    }
    assert judge(tables, rotating()).ok


@pytest.mark.parametrize(
    ("least", "most", "loss"), [(3, None, -10), (None, 1, -10), (2, 2, 0), (5, None, -30)]
)
def test_quota_prices_what_is_missed(judge, least, most, loss):
    tables = {
        "participants": people("P1", "P2"),
        "placements": [post("A")],
        "quotas": quota(min=least, max=most),
    }
    assert quota_points(judge(tables, rotating(), placements=STUDY)) == loss


@pytest.mark.parametrize(
    ("columns", "counted"),
    [
        ({}, 3),
        ({"by": "2026-05"}, 2),
        ({"by": "2026-06"}, 3),
        ({"seeker_column": "track", "seeker_value": "tech"}, 2),
        ({"provider_column": "area", "provider_value": "x"}, 2),
        ({"provider_column": "area", "provider_value": "X"}, 0),
    ],
)
def test_quota_counts_people_once_with_their_history(judge, columns, counted):
    tables = {
        "participants": [
            {"id": "P1", "track": "tech"},
            {"id": "P2", "track": "ops"},
            {"id": "P3", "track": "tech"},
        ],
        "placements": [post("A", area="x"), post("B", area="x"), post("C", area="y")],
        "bookings": [{"participant": "P3", "placement": "C", "status": "done"}],
        "quotas": quota(min=5, **columns),
    }
    plan = [*STUDY, ("P1", "B", "2026-07")]
    assert quota_points(judge(tables, rotating(), placements=plan)) == -10 * (5 - counted)


def test_quota_counts_pairs(judge):
    tables = {
        "participants": people("P1", "P2", track="tech"),
        "mentors": [{"id": "M1", "site": "N"}, {"id": "M2", "site": "S"}],
        "quotas": quota("guide", max=0, provider_column="site", provider_value="N"),
    }
    pairs = [("guide", "P1", "M1"), ("guide", "P1", "M2"), ("guide", "P2", "M1")]
    assert quota_points(judge(tables, mentoring(need=2), pairs=pairs)) == -20


@pytest.mark.parametrize(
    ("least", "most", "words"), [(3, None, "at least 3"), (None, 1, "at most 1")]
)
def test_hard_quota(judge, least, most, words):
    rows = quota(min=least, max=most)
    rows[0]["points"] = None
    tables = {"participants": people("P1", "P2"), "placements": [post("A")], "quotas": rows}
    verdict = judge(tables, rotating(), placements=STUDY)
    assert only_message(verdict) == (
        f"quota Q counts 2 people in work, {words} must be (quotas.csv line 2)"
    )
    assert verdict.objective == 0
