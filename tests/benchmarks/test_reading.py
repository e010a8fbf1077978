"""Malformed files are refused with the place of the mistake, by every format."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from benchmarks.formats import mss
from benchmarks.reading import Malformed
from click.testing import CliRunner

from benchmarks import gap, residents, reviewers

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "agents and jobs"),
        ("1.5 2\n", "whole and above 0"),
        ("1 1\n1\nnan\n1\n", "line 3: 'nan' is not a number"),
        ("2 2\n1 2 3\n", "need 10 numbers after the first two"),
        ("1 1\n1\n-1\n1\n", "negative"),
    ],
)
def test_gap(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "g").write_text(text, encoding="utf-8")
    with pytest.raises(Malformed, match=words):
        gap.read(tmp_path / "g")


def test_all_malformed_files_are_named_before_anything_is_solved(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("", encoding="utf-8")
    (tmp_path / "b").write_bytes(b"\xff\xfe\xfd")
    arguments = [str(tmp_path / "a"), str(tmp_path / "b"), "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(gap.main, arguments)
    assert result.exit_code == 3
    assert "UTF-8" in result.stderr
    assert "agents" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("Students=1", "Students=one"), "Students must be a whole number"),
        (("ManPref = [1]", ""), "ManPref is missing"),
        (("ManPref = [1]", "ManPref = [1,2]"), "1 numbers are needed, not 2"),
        (("ManPref = [1]", "ManPref = [1.5]"), "'1.5' is not a whole number"),
        (("DiscGroup = [1]", "DiscGroup = [2]"), "groups are numbered from 1 to 1"),
    ],
)
def test_mss(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    text = """Students=1; Disciplines=1; Hospitals=1; Duration=1; Horizon=1; Groups=1;
    MaxDiscPerHosp=1; DiscGroup = [1]; StudDiscGroup = [| 1 |]; AllowedDisc = [| 1 |];
    Precededby = [| 0 |]; Availability = [| 1 |]; Ability = array3d(1..1,1..1,1..1,[1]);
    MaxPosHosp = array3d(1..1,1..1,1..1,[1]); MinPosHosp = array3d(1..1,1..1,1..1,[0]);
    WeightPref = [| 1,2,-3,-4 |]; PrefStudDisc = [| 1 |]; PrefStudHosp = [| 2 |]; ManPref = [1];
    """
    file = tmp_path / "i.dzn"
    file.write_text(text, encoding="utf-8")
    assert mss.read(file).most.shape == (1, 1, 1)
    file.write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(Malformed, match=words):
        mss.read(file)


def test_reviewers_with_different_needs(tmp_path: Path) -> None:
    np.save(tmp_path / "scores.npy", np.array([[3.0, 1.0], [2.0, 2.0]]))
    np.save(tmp_path / "covs.npy", np.array([2, 1]))
    np.save(tmp_path / "loads.npy", np.array([2, 1]))
    instance = reviewers.read(tmp_path / "scores.npy", None, lower_loads=False)
    pairs, value, bound, _ = reviewers.solve_one(instance, "total", 60.0, 1, 0)
    assert pairs is not None
    assert value == pytest.approx(6.0)
    assert bound == pytest.approx(6.0)
    np.save(tmp_path / "covs.npy", np.array([2, 1, 1]))
    with pytest.raises(Malformed, match=r"shape \(3,\)"):
        reviewers.read(tmp_path / "scores.npy", None, lower_loads=False)
    np.save(tmp_path / "covs.npy", np.array([2, 2]))
    with pytest.raises(Malformed, match="need 4 reviews, reviewers take 3"):
        reviewers.read(tmp_path / "scores.npy", None, lower_loads=False)


def test_reviewers_take_the_fewest_papers_that_do(tmp_path: Path) -> None:
    (tmp_path / "new.in").write_text("2 4\n1 2 3 4\n5 6 7 8\n", encoding="utf-8")
    assert reviewers.read(tmp_path / "new.in", None, lower_loads=False).most.tolist() == [2] * 4


def test_residents(tmp_path: Path) -> None:
    residents_, hospitals, capacities = {"r": ["h"]}, {"h": ["r"]}, {"h": 1}
    for name, content, words in (
        ("residents", {"r": ["x"]}, "'r' ranks 'x': not in hospitals.json"),
        ("hospitals", {"h": ["r", "r"]}, "twice"),
        ("capacities", {"h": "many"}, "capacity of 'h'"),
    ):
        files = {"residents": residents_, "hospitals": hospitals, "capacities": capacities}
        for file, good in (files | {name: content}).items():
            (tmp_path / f"{file}.json").write_text(json.dumps(good), encoding="utf-8")
        with pytest.raises(Malformed, match=words):
            residents.read(tmp_path / "residents.json")
