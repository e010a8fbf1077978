"""The commands of this family end to end on a bundled scenario."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest
from tests.cli.cases import talentopt

from talentopt.audit.check import audit
from talentopt.explain.asking import take_plan
from talentopt.explain.different import distance
from talentopt.explain.missing import missing
from talentopt.explain.shortfall import find_cures
from talentopt.pipeline import prepare
from talentopt.plan.files import read_plan
from talentopt.problem.evaluate import evaluate
from talentopt.read.reader import read

if TYPE_CHECKING:
    from pathlib import Path

SCENARIO = "scenarios/first-cohort"


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plans") / "plan"
    options = ("--solver", "greedy", "--time-limit", 2)
    assert talentopt("solve", SCENARIO, "-o", folder, *options).code == 0
    return folder


def test_person(plan: Path, tmp_path: Path) -> None:
    ran = talentopt(
        "explain", SCENARIO, plan, "--person", "P01", "--json", tmp_path / "a.json",
        "--csv", tmp_path / "a.csv", "--time-limit", 3,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    answer = json.loads((tmp_path / "a.json").read_text())
    (points,) = answer["points"]
    assert sum(row["points"] for row in points["rows"]) == pytest.approx(points["total"])
    assert len(answer["alternatives"]) > 3
    assert (tmp_path / "a.csv").read_text().startswith("section,")


def test_private_person_has_no_other_mentors(plan: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    ran = talentopt(
        "explain", SCENARIO, plan, "--person", "P01", "--private", "--json", file,
        "--time-limit", 3,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    kinds = {block["kind"] for block in json.loads(file.read_text())["alternatives"]}
    assert not kinds & {"technical", "career", "peer"}
    assert talentopt("explain", SCENARIO, plan, "--shortages", "--private").code == 2


def test_cures_are_shown_by_plans_allowed_with_the_edits(plan: Path) -> None:
    scenario = read(SCENARIO)
    standing = take_plan(scenario, read_plan(plan), prepare(scenario))
    short = list(missing(standing))
    assert short
    found = 0
    cures = find_cures(standing, short, time.monotonic() + 60.0, {})
    assert list(cures) == short
    for cure in cures.values():
        if cure is None:
            continue
        found += 1
        value = evaluate(cure.problem, cure.assignment)
        assert not value.violations
        assert value.value - standing.evaluation.value == pytest.approx(cure.gain)
        assert cure.edits
        if not cure.free:
            assert evaluate(standing.problem, cure.assignment).violations
    assert found
    for flag in ("--shortages", "--worth"):
        ran = talentopt("explain", SCENARIO, plan, flag, "--time-limit", 3)
        assert ran.code == 0
        named = ("one more", "more in column", "more capacity", "no edit")
        assert any(words in ran.out for words in named)


def test_whatif_tells_the_difference(plan: Path, tmp_path: Path) -> None:
    ran = talentopt(
        "whatif", SCENARIO, plan, "--remove", "participants:P03",
        "--add", "mentors:id=M99,name=New,technical=2", "--time-limit", 1,
        "-o", tmp_path / "new", "--json", tmp_path / "w.json", "--workers", 1,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    (value,) = json.loads((tmp_path / "w.json").read_text())["value"]
    assert value["difference"] == pytest.approx(value["value_changed"] - value["value_unchanged"])
    assert "P03" not in (tmp_path / "new" / "pairs.csv").read_text()
    wrong = talentopt("whatif", SCENARIO, plan, "--set", "placements.NO.seats=1")
    assert wrong.code == 3
    assert talentopt("whatif", SCENARIO, plan).code == 2


def test_alternatives_are_different_and_nearly_as_good(folder: Path) -> None:
    plan = folder.parent / "plan"
    others = plan / "alternatives"
    ran = talentopt(
        "solve", folder, "-o", plan, "--solver", "exact", "--workers", 1, "--time-limit", 12,
        "--alternatives", 2, "--within", "40%",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert "proven to be farthest" in ran.out
    scenario = read(folder)
    compiled = prepare(scenario)
    first = take_plan(scenario, read_plan(plan), compiled)
    for path in (others / "1", others / "2"):
        verdict = audit(scenario, path)
        assert verdict.ok
        value = first.evaluation.value
        assert verdict.objective >= value - 0.4 * abs(value) - 1e-6
        other = take_plan(scenario, read_plan(path), compiled)
        n_periods = compiled.problem.itineraries.n_periods
        assert distance(first.assignment, other.assignment, n_periods) > 0
    side = talentopt("compare", folder, plan, others / "1", others / "2")
    assert f"{others / '1'} is worse than the first at: " in side.out
    again = talentopt("alternatives", folder, plan, "--count", 1, "--within", "2")
    assert again.code == 2


def test_contradictions_are_named_by_their_rows(tmp_path: Path, plan: Path) -> None:
    file = tmp_path / "c.json"
    ran = talentopt("explain", "scenarios/contradiction", "--json", file)
    assert ran.code == 1
    (block,) = json.loads(file.read_text())["contradictions"]
    sources = [row["source"] for row in block["rows"]]
    assert sources == ["pairs.csv, line 2", "pairs.csv, line 3", "quotas.csv, line 2"]
    ran = talentopt("explain", SCENARIO)
    assert (ran.code, ran.out) == (
        0,
        "Fixed entries and hard limits do not contradict each other.\n",
    )
    ran = talentopt("explain", SCENARIO, plan, "--time-limit", 2)
    assert ran.code == 0
    assert "do not contradict" in ran.out
    assert "what binds" in ran.out
    assert talentopt("explain", SCENARIO, "--worth").code == 2
