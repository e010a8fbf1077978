from compile.cases import mentoring


def test_a_column_of_either_side_and_blank_is_zero(build):
    tables = {
        "participants": [{"id": "P1", "merit": 7}, {"id": "P2", "merit": ""}],
        "mentors": [{"id": "M1", "worth": 0.5}, {"id": "M2", "worth": ""}],
    }
    mine = {"value": {"column": "merit", "weight": 2}}
    assert build(tables, mentoring(points=[mine])).pairs() == {
        ("P1", "M1"): 14,
        ("P1", "M2"): 14,
        ("P2", "M1"): 0,
        ("P2", "M2"): 0,
    }
    other = {"value": {"column": "worth", "of": "provider"}}
    assert build(tables, mentoring(points=[mine, other])).pairs() == {
        ("P1", "M1"): 14.5,
        ("P1", "M2"): 14,
        ("P2", "M1"): 0.5,
        ("P2", "M2"): 0,
    }


def test_weight_may_be_each_seekers_own(build):
    tables = {
        "participants": [
            {"id": "P1", "merit": 7, "care": 3},
            {"id": "P2", "merit": 1, "care": ""},
        ],
        "mentors": [{"id": "M1"}],
    }
    rule = {"value": {"column": "merit", "weight": {"column": "care", "default": 10}}}
    assert build(tables, mentoring(points=[rule])).pairs() == {("P1", "M1"): 21, ("P2", "M1"): 10}
