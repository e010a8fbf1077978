"""Measure batches: whether kills do harm, and what more cores bring.

Usage::

    python -m benchmarks.batches kills --scenarios 40 --kills 20
    python -m benchmarks.batches cores --scenarios 16 --cores 1,2

`kills` runs a batch undisturbed, then the same batch killed with SIGKILL at random moments and
started again each time; it ends with exit code 1 unless every plan is there and equal, byte by
byte, and nothing that was finished was solved again. `cores` gives scenarios per second with
so many jobs at a time on as many cores, the ratio to the first, and what each scenario took
of the processors (which also tells on a busy machine whether jobs disturb each other).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from talentopt.generate import generate

FILES = ("pairs.csv", "placements.csv", "shortages.csv", "scores.csv", "plan.json")


def write_scenarios(folder: Path, count: int, people: int) -> None:
    """Generate small scenarios, each from a seed of its own."""
    for seed in range(count):
        generate(folder / f"s{seed:02d}", participants=people, seed=seed)


def command(scenarios: Path, results: Path, jobs: int, options: argparse.Namespace) -> list[str]:
    """Write the command line of a batch."""
    return [
        sys.executable, "-m", "talentopt", "batch", f"{scenarios}/s*", "-o", str(results),
        "--jobs", str(jobs), "--solver", options.solver, "--time-limit", str(options.time_limit),
    ]  # fmt: skip


def finish(line: list[str], cores: int | None = None) -> tuple[float, float]:
    """Run a batch to its end; return its seconds, and those of the processors."""
    used = processor_seconds()
    begun = time.monotonic()
    every = os.sched_getaffinity(0)
    chosen = every if cores is None else set(sorted(every)[:cores])
    process = subprocess.run(
        line,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: os.sched_setaffinity(0, chosen),
    )
    if process.returncode:
        raise SystemExit(f"the batch failed:\n{process.stdout}{process.stderr}")
    return time.monotonic() - begun, processor_seconds() - used


def processor_seconds() -> float:
    """Sum what all finished children used."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def plans(results: Path) -> dict[str, bytes]:
    """Read every file of every plan."""
    return {
        f"{folder.name}/{name}": (folder / name).read_bytes()
        for folder in sorted((results / "plans").glob("s*"))
        for name in FILES
    }


def kills(options: argparse.Namespace) -> int:
    """Compare a batch that is killed again and again with one that is not."""
    with tempfile.TemporaryDirectory(prefix="talentopt-batch-") as folder:
        here = Path(folder)
        write_scenarios(here, options.scenarios, options.people)
        seconds, _ = finish(command(here, here / "once", options.jobs, options))
        whole = plans(here / "once")
        line = command(here, here / "killed", options.jobs, options)
        chance = random.Random(options.seed)
        killed = 0
        again = 0
        while killed < options.kills:
            before = _finished(here / "killed")
            process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0.1, 2 * seconds / options.kills))
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
            after = _finished(here / "killed")
            again += sum(after.get(name) != when for name, when in before.items())
        left = options.scenarios - len(_finished(here / "killed"))
        finish(line)
        found = plans(here / "killed")
        equal = found == whole
        print(
            f"{options.scenarios} scenarios, {killed} kills, {left} left for the last run; "
            f"{len(found) // len(FILES)} plans, equal to the undisturbed batch: {equal}; "
            f"finished ones solved again: {again}"
        )
        return 0 if equal and not again and len(whole) == options.scenarios * len(FILES) else 1


def _finished(results: Path) -> dict[str, int]:
    """When each finished plan was written."""
    found = {}
    for record in (results / "records").glob("*.json"):
        name = json.loads(record.read_text(encoding="utf-8"))["name"]
        found[name] = (results / "plans" / name / "plan.json").stat().st_mtime_ns
    return found


def cores(options: argparse.Namespace) -> int:
    """Compare the throughput of batches on different numbers of cores."""
    with tempfile.TemporaryDirectory(prefix="talentopt-batch-") as folder:
        here = Path(folder)
        write_scenarios(here, options.scenarios, options.people)
        counts = [int(text) for text in options.cores.split(",")]
        finish(command(here, here / "compiled", counts[-1], options))
        first = None
        for count in counts:
            taken = [
                finish(command(here, here / f"on{count}-{turn}", count, options), count)
                for turn in range(options.repeat)
            ]
            seconds, busy = min(taken)
            rate = options.scenarios / seconds
            first = first or rate
            print(
                f"{count} cores: {rate:.3f} scenarios/s, ratio {rate / first:.2f}, "
                f"{busy / options.scenarios:.2f} processor seconds each",
                flush=True,
            )
    return 0


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=("kills", "cores"))
    parser.add_argument("--scenarios", type=int, default=40)
    parser.add_argument("--people", type=int, default=6)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--cores", default="1,2")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--solver", default="greedy")
    parser.add_argument("--time-limit", type=float, default=1.0)
    options = parser.parse_args()
    return {"kills": kills, "cores": cores}[options.what](options)


if __name__ == "__main__":
    sys.exit(main())
