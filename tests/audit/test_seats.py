"""Seats, minima and teams."""

import pytest

from audit.cases import broken, only_message, people, points, post, rotating

BOTH = [("P1", "A", "2026-03"), ("P2", "A", "2026-04")]
PEOPLE = people("P1", "P2")
QUARTER = {"unit": "month", "start": "2026-03", "periods": 3}


def staffed(**columns):
    return {"participants": PEOPLE, "placements": [post("A", **columns)]}


def losses(verdict, rule):
    return {key[1:]: value for key, value in points(verdict).items() if key[0] == rule}


def test_seats_at_one_time(judge):
    assert judge(staffed(seats=2), rotating(), placements=BOTH).ok
    verdict = judge(staffed(seats=1), rotating(), placements=BOTH)
    assert only_message(verdict) == "A holds 2 people in 2026-04 (P1, P2), it seats at most 1"


@pytest.mark.parametrize(
    ("seats", "override", "fits"),
    [(2, 1, False), (1, 2, True), (1, None, False), (2, 0, False)],
)
def test_seats_of_one_period(judge, seats, override, fits):
    tables = staffed(seats=seats)
    tables["seats"] = [{"placement": "A", "period": "2026-04", "seats": override}]
    verdict = judge(tables, rotating(), placements=BOTH)
    assert broken(verdict) == ([] if fits else [("seats", "A")])


def test_history_takes_no_seat(judge):
    tables = staffed(seats=1)
    tables["bookings"] = [
        {"participant": "P2", "placement": "A", "start": "2026-03", "status": "done"}
    ]
    assert judge(tables, rotating(), placements=BOTH[:1]).ok


def test_understaffed_counts_every_open_period(judge):
    tables = staffed(min_seats=2, opens="2026-02")
    model = rotating(understaffed={"points": 20})
    verdict = judge(tables, model, calendar=QUARTER, placements=BOTH)
    # March has one of two, April both, May one.
    assert losses(verdict, "understaffed") == {
        ("A", "", "2026-03"): -20,
        ("A", "", "2026-05"): -20,
    }
    assert verdict.totals == {"P1": 0, "P2": 0}


def test_empty_periods_and_overrides(judge):
    tables = staffed(seats=3, min_seats=2, closes="2026-04")
    tables["seats"] = [
        {"placement": "A", "period": "2026-03", "seats": 1, "min_seats": None},
        {"placement": "A", "period": "2026-04", "seats": None, "min_seats": 3},
        {"placement": "A", "period": "2026-05", "seats": 9, "min_seats": 9},
    ]
    verdict = judge(tables, rotating(understaffed={"points": 1}), calendar=QUARTER)
    # The minimum of 2 is capped at one seat in March; nothing is open in May.
    assert losses(verdict, "understaffed") == {
        ("A", "", "2026-03"): -1,
        ("A", "", "2026-04"): -3,
    }


def test_understaffed_without_price(judge):
    assert judge(staffed(min_seats=2), rotating()).objective == 0


def test_understaffed_hard(judge):
    tables = staffed(min_seats=1, opens="2026-03", closes="2026-04")
    model = rotating(understaffed={"hard": True, "points": 5})
    assert judge(tables, model, placements=BOTH[:1]).ok
    verdict = judge(tables, model)
    assert broken(verdict) == [("understaffed", "A")] * 2
    assert verdict.violations[0].message == (
        "A holds 0 people in 2026-03, at least 1 must be there"
    )
    assert verdict.objective == 0


def team(people_needed, level=2):
    tables = staffed()
    tables["participants"] = people("P1", "P2", "P3")
    row = {"placement": "A", "skill": "welding", "team": people_needed, "team_level": level}
    tables["placement_skills"] = [row]
    tables["participant_skills"] = [
        {"participant": "P1", "skill": "welding", "level": 2},
        {"participant": "P2", "skill": "welding", "level": 1},
        {"participant": "P3", "skill": "welding", "level": 5},
    ]
    return tables


@pytest.mark.parametrize(("needed", "level", "short"), [(3, 2, 2), (1, 2, 0), (3, None, 1)])
def test_team_counts_able_people_over_the_horizon(judge, needed, level, short):
    model = rotating(understaffed={"points": 7})
    verdict = judge(team(needed, level), model, placements=BOTH)
    assert losses(verdict, "team") == ({("A", "welding", ""): -7 * short} if short else {})


def test_team_counts_also_when_nobody_is_there_and_without_history(judge):
    tables = team(2)
    tables["bookings"] = [{"participant": "P3", "placement": "A", "status": "done"}]
    verdict = judge(tables, rotating(understaffed={"points": 7}))
    assert losses(verdict, "team") == {("A", "welding", ""): -14}


def test_team_hard(judge):
    model = rotating(understaffed={"hard": True})
    assert only_message(judge(team(2), model, placements=BOTH)) == (
        "A counts 1 people with welding at level 2 or more, its team needs 2 "
        "(placement_skills.csv line 2)"
    )
