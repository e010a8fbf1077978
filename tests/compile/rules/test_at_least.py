import pytest

from compile.cases import mentoring, people


def allowed(build, rule, seekers, mentors):
    case = build({"participants": seekers, "mentors": mentors}, mentoring(eligible=[rule]))
    return set(case.pairs())


def test_provider_is_at_least_seeker_plus_something(build):
    rule = {"at_least": {"column": "grade", "above": 2}}
    mentors = [{"id": "M3", "grade": 3}, {"id": "M4", "grade": 4}, {"id": "M5", "grade": 5}]
    seekers = [{"id": "P1", "grade": 2}, {"id": "P2", "grade": 2.5}]
    assert allowed(build, rule, seekers, mentors) == {("P1", "M4"), ("P1", "M5"), ("P2", "M5")}


def test_of_seeker_turns_it_round(build):
    rule = {"at_least": {"column": "grade", "of": "seeker", "above": 1}}
    mentors = [{"id": "M1", "grade": 1}, {"id": "M2", "grade": 2}]
    assert allowed(build, rule, [{"id": "P1", "grade": 2}], mentors) == {("P1", "M1")}


@pytest.mark.parametrize(("of", "pair"), [("provider", "M5"), ("seeker", "M1")])
def test_than_names_the_other_sides_column(build, of, pair):
    column, than = ("rank", "grade") if of == "provider" else ("grade", "rank")
    rule = {"at_least": {"column": column, "than": than, "of": of}}
    mentors = [{"id": "M1", "rank": 1}, {"id": "M5", "rank": 5}]
    assert allowed(build, rule, [{"id": "P1", "grade": 3}], mentors) == {("P1", pair)}


@pytest.mark.parametrize(("mine", "other"), [("", 5), (1, ""), ("", "")])
def test_blank_is_not_met(build, mine, other):
    rule = {"at_least": {"column": "grade"}}
    seekers, mentors = [{"id": "P1", "grade": mine}], [{"id": "M1", "grade": other}]
    assert allowed(build, rule, seekers, mentors) == set()


def test_above_may_be_each_seekers_own(build):
    rule = {"at_least": {"column": "grade", "above": {"column": "margin", "default": 3}}}
    seekers = [{"id": "P1", "grade": 1, "margin": 1}, {"id": "P2", "grade": 1, "margin": ""}]
    assert allowed(build, rule, seekers, [{"id": "M1", "grade": 3}]) == {("P1", "M1")}


def test_conflict_tells_both_numbers(build):
    model = mentoring(eligible=[{"at_least": {"column": "grade", "above": 2}}])
    tables = {
        "participants": people("P1", grade=2),
        "mentors": people("M1", grade=3),
        "pairs": [{"seeker": "P1", "provider": "M1", "status": "fixed"}],
    }
    assert build(tables, model).conflicts == [
        (
            "pairs.csv, line 2",
            "P1 is fixed with M1 in guide, but grade of M1 (3) is not at least "
            "grade of P1 (2) plus 2",
        )
    ]
