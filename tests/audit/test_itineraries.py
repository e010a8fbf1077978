"""Rules within one person's itinerary."""

import pytest

from audit.cases import broken, only_message, people, points, post, rotating

STAGES = ({"stage": "first"}, {"stage": "second"})


def done(*placements):
    return [{"participant": "P1", "placement": key, "status": "done"} for key in placements]


def plan(*bookings):
    return [("P1", key, f"2026-{month:02}") for key, month in bookings]


def losses(verdict, rule):
    return {key[1:]: value for key, value in points(verdict).items() if key[0] == rule}


def test_same_placement_twice(judge):
    verdict = judge({"placements": [post("A")]}, rotating(), placements=plan(("A", 1), ("A", 5)))
    assert only_message(verdict) == (
        "P1 at A is booked 2 times (placements.csv line 2 and 3), once is allowed"
    )


def test_placement_done_before(judge):
    tables = {"placements": [post("A")], "bookings": done("A")}
    verdict = judge(tables, rotating(), placements=plan(("A", 1)))
    assert only_message(verdict) == (
        "P1 at A (placements.csv line 2) is done already (bookings.csv line 2)"
    )


def test_exclusive_placements_do_not_overlap(judge):
    tables = {"placements": [post("A"), post("B")]}
    assert judge(tables, rotating(), placements=plan(("A", 1), ("B", 3))).ok
    verdict = judge(tables, rotating(), placements=plan(("A", 1), ("B", 2)))
    assert only_message(verdict) == (
        "P1 at A from 2026-01 to 2026-02 (placements.csv line 2) and at B from 2026-02 to "
        "2026-03 (line 3): only one exclusive placement at a time"
    )


def test_concurrent_placements_run_beside_others(judge):
    tables = {
        "placements": [post("A"), post("L", "talks", load=0.5), post("M", "talks", load=0.5)]
    }
    model = rotating({"stage": "work"}, {"stage": "talks", "concurrent": True})
    assert judge(tables, model, placements=plan(("A", 1), ("L", 1), ("M", 1))).ok


def test_concurrent_load(judge):
    tables = {"placements": [post("L", "talks", load=0.2), post("M", "talks", load=0.1)]}
    stage = {"stage": "talks", "concurrent": True}
    both = plan(("L", 1), ("M", 2))
    assert judge(tables, rotating(stage, concurrent_load=0.3), placements=both).ok
    verdict = judge(tables, rotating(stage, concurrent_load=0.25), placements=both)
    assert only_message(verdict) == (
        "P1 has a concurrent load of 0.3 in 2026-02 (L, M), the limit is 0.25"
    )


def test_stages_follow_each_other(judge):
    tables = {"placements": [post("A", "first"), post("B", "second")]}
    backwards = plan(("B", 1), ("A", 3))
    assert judge(tables, rotating(*STAGES), placements=plan(("A", 1), ("B", 3))).ok
    assert judge(tables, rotating(*STAGES, ordered=False), placements=backwards).ok
    assert only_message(judge(tables, rotating(*STAGES), placements=backwards)) == (
        "P1 at B from 2026-01 to 2026-02 (placements.csv line 2) belongs to second and starts "
        "before A of the earlier stage first ends in 2026-04 (line 3)"
    )


def test_order_ignores_history_and_concurrent_stages(judge):
    stages = ({"stage": "talks", "concurrent": True}, *STAGES)
    tables = {
        "placements": [post("L", "talks", load=0.1), post("A", "first"), post("B", "second")],
        "bookings": done("B"),
    }
    assert judge(tables, rotating(*stages), placements=plan(("A", 1), ("L", 5))).ok


def test_missing_counts_history_and_own_requirements(judge):
    tables = {
        "participants": people("P1", "P2", "P3"),
        "placements": [post("A"), post("B")],
        "bookings": done("B"),
        "requirements": [{"participant": "P3", "stage": "work", "min": 1}],
    }
    verdict = judge(tables, rotating({"stage": "work", "min": 3, "missing": 10}))
    found = losses(verdict, "missing")
    assert found == {("P1", "work", ""): -20, ("P2", "work", ""): -30, ("P3", "work", ""): -10}
    assert verdict.totals == {"P1": -20, "P2": -30, "P3": -10}


