"""Rows across people: budgets, teams, quotas, links."""

import numpy as np
import pytest

from compile.cases import mentoring, people, post, rotating


def quota(**columns):
    return {"quota": "Q", "on": "rotation", **columns}


def test_budgets_draw_on_pairs_and_bookings(build):
    model = mentoring() | rotating()
    model["matchings"]["guide"]["providers"] = "posts"
    tables = {
        "posts": [{"id": "H1", "budget": "B", "cost": 2}, {"id": "H2", "budget": "", "cost": 9}],
        "placements": [post("R1", budget="B", cost=1.5), post("R2", budget="C", cost=3)],
        "budgets": [{"budget": "B", "amount": 10}, {"budget": "C", "amount": 4}],
    }
    case = build(tables, model)
    assert case.row("budget", "B", "") == ({0: 2, 2: 1.5}, -np.inf, 10, np.inf)
    assert case.row("budget", "C", "") == ({3: 3}, -np.inf, 4, np.inf)


TEAM = {
    "participants": people("P1", "P2"),
    "placements": [post("R1"), post("R2")],
    "participant_skills": [{"participant": "P2", "skill": "a", "level": 3}],
    "placement_skills": [
        {"placement": "R2", "skill": "a", "team": 2, "team_level": 3},
        {"placement": "R1", "skill": "a", "team": 1, "team_level": ""},
        {"placement": "R1", "skill": "b", "team": 0},
    ],
}


def test_teams_count_people_of_the_level(build):
    case = build(TEAM, rotating(understaffed={"points": 20}))
    assert case.row("team", "R2", "a") == ({3: 1}, 2, np.inf, 20)
    assert case.row("team", "R1", "a") == ({0: 1, 2: 1}, 1, np.inf, 20)
    assert len(case.index.rows) == 2
    assert case.evaluate().terms["rows"] == -60


def test_teams_are_hard_with_hard_understaffing(build):
    case = build(TEAM, rotating(understaffed={"points": 20, "hard": True}))
    assert case.row("team", "R2", "a")[3] == np.inf


@pytest.mark.parametrize("rules", [{}, {"understaffed": {"points": 0}}])
def test_teams_that_cost_nothing_are_no_rows(build, rules):
    assert build(TEAM, rotating(**rules)).index.rows == ()


def test_history_does_not_count_for_teams(build):
    past = [{"participant": "P2", "placement": "R2", "status": "done"}]
    case = build(TEAM | {"bookings": past}, rotating(understaffed={"points": 20}))
    assert case.row("team", "R2", "a")[:2] == ({}, 2)


def test_quota_on_a_matching_counts_pairs(build):
    tables = {
        "participants": [{"id": "P1", "track": "ops"}, {"id": "P2", "track": "Ops"}],
        "mentors": [{"id": "M1", "unit": "A"}, {"id": "M2", "unit": "B"}],
        "quotas": [
            {
                "quota": "Q",
                "on": "guide",
                "seeker_column": "track",
                "seeker_value": "ops",
                "provider_column": "unit",
                "provider_value": "B",
                "max": 3,
                "points": 5,
            },
            {"quota": "all", "on": "guide", "min": 1},
        ],
    }
    case = build(tables, mentoring())
    assert case.row("quota", "Q", "") == ({1: 1}, -np.inf, 3, 5)
    assert case.row("quota", "all", "") == ({0: 1, 1: 1, 2: 1, 3: 1}, 1, np.inf, np.inf)


def test_quota_on_a_stage_counts_people_once(build):
    tables = {
        "placements": [post("R1", area="pit"), post("R2", area="pit"), post("R3", area="lab")],
        "quotas": [quota(provider_column="area", provider_value="pit", min=1, points=50)],
    }
    case = build(tables, rotating())
    both = [("P1", "R1", 0), ("P1", "R2", 1)]
    assert case.evaluate(bookings=both).terms["rows"] == 0
    assert case.evaluate(bookings=[("P1", "R3", 0)]).terms["rows"] == -50
    assert len(case.problem.events) == 1


def test_by_compares_the_end(build):
    tables = {
        "placements": [post("R1", duration=2)],
        "quotas": [quota(min=1, points=50, by="2026-03")],
    }
    case = build(tables, rotating())
    costs = [case.evaluate(bookings=[("P1", "R1", start)]).terms["rows"] for start in range(4)]
    assert costs == [0, 0, -50, -50]


def test_quotas_count_history_by_any_date(build):
    tables = {
        "participants": people("P1", "P2", "P3"),
        "placements": [post("R1", duration=2), post("R2")],
        "bookings": [
            {"participant": "P1", "placement": "R1", "start": "2025-01", "status": "done"},
            {"participant": "P2", "placement": "R1", "start": "2026-02", "status": "done"},
        ],
        "quotas": [quota(min=2, max=4, points=50, by="2026-02")],
    }
    case = build(tables, rotating())
    cells, lower, upper, price = case.row("quota", "Q", "")
    assert (lower, upper, price) == (0, 2, 50)
    assert case.problem.events.person.tolist() == [2]
    assert len(cells) == 1


@pytest.mark.parametrize(("points", "upper"), [("", 0), (5, -1)])
def test_too_much_history_breaks_no_hard_quota_but_costs_a_priced_one(build, points, upper):
    tables = {
        "placements": [post("R1")],
        "bookings": [{"participant": "P1", "placement": "R1", "status": "done"}],
        "quotas": [quota(max=0, points=points)],
    }
    case = build(tables, rotating())
    assert case.row("quota", "Q", "")[2] == upper
    assert case.evaluate().violations == ()


def test_links_pay_once_and_blanks_never(build):
    tables = {
        "participants": [{"id": "P1", "care": 4}, {"id": "P2", "care": ""}],
        "mentors": [{"id": "M1", "domain": "ore"}, {"id": "M2", "domain": ""}],
        "placements": [
            post("R1", domain="ore"),
            post("R2", domain="ore"),
            post("R3", domain=""),
            post("T1", stage="targeted", domain="ore"),
        ],
    }
    link = {
        "matching": "guide",
        "column": "domain",
        "stage": "rotation",
        "points": {"column": "care", "default": 30},
    }
    model = mentoring(need=2) | rotating({"stage": "rotation"}, {"stage": "targeted"})
    case = build(tables, model | {"links": [link]})
    assert case.index.links == ("guide/domain/rotation",)
    arcs = [("guide", "P1", "M1"), ("guide", "P1", "M2"), ("guide", "P2", "M2")]
    bookings = [("P1", "R1", 0), ("P1", "R2", 1), ("P2", "R3", 0)]
    assert case.evaluate(arcs, bookings).terms["link"] == 4
    assert case.evaluate(arcs, [("P1", "T1", 0)]).terms["link"] == 0
