import pytest

from compile.cases import mentoring, post, rotating


@pytest.mark.parametrize(
    ("mine", "other", "same"),
    [("North", "North", True), ("North", "South", False), ("", "", False), ("North", "", False)],
)
def test_same_needs_both_filled_and_equal_and_different_is_its_negation(build, mine, other, same):
    tables = {
        "participants": [{"id": "P1", "site": mine}],
        "mentors": [{"id": "M1", "site": other}],
    }
    for rule, met in (("same", same), ("different", not same)):
        eligible = build(tables, mentoring(eligible=[{rule: {"column": "site"}}]))
        assert bool(eligible.pairs()) == met
        points = build(tables, mentoring(points=[{rule: {"column": "site", "weight": 7}}]))
        assert points.pairs() == {("P1", "M1"): 7 * met}


def test_ids_and_texts_are_compared_exactly(build):
    tables = {
        "participants": [{"id": "P1", "code": "007"}],
        "mentors": [{"id": "M1", "code": "7"}, {"id": "M2", "code": "007"}],
    }
    case = build(tables, mentoring(eligible=[{"same": {"column": "code"}}]))
    assert set(case.pairs()) == {("P1", "M2")}


def test_a_rule_for_one_stage_leaves_the_others_alone(build):
    tables = {
        "participants": [{"id": "P1", "unit": "A"}],
        "placements": [post("R1", unit="A"), post("T1", stage="targeted", unit="A")],
    }
    stages = ({"stage": "rotation"}, {"stage": "targeted"})
    rule = {"different": {"column": "unit"}}
    inside = {"different": {"column": "unit", "stage": "rotation"}}
    for eligible in ({**rule, "stage": "rotation"}, inside):
        case = build(tables, rotating(*stages, eligible=[eligible]))
        assert set(case.bookings()) == {("P1", "T1")}
    rule = {"same": {"column": "unit", "weight": 5}, "stage": "targeted"}
    case = build(tables, rotating(*stages, points=[rule]))
    assert case.bookings() == {("P1", "R1"): 0, ("P1", "T1"): 5}
