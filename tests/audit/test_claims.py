"""What a plan says of itself, held against the recomputation."""

import pytest

from audit.cases import mentoring, people, post, rotating

HEADER = "rule,subject,object,period,points\n"
SCORES = (
    HEADER + "guide,P1,M1,,3\nwork,P1,A,2026-01,0\nmissing,P2,guide,,-10\nidle,P2,,,0\n"
    "worst_off,P2,,,-5\n"
)
SHORTAGES = "rule,subject,amount,points,reason\nmissing,P2,1,10,nobody is free\n"
SUMMARY = {"objective": -12, "bound": -6, "gap": 0.5, "status": "feasible"}


@pytest.fixture
def said(judge):
    """Judge what a plan says; what is not given is right."""

    def run(**files):
        model = mentoring(missing=10, points=[{"value": {"column": "merit"}}])
        model |= rotating() | {"fairness": {"worst_off": 0.5}}
        tables = {
            "participants": people("P1", "P2", merit=3),
            "mentors": people("M1"),
            "placements": [post("A")],
        }
        right = {
            "pairs": [("guide", "P1", "M1", 3)],
            "placements": [("P1", "A", "2026-01", "work", "2026-02", 0)],
            "scores": SCORES,
            "shortages": SHORTAGES,
            "summary": SUMMARY,
        }
        verdict = judge(tables, model, **(right | files))
        assert not verdict.violations
        assert verdict.ok == (not verdict.differences)
        return [(file, line, message) for file, line, message in verdict.differences]

    return run


def test_everything_confirmed(said):
    assert said() == []


def test_points_of_pairs_and_columns_of_placements(said):
    assert said(pairs=[("guide", "P1", "M1", 3.01)]) == [
        ("pairs.csv", 2, "points are 3.01, right is 3")
    ]
    assert said(placements=[("P1", "A", "2026-01", "play", "2026-03", 1)]) == [
        ("placements.csv", 2, "stage is 'play', 'A' belongs to 'work'"),
        ("placements.csv", 2, "end is 2026-03, the duration gives 2026-02"),
        ("placements.csv", 2, "points are 1, right is 0"),
    ]


def test_score_rows_one_by_one(said):
    assert said(scores=SCORES.replace("M1,,3", "M1,,4"))[0] == (
        "scores.csv",
        2,
        "guide / P1 / M1 gives 4 points, right is 3",
    )
    assert said(scores=SCORES + "link,P1,x,,2\n")[0] == (
        "scores.csv",
        7,
        "link / P1 / x gives 2 points, right is 0, the plan has no such row",
    )
    missing = SCORES.replace("work,P1,A,2026-01,0\n", "")
    assert said(scores=missing) == [
        ("scores.csv", None, "the row work / P1 / A / 2026-01 with 0 points is missing")
    ]


def test_errors_that_cancel_out_are_still_found(said):
    text = SCORES.replace("M1,,3", "M1,,4").replace("guide,,-10", "guide,,-11")
    assert [line for _, line, _ in said(scores=text)] == [2, 4]


def test_anyone_with_the_lowest_total_may_be_named(judge):
    model = mentoring(missing=10) | {"fairness": {"worst_off": 1}}
    tables = {"participants": people("P1", "P2", "P3"), "mentors": people("M1")}
    rows = "missing,P1,guide,,-10\nmissing,P2,guide,,-10\nguide,P3,M1,,0\n"
    pairs = [("guide", "P3", "M1")]
    for person, fine in (("P1", True), ("P2", True), ("P3", False)):
        scores = HEADER + rows + f"worst_off,{person},,,-10\n"
        assert judge(tables, model, pairs=pairs, scores=scores).ok == fine


@pytest.mark.parametrize("row", ["missing,P2,2,10,x", "missing,P2,1,11,x", "missing,P1,1,10,x"])
def test_shortages(said, row):
    found = said(shortages="rule,subject,amount,points,reason\n" + row + "\n")
    assert {file for file, _, _ in found} == {"shortages.csv"}


def test_shortage_left_out(said):
    assert said(shortages="rule,subject,amount,points,reason\n") == [
        ("shortages.csv", None, "missing / P2 misses 0 for 0 points, right is 1 for 10 points")
    ]


def test_shortages_that_cost_nothing_may_be_listed(judge):
    tables = {"mentors": people("M1")}
    for row in ("", "missing,P1,1,0,optional\n"):
        shortages = "rule,subject,amount,points,reason\n" + row
        assert judge(tables, mentoring(missing=0), shortages=shortages).ok


@pytest.mark.parametrize(
    ("summary", "part"),
    [
        ({"objective": -11.99}, "objective is -11.99, the plan is worth -12"),
        ({"objective": -11.99}, "objective is -11.99, scores.csv adds up to -12"),
        ({"bound": -12.1, "gap": 0}, "bound -12.1 is below the objective -12"),
        ({"gap": 0.4}, "gap is 0.4, (bound - objective) / max(1, |objective|) is 0.5"),
        ({"status": "optimal"}, "status is optimal, but the bound is 6 points above"),
        ({"status": "optimal", "bound": None}, "status is optimal, but there is no bound"),
        ({"status": "done"}, "status is 'done', it may be optimal, feasible, interrupted, none"),
        ({"status": "none"}, "status is none, but there are pairs or placements"),
        ({"objective": None}, "status is feasible, but there is no objective"),
        ({"scenario_hash": "0" * 64}, "scenario_hash differs"),
    ],
)
def test_wrong_summary(said, summary, part):
    found = said(summary=SUMMARY | summary)
    assert any(file == "plan.json" and part in message for file, _, message in found)


@pytest.mark.parametrize(
    "summary",
    [
        {"bound": -12, "gap": 0, "status": "optimal"},
        {"bound": -12 + 5e-7, "gap": 0, "status": "optimal"},
        {"bound": None, "gap": None},
        {"status": "interrupted"},
    ],
)
def test_right_summary(said, summary):
    assert said(summary=SUMMARY | summary) == []


def test_the_scenarios_own_hash_is_confirmed(tmp_path):
    from audit.cases import write_plan
    from scenarios import small, write_scenario
    from talentopt.audit.check import audit
    from talentopt.read.reader import read

    scenario = read(write_scenario(tmp_path / "scenario", *small()))
    plan = write_plan(tmp_path / "plan", summary={"scenario_hash": scenario.hash})
    assert audit(scenario, plan).differences == ()
