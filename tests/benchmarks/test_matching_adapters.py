from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks import gap, residents, reviewers

if TYPE_CHECKING:
    from pathlib import Path

    import click


def run(command: click.Command, *arguments: object) -> None:
    result = CliRunner().invoke(command, [str(each) for each in arguments])
    assert result.exit_code == 0, result.output


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_gap_is_solved_and_checked_by_its_own_rules(tmp_path: Path) -> None:
    # Agent 2 is cheaper for both jobs but has room for one: 1 + 9 against 8 + 2.
    (tmp_path / "two").write_text("2 2\n8 9\n1 2\n1 1\n3 3\n2 5\n", encoding="utf-8")
    run(gap.main, tmp_path / "two", "--time-limit", 60, "--out", tmp_path / "out")
    (result,) = rows(tmp_path / "out" / "results.csv")
    assert float(result["value"]) == 10
    assert float(result["bound"]) <= 10
    solution = rows(tmp_path / "out" / "two.csv")
    assert sorted(row["agent"] for row in solution) == ["1", "2"]


def test_gap_refuses_a_file_of_the_wrong_length(tmp_path: Path) -> None:
    (tmp_path / "short").write_text("2 2\n1 2 3\n", encoding="utf-8")
    with pytest.raises(ValueError, match="numbers"):
        gap.read(tmp_path / "short")


def test_gap_cost_is_none_when_an_agent_is_overloaded() -> None:
    instance = gap.Instance(np.ones((1, 2)), np.ones((1, 2)), np.array([1.0]))
    assert gap.cost_of(instance, np.array([0, 0])) is None


def test_absent_files_are_skipped(tmp_path: Path) -> None:
    run(gap.main, tmp_path / "nothing", "--out", tmp_path / "out")
    assert rows(tmp_path / "out" / "results.csv") == []


@pytest.mark.parametrize("objective", ["total", "worst-off"])
def test_reviewers(tmp_path: Path, objective: str) -> None:
    # Everybody reviews one paper of three reviewers each.
    scores = [[2, 1, 1, 0.5, 0.5, 0.5], [1, 1, 1, 0, 1, 1]]
    text = "2 6\n" + "\n".join(" ".join(map(str, row)) for row in scores)
    (tmp_path / "some.in").write_text(text, encoding="utf-8")
    arguments = ("--most-papers", 1, "--objective", objective, "--time-limit", 60)
    run(reviewers.main, tmp_path / "some.in", *arguments, "--out", tmp_path / "out")
    (result,) = rows(tmp_path / "out" / "results.csv")
    assert float(result["value"]) == pytest.approx(_best_split(scores, objective))
    assert float(result["bound"]) >= float(result["value"]) - 1e-6


def _best_split(scores: list[list[float]], objective: str) -> float:
    from itertools import combinations

    reach = []
    for first in combinations(range(6), 3):
        second = [r for r in range(6) if r not in first]
        papers = [sum(scores[0][r] for r in first), sum(scores[1][r] for r in second)]
        reach.append(sum(papers) if objective == "total" else min(papers))
    return max(reach)


def test_residents_beat_or_equal_the_stable_matching(tmp_path: Path) -> None:
    files = {
        "residents": {"a": ["H", "K"], "b": ["H"]},
        "hospitals": {"H": ["a", "b"], "K": ["a"]},
        "capacities": {"H": 1, "K": 1},
        "resident_solution": {"H": ["a"], "K": []},
    }
    for name, content in files.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    run(residents.main, tmp_path / "residents.json", "--out", tmp_path / "out")
    (result,) = rows(tmp_path / "out" / "results.csv")
    # The stable matching leaves b out; giving a the second choice places both.
    assert float(result["best_known"]) == 200 - 1000
    assert float(result["value"]) == float(result["bound"]) > 0
