"""Re-planning: what the previous plan holds, and what it has begun."""

from compile.cases import mentoring, people, post, rotating

PRICES = {"stability": {"pair_change": 15, "placement_change": 10}}


def booked(placement, start, person="P1"):
    return (person, placement, "rotation", start, start)


def test_kept_pairs_give_back_what_changes_cost(build):
    tables = {
        "participants": people("P1", "P2"),
        "mentors": [{"id": "M1", "guide": 1}, {"id": "M2", "guide": ""}],
    }
    previous = {
        "pairs": [
            ("guide", "P1", "M1"),
            ("guide", "P2", "M2"),
            ("guide", "P2", "gone"),
            ("old", "P1", "M1"),
        ]
    }
    case = build(tables, mentoring() | PRICES, previous=previous, at="2026-01")
    # Two pairs are possible by id; that with M2, who does not offer the role, is lost.
    assert case.problem.constant == -30
    kept = case.evaluate(arcs=[("guide", "P1", "M1")])
    assert kept.terms["constant"] + kept.terms["kept_pairs"] == -15


def test_a_moved_booking_is_one_change(build):
    tables = {"placements": [post("R1"), post("R2")]}
    previous = {"placements": [booked("R1", "2026-04"), booked("gone", "2026-05")]}
    case = build(tables, rotating() | PRICES, previous=previous, at="2026-03")
    assert case.problem.constant == -10

    def lost(bookings):
        terms = case.evaluate(bookings=bookings).terms
        return terms["constant"] + terms["kept_bookings"]

    assert lost([("P1", "R1", 3)]) == 0
    assert lost([("P1", "R1", 4)]) == lost([]) == -10
    assert case.starts("P1", "R1") == case.starts("P1", "R2") == [2, 3, 4, 5]


def test_prices_may_be_each_persons_own(build):
    tables = {
        "participants": [{"id": "P1", "care": 3}, {"id": "P2", "care": ""}],
        "placements": [post("R1")],
    }
    price = {"stability": {"placement_change": {"column": "care", "default": 8}}}
    previous = {"placements": [booked("R1", "2026-04"), booked("R1", "2026-04", "P2")]}
    case = build(tables, rotating() | price, previous=previous, at="2026-01")
    assert case.problem.constant == -11


def test_starts_before_the_calendar_and_what_is_done_cost_nothing(build):
    tables = {
        "placements": [post("R1"), post("R2")],
        "bookings": [{"participant": "P1", "placement": "R2", "status": "done"}],
    }
    previous = {"placements": [booked("R1", "2025-12"), booked("R2", "2026-01")]}
    case = build(tables, rotating() | PRICES, previous=previous, at="2026-02")
    assert case.problem.constant == 0
    assert case.starts("P1", "R1") == [1, 2, 3, 4, 5]
    assert case.itineraries.fixed_options.size == 0


def test_a_start_that_is_not_possible_any_more_costs_its_price(build):
    tables = {
        "placements": [post("R1", duration=2)],
        "absences": [{"person": "P1", "from": "2026-05", "to": "2026-05"}],
    }
    previous = {"placements": [booked("R1", "2026-04")]}
    case = build(tables, rotating() | PRICES, previous=previous, at="2026-02")
    assert case.problem.constant == -10
    assert case.itineraries.kept_options.size == 0
    assert case.starts() == [1, 2]


def test_what_has_begun_is_kept_exactly_whatever_the_tables_say_now(build):
    tables = {
        "participants": people("P1", "P2", unit="A", end="2026-02"),
        "placements": [
            post("R1", duration=2, seats=0, unit="A", area="lab", closes="2026-02"),
            post("R2", unit="B", area="pit"),
        ],
        "absences": [{"person": "P1", "from": "2026-02", "to": "2026-03"}],
        "placement_skills": [{"placement": "R1", "skill": "a", "requires": 5}],
        "prerequisites": [{"area": "lab", "placement": "", "requires": "pit"}],
        "bookings": [{"participant": "P1", "placement": "R1", "status": "forbidden"}],
    }
    stage = {"stage": "rotation", "max": 0}
    rules = {
        "eligible": [{"different": {"column": "unit"}}],
        "limits": [{"column": "unit", "max": 0}],
    }
    previous = {"placements": [booked("R1", "2026-02")]}
    model = rotating(stage, **rules) | PRICES
    case = build(tables, model, previous=previous, at="2026-03")
    assert case.conflicts == []
    assert case.starts("P1", "R1") == [1]
    assert case.itineraries.fixed_options.tolist() == [case.option("P1", "R1")]
    evaluation = case.evaluate(bookings=[("P1", "R1", 1)])
    assert evaluation.violations == ()
    assert evaluation.terms["constant"] + evaluation.terms["kept_bookings"] == 0
    assert case.option("P2", "R1") is None


