"""Bounds are held against every value known."""

from bench.made import record
from talentopt.bench.crosscheck import best_values, flag_wrong_bounds


def test_a_bound_below_another_solvers_value_is_flagged():
    records = [record("a", value=90.0, bound=95.0), record("b", value=100.0, bound=120.0)]
    flagged = flag_wrong_bounds(records)
    assert [found.solver for found in flagged] == ["a"]
    assert "WRONG BOUND" in flagged[0].flag


def test_a_bound_that_excludes_the_published_value_is_flagged():
    assert flag_wrong_bounds([record("a", bound=99.0, best_known=100.0, outcome="no answer")])


def test_minimised_values_are_bounded_from_below():
    good = record("a", sense="min", value=10.0, bound=9.0)
    bad = record("b", sense="min", value=10.0, bound=10.5)
    assert flag_wrong_bounds([good, bad]) == [bad]


def test_rounding_is_no_error():
    assert not flag_wrong_bounds([record("a", value=1e6, bound=1e6 - 0.5)])


def test_wrong_answers_are_not_known_values():
    records = [record("a", value=50.0), record("b", value=70.0, outcome="wrong")]
    assert best_values(records) == {"set/one": 50.0}