@pytest.mark.parametrize(("most", "fits"), [(2, True), (1, False)])
def test_most_placements_of_a_stage(judge, most, fits):
    tables = {"placements": [post("A"), post("B")], "bookings": done("A")}
    model = rotating({"stage": "work", "max": most})
    verdict = judge(tables, model, placements=plan(("B", 1)))
    assert broken(verdict) == ([] if fits else [("max", "P1")])
    assert fits or only_message(verdict) == (
        "P1 has 2 placements of work (1 done), at most 1 are allowed"
    )


def test_too_much_history_is_no_violation(judge):
    tables = {
        "placements": [post("A", area="x", unit="U"), post("B", area="x", unit="U")],
        "bookings": done("A", "B"),
    }
    stage = {"stage": "work", "max": 1, "distinct": "area"}
    assert judge(tables, rotating(stage, limits=[{"column": "unit", "max": 1}])).ok


def test_own_maximum_replaces_the_models(judge):
    tables = {
        "placements": [post("A"), post("B")],
        "requirements": [{"participant": "P1", "stage": "work", "max": 2}],
    }
    model = rotating({"stage": "work", "min": 1, "max": 1, "missing": 1})
    verdict = judge(tables, model, placements=plan(("A", 1), ("B", 3)))
    assert verdict.ok
    assert verdict.objective == 0


@pytest.mark.parametrize(
    ("one", "other", "past", "fits"),
    [
        ("x", "y", False, True),
        ("x", "x", False, False),
        ("x", "x", True, False),
        ("", "", False, True),
    ],
)
def test_distinct_areas_within_a_stage(judge, one, other, past, fits):
    tables = {"placements": [post("A", area=one, note="-"), post("B", area=other)]}
    bookings = plan(("B", 3)) if past else plan(("A", 1), ("B", 3))
    if past:
        tables["bookings"] = done("A")
    model = rotating({"stage": "work", "distinct": "area"})
    verdict = judge(tables, model, placements=bookings)
    assert broken(verdict) == ([] if fits else [("distinct", "P1")])
    assert fits or only_message(verdict) == "P1 has area x more than once in work (A, B)"


def test_distinct_looks_at_its_own_stage_only(judge):
    tables = {"placements": [post("A", "first", area="x"), post("B", "second", area="x")]}
    model = rotating({"stage": "first", "distinct": "area"}, {"stage": "second"})
    assert judge(tables, model, placements=plan(("A", 1), ("B", 3))).ok


def test_limits_count_all_exclusive_stages_and_history(judge):
    tables = {
        "placements": [
            post("A", "first", unit="U"),
            post("B", "second", unit="U"),
            post("C", "second", unit="U"),
            post("L", "talks", unit="U", load=0.1),
        ],
        "bookings": done("A"),
    }
    stages = (*STAGES, {"stage": "talks", "concurrent": True})
    model = rotating(*stages, limits=[{"column": "unit", "max": 2}])
    assert judge(tables, model, placements=plan(("B", 1), ("L", 1))).ok
    verdict = judge(tables, model, placements=plan(("B", 1), ("C", 3)))
    assert only_message(verdict) == (
        "P1 has 3 exclusive placements with unit U (A, B, C), at most 2 are allowed"
    )


