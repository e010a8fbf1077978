"""Many scenarios at once: ``batch``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from talentopt.cli.exits import FAILED

if TYPE_CHECKING:
    from talentopt.batch.records import Record


@click.command()
@click.argument("scenarios", nargs=-1, required=True)
@click.option(
    "-o", "--output", "folder", required=True, type=click.Path(path_type=Path), help="Results."
)
@click.option("--jobs", type=click.IntRange(min=1), help="At a time; all cores by default.")
@click.option("--scheduler", help="Address of a Dask scheduler, such as tcp://host:8786.")
@click.option("--set", "grid", multiple=True, help="PATH=VALUE[,VALUE…]; combined with others.")
@click.option("--solver", default="auto", show_default=True, help="As for solve.")
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    help="Seconds for each scenario.",
)
@click.option("--gap", type=click.FloatRange(min=0), default=0.0, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True)
@click.option(
    "--reproducible/--by-clock",
    default=True,
    show_default=True,
    help="Limit work by counts, so that results do not depend on the machine's load.",
)
@click.option("--memory", type=click.FloatRange(min=0.1), help="GB for each scenario.")
def batch(
    scenarios: tuple[str, ...],
    folder: Path,
    jobs: int | None,
    scheduler: str | None,
    grid: tuple[str, ...],
    solver: str,
    time_limit: float,
    gap: float,
    seed: int,
    reproducible: bool,
    memory: float | None,
) -> int:
    """Solve many SCENARIOS (paths or globs), each in a process of its own.

    The same command continues a batch that was stopped; what is finished and
    unchanged is not solved again. One bad scenario does not stop the others.
    """
    from talentopt.batch.cluster import ClusterWorkers
    from talentopt.batch.jobs import BatchError, Settings, make_jobs
    from talentopt.batch.run import LocalWorkers, run_batch
    from talentopt.pipeline import usable_cores

    settings = Settings(solver, time_limit, gap, seed, reproducible, memory or float("inf"))
    workers = ClusterWorkers(scheduler) if scheduler else LocalWorkers(jobs or usable_cores())
    try:
        records = run_batch(make_jobs(scenarios, grid), settings, folder, workers, _tell)
    except BatchError as error:
        raise click.ClickException(str(error)) from error
    solved = sum(record.outcome == "solved" for record in records)
    click.echo(f"{solved} of {len(records)} solved; summary: {folder / 'summary.html'}")
    return 0 if solved == len(records) else FAILED


def _tell(record: Record, finished: int, total: int) -> None:
    result: str = record.outcome
    if record.objective is not None:
        result += f" {record.objective:.2f}"
    if record.gap is not None:
        result += f", gap {record.gap:.3%}"
    if record.message:
        result += f": {record.message.splitlines()[0]}"
    click.echo(f"[{finished}/{total}] {record.name}: {result} ({record.seconds:.1f} s)")
