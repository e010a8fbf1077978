"""Solvers side by side: ``bench``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from talentopt.cli.exits import FAILED, INTERRUPTED, INVALID

if TYPE_CHECKING:
    from talentopt.bench.registry import Registry
    from talentopt.bench.runner import Plan

SOLVERS = "auto,columns,exact,milp,cbc,scip,greedy,sequential,timefold,deferred,assignment"


def _limits(context: click.Context, parameter: click.Parameter, text: str) -> tuple[float, ...]:
    """Read seconds above 0, separated by commas."""
    try:
        limits = tuple(float(part) for part in text.split(","))
    except ValueError:
        limits = (0.0,)
    if not all(0 < limit < float("inf") for limit in limits):
        raise click.BadParameter(f"{text!r} is not seconds above 0, separated by commas")
    return limits


def _seeds(context: click.Context, parameter: click.Parameter, text: str) -> tuple[int, ...]:
    """Read whole numbers from 0, separated by commas."""
    parts = text.split(",")
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise click.BadParameter(f"{text!r} is not whole numbers from 0, separated by commas")
    return tuple(int(part) for part in parts)


@click.command()
@click.argument("sets", nargs=-1)
@click.option(
    "--solvers", default=SOLVERS, show_default=True, metavar="NAME,…", help="What competes."
)
@click.option("--seeds", default="0", show_default=True, metavar="N,…", callback=_seeds)
@click.option(
    "--time-limit",
    "limits",
    default="60",
    show_default=True,
    metavar="S,…",
    callback=_limits,
    help="Seconds of search for each run; several are run one after another.",
)
@click.option(
    "--workers", type=click.IntRange(min=1), help="Threads of each run; the cores over the jobs."
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Runs at a time; times are only fair with 1.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of public instances: gap, mss, reviewer, hr_spa.",
)
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("bench-results"),
    show_default=True,
    help="Results; the same command goes on where a stopped one was.",
)
@click.option(
    "--benchmarks",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The benchmarks folder, when not that of the project.",
)
@click.option("--list", "list_only", is_flag=True, help="List sets and solvers.")
@click.option("--guard", is_flag=True, help="Compare a quick subset with the stored reference.")
@click.option("--store-reference", is_flag=True, help="With --guard: store a new reference.")
def bench(
    sets: tuple[str, ...],
    solvers: str,
    seeds: tuple[int, ...],
    limits: tuple[float, ...],
    workers: int | None,
    jobs: int,
    data: Path | None,
    folder: Path,
    benchmarks: Path | None,
    list_only: bool,
    guard: bool,
    store_reference: bool,
) -> int:
    """Run solvers side by side on instance SETS (``small`` by default).

    A SET is a name, NAME:PATTERN for some of its instances, the path of a
    scenario, or FORMAT=PATH. Every run has a process of its own, measured
    from outside; every answer is recomputed before it counts; every bound is
    held against all values known. Exit code 1: an answer or a bound is wrong,
    or the guard found something worse.
    """
    from talentopt.bench.registry import BenchError, Malformed, Registry, find_home

    try:
        registry = Registry(find_home(benchmarks))
        if list_only:
            click.echo(_listing(registry))
            return 0
        if guard or store_reference:
            return _guard(registry, folder, store_reference)
        from talentopt.bench.runner import Plan
        from talentopt.pipeline import usable_cores

        threads = workers or max(1, usable_cores() // jobs)
        names = tuple(solvers.split(","))
        plan = Plan(sets or ("small",), names, seeds, limits, threads, jobs, data, folder)
        return _run(plan, registry)
    except Malformed as error:
        click.echo(str(error), err=True)
        return INVALID
    except BenchError as error:
        raise click.UsageError(str(error)) from error
    except KeyboardInterrupt:
        click.echo("interrupted; the same command goes on with what is not finished", err=True)
        return INTERRUPTED


def _run(plan: Plan, registry: Registry) -> int:
    """Run a benchmark and write its report."""
    from talentopt.bench.machine import describe
    from talentopt.bench.report import write_report
    from talentopt.bench.runner import run_benchmark
    from talentopt.bench.runs import write_json

    about = describe(["talentopt", *sys.argv[1:]])
    records, absent = run_benchmark(plan, registry, click.echo)
    write_json(plan.folder / "run.json", {**about, "absent": absent})
    solvers = registry.solvers()
    settings = {name: solvers[name].setting for name in plan.solvers}
    write_report(plan.folder, records, {**about, "absent": absent}, settings)
    wrong = [record for record in records if record.flag or record.outcome == "wrong"]
    for record in wrong:
        click.echo(f"ERROR {record.name}: {record.flag or record.message}", err=True)
    click.echo(f"report: {plan.folder / 'report.html'}")
    return FAILED if wrong else 0


def _guard(registry: Registry, folder: Path, store: bool) -> int:
    """Compare with the stored reference, or store a new one."""
    from talentopt.bench.guard import run_guard, store_reference

    if store:
        click.echo(f"reference: {store_reference(registry, folder, click.echo)}")
        return 0
    worse = run_guard(registry, folder, click.echo)
    for line in worse:
        click.echo(f"WORSE {line}", err=True)
    click.echo(f"{len(worse)} got worse" if worse else "nothing got worse")
    return FAILED if worse else 0


def _listing(registry: Registry) -> str:
    """List what can be run."""
    lines = ["sets:"]
    lines += [f"  {name:<12} {found.about}" for name, found in registry.sets().items()]
    lines.append("solvers:")
    for name, solver in registry.solvers().items():
        missing = solver.absent()
        lines.append(f"  {name:<12} {f'ABSENT: {missing}' if missing else solver.setting}")
    return "\n".join(lines)
