"""Structure within one person: stages, history, limits, prerequisites, hours, moves."""

import numpy as np

from compile.cases import people, post, rotating

MANY = 10**9


def done(placement, start=None, person="P1"):
    return {"participant": person, "placement": placement, "start": start, "status": "done"}


def test_requirements_replace_only_the_cells_filled(build):
    stage = {"stage": "rotation", "min": {"column": "wants", "default": 2}, "missing": 7}
    tables = {
        "participants": [
            {"id": "P1", "wants": ""},
            {"id": "P2", "wants": 3},
            {"id": "P3", "wants": 1},
        ],
        "placements": [post()],
        "requirements": [
            {"participant": "P2", "stage": "rotation", "min": "", "max": 4},
            {"participant": "P3", "stage": "rotation", "min": 0, "max": ""},
        ],
    }
    itineraries = build(tables, rotating(stage)).itineraries
    assert itineraries.stage_min[:, 0].tolist() == [2, 3, 0]
    assert itineraries.stage_max[:, 0].tolist() == [MANY, 4, MANY]
    assert itineraries.stage_missing[:, 0].tolist() == [7, 7, 7]


def test_history_counts_for_stages_and_too_much_is_no_violation(build):
    tables = {
        "placements": [post("R1"), post("R2"), post("R3")],
        "bookings": [done("R1", "2025-01"), done("R2")],
    }
    stage = {"stage": "rotation", "min": 1, "max": 1}
    case = build(tables, rotating(stage))
    assert case.itineraries.stage_min.tolist() == [[0]]
    assert case.itineraries.stage_max.tolist() == [[0]]
    assert set(case.bookings()) == {("P1", "R3")}
    assert case.evaluate().violations == ()


def test_a_distinct_value_is_not_repeated_after_history_and_blanks_do_not_count(build):
    tables = {
        "participants": people("P1", "P2"),
        "placements": [
            post("R1", area="pit"),
            post("R2", area="pit"),
            post("R3", area=""),
            post("R4", area=""),
            post("T1", stage="targeted", area="pit"),
        ],
        "bookings": [done("R1"), done("R3")],
    }
    stages = ({"stage": "rotation", "distinct": "area"}, {"stage": "targeted"})
    case = build(tables, rotating(*stages))
    mine = {placement for person, placement in case.bookings() if person == "P1"}
    assert mine == {"R4", "T1"}
    assert case.itineraries.placement_distinct.tolist() == [0, 0, -1, -1, -1]


def test_distinct_values_of_different_stages_differ(build):
    tables = {
        "placements": [
            post("R1", area="pit"),
            post("T1", stage="targeted", area="pit"),
            post("T2", stage="targeted", area="lab"),
        ]
    }
    stages = [{"stage": name, "distinct": "area"} for name in ("rotation", "targeted")]
    codes = build(tables, rotating(*stages)).itineraries.placement_distinct
    assert len(set(codes.tolist())) == 3


def test_limits_count_exclusive_history_only(build):
    tables = {
        "participants": [{"id": "P1", "most": ""}, {"id": "P2", "most": 5}],
        "placements": [
            post("R1", unit="A"),
            post("R2", unit="A"),
            post("R3", unit="B"),
            post("R4"),
            post("L1", stage="lecture", load=0.1, unit="A"),
        ],
        "bookings": [done("R1"), done("R2"), done("R3"), done("L1"), done("R4")],
    }
    stages = ({"stage": "rotation"}, {"stage": "lecture", "concurrent": True})
    limit = {"column": "unit", "max": {"column": "most", "default": 1}}
    itineraries = build(tables, rotating(*stages, limits=[limit])).itineraries
    assert itineraries.limit_value.tolist() == [[0, 0, 1, -1, -1]]
    assert itineraries.limit_left.tolist() == [[[0, 0], [5, 5]]]


def test_without_limits_there_is_one_unused_value(build):
    itineraries = build({"placements": [post()]}, rotating()).itineraries
    assert itineraries.limit_value.shape == (0, 1)
    assert itineraries.limit_left.shape == (0, 1, 1)


