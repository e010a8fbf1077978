"""Rules of the matchings."""

from audit.cases import broken, mentoring, only_message, people, points

PAIR = [("guide", "P1", "M1")]
MENTORS = {"mentors": people("M1", "M2")}


def known(status, **columns):
    return [{"matching": "guide", "seeker": "P1", "provider": "M1", "status": status, **columns}]


def two_roles(**rules):
    model = mentoring(**rules)
    model["matchings"]["coach"] = {"seekers": "participants", "providers": "mentors"}
    return model


def test_missing_providers_cost_per_provider(judge):
    tables = {"participants": [{"id": "P1", "price": 7}, {"id": "P2"}, {"id": "P3"}], **MENTORS}
    model = mentoring(need=2, missing={"column": "price", "default": 5})
    verdict = judge(tables, model, pairs=[*PAIR, ("guide", "P3", "M1"), ("guide", "P3", "M2")])
    found = points(verdict)
    assert found["missing", "P1", "guide", ""] == -7
    assert found["missing", "P2", "guide", ""] == -10
    assert ("missing", "P3", "guide", "") not in found
    assert verdict.objective == -17
    assert verdict.totals == {"P1": -7, "P2": -10, "P3": 0}
    assert verdict.components == {"guide": 0, "missing": -17}


def test_optional_matching_costs_nothing(judge):
    assert judge(MENTORS, mentoring()).objective == 0


def test_forbidden_pair(judge):
    verdict = judge({**MENTORS, "pairs": known("forbidden")}, mentoring(), pairs=PAIR)
    assert only_message(verdict) == (
        "P1 with M1 in guide (pairs.csv line 2) is forbidden (pairs.csv line 2)"
    )


def test_forbidden_in_all_matchings(judge):
    rows = known("forbidden")
    rows[0]["matching"] = None
    assert broken(judge({**MENTORS, "pairs": rows}, two_roles(), pairs=PAIR)) == [
        ("forbidden", "P1")
    ]


def test_fixed_pair_must_be_there(judge):
    tables = {**MENTORS, "pairs": known("fixed")}
    assert judge(tables, mentoring(), pairs=PAIR).ok
    message = only_message(judge(tables, mentoring(), pairs=[("guide", "P1", "M2")]))
    assert message == (
        "P1 must have M1 in guide, which is fixed in pairs.csv line 2, "
        "but the plan has no such pair"
    )


def test_more_providers_than_needed(judge):
    verdict = judge(MENTORS, mentoring(need=1), pairs=[*PAIR, ("guide", "P1", "M2")])
    assert only_message(verdict) == "P1 has 2 providers in guide, at most 1 are needed"


def test_pair_listed_twice(judge):
    verdict = judge(MENTORS, mentoring(need=2), pairs=[*PAIR, *PAIR])
    assert only_message(verdict) == (
        "P1 with M1 in guide is listed 2 times (pairs.csv lines 2 and 3), once is allowed"
    )


def test_nobody_is_paired_with_themselves(judge):
    model = mentoring()
    model["matchings"]["guide"]["providers"] = "participants"
    verdict = judge({}, model, pairs=[("guide", "P1", "P1")])
    assert broken(verdict) == [("self", "P1")]
    assert "themselves" in only_message(verdict)


def test_distinct_group_counts_every_pairwise_repetition(judge):
    model = two_roles(distinct=["coach", "buddy"])
    model["matchings"]["buddy"] = {"seekers": "participants", "providers": "mentors"}
    pairs = [("coach", "P1", "M1"), ("buddy", "P1", "M1"), ("guide", "P1", "M2")]
    assert only_message(judge(MENTORS, model, pairs=pairs)) == (
        "P1 has M1 in buddy and coach, which must be different (distinct of guide)"
    )


def test_distinct_identity_is_table_and_id(judge):
    model = two_roles(distinct=["coach"])
    model["matchings"]["coach"]["providers"] = "experts"
    tables = {"mentors": people("X"), "experts": people("X")}
    assert judge(tables, model, pairs=[("guide", "P1", "X"), ("coach", "P1", "X")]).ok


def test_role_not_offered(judge):
    tables = {"mentors": [{"id": "M1", "guide": None}, {"id": "M2", "guide": 1}]}
    verdict = judge(tables, mentoring(), pairs=PAIR)
    assert only_message(verdict) == (
        "P1 with M1 in guide (pairs.csv line 2): M1 does not offer guide, "
        "its column 'guide' is blank (mentors.csv line 2)"
    )


def test_role_capacity(judge):
    tables = {"participants": people("P1", "P2"), "mentors": [{"id": "M1", "guide": 1}]}
    verdict = judge(tables, mentoring(), pairs=[*PAIR, ("guide", "P2", "M1")])
    assert only_message(verdict) == (
        "M1 carries 2 in guide, the limit is 1 (column 'guide', mentors.csv line 2)"
    )


def test_capacity_over_all_matchings(judge):
    tables = {"mentors": [{"id": "M1", "capacity": 1}]}
    verdict = judge(tables, two_roles(), pairs=[*PAIR, ("coach", "P1", "M1")])
    assert only_message(verdict) == (
        "M1 carries 2 over all matchings, the limit is 1 (column 'capacity', mentors.csv line 2)"
    )


def test_capacity_counts_loads(judge):
    people_ = people("P1", "P2")
    for load, fits in ((0.5, True), (0.6, False)):
        tables = {
            "participants": people_,
            "mentors": [{"id": "M1", "capacity": 1}],
            "pairs": [
                {"matching": "guide", "seeker": person, "provider": "M1", "load": load}
                for person in ("P1", "P2")
            ],
        }
        verdict = judge(tables, mentoring(), pairs=[*PAIR, ("guide", "P2", "M1")])
        assert broken(verdict) == ([] if fits else [("capacity", "M1")])


def test_load_of_the_matching_itself_wins_over_that_of_all(judge):
    rows = [
        {"matching": "guide", "seeker": "P1", "provider": "M1", "load": 1},
        {"matching": None, "seeker": "P1", "provider": "M1", "load": 3},
    ]
    tables = {"mentors": [{"id": "M1", "capacity": 2}], "pairs": rows}
    assert judge(tables, two_roles(), pairs=PAIR).ok
    assert not judge(tables, two_roles(), pairs=[("coach", "P1", "M1")]).ok


def test_blank_capacity_is_no_limit(judge):
    participants = people(*(f"P{i}" for i in range(30)))
    tables = {"participants": participants, "mentors": [{"id": "M1", "capacity": None}]}
    pairs = [("guide", row["id"], "M1") for row in participants]
    assert judge(tables, mentoring(), pairs=pairs).ok


def test_seekers_that_are_not_people_are_in_nobodys_total(judge):
    model = mentoring(missing=9)
    model["matchings"]["guide"]["seekers"] = "projects"
    tables = {"projects": people("J1", "J2"), **MENTORS}
    verdict = judge(tables, model, pairs=[("guide", "J1", "M1")])
    assert verdict.objective == -9
    assert verdict.totals == {"P1": 0}
