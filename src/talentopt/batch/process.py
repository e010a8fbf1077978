"""Solves one job in a process of its own, under a memory limit."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from talentopt.batch.records import OUTCOMES, Record
from talentopt.orphans import die_with_parent

if TYPE_CHECKING:
    from talentopt.batch.jobs import Job, Settings

POLL_SECONDS = 0.05

ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMBA")}
"""Jobs share the cores by being many, not by threads of their libraries."""

DRAFT = ".solving-"
"""How the folder begins in which a plan is made before it is moved into place."""


def solve_job(job: Job, settings: Settings, key: str, plan_folder: Path) -> Record:
    """Solve one job and move its plan into place.

    Parameters
    ----------
    job : Job
    settings : Settings
    key : str
        Content hash, kept in the record.
    plan_folder : Path
        Replaced when it exists: it belongs to an older content.

    Returns
    -------
    Record
        Also when the scenario is bad or the process died.
    """
    started = time.monotonic()
    plan_folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=DRAFT, dir=plan_folder.parent) as draft:
        made = Path(draft) / "plan"
        command = [sys.executable, "-m", "talentopt", "solve", str(job.scenario)]
        command += ["-o", str(made), *settings.options()]
        for path, value in job.overrides.items():
            command += ["--set", f"{path}={value}"]
        code, message = _run(command, settings.memory, Path(draft) / "messages.txt")
        outcome = "memory" if code == -signal.SIGXCPU else OUTCOMES.get(code, "failed")
        facts = _facts(made) if outcome == "solved" else {"message": message}
        if outcome == "solved":
            _replace(made, plan_folder)
    return Record(
        name=job.name,
        scenario=str(job.scenario),
        overrides=job.overrides_text,
        key=key,
        outcome=outcome,
        seconds=round(time.monotonic() - started, 3),
        **facts,
    )


def clear_drafts(plans: Path) -> None:
    """Remove what runs that were killed have left behind."""
    for draft in plans.glob(f"{DRAFT}*"):
        shutil.rmtree(draft, ignore_errors=True)


def _run(command: list[str], memory: float, messages: Path) -> tuple[int, str]:
    """Run a command; returns its exit code (-SIGXCPU when out of memory) and messages."""
    with messages.open("w+", encoding="utf-8", errors="replace") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=output,
            env=os.environ | ONE_THREAD,
            preexec_fn=die_with_parent,
        )
        try:
            while process.poll() is None:
                if _resident(process.pid) > memory:
                    process.kill()
                    process.wait()
                    return -signal.SIGXCPU, f"used more than {memory:g} GB"
                time.sleep(POLL_SECONDS)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        output.seek(0)
        # Lines of progress begin with blanks.
        lines = [line for line in output.read().splitlines() if line and not line[0].isspace()]
    return process.returncode, "\n".join(lines[-20:])


def _resident(pid: int) -> float:
    """Resident memory of a process in GB; 0 where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e9


def _facts(plan: Path) -> dict[str, object]:
    """Read what the summary shows from a plan folder."""
    summary = json.loads((plan / "plan.json").read_text(encoding="utf-8"))
    with (plan / "shortages.csv").open(encoding="utf-8", newline="") as file:
        points = [float(row["points"]) for row in csv.DictReader(file)]
    facts = {name: summary.get(name) for name in ("objective", "bound", "gap")}
    facts["status"] = summary.get("status", "")
    return facts | {"shortages": len(points), "shortage_points": round(sum(points), 6)}


def _replace(made: Path, plan_folder: Path) -> None:
    """Move a finished plan into place; an older one goes only then."""
    if plan_folder.exists():
        old = made.with_name("old")
        plan_folder.rename(old)
        made.rename(plan_folder)
        shutil.rmtree(old)
        return
    made.rename(plan_folder)
