"""Batches through the command line: bad scenarios, kills, and a cluster."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scenarios import small, write_scenario, write_table

SOLVE = ["--solver", "greedy", "--time-limit", "0.2", "--jobs", "2"]
FILES = ("pairs.csv", "placements.csv", "scores.csv", "plan.json")


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Write three scenarios, one of them bad."""
    here = tmp_path_factory.mktemp("batch")
    (here / "before").mkdir()
    start = {"participant": "P1", "placement": "R1", "start": "2026-02"}
    write_table(here / "before" / "placements.csv", [start])
    for number in range(2):
        tables, model = small()
        tables["budgets"][0]["amount"] = 100 + number
        replanned = {"previous": "../before", "at": "2026-03"} if number else {}
        write_scenario(here / f"s{number}", tables, model, **replanned)
    tables, model = small()
    tables["participants"][0]["start"] = "soon"
    write_scenario(here / "s2", tables, model)
    return here


def command(folders, results, *more):
    return [
        sys.executable, "-m", "talentopt", "batch", f"{folders}/s*", "-o", str(results),
        *SOLVE, *more,
    ]  # fmt: skip


def summary(results):
    with (results / "summary.csv").open(encoding="utf-8", newline="") as file:
        return {row["name"]: row for row in csv.DictReader(file)}


def plans(results):
    return {
        (name, file): (results / "plans" / name / file).read_bytes()
        for name in ("s0", "s1")
        for file in FILES
    }


@pytest.fixture(scope="module")
def finished(folders, tmp_path_factory):
    """Run the batch once, undisturbed."""
    results = tmp_path_factory.mktemp("results") / "once"
    done = subprocess.run(command(folders, results), capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    return results


def test_what_killed_runs_left_behind_is_removed(folders, tmp_path):
    from talentopt.cli.main import run

    left = tmp_path / "results" / "plans" / ".solving-abc" / "plan"
    left.mkdir(parents=True)
    (left / "pairs.csv").write_text("half of", encoding="utf-8")
    assert run(["batch", str(folders / "s2"), "-o", str(tmp_path / "results"), *SOLVE]) == 1
    assert not list((tmp_path / "results" / "plans").iterdir())


def test_a_bad_scenario_does_not_stop_the_others(finished):
    rows = summary(finished)
    assert [rows[f"s{i}"]["outcome"] for i in range(3)] == ["solved"] * 2 + ["invalid"]
    assert "P1,R1,rotation,2026-02" in plans(finished)["s1", "placements.csv"].decode()
    assert "soon" in rows["s2"]["message"]
    assert "<td>s2</td>" in (finished / "summary.html").read_text(encoding="utf-8")


def test_what_is_finished_is_not_solved_again(folders, finished):
    before = {path: path.stat().st_mtime_ns for path in finished.glob("plans/*/plan.json")}
    subprocess.run(command(folders, finished), capture_output=True, check=False)
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_a_killed_batch_goes_on_and_ends_the_same(folders, finished, tmp_path):
    for pause in (0.5, 2.0):
        process = subprocess.Popen(command(folders, tmp_path), stdout=subprocess.DEVNULL)
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        process.wait()
    done = subprocess.run(command(folders, tmp_path), capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert plans(tmp_path) == plans(finished)


def test_two_batches_keep_out_of_each_others_way(folders, tmp_path):
    import fcntl

    with (tmp_path / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run(
            command(folders, tmp_path), capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    assert "another batch" in done.stderr


def test_a_cluster_loses_a_worker_and_nothing_else(folders, finished, tmp_path):
    pytest.importorskip("distributed", reason="needs talentopt[cluster]")
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    address_file = tmp_path / "scheduler.json"
    start = [str(Path(sys.executable).with_name("dask")), "scheduler"]
    scheduler = subprocess.Popen(
        [*start, "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
         "--scheduler-file", str(address_file)],
        env=environment, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    workers = []
    try:
        while not address_file.exists():
            time.sleep(0.1)
        work = [str(Path(sys.executable).with_name("dask")), "worker", "--no-nanny"]
        work += ["--scheduler-file", str(address_file), "--nthreads", "1", "--no-dashboard"]
        workers = [
            subprocess.Popen(work, env=environment, cwd=tmp_path, stderr=subprocess.DEVNULL)
            for _ in range(2)
        ]
        import json

        address = json.loads(address_file.read_text())["address"]
        batch = subprocess.Popen(
            command(folders, tmp_path / "out", "--scheduler", address),
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        time.sleep(4)
        workers[0].send_signal(signal.SIGKILL)
        output, _ = batch.communicate(timeout=300)
        assert "2 of 3 solved" in output
        assert plans(tmp_path / "out") == plans(finished)
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()
