import pytest

from compile.cases import people, post, rotating


def test_windows_of_both_sides_and_the_calendar(build):
    tables = {
        "participants": [
            {"id": "P1", "start": "2025-01", "end": "2026-04"},
            {"id": "P2", "start": "2026-03", "end": "2030-01"},
        ],
        "placements": [
            post("R1", duration=2),
            post("R2", duration=2, opens="2026-02", closes="2026-05"),
        ],
    }
    case = build(tables, rotating())
    assert case.starts("P1", "R1") == [0, 1, 2]
    assert case.starts("P1", "R2") == [1, 2]
    assert case.starts("P2", "R1") == [2, 3, 4]
    assert case.starts("P2", "R2") == [2, 3]
    assert case.itineraries.idle_from.tolist() == [0, 2]


def test_absences_bar_exclusive_placements_of_participants_only(build):
    tables = {
        "mentors": people("M1"),
        "placements": [post("R1", duration=2), post("L1", stage="lecture", load=0.1)],
        "absences": [
            {"person": "P1", "from": "2025-06", "to": "2026-01"},
            {"person": "P1", "from": "2026-05", "to": "2026-05"},
            {"person": "M1", "from": "2026-01", "to": "2026-06"},
        ],
    }
    case = build(tables, rotating({"stage": "rotation"}, {"stage": "lecture", "concurrent": True}))
    assert case.starts("P1", "R1") == [1, 2]
    assert case.starts("P1", "L1") == [0, 1, 2, 3, 4, 5]


def test_no_start_crosses_a_period_without_seats(build):
    tables = {
        "placements": [post("R1", duration=2, seats=2, min_seats=2, opens="2026-02")],
        "seats": [
            {"placement": "R1", "period": "2026-04", "seats": 0},
            {"placement": "R1", "period": "2026-05", "min_seats": 1},
            {"placement": "R1", "period": "2026-06", "seats": 1},
        ],
    }
    case = build(tables, rotating(understaffed={"points": 3}))
    assert case.starts() == [1, 4]
    assert case.itineraries.seats.tolist() == [[0, 2, 2, 0, 2, 1]]
    assert case.itineraries.min_seats.tolist() == [[0, 2, 2, 0, 1, 1]]
    assert case.itineraries.understaffed_price == 3


def test_an_override_outside_the_window_opens_nothing(build):
    tables = {
        "placements": [post("R1", opens="2026-03")],
        "seats": [{"placement": "R1", "period": "2026-02", "seats": 5}],
    }
    assert build(tables, rotating()).itineraries.seats[0, :2].tolist() == [0, 0]


def test_required_levels(build):
    tables = {
        "participants": people("P1", "P2"),
        "placements": [post("R1"), post("R2")],
        "participant_skills": [{"participant": "P1", "skill": "a", "level": 2}],
        "placement_skills": [
            {"placement": "R1", "skill": "a", "requires": 2},
            {"placement": "R2", "skill": "a", "requires": ""},
            {"placement": "R2", "skill": "b", "requires": 0},
        ],
    }
    case = build(tables, rotating())
    assert set(case.bookings()) == {("P1", "R1"), ("P1", "R2"), ("P2", "R2")}


def test_booking_points_of_several_rows_add_up_before_rounding(build):
    tables = {
        "participants": people("P1", merit=0.003),
        "placements": [post("R1")],
        "bookings": [
            {"participant": "P1", "placement": "R1", "points": 0.0021},
            {
                "participant": "P1",
                "placement": "R1",
                "points": 4,
                "start": "2026-02",
                "status": "fixed",
            },
        ],
    }
    case = build(tables, rotating(points=[{"value": {"column": "merit"}}]))
    assert case.bookings() == {("P1", "R1"): 4.01}
    assert case.starts() == [1]
    assert case.itineraries.fixed_options.tolist() == [0]


