"""Plan folders: what is read, and every error in them at once."""

import pytest

from audit.cases import mentoring, post, rotating, write_plan
from scenarios import write_scenario
from talentopt.audit.check import audit
from talentopt.read.errors import InputErrors
from talentopt.read.reader import read

TABLES = {
    "participants": [{"id": "P001", "name": "Ada"}, {"id": "007"}],
    "mentors": [{"id": "M1"}, {"id": "NA"}],
    "placements": [post("A"), post("B")],
}


@pytest.fixture
def scenario(tmp_path):
    model = {"name": "test"} | mentoring() | rotating()
    return read(write_scenario(tmp_path / "scenario", TABLES, model))


@pytest.fixture
def plan(tmp_path):
    folder = tmp_path / "plan"
    folder.mkdir()
    return folder


def errors(scenario, plan):
    with pytest.raises(InputErrors) as caught:
        audit(scenario, plan)
    return [str(error) for error in caught.value.errors]


def test_a_plan_by_hand_with_either_file(scenario, plan):
    (plan / "pairs.csv").write_text("matching,seeker,provider\nguide,007,NA\n")
    assert audit(scenario, plan).n_pairs == 1
    (plan / "placements.csv").write_text("participant,placement,start\nP001,A,2026-03\n")
    (plan / "pairs.csv").unlink()
    verdict = audit(scenario, plan)
    assert (verdict.n_pairs, verdict.n_bookings, verdict.ok) == (0, 1, True)


def test_byte_order_mark_and_other_columns_are_fine(scenario, plan):
    text = "\ufeffnote,provider,seeker,matching\nhello,M1,P001,guide\n"
    (plan / "pairs.csv").write_text(text, encoding="utf-8")
    assert audit(scenario, plan).ok


def test_unknown_ids_are_all_named_with_the_nearest(scenario, plan):
    write_plan(
        plan,
        pairs=[("guides", "P001", "M1"), ("guide", "P01", "M1"), ("guide", "7", "M1 ")],
        placements=[("P001", "a", "2026-03"), ("p001", "B", "2026-3")],
    )
    assert errors(scenario, plan) == [
        "pairs.csv, line 2, matching: 'guides' is no matching of the model; did you mean 'guide'?",
        "pairs.csv, line 3, seeker: 'P01' is no id in participants; did you mean 'P001'?",
        "pairs.csv, line 4, seeker: '7' is no id in participants; did you mean '007'?",
        "pairs.csv, line 4, provider: 'M1 ' is no id in mentors; did you mean 'M1'?",
        "placements.csv, line 2, placement: 'a' is no id in placements; did you mean 'A'?",
        "placements.csv, line 3, participant: 'p001' is no id in participants; "
        "did you mean 'P001'?",
        "placements.csv, line 3, start: '2026-3' is no month such as 2026-07; "
        "write a period of the scenario's calendar",
    ]


@pytest.mark.parametrize("number", ["1,5", "nan", "inf", "1_0", " 1", "x"])
def test_points_that_are_no_numbers(scenario, plan, number):
    (plan / "pairs.csv").write_text(f'matching,seeker,provider,points\nguide,007,M1,"{number}"\n')
    found = errors(scenario, plan)
    assert found == [f"pairs.csv, line 2, points: {number!r} is no number; write it like 12.5"]


def test_malformed_files_are_told_together(scenario, plan):
    (plan / "pairs.csv").write_text("matching,seekers,provider\nguide,007,M1\n")
    (plan / "placements.csv").write_text("participant,placement,start\nP001,A\n")
    (plan / "scores.csv").write_text("rule,subject,object,period,points\nguide,007,M1,,\n")
    (plan / "shortages.csv").write_bytes(b"rule,subject,amount,points\n\xff,a,1,1\n")
    (plan / "plan.json").write_text('{"objective": "12"')
    found = errors(scenario, plan)
    assert len(found) == 5
    assert found[0] == (
        "pairs.csv, line 1, seeker: the column 'seeker' is missing; did you mean 'seekers'?"
    )
    assert found[1].startswith("placements.csv, line 2: the row has 2 cells, the header has 3")
    assert found[2].startswith("shortages.csv, line 2: byte 0xff is not UTF-8")
    assert found[3] == "scores.csv, line 2, points: the cell is blank; fill in the number"
    assert found[4].startswith("plan.json: the file is no JSON")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("[1]", "no JSON object"),
        ('{"bound": "x"}', "bound: 'x' is no number"),
        ('{"gap": true}', "gap: True is no number"),
        ('{"status": 1}', "status: 1 is no text"),
    ],
)
def test_wrong_summaries(scenario, plan, text, part):
    (plan / "plan.json").write_text(text)
    assert part in errors(scenario, plan)[0]


def test_no_plan_at_all(scenario, plan, tmp_path):
    assert "holds no plan" in errors(scenario, plan)[0]
    assert "no such folder" in errors(scenario, tmp_path / "nowhere")[0]


def test_start_outside_the_calendar_is_a_violation_not_an_error(scenario, plan):
    write_plan(plan, placements=[("P001", "A", "2031-01"), ("P001", "B", "2020-01")])
    rules = [violation.rule for violation in audit(scenario, plan).violations]
    assert rules == ["window"] * 4
