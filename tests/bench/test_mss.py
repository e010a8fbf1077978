"""Medical student scheduling: the problem and the judge agree, and the judge knows the rules."""

import pytest
from benchmarks.formats.mss import FORMAT, as_problem, read, value_of

from brute_force import brute_force
from talentopt.solve.control import Control

TEXT = """% two students, two disciplines (the second needs the first), two hospitals
Students=2; Disciplines=2; Hospitals=2; Duration=1; Horizon=3; Groups=1; MaxDiscPerHosp=2;
DiscGroup = [1,1];
StudDiscGroup = [| 2 | 1 |];
AllowedDisc = [| 1,1 | 1,1 |];
Precededby = [| 0,0 | 1,0 |];
Availability = [| 1,0,1 | 1,1,1 |];
Ability = array3d(1..Students,1..Hospitals,1..Disciplines,[1,1,1,0,1,1,1,1]);
MaxPosHosp = array3d(1..Hospitals,1..Disciplines,1..Horizon,[1,1,1,1,1,1,1,1,1,1,1,1]);
MinPosHosp = array3d(1..Hospitals,1..Disciplines,1..Horizon,[0,0,0,0,0,0,0,0,0,0,0,0]);
WeightPref = [| 1,2,-3,-4 | 2,1,-1,-1 |];
PrefStudDisc = [| 1,2 | 3,1 |];
PrefStudHosp = [| 2,5 | 4,1 |];
ManPref = [1,0];
"""


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "I.dzn"
    file.write_text(TEXT)
    return file


def test_the_judge_finds_what_the_problem_says(path, tmp_path):
    loaded = FORMAT.load(path)
    value, best = brute_force(loaded.problem)
    control = Control(loaded.problem)
    assert control.offer(best)
    FORMAT.write(loaded, control, "me", tmp_path / "answer")
    verdict = FORMAT.judge(path, tmp_path / "answer")
    assert verdict.value == pytest.approx(value)


def test_a_value_by_hand(path):
    # Student 1: first discipline in hospital 2, a wait, the second in hospital 1, a change.
    first = (1 + 10 + 1) + (2 + 4 + 0) - 4 - 3
    second = 6 + 4 + 1
    rows = [(0, 0, 1, 0), (0, 1, 0, 2), (1, 0, 0, 0)]
    assert value_of(read(path), rows) == first + second + min(first, second)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([(0, 1, 0, 0), (0, 0, 0, 2)], "before the one it needs"),
        ([(0, 0, 0, 0), (0, 1, 0, 1)], "not available"),
        ([(0, 0, 0, 0), (0, 1, 1, 2)], "not able"),
        ([(0, 0, 0, 0)], "needed of each group"),
        ([(0, 0, 0, 0), (0, 0, 0, 2)], "twice"),
        ([(0, 0, 0, 0), (0, 1, 0, 2), (1, 0, 0, 0)], "seats"),
    ],
)
def test_broken_rules(path, rows, words):
    assert words in value_of(read(path), rows)


def test_an_unfinished_answer_is_no_wrong_one(path, tmp_path):
    answer = tmp_path / "answer"
    answer.mkdir()
    (answer / "solution.csv").write_text("student,discipline,hospital,start\n1,1,1,1\n")
    verdict = FORMAT.judge(path, answer)
    assert verdict.value is None
    assert not verdict.complete
    assert as_problem(read(path)).worst_off == 1.0