def test_forbidden_with_a_start_removes_that_start_and_without_one_the_option(build):
    tables = {
        "placements": [post("R1"), post("R2")],
        "bookings": [
            {"participant": "P1", "placement": "R1", "start": "2026-02", "status": "forbidden"},
            {"participant": "P1", "placement": "R2", "status": "forbidden"},
        ],
    }
    case = build(tables, rotating())
    assert case.starts("P1", "R1") == [0, 2, 3, 4, 5]
    assert case.option("P1", "R2") is None


def test_fixed_without_a_start_leaves_every_start(build):
    tables = {
        "placements": [post("R1")],
        "bookings": [{"participant": "P1", "placement": "R1", "status": "fixed"}],
    }
    case = build(tables, rotating())
    assert case.starts() == [0, 1, 2, 3, 4, 5]
    assert case.itineraries.fixed_options.tolist() == [0]


def test_masks_of_more_than_64_periods(build):
    calendar = {"unit": "plain", "start": "1", "periods": 130}
    tables = {"placements": [post("R1", duration=3, opens="60", closes="129")]}
    assert build(tables, rotating(), calendar=calendar).starts() == list(range(59, 127))


@pytest.mark.parametrize(
    ("facts", "booking", "reason"),
    [
        (
            {"bookings": [{"participant": "P1", "placement": "R1", "status": "done"}]},
            {},
            "that is done already (bookings.csv, line 2)",
        ),
        (
            {"bookings": [{"participant": "P1", "placement": "R0", "status": "done"}]},
            {},
            "area pit is done already, at R0 (bookings.csv, line 2)",
        ),
        (
            {"bookings": [{"participant": "P1", "placement": "R1", "status": "forbidden"}]},
            {},
            "that is forbidden (bookings.csv, line 2)",
        ),
        (
            {
                "bookings": [
                    {
                        "participant": "P1",
                        "placement": "R1",
                        "start": "2026-03",
                        "status": "fixed",
                    }
                ]
            },
            {"start": "2026-02"},
            "it is fixed to start 2026-03 as well (bookings.csv, line 2)",
        ),
        (
            {"placement_skills": [{"placement": "R1", "skill": "a", "requires": 2}]},
            {},
            "P1 has not the level 2 in a that R1 requires (placement_skills.csv, line 2)",
        ),
        (
            {"absences": [{"person": "P1", "from": "2026-02", "to": "2026-02"}]},
            {"start": "2026-01"},
            "P1 is away from 2026-02 to 2026-02 (absences.csv, line 2)",
        ),
        (
            {"participants": people("P1", start="2026-03")},
            {"start": "2026-02"},
            "P1 is not in the programme all that time (participants.csv, line 2)",
        ),
        (
            {"seats": [{"placement": "R1", "period": "2026-02", "seats": 0}]},
            {"start": "2026-02"},
            "R1 has no seats in 2026-02 (seats.csv, line 2)",
        ),
        ({}, {"start": "2026-06"}, "the calendar runs from 2026-01 to 2026-06 only"),
        ({}, {"start": "2026-05"}, "R1 is not open all that time (placements.csv, line 3)"),
        (
            {"absences": [{"person": "P1", "from": "2026-02", "to": "2026-05"}]},
            {},
            "no start fits: P1 is away from 2026-02 to 2026-05 (absences.csv, line 2); "
            "R1 is not open all that time (placements.csv, line 3); "
            "the calendar runs from 2026-01 to 2026-06 only",
        ),
    ],
)
def test_a_fixed_booking_that_cannot_be_is_a_conflict(build, facts, booking, reason):
    tables = {
        "placements": [
            post("R0", area="pit"),
            post("R1", duration=2, area="pit", closes="2026-05"),
        ],
        "bookings": [],
        **facts,
    }
    entry = {"participant": "P1", "placement": "R1", "status": "fixed", **booking}
    tables["bookings"] = [*tables["bookings"], entry]
    case = build(tables, rotating({"stage": "rotation", "distinct": "area"}))
    line = len(tables["bookings"]) + 1
    when = f" from {booking['start']}" if booking else ""
    expected = (f"bookings.csv, line {line}", f"P1 is fixed at R1{when}, but {reason}")
    assert expected in case.conflicts
    assert case.itineraries.fixed_options.size == 0
