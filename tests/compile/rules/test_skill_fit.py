import pytest

from compile.cases import mentoring, people, post, rotating

PERSON = [
    {"participant": "P1", "skill": "a", "level": 1, "target": 4},
    {"participant": "P1", "skill": "b", "level": 2, "target": 3},
    {"participant": "P1", "skill": "c", "level": 5, "target": 1},
]
FIT = [{"skill_fit": {"weight": 60}}]


def test_share_of_the_gaps_that_a_mentor_closes(build):
    tables = {
        "mentors": people("M1", "M2"),
        "participant_skills": PERSON,
        "mentor_skills": [
            {"mentor": "M1", "skill": "a", "level": 3},
            {"mentor": "M1", "skill": "b", "level": 5},
            {"mentor": "M2", "skill": "c", "level": 5},
        ],
    }
    # Gaps 3 and 1: M1 closes 2 and 1 of them, M2 none.
    case = build(tables, mentoring(points=FIT))
    assert case.pairs() == {("P1", "M1"): 45, ("P1", "M2"): 0}


def test_placements_offer_what_they_develop(build):
    tables = {
        "placements": [post("R1"), post("R2")],
        "participant_skills": PERSON,
        "placement_skills": [
            {"placement": "R1", "skill": "a", "develops": 2.5},
            {"placement": "R2", "skill": "a", "requires": 0},
        ],
    }
    case = build(tables, rotating(points=FIT))
    assert case.bookings() == {("P1", "R1"): 22.5, ("P1", "R2"): 0}


def test_people_as_providers_offer_their_own_levels(build):
    model = mentoring(points=FIT)
    model["matchings"]["guide"]["providers"] = "participants"
    tables = {
        "participants": people("P1", "P2"),
        "participant_skills": [*PERSON, {"participant": "P2", "skill": "a", "level": 4}],
    }
    assert build(tables, model).pairs() == {("P1", "P2"): 45, ("P2", "P1"): 0}


def test_tables_without_skills_offer_nothing(build):
    model = mentoring(points=FIT)
    model["matchings"]["guide"]["providers"] = "posts"
    tables = {"posts": people("H1"), "participant_skills": PERSON}
    assert build(tables, model).pairs() == {("P1", "H1"): 0}


def test_blank_levels_and_targets_are_zero(build):
    tables = {
        "mentors": people("M1"),
        "participant_skills": [
            {"participant": "P1", "skill": "a", "level": "", "target": 2},
            {"participant": "P1", "skill": "b", "level": 3, "target": ""},
        ],
        "mentor_skills": [{"mentor": "M1", "skill": "a", "level": 1}],
    }
    assert build(tables, mentoring(points=FIT)).pairs() == {("P1", "M1"): 30}


def test_minimum_with_slack_and_never_without_gaps(build):
    tables = {
        "participants": people("P1", "P2"),
        "mentors": people("M1"),
        "participant_skills": [
            {"participant": "P1", "skill": "a", "level": 0, "target": 3},
            {"participant": "P2", "skill": "a", "level": 3, "target": 3},
        ],
        "mentor_skills": [{"mentor": "M1", "skill": "a", "level": 1}],
    }
    least = "0.33333333333"
    model = mentoring(eligible=[{"skill_fit": {"min": float(least)}}])
    assert set(build(tables, model).pairs()) == {("P1", "M1")}
    model = mentoring(eligible=[{"skill_fit": {"min": 0.34}}])
    assert build(tables, model).pairs() == {}


@pytest.mark.parametrize(
    ("level", "reason"),
    [
        (0, "the skill fit of P1 with M1 is 0.25, below 0.5"),
        (5, "P1 has no skill gaps, so no provider fits"),
    ],
)
def test_conflict_tells_the_fit(build, level, reason):
    tables = {
        "mentors": people("M1"),
        "participant_skills": [{"participant": "P1", "skill": "a", "level": level, "target": 4}],
        "mentor_skills": [{"mentor": "M1", "skill": "a", "level": 1}],
        "pairs": [{"seeker": "P1", "provider": "M1", "status": "fixed"}],
    }
    [(_, message)] = build(tables, mentoring(eligible=[{"skill_fit": {"min": 0.5}}])).conflicts
    assert message.endswith(reason)
