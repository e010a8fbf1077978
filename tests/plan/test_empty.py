"""Scenarios of which most is missing still make plans."""

import warnings

import pytest

from plan.cases import CALENDAR, MODEL, TABLES, plan_of
from scenarios import write_scenario
from talentopt.audit.check import audit
from talentopt.plan.files import read_plan, write_plan
from talentopt.read.reader import read
from talentopt.report.write import write_reports

MATCHINGS = {"name": "m", "matchings": MODEL["matchings"]}
ITINERARIES = {"name": "i", "itineraries": MODEL["itineraries"]}


@pytest.mark.parametrize("model", [MODEL, MATCHINGS, ITINERARIES])
@pytest.mark.parametrize("absent", [None, "participants", "mentors", "placements", "all"])
def test_little_is_enough(tmp_path, model, absent):
    tables = {name: rows for name, rows in TABLES.items() if absent not in (name, "all")}
    scenario = read(write_scenario(tmp_path / "s", tables, model, calendar=CALENDAR))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plan = plan_of(scenario, [], [])
        target = tmp_path / "plan"
        write_plan(plan, target, extras=lambda work: write_reports(plan, scenario, work, work))
        assert audit(scenario, target).ok
        assert len(read_plan(target).scores) == len(plan.scores)
