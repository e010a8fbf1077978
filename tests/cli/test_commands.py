import json

import pytest

from cli.cases import talentopt
from plan.cases import CALENDAR, MODEL, TABLES
from scenarios import small, write_scenario


@pytest.fixture
def scenario(tmp_path):
    return write_scenario(tmp_path / "scenario", TABLES, MODEL, calendar=CALENDAR)


@pytest.fixture
def plan(tmp_path, scenario):
    folder = tmp_path / "plan"
    ran = solve(scenario, folder)
    assert ran.code == 0, ran.err
    return folder


def solve(scenario, folder, *more):
    options = ("--solver", "exact", "--time-limit", "20", "--reproducible")
    return talentopt("solve", scenario, "-o", folder, *options, *more)


def test_help_names_every_command():
    ran = talentopt("--help")
    assert ran.code == 0
    for name in ("new", "generate", "check", "solve", "audit", "compare", "report", "schema"):
        assert f"\n  {name} " in ran.out


def test_version():
    assert talentopt("--version").out.startswith("talentopt, version ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("solve",),
        ("solve", "x", "-o", "y", "--solver", "magic"),
        ("solve", "x", "-o", "y", "--time-limit", "-1"),
        ("solve", "x", "-o", "y", "--gap", "many"),
        ("compare", "x"),
    ],
)
def test_wrong_use(arguments):
    ran = talentopt(*arguments)
    assert ran.code == 2
    assert ran.err


@pytest.mark.parametrize("command", ["check", "solve", "audit", "report", "compare"])
def test_scenario_that_is_not_there(tmp_path, command):
    more = {"check": (), "solve": ("-o", tmp_path / "p")}.get(command, (tmp_path,))
    ran = talentopt(command, tmp_path / "nothing", *more)
    assert ran.code == 3
    assert "nothing" in ran.err
    assert "Traceback" not in ran.err


def test_check_tells_all_errors(tmp_path):
    tables, model = small()
    tables["participants"][0]["grade"] = "high"
    tables["placements"][0]["duration"] = 0
    ran = talentopt("check", write_scenario(tmp_path, tables, model))
    assert ran.code == 3
    assert "participants.csv" in ran.err
    assert "placements.csv" in ran.err


def test_check_forecasts_what_must_be_short(scenario):
    ran = talentopt("check", scenario)
    assert ran.code == 0
    assert "matching technical: 2 places needed, 1 there; SHORT BY 1" in ran.out


def test_contradiction_is_no_plan(tmp_path):
    pairs = [
        {"seeker": "P1", "provider": "M1", "status": "fixed", "matching": "technical"},
        {"seeker": "P1", "provider": "M1", "status": "forbidden"},
    ]
    folder = write_scenario(tmp_path / "s", TABLES | {"pairs": pairs}, MODEL, calendar=CALENDAR)
    for ran in (talentopt("check", folder), solve(folder, tmp_path / "plan")):
        assert ran.code == 1
        assert "pairs.csv, line 2" in ran.err
    assert not (tmp_path / "plan").exists()


def test_solve_then_audit(scenario, plan):
    ran = talentopt("audit", scenario, plan)
    assert ran.code == 0, ran.out
    assert "Every hard rule is kept" in ran.out


def test_audit_finds_a_tampered_plan(scenario, plan):
    summary = json.loads((plan / "plan.json").read_text())
    (plan / "plan.json").write_text(json.dumps(summary | {"objective": 1e6}))
    assert talentopt("audit", scenario, plan).code == 1


def test_audit_of_no_plan(scenario, tmp_path):
    assert talentopt("audit", scenario, tmp_path / "none").code == 3


def test_solve_spares_what_is_there(scenario, plan):
    ran = solve(scenario, plan)
    assert ran.code == 2
    assert "--force" in ran.err
    assert solve(scenario, plan, "--force").code == 0


