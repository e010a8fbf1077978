"""Measure batches: whether kills do harm, and what more cores bring.

Usage::

    python -m benchmarks.batches kills --scenarios 40 --kills 20
    python -m benchmarks.batches cores --scenarios 16 --cores 1,2

`kills` runs a batch undisturbed, then the same batch killed with SIGKILL at random moments, early
and late in the batch, and started again each time; it ends with exit code 1 unless it was killed
as often as asked, every plan is there and equal, byte by byte, and nothing that was finished was
solved again. `cores` gives scenarios per second with
so many jobs at a time on as many cores, the ratio to the first, and what each scenario took
of the processors (which also tells on a busy machine whether jobs disturb each other).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from talentopt.generate import generate

LOOK_SECONDS = 0.02
"""How often the folder of a batch that is to be killed is looked at."""


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
    """Read every file of every plan, also of drafts that a kill has left."""
    found = [path for path in (results / "plans").rglob("*") if path.is_file()]
    return {str(path.relative_to(results)): path.read_bytes() for path in found}


def kills(options: argparse.Namespace) -> int:
    """Compare a batch that is killed again and again with one that is not."""
    with tempfile.TemporaryDirectory(prefix="talentopt-batch-") as folder:
        here = Path(folder)
        write_scenarios(here, options.scenarios, options.people)
        seconds, _ = finish(command(here, here / "once", options.jobs, options))
        line = command(here, here / "killed", options.jobs, options)
        each = seconds * options.jobs / options.scenarios
        ends = [
            run_until_killed(line, here / "killed", moment)
            for moment in kill_moments(options, each)
        ]
        left = options.scenarios - len(finished(here / "killed"))
        finish(line)
        complete = len(finished(here / "killed")) == options.scenarios
        differing, compared = differences(here / "once", here / "killed")
    killed = sum(end.killed for end in ends)
    again = sum(end.again for end in ends)
    print(
        f"{options.scenarios} scenarios, {killed} kills, {sum(end.new > 0 for end in ends)} of "
        f"them after something more was finished; {left} left for the last run; {compared} files "
        f"compared, {len(differing)} differ from the undisturbed batch; "
        f"finished ones solved again: {again}"
    )
    for name in differing:
        print(f"  {name}")
    return 0 if complete and killed == options.kills and not differing and not again else 1


class Moment(NamedTuple):
    """When a batch is killed: so many seconds after so many of its scenarios are finished."""

    finished: int
    seconds: float


class End(NamedTuple):
    """What a run came to: killed or ended by itself, scenarios solved, and solved again."""

    killed: bool
    new: int
    again: int


def kill_moments(options: argparse.Namespace, each: float) -> list[Moment]:
    """Draw moments over the whole batch, however busy the machine; `each` is a job's seconds.

    The last jobs are left out: the batch would often end before it is killed.
    """
    chance = random.Random(options.seed)
    last = max(1, options.scenarios - 2 * options.jobs)
    marks = sorted(chance.choices(range(last), k=options.kills))
    return [Moment(mark, chance.uniform(0.0, each)) for mark in marks]


def run_until_killed(line: list[str], results: Path, moment: Moment) -> End:
    """Start a batch and kill it with SIGKILL at a moment."""
    before = finished(results)
    process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and len(finished(results)) < moment.finished:
        time.sleep(LOOK_SECONDS)
    time.sleep(moment.seconds)
    killed = process.poll() is None
    process.kill()
    process.wait()
    after = finished(results)
    again = sum(after.get(name) != when for name, when in before.items())
    return End(killed, len(after) - len(before), again)


def finished(results: Path) -> dict[str, int]:
    """When the plan of each finished scenario was written."""
    found = {}
    for record in (results / "records").glob("*.json"):
        name = json.loads(record.read_text(encoding="utf-8"))["name"]
        found[name] = (results / "plans" / name / "plan.json").stat().st_mtime_ns
    return found


def differences(one: Path, other: Path) -> tuple[list[str], int]:
    """Name the files of plans that are not equal, byte by byte, in two batches; count all."""
    ours, theirs = plans(one), plans(other)
    names = sorted({*ours, *theirs})
    return [name for name in names if ours.get(name) != theirs.get(name)], len(names)


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
