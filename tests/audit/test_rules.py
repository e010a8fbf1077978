"""Points and eligibility of single pairs and bookings, with numbers worked out by hand."""

import pytest

from audit.cases import broken, mentoring, only_message, people, points, post, rotating
from talentopt.audit.rules import rounded

PAIR = [("guide", "P1", "M1")]
KEY = ("guide", "P1", "M1", "")


def pair_worth(judge, rules, participants=None, mentors=None, **tables):
    tables = {
        "participants": participants or people("P1"),
        "mentors": mentors or people("M1"),
        **tables,
    }
    return points(judge(tables, mentoring(points=rules), pairs=PAIR))[KEY]


SKILLS = {
    "participant_skills": [
        {"participant": "P1", "skill": "a", "level": 1, "target": 4},
        {"participant": "P1", "skill": "b", "level": 2, "target": 3},
        {"participant": "P1", "skill": "c", "level": 5, "target": 1},
    ],
    "mentor_skills": [
        {"mentor": "M1", "skill": "a", "level": 3},
        {"mentor": "M1", "skill": "b", "level": 5},
    ],
}


def test_skill_fit_is_the_share_of_gaps_closed(judge):
    # Gaps 3 and 1; the mentor closes min(3, 3 - 1) + min(1, 5 - 2) = 3 of 4.
    assert pair_worth(judge, [{"skill_fit": {"weight": 60}}], **SKILLS) == 45


def test_skill_fit_without_gaps_is_zero(judge):
    assert pair_worth(judge, [{"skill_fit": {"weight": 60}}]) == 0


def test_skill_fit_with_people_as_providers_uses_their_own_levels(judge):
    skills = [
        {"participant": "P1", "skill": "a", "level": 1, "target": 3},
        {"participant": "P2", "skill": "a", "level": 2},
    ]
    model = mentoring(points=[{"skill_fit": {"weight": 10}}])
    model["matchings"]["guide"]["providers"] = "participants"
    tables = {"participants": people("P1", "P2"), "participant_skills": skills}
    verdict = judge(tables, model, pairs=[("guide", "P1", "P2")])
    assert points(verdict)["guide", "P1", "P2", ""] == 5


def test_placements_offer_what_they_develop(judge):
    skills = [{"placement": "A", "skill": "a", "develops": 2}]
    tables = {
        "placements": [post("A")],
        "participant_skills": SKILLS["participant_skills"],
        "placement_skills": skills,
    }
    model = rotating(points=[{"skill_fit": {"weight": 100}}])
    verdict = judge(tables, model, placements=[("P1", "A", "2026-03")])
    assert points(verdict)["work", "P1", "A", "2026-03"] == 25


@pytest.mark.parametrize(
    ("rows", "worth"),
    [
        ([("P1", "M1", 7, None)], 7),
        ([("P1", "M1", None, 1)], 100),
        ([("P1", "M1", None, 1), ("P1", "M2", None, 5)], 100),
        ([("P1", "M1", None, 2), ("P1", "M2", None, 5)], 75),
        ([("P1", "M1", None, 5), ("P1", "M2", None, 5)], 0),
        ([("P1", "M2", None, 1)], 0),
    ],
)
def test_preferences_and_ranks(judge, rows, worth):
    names = ("chooser", "option", "points", "rank")
    rows = [dict(zip(names, row, strict=True)) for row in rows]
    mentors = people("M1", "M2")
    assert pair_worth(judge, [{"preference": {}}], mentors=mentors, preferences=rows) == worth


def test_preference_of_the_provider(judge):
    rows = [
        {"chooser": "M1", "option": "P1", "points": 6},
        {"chooser": "P1", "option": "M1", "points": 9},
    ]
    rules = [{"preference": {"weight": 0.5, "of": "provider"}}]
    assert pair_worth(judge, rules, preferences=rows) == 3


def test_preferences_for_placement_area_and_unit_add_up(judge):
    rows = [
        {"chooser": "P1", "option": option, "points": worth}
        for option, worth in (("A", 1), ("mining", 10), ("North", 100), ("B", 1000))
    ]
    tables = {
        "placements": [post("A", area="mining", unit="North"), post("B")],
        "preferences": rows,
    }
    model = rotating(points=[{"preference": {"weight": 2}}])
    verdict = judge(tables, model, placements=[("P1", "A", "2026-01")])
    assert points(verdict)["work", "P1", "A", "2026-01"] == 222


@pytest.mark.parametrize(
    ("own", "other", "same", "different"),
    [("N", "N", 10, 0), ("N", "S", 0, 3), ("", "", 0, 3), ("N", "", 0, 3)],
)
def test_same_and_different(judge, own, other, same, different):
    rules = [
        {"same": {"column": "site", "weight": 10}},
        {"different": {"column": "site", "weight": 3}},
    ]
    sides = {"participants": people("P1", site=own), "mentors": people("M1", site=other)}
    assert pair_worth(judge, rules, **sides) == same + different


