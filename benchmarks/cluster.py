"""Compare a batch on a Dask cluster that loses workers in mid-run with one that does not.

Usage::

    python -m benchmarks.cluster --scenarios 12 --workers 3 --kills 2

Both clusters are brought up with Dask's own commands, on this machine. In the second run workers
are killed with SIGKILL, each while it is at work, after some more scenarios are finished; the run
itself goes on. Ends with exit code 1 unless as many workers were killed as asked, every plan is
there and equal, byte by byte, to the first run's.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.batches import LOOK_SECONDS, command, differences, finished, write_scenarios

if TYPE_CHECKING:
    from collections.abc import Iterator

WITHIN_TASK = 0.5
"""Seconds after a scenario is finished until a worker is killed: the next task is under way."""


@contextmanager
def cluster(folder: Path, count: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Bring up a scheduler and workers; yield its address and the workers."""
    folder.mkdir()
    dask = str(Path(sys.executable).with_name("dask"))
    place = folder / "scheduler.json"
    at = ["--scheduler-file", str(place), "--no-dashboard"]
    starts = [
        [dask, "scheduler", "--host", "127.0.0.1", "--port", "0", *at],
        *[[dask, "worker", "--no-nanny", "--nthreads", "1", *at]] * count,
    ]
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for line in starts:
            processes.append(subprocess.Popen(line, cwd=folder, stderr=subprocess.DEVNULL))
            while not place.exists():
                time.sleep(LOOK_SECONDS)
        yield json.loads(place.read_text(encoding="utf-8"))["address"], processes[1:]
    finally:
        for process in processes:
            process.kill()
            process.wait()


def kill_workers(
    batch: subprocess.Popen[str],
    workers: list[subprocess.Popen[bytes]],
    results: Path,
    options: argparse.Namespace,
) -> list[int]:
    """Kill workers one after the other; return how many scenarios were finished each time."""
    moments = []
    for number, worker in enumerate(workers[: options.kills], start=1):
        mark = number * options.scenarios // (options.kills + 2)
        while batch.poll() is None and len(finished(results)) < mark:
            time.sleep(LOOK_SECONDS)
        time.sleep(WITHIN_TASK)
        if batch.poll() is None:
            worker.kill()
            worker.wait()
            moments.append(len(finished(results)))
    return moments


def run(here: Path, name: str, options: argparse.Namespace) -> tuple[list[int], str]:
    """Run the batch on a cluster of its own; return when workers were killed, and its summary."""
    results = here / name
    with cluster(here / f"{name}-cluster", options.workers) as (address, workers):
        line = [*command(here, results, options.workers, options), "--scheduler", address]
        batch = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        moments = kill_workers(batch, workers, results, options) if name == "killed" else []
        output, _ = batch.communicate()
    if batch.returncode:
        raise SystemExit(f"the batch failed:\n{output}")
    return moments, output.strip().splitlines()[-1].partition(";")[0]


def main() -> int:
    """Read the command line, run both batches and compare."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--scenarios", type=int, default=12)
    parser.add_argument("--people", type=int, default=6)
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)) + 1)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--solver", default="greedy")
    parser.add_argument("--time-limit", type=float, default=1.0)
    options = parser.parse_args()
    if options.kills >= options.workers:
        parser.error("one worker at least must stay")
    with tempfile.TemporaryDirectory(prefix="talentopt-cluster-") as folder:
        here = Path(folder)
        write_scenarios(here, options.scenarios, options.people)
        run(here, "once", options)
        moments, solved = run(here, "killed", options)
        differing, compared = differences(here / "once", here / "killed")
        complete = len(finished(here / "killed")) == options.scenarios
    print(
        f"{options.scenarios} scenarios on {options.workers} workers, {len(moments)} killed after "
        f"{', '.join(map(str, moments)) or 'no'} were finished; {compared} files compared, "
        f"{len(differing)} differ from the run that lost none; {solved}"
    )
    for name in differing:
        print(f"  {name}")
    return 0 if complete and len(moments) == options.kills and not differing else 1


if __name__ == "__main__":
    sys.exit(main())
