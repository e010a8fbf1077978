import json
import math

import pytest

from plan.cases import CALENDAR, MODEL, TABLES, plan_of, rows, tiny, warm
from scenarios import write_scenario
from talentopt.audit.check import audit
from talentopt.compile.compiler import compile_scenario
from talentopt.plan.files import write_plan
from talentopt.plan.interpret import _confirm, interpret
from talentopt.read.reader import read
from talentopt.solve.control import Control, Limits

BOTH = [("P1", "A", "2026-01"), ("P1", "B", "2026-04")]


def test_every_point_is_a_row(tmp_path):
    plan = plan_of(tiny(tmp_path), [("technical", "P1", "M1")], BOTH)
    assert rows(plan) == [
        ("technical", "P1", "M1", "", 0.0),
        ("rotation", "P1", "A", "2026-01", 0.0),
        ("rotation", "P1", "B", "2026-04", 0.0),
        ("missing", "P2", "technical", "", -50.0),
        ("missing", "P2", "rotation", "", -200.0),
        ("idle", "P1", "", "", -2.0),
        ("move", "P1", "B", "2026-04", -5.0),
    ]
    assert plan.summary["objective"] == -257.0


def test_bookings_are_written_with_their_last_period(tmp_path):
    plan = plan_of(tiny(tmp_path), [], BOTH[::-1])
    assert rows(plan, "placements") == [
        ("P1", "A", "rotation", "2026-01", "2026-02", 0.0),
        ("P1", "B", "rotation", "2026-04", "2026-06", 0.0),
    ]


def test_understaffing_is_priced_by_period(tmp_path):
    placements = [
        {"id": "A", "stage": "rotation", "area": "a", "duration": 2, "seats": 2, "min_seats": 1}
    ]
    plan = plan_of(tiny(tmp_path, placements=placements), [], [("P1", "A", "2026-01")])
    found = [row for row in rows(plan) if row[0] == "understaffed"]
    assert found == [("understaffed", "A", "", f"2026-0{m}", -20.0) for m in (3, 4, 5, 6)]
    short = [row for row in rows(plan, "shortages") if row[0] == "understaffed"]
    assert short[0][1:4] == ("A", 4.0, 80.0)
    assert "2026-03 to 2026-06" in short[0][4]


def test_worst_off_names_the_lowest(tmp_path):
    model = MODEL | {"fairness": {"worst_off": 0.5}}
    plan = plan_of(tiny(tmp_path, model=model), [("technical", "P1", "M1")], BOTH)
    assert rows(plan)[-1] == ("worst_off", "P2", "", "", -125.0)


def test_previous_plan_prices_changes(tmp_path):
    tiny(tmp_path / "old")
    before = plan_of(tiny(tmp_path / "old"), [("technical", "P1", "M1")], BOTH)
    write_plan(before, tmp_path / "plan")
    model = MODEL | {"stability": {"pair_change": 15, "placement_change": 10}}
    folder = write_scenario(
        tmp_path / "new", TABLES, model, calendar=CALENDAR, previous="../plan", at="2026-02"
    )
    plan = plan_of(read(folder), [("technical", "P2", "M1")], [BOTH[0]])
    changed = [row for row in rows(plan) if row[0].endswith("_change")]
    assert changed == [
        ("pair_change", "P1", "technical/M1", "", -15.0),
        ("placement_change", "P1", "B", "2026-04", -10.0),
    ]


def test_agrees_with_the_audit(tmp_path):
    scenario = tiny(tmp_path / "s")
    write_plan(plan_of(scenario, [("technical", "P1", "M1")], BOTH), tmp_path / "plan")
    assert audit(scenario, tmp_path / "plan").ok


def test_refuses_rows_that_do_not_add_up():
    _confirm(1.0, 1.0 + 1e-9)
    with pytest.raises(ArithmeticError, match=r"differ by 0\.5"):
        _confirm(1.5, 1.0)


def test_summary_of_reproducible_runs_has_no_clock(tmp_path):
    plan = plan_of(tiny(tmp_path), [], BOTH, Limits(reproducible=True, seed=7))
    assert plan.summary["seconds"] == 0.0
    assert (plan.summary["mode"], plan.summary["seed"]) == ("reproducible", 7)
    json.dumps(plan.summary, allow_nan=False)


def test_certificate(tmp_path):
    scenario = tiny(tmp_path)
    compiled = compile_scenario(scenario)
    control = Control(compiled.problem)
    with pytest.raises(ValueError, match="no plan"):
        interpret(compiled, scenario, control, "x")
    plan = plan_of(scenario, [], [])
    assert (plan.summary["bound"], plan.summary["gap"]) == (None, None)
    control = Control(compiled.problem, warm=warm(scenario, [], []))
    control.tighten(0.0)
    summary = interpret(compiled, scenario, control, "x").summary
    assert summary["objective"] == -500.0
    assert summary["gap"] == 1.0
    control.tighten(-500.0 - 1e-8)
    summary = interpret(compiled, scenario, control, "x").summary
    assert (summary["status"], summary["bound"], summary["gap"]) == ("optimal", -500.0, 0.0)
    # A bound clearly below the plan's value certifies nothing.
    control.tighten(-600.0)
    assert interpret(compiled, scenario, control, "x").summary["bound"] is None


def test_objective_is_the_exact_sum(tmp_path):
    plan = plan_of(tiny(tmp_path), [], BOTH)
    assert plan.summary["objective"] == math.fsum(plan.scores["points"])