def test_value_of_either_side_and_blank(judge):
    rules = [
        {"value": {"column": "merit", "weight": 2}},
        {"value": {"of": "provider", "column": "merit"}},
    ]
    participants = people("P1", "P2", merit=1.5)
    mentors = [{"id": "M1", "merit": 4}, {"id": "M2", "merit": None}]
    tables = {"participants": participants, "mentors": mentors}
    pairs = [*PAIR, ("guide", "P2", "M2")]
    found = points(judge(tables, mentoring(points=rules), pairs=pairs))
    assert (found[KEY], found["guide", "P2", "M2", ""]) == (7, 3)


def test_weight_from_the_seekers_column(judge):
    weight = {"column": "urgency", "default": 4}
    rules = [{"same": {"column": "site", "weight": weight}}]
    people_ = [{"id": "P1", "site": "N", "urgency": 2.5}, {"id": "P2", "site": "N"}]
    tables = {"participants": people_, "mentors": people("M1", site="N")}
    verdict = judge(tables, mentoring(points=rules), pairs=[*PAIR, ("guide", "P2", "M1")])
    assert points(verdict)[KEY] == 2.5
    assert points(verdict)["guide", "P2", "M1", ""] == 4


def test_points_of_pairs_add_up_and_are_rounded_once(judge):
    rows = [
        {"matching": "guide", "seeker": "P1", "provider": "M1", "points": 0.003},
        {"matching": None, "seeker": "P1", "provider": "M1", "points": 0.004},
    ]
    assert pair_worth(judge, [], pairs=rows) == 0.01


def test_rule_of_one_stage_only(judge):
    rules = [{"value": {"column": "merit", "weight": 1}, "stage": "late"}]
    tables = {
        "participants": people("P1", merit=5),
        "placements": [post("A", "early"), post("B", "late")],
    }
    model = rotating({"stage": "early"}, {"stage": "late"}, points=rules)
    found = points(
        judge(tables, model, placements=[("P1", "A", "2026-01"), ("P1", "B", "2026-03")])
    )
    assert found["early", "P1", "A", "2026-01"] == 0
    assert found["late", "P1", "B", "2026-03"] == 5


@pytest.mark.parametrize(
    ("value", "right"),
    [(0.125, 0.12), (0.135, 0.14), (-0.125, -0.12), (2.675, 2.68), (1.005, 1.0), (1.015, 1.02)],
)
def test_rounding_is_half_even_on_decimals(value, right):
    assert rounded(value) == right


@pytest.mark.parametrize(
    ("rule", "own", "other", "fits"),
    [
        ({"at_least": {"column": "grade", "above": 2}}, {"grade": 3}, {"grade": 5}, True),
        ({"at_least": {"column": "grade", "above": 2}}, {"grade": 3}, {"grade": 4}, False),
        ({"at_least": {"column": "grade"}}, {"grade": 3}, {"grade": None}, False),
        ({"at_least": {"column": "grade", "of": "seeker"}}, {"grade": 3}, {"grade": 4}, False),
        ({"at_least": {"column": "grade", "of": "seeker"}}, {"grade": 4}, {"grade": 3}, True),
        ({"at_least": {"column": "top", "than": "grade"}}, {"grade": 4}, {"top": 3}, False),
        ({"at_least": {"column": "top", "than": "grade"}}, {"grade": 3}, {"top": 3}, True),
        ({"same": {"column": "unit"}}, {"unit": "A"}, {"unit": "A"}, True),
        ({"same": {"column": "unit"}}, {"unit": "A"}, {"unit": "B"}, False),
        ({"same": {"column": "unit"}}, {"unit": ""}, {"unit": ""}, False),
        ({"different": {"column": "unit"}}, {"unit": "A"}, {"unit": "A"}, False),
        ({"different": {"column": "unit"}}, {"unit": ""}, {"unit": ""}, True),
        ({"skill_fit": {"min": 0.1}}, {}, {}, False),
    ],
)
def test_eligibility(judge, rule, own, other, fits):
    tables = {
        "participants": [{"id": "P1", "note": "", **own}],
        "mentors": [{"id": "M1", "note": "", **other}],
    }
    verdict = judge(tables, mentoring(eligible=[rule]), pairs=PAIR)
    assert broken(verdict) == ([] if fits else [("eligible", "P1")])


def test_skill_fit_minimum_is_met_exactly(judge):
    tables = {"mentors": people("M1"), **SKILLS}
    for least, count in ((0.75, 0), (0.76, 1)):
        model = mentoring(eligible=[{"skill_fit": {"min": least}}])
        assert len(judge(tables, model, pairs=PAIR).violations) == count


def test_ineligible_message_names_people_line_and_fact(judge):
    tables = {
        "participants": people("P1", name="Ada", grade=3),
        "mentors": people("M1", name="Max", grade=4),
    }
    model = mentoring(eligible=[{"at_least": {"column": "grade", "above": 2}}])
    assert only_message(judge(tables, model, pairs=PAIR)) == (
        "Ada (P1) with Max (M1) in guide (pairs.csv line 2) is not eligible: "
        "grade of M1 is 4 and grade of P1 is 3, the first must be at least the second plus 2"
    )
