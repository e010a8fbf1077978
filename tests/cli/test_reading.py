"""Questions about a plan read the scenario as it was read for the plan."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from cli.cases import talentopt

if TYPE_CHECKING:
    from pathlib import Path

QUICK = ("--solver", "greedy", "--reproducible", "--time-limit", 0.2)
AT = "2027-01"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a scenario, its plan, the next cycle's, and one with another weight."""
    folder = tmp_path_factory.mktemp("reading")
    scenario = folder / "scenario"
    assert talentopt("generate", scenario, "--participants", 12, "--seed", 3).code == 0
    assert talentopt("solve", scenario, "-o", folder / "first", *QUICK).code == 0
    ran = talentopt(
        "reassign", scenario, "--previous", folder / "first", "--at", AT,
        "--set", "stability.pair_change=40", "-o", folder / "next", *QUICK,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    return folder


def test_the_previous_plan_and_changed_weights_count(folder: Path) -> None:
    scenario, plan = folder / "scenario", folder / "next"
    kept = json.loads((plan / "plan.json").read_text())["made_with"]
    assert kept == {
        "previous": "../first",
        "at": AT,
        "overrides": {"stability.pair_change": "40"},
    }
    file = folder / "answer.json"
    ran = talentopt(
        "whatif", scenario, plan, "--set", "calendar.cycle=3", "--time-limit", 1,
        "--workers", 1, "--json", file,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    (values,) = json.loads(file.read_text())["value"]
    objective = json.loads((plan / "plan.json").read_text())["objective"]
    assert values["value_in_hand"] == pytest.approx(objective)


def test_what_has_begun_stays(folder: Path) -> None:
    scenario, plan = folder / "scenario", folder / "next"
    rows = [line.split(",") for line in (plan / "placements.csv").read_text().splitlines()[1:]]
    begun = next(row for row in rows if row[3] < AT)
    ran = talentopt("explain", scenario, plan, "--person", begun[0], "--time-limit", 2)
    assert ran.code == 0, ran.err
    ran = talentopt(
        "explain", scenario, plan, "--why-not", begun[0], f"{begun[1]}@{AT}", "--time-limit", 2
    )
    assert ran.code == 0
    assert "is not open to" in ran.out or "is impossible for" in ran.out, ran.out


def test_a_whatif_plan_is_explained_with_its_change(folder: Path) -> None:
    scenario, new = folder / "scenario", folder / "whatif"
    person = (folder / "first" / "pairs.csv").read_text().splitlines()[1].split(",")[1]
    shutil.rmtree(new, ignore_errors=True)
    ran = talentopt(
        "whatif", scenario, folder / "next", "--remove", f"participants:{person}",
        "--time-limit", 1, "--workers", 1, "-o", new,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    ran = talentopt("explain", scenario, new, "--person", person)
    assert ran.code == 2
    assert "no participant" in ran.err
    assert talentopt("report", scenario, new).code == 0
    assert talentopt("fairness", scenario, new).code == 0


def test_a_damaged_record_is_refused(folder: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan"
    shutil.copytree(folder / "first", plan)
    summary = json.loads((plan / "plan.json").read_text())
    (plan / "plan.json").write_text(json.dumps({**summary, "made_with": {"at": 3}}))
    ran = talentopt("explain", folder / "scenario", plan, "--shortages")
    assert ran.code == 3
    assert "made_with" in ran.err
