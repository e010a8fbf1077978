import pytest

import talentopt
from plan.cases import CALENDAR, MODEL, TABLES
from scenarios import write_scenario
from talentopt.pipeline import Contradiction, NoPlan
from talentopt.plan.files import write_plan
from talentopt.read.errors import InputErrors


@pytest.fixture
def folder(tmp_path):
    return write_scenario(tmp_path / "scenario", TABLES, MODEL, calendar=CALENDAR)


def test_read_solve_audit(folder, tmp_path):
    scenario = talentopt.read(folder)
    heard = []
    plan = talentopt.solve(scenario, solver="exact", time_limit=20, observer=heard.append)
    assert plan.summary["status"] == "optimal"
    assert heard[-1].value == pytest.approx(plan.summary["objective"])
    write_plan(plan, tmp_path / "plan")
    assert talentopt.audit(scenario, tmp_path / "plan").ok
    again = talentopt.solve(folder, solver="exact", time_limit=20, warm=tmp_path / "plan")
    assert again.summary["objective"] == plan.summary["objective"]


def test_solver_that_finds_nothing(folder, monkeypatch):
    monkeypatch.setattr(
        "talentopt.pipeline.find_solver", lambda name: lambda problem, control: None
    )
    with pytest.raises(NoPlan, match="auto found no plan"):
        talentopt.solve(folder)


def test_fixed_entries_that_cannot_be(tmp_path):
    pairs = [
        {"matching": "technical", "seeker": "P1", "provider": "M1", "status": "fixed"},
        {"seeker": "P1", "provider": "M1", "status": "forbidden"},
    ]
    folder = write_scenario(tmp_path, TABLES | {"pairs": pairs}, MODEL, calendar=CALENDAR)
    with pytest.raises(Contradiction) as caught:
        talentopt.solve(folder)
    assert caught.value.conflicts[0].source == "pairs.csv, line 2"


def test_invalid_input(tmp_path):
    with pytest.raises(InputErrors):
        talentopt.solve(tmp_path)
