"""Links and the worst-off term."""

from audit.cases import mentoring, people, points, post, rotating

LINK = {"matching": "guide", "column": "domain", "stage": "work", "points": 30}
PAIRS = [("guide", "P1", "M1"), ("guide", "P1", "M2")]


def linked(**rules):
    return mentoring(need=2) | rotating() | {"links": [LINK]} | rules


def tables(mentor_domain, placement_domain):
    return {
        "participants": people("P1", "P2", bonus=7),
        "mentors": [{"id": "M1", "domain": mentor_domain, "note": "-"}, {"id": "M2"}],
        "placements": [post("A", domain=placement_domain), post("B", domain=placement_domain)],
    }


def test_link_counts_once_per_person(judge):
    bookings = [("P1", "A", "2026-01"), ("P1", "B", "2026-05"), ("P2", "A", "2026-01")]
    verdict = judge(tables("magnets", "magnets"), linked(), pairs=PAIRS, placements=bookings)
    assert verdict.components["link"] == 30
    assert points(verdict)["link", "P1", "guide/domain/work", ""] == 30
    assert verdict.totals == {"P1": 30, "P2": 0}


def test_link_needs_both_sides_filled_and_equal(judge):
    bookings = [("P1", "A", "2026-01")]
    for mentor, placement in (("magnets", "mining"), ("", ""), ("magnets", "")):
        verdict = judge(tables(mentor, placement), linked(), pairs=PAIRS, placements=bookings)
        assert "link" not in verdict.components
    assert judge(tables("x", "x"), linked(), pairs=PAIRS).objective == 0


def test_link_points_from_the_persons_column(judge):
    link = LINK | {"points": {"column": "bonus", "default": 1}}
    verdict = judge(
        tables("x", "x"), linked(links=[link]), pairs=PAIRS, placements=[("P1", "B", "2026-01")]
    )
    assert verdict.objective == 7


def test_worst_off_is_the_weighted_lowest_total(judge):
    model = mentoring(missing=10, points=[{"value": {"column": "merit"}}])
    model["fairness"] = {"worst_off": 0.5}
    scenario = {
        "participants": [
            {"id": "P1", "merit": 4},
            {"id": "P2", "merit": 3},
            {"id": "P3", "merit": 0},
        ],
        "mentors": people("M1"),
    }
    verdict = judge(scenario, model, pairs=[("guide", "P1", "M1"), ("guide", "P3", "M1")])
    assert verdict.totals == {"P1": 4, "P2": -10, "P3": 0}
    assert points(verdict)["worst_off", "P2", "", ""] == -5
    assert verdict.objective == 4 - 10 - 5


def test_worst_off_leaves_out_what_is_nobodys(judge):
    model = rotating(understaffed={"points": 100}) | {"fairness": {"worst_off": 1}}
    scenario = {
        "placements": [post("A", min_seats=1, opens="2026-12")],
        "bookings": [{"participant": "P1", "placement": "A", "points": 2}],
    }
    verdict = judge(scenario, model)
    assert verdict.objective == -100
    assert "worst_off" not in verdict.components
