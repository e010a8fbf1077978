"""Runs one solver in a process of its own, measures it from outside, and judges its answer."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from talentopt.bench.runs import Record, write_json
from talentopt.orphans import die_with_parent

if TYPE_CHECKING:
    from pathlib import Path
    from threading import Event

    from talentopt.bench.plugins import Format
    from talentopt.bench.runs import Spec

POLL_SECONDS = 0.02
PATIENCE = (240.0, 2.0)
"""Seconds, and shares of the limit, that a whole process may take beyond the limit to read,
compile and write before it is killed."""

CLAIM_TOLERANCE = 1e-6


def blank_record(spec: Spec, sense: str, **facts: Any) -> Record:
    """Make the record of a run, filled in with what is known before it."""
    instance = spec.instance
    return Record(
        name=spec.name,
        key=spec.key(),
        instance=instance.name,
        format=instance.format,
        sense=sense,
        family=instance.family,
        size=instance.size,
        solver=spec.solver.name,
        seed=spec.seed,
        limit=spec.seconds,
        workers=spec.workers,
        best_known=instance.best_known,
        **facts,
    )


def usual_overrun(seconds: float) -> float:
    """Seconds beyond its limit that a search may take before its best answer is taken."""
    return max(10.0, 0.2 * seconds)


def measure(
    spec: Spec,
    form: Format,
    home: Path,
    folder: Path,
    overrun: float | None = None,
    stop: Event | None = None,
) -> Record:
    """Run, measure and judge.

    Parameters
    ----------
    spec : Spec
    form : Format
        Of the instance.
    home : Path
        The benchmarks folder.
    folder : Path
        Of this run; what is in it belongs to an older content and goes.
    overrun : float, optional
        Seconds; `usual_overrun` by default.
    stop : Event, optional
        Kills the process when it is set, from another thread.

    Returns
    -------
    Record
        Also when the process died.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    task = {
        "home": str(home),
        "format": spec.instance.format,
        "path": str(spec.instance.path.resolve()),
        "solver": spec.solver.name,
        "seconds": spec.seconds,
        "workers": spec.workers,
        "overrun": usual_overrun(spec.seconds) if overrun is None else overrun,
        "seed": spec.seed,
    }
    write_json(folder / "task.json", task)
    usage = _run(folder, spec, stop)
    try:
        facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        facts = {"outcome": "killed" if usage.pop("killed") else "failed"}
        facts["message"] = _last_line(folder / "log.txt")
    usage.pop("killed", None)
    record = blank_record(spec, form.sense, **facts, **usage)
    if facts["outcome"] == "answered":
        _judge(record, form, spec.instance.path, folder / "answer")
    return record


def _run(folder: Path, spec: Spec, stop: Event | None) -> dict[str, Any]:
    """Wait for the process; returns wall and processor seconds, megabytes, whether killed."""
    started = time.monotonic()
    patience = spec.seconds + PATIENCE[0] + PATIENCE[1] * spec.seconds
    command = [sys.executable, "-m", "talentopt.bench.child", str(folder / "task.json")]
    threads = str(spec.workers)
    settings = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
    with (folder / "log.txt").open("w") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env={**os.environ, **dict.fromkeys(settings, threads)},
            preexec_fn=die_with_parent,
        )
        killed = False
        try:
            while True:
                pid, status, usage = os.wait4(process.pid, os.WNOHANG)
                if pid:
                    break
                late = time.monotonic() - started > patience
                if not killed and (late or (stop is not None and stop.is_set())):
                    killed = True
                    os.killpg(process.pid, signal.SIGKILL)
                time.sleep(POLL_SECONDS)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            os.waitpid(process.pid, 0)
            process.returncode = -signal.SIGKILL
            raise
        process.returncode = os.waitstatus_to_exitcode(status)
    return {
        "wall": round(time.monotonic() - started, 3),
        "cpu": round(usage.ru_utime + usage.ru_stime, 3),
        # Kilobytes on Linux, bytes on macOS.
        "memory": round(usage.ru_maxrss / (1024.0 if sys.platform != "darwin" else 1024.0**2), 1),
        "killed": killed,
    }


def _judge(record: Record, form: Format, path: Path, answer: Path) -> None:
    """Let the format's own check decide whether an answer counts, and what it is worth."""
    try:
        verdict = form.judge(path, answer)
    # An answer that cannot even be read is a wrong one, whatever made it so.
    except Exception as error:
        record.outcome, record.message = "wrong", f"{type(error).__name__}: {error}"
        return
    if verdict.value is None:
        record.outcome = "wrong" if verdict.complete else "no answer"
        record.message = verdict.message
        return
    record.outcome, record.value = "solved", verdict.value
    claimed = record.claimed
    if claimed is not None:
        tolerance = CLAIM_TOLERANCE * max(1.0, abs(claimed))
        if abs(claimed - verdict.value) > tolerance:
            record.flag = f"claims {claimed:.6f} where the judge finds {verdict.value:.6f}"


def _last_line(log: Path) -> str:
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "the process left nothing"
