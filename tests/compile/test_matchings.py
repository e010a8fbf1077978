import numpy as np
import pytest

from compile.cases import mentoring, people


def fixed(seeker="P1", provider="M1", **columns):
    return {"seeker": seeker, "provider": provider, "status": "fixed", **columns}


def test_nobody_is_paired_with_the_same_id(build):
    model = mentoring()
    model["matchings"]["guide"]["providers"] = "participants"
    case = build({"participants": people("P1", "P2")}, model)
    assert set(case.pairs()) == {("P1", "P2"), ("P2", "P1")}


def test_blank_role_capacity_is_not_offered_and_blank_capacity_is_no_limit(build):
    mentors = [
        {"id": "M1", "guide": 2, "capacity": 3},
        {"id": "M2", "guide": 0, "capacity": ""},
        {"id": "M3", "guide": "", "capacity": 1},
    ]
    case = build({"mentors": mentors}, mentoring())
    assert set(case.pairs()) == {("P1", "M1"), ("P1", "M2")}
    matchings = case.problem.matchings
    assert matchings.capacity.tolist() == [3, np.inf, 1]
    assert matchings.role_capacity[0, :2].tolist() == [2, 0]


def test_without_a_role_column_only_capacity_limits(build):
    matchings = build({"mentors": people("M1", capacity=1)}, mentoring()).problem.matchings
    assert np.isinf(matchings.role_capacity).all()


def test_one_mentor_is_one_provider_in_every_matching(build):
    role = mentoring()["matchings"]["guide"]
    model = {
        "matchings": {
            "one": role | {"distinct": ["two"]},
            "two": role | {"distinct": ["one"]},
            "three": role | {"providers": "posts"},
        }
    }
    case = build({"mentors": people("M1"), "posts": people("M1")}, model)
    assert case.index.providers == (("mentors", "M1"), ("posts", "M1"))
    assert case.problem.matchings.arc_provider.tolist() == [0, 0, 1]
    assert case.problem.matchings.distinct == ((0, 1),)


def test_need_and_missing_may_be_each_seekers_own(build):
    rules = {"need": {"column": "wants", "default": 2}, "missing": {"column": "care"}}
    seekers = [{"id": "P1", "wants": 0, "care": 5}, {"id": "P2", "wants": "", "care": ""}]
    case = build({"participants": seekers, "mentors": people("M1")}, mentoring(**rules))
    matchings = case.problem.matchings
    assert matchings.demand_need.tolist() == [0, 2]
    assert matchings.demand_missing.tolist() == [5, 0]
    assert set(case.pairs()) == {("P2", "M1")}
    assert matchings.demand_person.tolist() == [0, 1]


def test_seekers_need_not_be_people(build):
    model = mentoring(points=[{"skill_fit": {"weight": 60}}])
    model["matchings"]["guide"]["seekers"] = "projects"
    case = build({"projects": people("J1"), "mentors": people("M1")}, model)
    assert case.pairs() == {("J1", "M1"): 0}
    assert case.problem.matchings.demand_person.tolist() == [-1]


def test_pair_points_are_added_before_rounding(build):
    tables = {
        "participants": people("P1", merit="0.003"),
        "mentors": people("M1"),
        "pairs": [
            {"matching": "guide", "seeker": "P1", "provider": "M1", "points": 0.002},
            {"matching": "", "seeker": "P1", "provider": "M1", "points": 10},
        ],
    }
    case = build(tables, mentoring(points=[{"value": {"column": "merit"}}]))
    assert case.pairs() == {("P1", "M1"): 10.0}
    tables["pairs"][0]["points"] = 0.0021
    case = build(tables, mentoring(points=[{"value": {"column": "merit"}}]))
    assert case.pairs() == {("P1", "M1"): 10.01}


def test_a_row_without_matching_concerns_all(build):
    role = mentoring()["matchings"]["guide"]
    model = {"matchings": {"one": role, "two": role}}
    tables = {
        "mentors": people("M1", "M2"),
        "pairs": [
            {"matching": "", "seeker": "P1", "provider": "M1", "status": "forbidden"},
            {"matching": "two", "seeker": "P1", "provider": "M2", "load": 2},
        ],
    }
    case = build(tables, model)
    assert set(case.pairs("one")) == set(case.pairs("two")) == {("P1", "M2")}
    assert case.problem.matchings.arc_load.tolist() == [1, 2]
    assert not case.problem.matchings.unit_loads


def test_loads_of_one_are_unit_loads(build):
    tables = {"mentors": people("M1"), "pairs": [{"seeker": "P1", "provider": "M1"}]}
    matchings = build(tables, mentoring()).problem.matchings
    assert matchings.unit_loads
    assert matchings.arc_load.strides == (0,)


def test_fixed_pairs_are_arcs(build):
    case = build({"mentors": people("M1", "M2"), "pairs": [fixed(provider="M2")]}, mentoring())
    assert case.problem.matchings.fixed_arcs.tolist() == [1]
    assert case.conflicts == []


@pytest.mark.parametrize(
    ("mentor", "rules", "more", "reason"),
    [
        ({"guide": ""}, {}, [], "M1 does not offer guide (mentors.csv, line 2)"),
        ({}, {"need": 0}, [], "P1 needs nobody there (participants.csv, line 2)"),
        (
            {},
            {},
            [{"matching": "guide", "seeker": "P1", "provider": "M1", "status": "forbidden"}],
            "that is forbidden (pairs.csv, line 3)",
        ),
        (
            {"unit": "A"},
            {"eligible": [{"different": {"column": "unit"}}]},
            [],
            "unit must differ, but is A for both P1 and M1",
        ),
        (
            {"unit": "B"},
            {"eligible": [{"same": {"column": "unit"}}]},
            [],
            "unit must be the same, but is A for P1 and B for M1",
        ),
    ],
)
def test_a_fixed_pair_that_cannot_be_is_a_conflict(build, mentor, rules, more, reason):
    tables = {
        "participants": people("P1", unit="A"),
        "mentors": people("M1", **mentor),
        "pairs": [fixed(matching=""), *more],
    }
    case = build(tables, mentoring(**rules))
    assert case.conflicts == [("pairs.csv, line 2", f"P1 is fixed with M1 in guide, but {reason}")]
    assert case.problem.matchings.fixed_arcs.size == 0


def test_blocks_of_seekers_give_the_same_arcs(build, monkeypatch):
    random = np.random.default_rng(1)
    seekers = [{"id": f"P{k}", "grade": g} for k, g in enumerate(random.integers(0, 9, 40))]
    mentors = [{"id": f"M{k}", "grade": g} for k, g in enumerate(random.integers(0, 9, 7))]
    pairs = [
        {"matching": "", "seeker": f"P{k}", "provider": f"M{k % 7}", "points": k, "status": s}
        for k, s in zip(range(40), ["open", "forbidden"] * 20, strict=True)
    ]
    rules = {
        "eligible": [{"at_least": {"column": "grade"}}],
        "points": [{"value": {"column": "grade"}}],
    }
    tables = {"participants": seekers, "mentors": mentors, "pairs": pairs}
    whole = build(tables, mentoring(**rules)).pairs()
    monkeypatch.setattr("talentopt.compile.crossing.CELLS_PER_BLOCK", 20)
    assert build(tables, mentoring(**rules)).pairs() == whole
    expected = {
        (p["id"], m["id"]): p["grade"] + (k if k % 7 == j else 0)
        for k, p in enumerate(seekers)
        for j, m in enumerate(mentors)
        if m["grade"] >= p["grade"] and not (k % 2 and k % 7 == j)
    }
    assert whole == expected