def test_what_has_begun_takes_the_seat_it_has(build):
    tables = {
        "participants": people("P1", "P2"),
        "placements": [post("R1", seats=1), post("R2")],
    }
    previous = {"placements": [booked("R1", "2026-01"), booked("R1", "2026-01", "P2")]}
    itineraries = build(tables, rotating(), previous=previous, at="2026-02").itineraries
    assert itineraries.seats[0].tolist() == [2, 1, 1, 1, 1, 1]


def test_begun_and_fixed_to_another_start_contradict(build):
    tables = {
        "placements": [post("R1")],
        "bookings": [
            {"participant": "P1", "placement": "R1", "start": "2026-04", "status": "fixed"}
        ],
    }
    case = build(
        tables, rotating(), previous={"placements": [booked("R1", "2026-01")]}, at="2026-02"
    )
    [(fixed, why_fixed), (kept, why_kept)] = case.conflicts
    assert fixed == "bookings.csv, line 2"
    assert "kept to start 2026-01 as well" in why_fixed
    assert kept.endswith("placements.csv, line 2")
    assert why_kept.endswith("fixed to start 2026-04 as well (bookings.csv, line 2)")


def test_begun_must_end_within_the_calendar(build):
    tables = {"placements": [post("R1", duration=6)]}
    previous = {"placements": [booked("R1", "2026-02")]}
    case = build(tables, rotating(), previous=previous, at="2026-03")
    [(_, message)] = case.conflicts
    assert message == (
        "P1 is kept (begun in the previous plan) at R1 from 2026-02, "
        "but the calendar runs from 2026-01 to 2026-06 only"
    )


def test_a_new_fixed_start_before_at_is_a_conflict(build):
    tables = {
        "placements": [post("R1")],
        "bookings": [
            {"participant": "P1", "placement": "R1", "start": "2026-01", "status": "fixed"}
        ],
    }
    case = build(tables, rotating(), previous={}, at="2026-02")
    [(_, message)] = case.conflicts
    assert message.endswith("but nothing new may start before 2026-02")


def capped(build, caps, previous, **settings):
    tables = {"placements": [post("R1"), post("R2")], "mentors": [{"id": "M1", "guide": 1}]}
    tables |= {"participants": people("P1", "P2")}
    model = mentoring() | rotating() | {"stability": {"caps": caps}}
    return build(tables, model, previous=previous, at="2026-02", **settings)


def broken_by(case, bookings, arcs=()):
    return case.evaluate(arcs=arcs, bookings=bookings).violations


def test_a_cap_counts_what_may_still_change(build):
    before = [booked("R1", "2026-01"), booked("R2", "2026-04"), booked("R1", "2026-03", "P2")]
    case = capped(build, {"placements": 0.5}, {"placements": before})
    begun = ("P1", "R1", 0)
    keeps, moves = [("P1", "R2", 3), ("P2", "R1", 2)], [("P1", "R2", 4), ("P2", "R1", 1)]
    assert broken_by(case, [begun, *keeps]) == ()
    assert broken_by(case, [begun, moves[0], keeps[1]]) == ()
    assert broken_by(case, [begun, keeps[0], moves[1]]) == ()
    assert broken_by(case, [begun, *moves]) == ("hard row",)
    assert broken_by(case, [begun]) == ("hard row",)


def test_caps_of_a_stage_and_of_a_matching(build):
    before = {"pairs": [("guide", "P1", "M1")], "placements": [booked("R1", "2026-04")]}
    case = capped(build, {"rotation": 0, "guide": 0}, before)
    pair, booking = ("guide", "P1", "M1"), ("P1", "R1", 3)
    assert broken_by(case, [booking], [pair]) == ()
    assert broken_by(case, [booking]) == broken_by(case, [], [pair]) == ("hard row",)


def test_a_cap_that_todays_files_break_names_the_promises(build):
    before = [booked("R1", "2026-04"), booked("R2", "2026-05")]
    absent = [{"id": "R1", "stage": "rotation", "duration": 1, "seats": 0}, post("R2")]
    model = rotating() | {"stability": {"caps": {"placements": 0.4}}}
    case = build({"placements": absent}, model, previous={"placements": before}, at="2026-02")
    (source, message), *_ = case.conflicts
    assert source == "stability.caps.placements"
    assert message == (
        "at most 0 of 2 published placements may change (40 %), but 1 cannot stay: "
        "P1 at R1 from 2026-04, because R1 has no seats in 2026-04 (placements.csv, line 2)"
    )


def test_drafts_are_free_to_move(build, tmp_path):
    tables = {"placements": [post("R1"), post("R2")]}
    previous = {"placements": [booked("R1", "2026-03"), booked("R2", "2026-05")]}
    case = build(
        tables, rotating() | PRICES, previous=previous, at="2026-02", publish_until="2026-05"
    )
    assert case.problem.constant == -10
    terms = case.evaluate(bookings=[("P1", "R1", 2)]).terms
    assert terms["constant"] + terms["kept_bookings"] == 0
