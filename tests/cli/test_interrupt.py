import json
import os
import signal
import subprocess
import sys
import time

import pytest

from cli.cases import talentopt
from plan.cases import CALENDAR, MODEL, TABLES
from scenarios import write_scenario

SLOW = """
import sys, threading, time
import talentopt.pipeline as pipeline
from talentopt.problem import Assignment
from talentopt.cli.main import main

def slow(problem, control):
    if {offers}:
        control.offer(Assignment.of())
    print("ready", flush=True)
    while not control.finished() or {deaf}:
        time.sleep(0.02)

pipeline.find_solver = lambda name: slow
main()
"""


@pytest.fixture
def scenario(tmp_path):
    return write_scenario(tmp_path / "scenario", TABLES, MODEL, calendar=CALENDAR)


def interrupted(scenario, plan, number, *, offers, deaf):
    """Start a slow solver, send it a signal once it is at work, and wait."""
    return stopped(SLOW.format(offers=offers, deaf=deaf), scenario, plan, number)


def stopped(code, scenario, plan, number):
    """Run `solve` by some code, send it a signal once it says so, and wait."""
    command = [sys.executable, "-c", code, "solve", str(scenario), "-o", str(plan)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.1)
    os.kill(process.pid, number)
    _, error = process.communicate(timeout=60)
    return process.returncode, error


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("deaf", [False, True])
def test_best_plan_so_far_is_written(scenario, tmp_path, number, deaf):
    code, error = interrupted(scenario, tmp_path / "plan", number, offers=True, deaf=deaf)
    assert code == 130
    assert "Traceback" not in error
    summary = json.loads((tmp_path / "plan" / "plan.json").read_text())
    assert (summary["status"], summary["stopped_by"]) == ("interrupted", "interrupt")
    assert talentopt("audit", scenario, tmp_path / "plan").code == 0


SLOW_WRITING = """
import time
import talentopt.cli.work as work
from talentopt.cli.main import main

write = work.write_plan

def slow(*arguments, **named):
    print("ready", flush=True)
    time.sleep(0.5)
    write(*arguments, **named)

work.write_plan = slow
main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_while_it_is_written_the_plan_is_kept(scenario, tmp_path, number):
    code, error = stopped(SLOW_WRITING, scenario, tmp_path / "plan", number)
    assert (code, error.count("before there was a plan")) == (130, 0)
    assert talentopt("audit", scenario, tmp_path / "plan").code == 0


def test_nothing_is_written_before_there_is_a_plan(scenario, tmp_path):
    code, error = interrupted(scenario, tmp_path / "plan", signal.SIGINT, offers=False, deaf=False)
    assert code == 130
    assert "nothing is written" in error
    assert not (tmp_path / "plan").exists()


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from talentopt.cli.main import run; run(['--help']);"
        "print([m for m in ('numpy', 'pandas', 'ortools', 'pulp', 'numba', 'highspy', 'rich',"
        " 'pydantic', 'jinja2') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"