@pytest.mark.parametrize(
    ("requires", "bookings", "past", "fits"),
    [
        ("A", [("A", 1), ("C", 3)], (), True),
        ("A", [("A", 3), ("C", 1)], (), False),
        ("A", [("C", 1)], (), False),
        ("A", [("C", 1)], ("A",), True),
        ("x", [("B", 1), ("C", 3)], (), True),
        ("x", [("C", 3)], (), False),
        ("B", [("A", 1), ("C", 3)], (), False),
    ],
)
def test_prerequisites(judge, requires, bookings, past, fits):
    placements = [post("A", area="x"), post("B", area="x"), post("C", area="z")]
    tables = {"placements": placements, "bookings": done(*past)}
    tables["prerequisites"] = [{"area": "z", "placement": None, "requires": requires}]
    verdict = judge(tables, rotating(), placements=plan(*bookings))
    assert broken(verdict) == ([] if fits else [("prerequisite", "P1")])
    assert fits or (
        f"needs {requires} finished before (prerequisites.csv line 2)" in only_message(verdict)
    )


def test_every_prerequisite_is_needed_and_an_id_beats_an_area(judge):
    placements = [post("A", area="B"), post("B"), post("C"), post("D")]
    rows = [{"placement": "C", "requires": "B"}, {"placement": "C", "requires": "D"}]
    tables = {"placements": placements, "prerequisites": rows}
    assert judge(tables, rotating(), placements=plan(("B", 1), ("D", 3), ("C", 5))).ok
    verdict = judge(tables, rotating(), placements=plan(("A", 1), ("D", 3), ("C", 5)))
    assert broken(verdict) == [("prerequisite", "P1")]


def test_hours_per_layer(judge):
    talks = [
        post("L", "talks", load=0.1, hours=8, layer="core"),
        post("M", "talks", load=0.1, hours=3, layer="core"),
        post("N", "talks", load=0.1, hours=50, layer="other"),
    ]
    tables = {"placements": talks, "bookings": done("M")}
    hours = {"core": 20, "frontier": 4}
    stage = {"stage": "talks", "concurrent": True, "min": 4, "missing": 10, "hours": hours}
    verdict = judge(tables, rotating(stage), placements=plan(("L", 1), ("N", 3)))
    # 20 - 8 - 3 hours of core, 4 of frontier, and one placement of four.
    assert losses(verdict, "missing") == {
        ("P1", "talks/core", ""): -90,
        ("P1", "talks/frontier", ""): -40,
        ("P1", "talks", ""): -10,
    }


@pytest.mark.parametrize(
    ("start", "bookings", "idle"),
    [
        (None, [("A", 4)], 3),
        ("2026-03", [("A", 4)], 1),
        ("2025-01", [("A", 4), ("B", 9)], 6),
        (None, [], 0),
        (None, [("L", 6)], 0),
    ],
)
def test_idle_periods_until_the_last_exclusive_placement(judge, start, bookings, idle):
    tables = {
        "participants": people("P1", start=start, price=2),
        "placements": [post("A"), post("B"), post("L", "talks", load=0.1)],
        "absences": [{"person": "P1", "from": "2026-01", "to": "2026-03"}],
    }
    stages = ({"stage": "work"}, {"stage": "talks", "concurrent": True})
    model = rotating(*stages, idle={"points": {"column": "price", "default": 1}})
    verdict = judge(tables, model, placements=plan(*bookings))
    assert losses(verdict, "idle") == ({("P1", "", ""): -2 * idle} if idle else {})


@pytest.mark.parametrize(
    ("home", "sites", "from_home", "moved"),
    [
        ("N", "NSN", False, "BC"),
        ("N", "SSN", True, "AC"),
        ("N", "SSN", False, "C"),
        ("", "SSS", True, ""),
        ("N", "N N", False, ""),
    ],
)
def test_moves_between_consecutive_placements(judge, home, sites, from_home, moved):
    placements = [
        post(key, site=site.strip(), note="-") for key, site in zip("ABC", sites, strict=True)
    ]
    tables = {"participants": people("P1", site=home), "placements": placements}
    move = {"column": "site", "points": 5, "from_home": from_home}
    verdict = judge(tables, rotating(move=move), placements=plan(("C", 7), ("A", 1), ("B", 4)))
    starts = {"A": "2026-01", "B": "2026-04", "C": "2026-07"}
    assert losses(verdict, "move") == {("P1", key, starts[key]): -5 for key in moved}
