"""Rules of single bookings."""

import pytest

from audit.cases import broken, only_message, people, points, post, rotating

AT_MARCH = [("P1", "A", "2026-03")]


def known(status, start=None, **columns):
    return [{"participant": "P1", "placement": "A", "start": start, "status": status, **columns}]


def test_points_of_bookings_rows_add_up_at_any_start(judge):
    rows = [*known("open", points=1.25), *known("forbidden", "2026-01", points=2)]
    tables = {"placements": [post("A")], "bookings": rows}
    verdict = judge(tables, rotating(), placements=AT_MARCH)
    assert points(verdict) == {("work", "P1", "A", "2026-03"): 3.25}
    assert verdict.ok


@pytest.mark.parametrize(
    ("row", "booking", "fits"),
    [
        ({"start": "2026-03"}, "2026-03", True),
        ({"start": "2026-04"}, "2026-03", False),
        ({"end": "2026-04"}, "2026-03", True),
        ({"end": "2026-03"}, "2026-03", False),
        ({"start": "2020-01", "end": "2030-01"}, "2026-11", True),
        ({"start": "2020-01", "end": "2030-01"}, "2026-12", False),
        ({"start": "2020-01", "end": "2030-01"}, "2025-12", False),
    ],
)
def test_the_persons_window(judge, row, booking, fits):
    tables = {"participants": people("P1", **row), "placements": [post("A")]}
    verdict = judge(tables, rotating(), placements=[("P1", "A", booking)])
    assert ("window", "P1") in broken(verdict) or fits
    assert verdict.ok == fits


@pytest.mark.parametrize(
    ("opens", "closes", "fits"),
    [("2026-03", "2026-04", True), ("2026-04", None, False), (None, "2026-03", False)],
)
def test_the_placements_window(judge, opens, closes, fits):
    tables = {"placements": [post("A", opens=opens, closes=closes)]}
    verdict = judge(tables, rotating(), placements=AT_MARCH)
    assert broken(verdict) == ([] if fits else [("window", "P1")])


def test_window_message(judge):
    tables = {"placements": [post("A", name="Pit", opens="2026-04", closes="2026-09")]}
    assert only_message(judge(tables, rotating(), placements=AT_MARCH)) == (
        "P1 at Pit (A) from 2026-03 to 2026-04 (placements.csv line 2) leaves the placement's "
        "opening time, which is from 2026-04 to 2026-09 (placements.csv line 2)"
    )


@pytest.mark.parametrize(
    ("first", "last", "fits"),
    [("2026-04", "2026-06", False), ("2026-01", "2026-02", True), ("2026-05", "2026-05", True)],
)
def test_absences(judge, first, last, fits):
    absence = {"person": "P1", "from": first, "to": last, "reason": "leave"}
    tables = {"placements": [post("A")], "absences": [absence]}
    verdict = judge(tables, rotating(), placements=AT_MARCH)
    assert broken(verdict) == ([] if fits else [("absence", "P1")])
    assert fits or only_message(verdict).endswith(
        "the person is away from 2026-04 to 2026-06 (leave, absences.csv line 2)"
    )


def test_absences_do_not_touch_concurrent_placements(judge):
    absence = {"person": "P1", "from": "2026-01", "to": "2026-12"}
    tables = {"placements": [post("A", load=0.1)], "absences": [absence]}
    model = rotating({"stage": "work", "concurrent": True})
    assert judge(tables, model, placements=AT_MARCH).ok


@pytest.mark.parametrize(("level", "fits"), [(2, True), (1.5, False), (None, False)])
def test_level_needed_to_join(judge, level, fits):
    tables = {
        "placements": [post("A")],
        "placement_skills": [{"placement": "A", "skill": "welding", "requires": 2}],
        "participant_skills": [{"participant": "P1", "skill": "welding", "level": level}],
    }
    verdict = judge(tables, rotating(), placements=AT_MARCH)
    assert broken(verdict) == ([] if fits else [("requires", "P1")])
    assert fits or "needs level 2 in welding (placement_skills.csv line 2)" in only_message(
        verdict
    )


def test_eligibility_of_one_stage(judge):
    rule = {"at_least": {"column": "grade", "of": "seeker", "than": "entry"}, "stage": "late"}
    tables = {
        "participants": people("P1", grade=1),
        "placements": [post("A", "early", entry=2), post("B", "late", entry=2)],
    }
    model = rotating({"stage": "early"}, {"stage": "late"}, eligible=[rule])
    verdict = judge(tables, model, placements=[("P1", "A", "2026-01"), ("P1", "B", "2026-03")])
    assert broken(verdict) == [("eligible", "P1")]
    assert "P1 at B from 2026-03 to 2026-04" in only_message(verdict)


@pytest.mark.parametrize(("start", "fits"), [(None, False), ("2026-03", False), ("2026-04", True)])
def test_forbidden_booking(judge, start, fits):
    tables = {"placements": [post("A")], "bookings": known("forbidden", start)}
    verdict = judge(tables, rotating(), placements=AT_MARCH)
    assert broken(verdict) == ([] if fits else [("forbidden", "P1")])


@pytest.mark.parametrize(
    ("start", "plan", "fits"),
    [
        (None, AT_MARCH, True),
        ("2026-03", AT_MARCH, True),
        ("2026-04", AT_MARCH, False),
        (None, [], False),
    ],
)
def test_fixed_booking(judge, start, plan, fits):
    tables = {"placements": [post("A")], "bookings": known("fixed", start)}
    verdict = judge(tables, rotating(), placements=plan)
    assert broken(verdict) == ([] if fits else [("fixed", "P1")])


def test_fixed_message(judge):
    tables = {"placements": [post("A")], "bookings": known("fixed", "2026-04")}
    assert only_message(judge(tables, rotating(), placements=AT_MARCH)) == (
        "P1 must be at A from 2026-04, which is fixed in bookings.csv line 2, "
        "but the plan does not do so"
    )