def test_prerequisites_of_areas_and_placements(build):
    tables = {
        "participants": people("P1", "P2"),
        "placements": [
            post("R1", area="pit"),
            post("R2", area="pit"),
            post("R3", area="lab"),
            post("R4", area="lab"),
        ],
        "prerequisites": [
            {"area": "lab", "placement": "", "requires": "pit"},
            {"area": "", "placement": "R4", "requires": "R3"},
        ],
        "bookings": [done("R2", person="P2")],
    }
    case = build(tables, rotating())
    itineraries = case.itineraries
    assert itineraries.clause_placement.tolist() == [2, 3, 3]
    assert itineraries.clause_ptr.tolist() == [0, 2, 4, 5]
    assert itineraries.clause_met_by.tolist() == [0, 1, 0, 1, 2]
    assert itineraries.clause_done.tolist() == [[False] * 3, [True, True, False]]
    assert case.evaluate(bookings=[("P1", "R3", 0)]).violations
    assert not case.evaluate(bookings=[("P1", "R3", 1), ("P1", "R2", 0)]).violations


def test_a_placement_beats_an_area_of_its_name(build):
    tables = {
        "placements": [post("pit", area="lab"), post("R2", area="pit"), post("R3", area="x")],
        "prerequisites": [{"area": "x", "placement": "", "requires": "pit"}],
    }
    assert build(tables, rotating()).itineraries.clause_met_by.tolist() == [0]


def test_hours_by_layer_less_history(build):
    tables = {
        "participants": [{"id": "P1", "core": ""}, {"id": "P2", "core": 10}],
        "placements": [
            post("L1", stage="lecture", load=0.1, hours=8, layer="core"),
            post("L2", stage="lecture", load=0.1, hours=4, layer="frontier"),
            post("L3", stage="lecture", load=0.1, hours=50, layer=""),
        ],
        "bookings": [done("L1"), done("L2")],
    }
    hours = {"core": {"column": "core", "default": 40}, "frontier": 3}
    stage = {"stage": "lecture", "concurrent": True, "hours": hours, "missing": 2}
    case = build(tables, rotating(stage))
    assert case.index.hours == (("lecture", "core"), ("lecture", "frontier"))
    assert case.itineraries.hours_min.tolist() == [[32, 0], [10, 3]]
    assert case.itineraries.hours_missing.tolist() == [[2, 2], [2, 2]]
    assert case.itineraries.placement_hours_of.tolist() == [0, 1, -1]
    assert case.itineraries.placement_hours.tolist() == [8, 4, 50]


def test_moves_compare_places_and_home_only_when_asked(build):
    tables = {
        "participants": [
            {"id": "P1", "site": "North", "pay": 3},
            {"id": "P2", "site": "", "pay": ""},
        ],
        "placements": [post("R1", site="North"), post("R2", site="South"), post("R3")],
    }
    move = {"column": "site", "points": {"column": "pay", "default": 5}}
    case = build(tables, rotating(move=move | {"from_home": True}, ordered=False))
    place, home = case.itineraries.placement_place, case.itineraries.home
    assert place[0] == home[0] >= 0
    assert place[1] not in (place[0], -1)
    assert (place[2], home[1]) == (-1, -1)
    assert case.itineraries.move_price.tolist() == [3, 5]
    assert not case.itineraries.ordered
    assert case.evaluate(bookings=[("P1", "R1", 0), ("P1", "R2", 1)]).terms["move"] == -3
    case = build(tables, rotating(move=move))
    assert case.itineraries.home.tolist() == [-1, -1]


def test_absent_blocks_cost_and_limit_nothing(build):
    itineraries = build({"placements": [post()]}, rotating()).itineraries
    assert itineraries.idle_price.tolist() == [0]
    assert itineraries.move_price.tolist() == [0]
    assert itineraries.understaffed_price == 0
    assert itineraries.concurrent_load == np.inf


def test_hard_understaffing_and_concurrent_load(build):
    rules = {"understaffed": {"points": 20, "hard": True}, "concurrent_load": 0.5}
    itineraries = build({"placements": [post()]}, rotating(**rules)).itineraries
    assert itineraries.understaffed_price == np.inf
    assert itineraries.concurrent_load == 0.5


def test_a_model_of_matchings_only(build):
    model = {"matchings": {"guide": {"seekers": "participants", "providers": "mentors"}}}
    case = build({"mentors": people("M1")}, model)
    itineraries = case.itineraries
    assert (itineraries.n_people, itineraries.n_placements, itineraries.n_stages) == (1, 0, 0)
    assert case.evaluate(arcs=[("guide", "P1", "M1")]).violations == ()