def test_reproducible_plans_are_alike_byte_for_byte(scenario, plan, tmp_path):
    assert solve(scenario, tmp_path / "again").code == 0
    files = sorted(path.name for path in plan.iterdir())
    tables = ["pairs.csv", "placements.csv", "plan.json", "scores.csv", "shortages.csv"]
    assert files == ["ledger.csv", *tables]
    for name in files:
        assert (plan / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_warm_start_is_never_worse(scenario, plan, tmp_path):
    assert solve(scenario, tmp_path / "warm", "--warm", plan).code == 0
    before, after = (
        json.loads((folder / "plan.json").read_text())["objective"]
        for folder in (plan, tmp_path / "warm")
    )
    assert after >= before


def test_progress_goes_to_the_error_stream(scenario, tmp_path):
    ran = solve(scenario, tmp_path / "plan")
    assert "bound" in ran.err
    assert ran.out.splitlines()[-1] == f"plan: {tmp_path / 'plan'}"


def test_report_and_compare(scenario, plan):
    assert talentopt("report", scenario, plan).code == 0
    assert (plan / "report.html").is_file()
    assert (plan / "people" / "P1.html").is_file()
    assert talentopt("report", scenario, plan).code == 0
    ran = talentopt("compare", scenario, plan, plan)
    assert ran.code == 0
    assert "pairs not in the first" in ran.out


def test_report_of_a_plan_for_another_scenario(plan, tmp_path):
    tables, model = small()
    ran = talentopt("report", write_scenario(tmp_path / "other", tables, model), plan)
    assert ran.code == 3
    assert not (plan / "report.html").exists()


def test_new_scenario_is_valid(tmp_path):
    assert talentopt("new", tmp_path / "mine").code == 0
    assert talentopt("check", tmp_path / "mine").code == 0
    assert talentopt("new", tmp_path / "mine").code == 2


def test_generate(tmp_path):
    assert talentopt("generate", tmp_path / "g", "--participants", 12, "--seed", 3).code == 0
    assert talentopt("check", tmp_path / "g").code == 0
    assert talentopt("generate", tmp_path / "h", "--participants", 12, "--model", "x").code == 2


def test_schema_is_json():
    for part in ((), ("scenario",), ("model",)):
        assert "$defs" in json.loads(talentopt("schema", *part).out)


def test_no_plan_within_the_limit(scenario, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "talentopt.pipeline.find_solver", lambda name: lambda problem, control: None
    )
    ran = solve(scenario, tmp_path / "plan")
    assert ran.code == 4
    assert "found no plan" in ran.err
    assert not (tmp_path / "plan").exists()


def test_proven_contradiction(scenario, tmp_path, monkeypatch):
    def prove(problem, control):
        control.prove_infeasible()

    monkeypatch.setattr("talentopt.pipeline.find_solver", lambda name: prove)
    assert solve(scenario, tmp_path / "plan").code == 1


def test_own_mistakes_are_told_in_words(scenario, tmp_path, monkeypatch):
    def fail(problem, control):
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("talentopt.pipeline.find_solver", lambda name: fail)
    ran = solve(scenario, tmp_path / "plan")
    assert ran.code == 70
    assert "internal error: ZeroDivisionError: oops" in ran.err
    assert "Traceback" not in ran.err


def test_any_solver_that_pulp_finds(scenario, tmp_path):
    ran = talentopt("solve", scenario, "-o", tmp_path / "p", "--solver", "milp:PULP_CBC_CMD")
    assert ran.code == 0
    ran = talentopt("solve", scenario, "-o", tmp_path / "q", "--solver", "milp:MAGIC")
    assert ran.code == 2
    assert "PuLP finds no 'MAGIC'" in ran.err


@pytest.mark.parametrize("ending", ["lp", "mps"])
def test_export(scenario, tmp_path, ending):
    assert solve(scenario, tmp_path / "p", "--export", tmp_path / f"model.{ending}").code == 0
    assert (tmp_path / f"model.{ending}").stat().st_size > 100
    assert solve(scenario, tmp_path / "q", "--export", tmp_path / "model.txt").code == 2
