import csv
import os
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan.cases import plan_of, tiny
from talentopt.plan import folder as folders
from talentopt.plan.files import TABLES, read_plan, write_csv, write_plan
from talentopt.read.errors import InputErrors

BOTH = [("P1", "A", "2026-01"), ("P1", "B", "2026-04")]


@pytest.fixture
def plan(tmp_path):
    return plan_of(tiny(tmp_path / "scenario"), [("technical", "P1", "M1")], BOTH)


def test_round_trip(plan, tmp_path):
    write_plan(plan, tmp_path / "a" / "plan")
    back = read_plan(tmp_path / "a" / "plan")
    for name in TABLES:
        one, two = getattr(plan, name), getattr(back, name)
        assert list(one.columns) == list(two.columns)
        assert one.to_numpy().tolist() == two.to_numpy().tolist()
    assert back.summary == plan.summary
    assert sorted(os.listdir(tmp_path / "a")) == ["plan"]


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1)


@given(
    st.lists(TEXT | st.sampled_from(["=1+1", "+x", "-2", "@a", "\tq", "\r", "NA", "007", " a "]))
)
def test_ids_are_kept_exactly(tmp_path_factory, ids):
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    write_csv(pd.DataFrame({"id": pd.Series(ids, dtype=object), "points": 0.1}), path)
    with path.open(encoding="utf-8", newline="") as file:
        assert [row[0] for row in list(csv.reader(file))[1:]] == ids


def test_is_never_written_over_another(plan, tmp_path):
    write_plan(plan, tmp_path / "plan")
    (tmp_path / "plan" / "note.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="--force"):
        write_plan(plan, tmp_path / "plan")
    assert (tmp_path / "plan" / "note.txt").exists()


@pytest.mark.parametrize("exchange", [True, False])
def test_force_replaces_all_of_it(plan, tmp_path, monkeypatch, exchange):
    if not exchange:
        monkeypatch.setattr(folders, "_exchange", lambda one, other: False)
    write_plan(plan, tmp_path / "plan")
    (tmp_path / "plan" / "old.html").write_text("old")
    write_plan(plan, tmp_path / "plan", force=True)
    assert "old.html" not in os.listdir(tmp_path / "plan")
    assert sorted(os.listdir(tmp_path)) == ["plan", "scenario"]


def test_force_spares_what_is_no_plan(plan, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_text("miaow")
    with pytest.raises(FileExistsError, match="holds no plan"):
        write_plan(plan, tmp_path / "photos", force=True)
    assert (tmp_path / "photos" / "cat.jpg").exists()


def test_nothing_is_left_of_a_failure(plan, tmp_path):
    def fail(folder: Path) -> None:
        (folder / "report.html").write_text("half")
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError):
        write_plan(plan, tmp_path / "plan", extras=fail)
    assert os.listdir(tmp_path) == ["scenario"]


def test_empty_folder_may_be_used(plan, tmp_path):
    (tmp_path / "plan").mkdir()
    write_plan(plan, tmp_path / "plan")
    assert (tmp_path / "plan" / "plan.json").is_file()


def test_plan_by_hand_needs_few_columns(tmp_path):
    (tmp_path / "pairs.csv").write_text("matching,seeker,provider\ntechnical,P1,M1\n")
    plan = read_plan(tmp_path)
    assert plan.pairs["provider"].tolist() == ["M1"]
    assert plan.placements.empty
    assert plan.summary == {}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pairs.csv", "matching,seeker\na,b\n"),
        ("pairs.csv", "matching,seeker,provider,points\na,b,c,many\n"),
        ("plan.json", "{"),
        ("plan.json", "[]"),
        ("other.csv", ""),
    ],
)
def test_damaged_plans_are_input_errors(tmp_path, name, content):
    if name == "plan.json":
        (tmp_path / "pairs.csv").write_text("matching,seeker,provider\n")
    (tmp_path / name).write_text(content)
    with pytest.raises(InputErrors):
        read_plan(tmp_path)
