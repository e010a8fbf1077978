"""The previous plan: what has begun, and what changes cost."""

from audit.cases import broken, mentoring, only_message, people, points, post, rotating

PRICES = {"stability": {"pair_change": 15, "placement_change": 4}}
BEFORE = [("P1", "A", "2026-01"), ("P1", "B", "2026-06")]
TABLES = {"placements": [post("A"), post("B"), post("C")]}


def replanned(judge, now, before=BEFORE, at="2026-04", tables=TABLES, **rules):
    model = rotating(**rules) | PRICES
    return judge(tables, model, previous={"placements": before}, at=at, placements=now)


def test_nothing_changed_costs_nothing(judge):
    verdict = replanned(judge, BEFORE)
    assert verdict.ok
    assert verdict.objective == 0


def test_moved_or_gone_is_one_change(judge):
    moved = replanned(judge, [BEFORE[0], ("P1", "B", "2026-07")])
    gone = replanned(judge, [BEFORE[0]])
    for verdict in (moved, gone):
        assert verdict.ok
        assert points(verdict)["placement_change", "P1", "B", "2026-06"] == -4
        assert verdict.objective == -4
        assert verdict.totals == {"P1": 0}


def test_what_has_begun_must_be_kept(judge):
    verdict = replanned(judge, [("P1", "A", "2026-05"), BEFORE[1]])
    assert broken(verdict) == [("overlap", "P1"), ("kept", "P1")]
    assert verdict.violations[1].message == (
        "P1 began at A in 2026-01 in the previous plan, before 2026-04: "
        "this must be kept as it was"
    )


def test_nothing_new_starts_earlier(judge):
    verdict = replanned(judge, [*BEFORE, ("P1", "C", "2026-03")])
    assert only_message(verdict) == (
        "P1 at C from 2026-03 to 2026-04 (placements.csv line 4) starts before 2026-04, "
        "the first period that may change, and is not in the previous plan"
    )


def test_what_has_begun_is_kept_whatever_the_tables_say_now(judge):
    tables = {
        "participants": people("P1", start="2026-02"),
        "placements": [post("A", seats=0), post("B"), post("C")],
        "absences": [{"person": "P1", "from": "2026-01", "to": "2026-02"}],
    }
    assert replanned(judge, BEFORE, tables=tables).ok


def test_history_and_earlier_starts_cost_nothing(judge):
    tables = TABLES | {
        "bookings": [{"participant": "P1", "placement": "A", "status": "done"}],
    }
    before = [("P1", "A", "2026-01"), ("P1", "C", "2025-11")]
    verdict = replanned(judge, [], before=before, tables=tables)
    assert verdict.ok
    assert verdict.objective == 0


def test_people_and_placements_that_left_cost_nothing(judge):
    before = [("P9", "A", "2026-06"), ("P1", "Z", "2026-06")]
    verdict = replanned(judge, [], before=before)
    assert verdict.ok
    assert verdict.objective == 0


def test_changed_pairs(judge):
    model = mentoring(need=2) | {"stability": {"pair_change": {"column": "p", "default": 15}}}
    before = [
        ("guide", "P1", "M1"),
        ("guide", "P2", "M2"),
        ("guide", "P2", "M1"),
        ("guide", "P1", "M9"),
        ("gone", "P1", "M1"),
        ("guide", "P9", "M1"),
    ]
    verdict = judge(
        {"participants": [{"id": "P1", "p": 7}, {"id": "P2"}], "mentors": people("M1", "M2")},
        model,
        previous={"pairs": before},
        at="2026-02",
        pairs=[("guide", "P2", "M1"), ("guide", "P1", "M2")],
    )
    assert verdict.ok
    found = points(verdict)
    assert found["pair_change", "P1", "guide/M1", ""] == -7
    assert found["pair_change", "P2", "guide/M2", ""] == -15
    assert verdict.objective == -22


def test_a_cap_counts_what_may_still_change(judge):
    before = [*BEFORE, ("P1", "C", "2026-09")]
    model = rotating() | {"stability": {"caps": {"placements": 0.5, "pairs": 0, "work": 1}}}

    def verdict(now):
        previous = {"placements": before}
        return judge(TABLES, model, previous=previous, at="2026-04", placements=now)

    assert verdict(before[:2]).ok
    gone = verdict(before[:1])
    assert broken(gone) == [("cap", "placements")]
    assert only_message(gone) == (
        "2 of 2 promises of the previous plan (placements) are changed, at most 1 may be "
        "(stability.caps.placements: 50 %)"
    )


def test_drafts_are_free_to_move(judge):
    verdict = judge(
        TABLES,
        rotating() | PRICES | {"stability": {"placement_change": 4, "caps": {"work": 0}}},
        previous={"placements": [*BEFORE, ("P1", "C", "2026-09")]},
        at="2026-04",
        publish_until="2026-09",
        placements=BEFORE,
    )
    assert verdict.ok
    assert verdict.objective == 0
