"""The next cycle: ``reassign``."""

from __future__ import annotations

from pathlib import Path

import click

from talentopt.solve.registry import SOLVERS


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option(
    "--previous",
    required=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The plan in force.",
)
@click.option("--at", required=True, help="First period that may still change.")
@click.option(
    "--publish-until",
    help="Bookings of the plan in force from this period on are drafts, free to move.",
)
@click.option(
    "--cap",
    "caps",
    multiple=True,
    metavar="WHAT=SHARE",
    help="Most that may change, such as placements=5%; WHAT: pairs, placements, a matching, "
    "a stage.",
)
@click.option(
    "--set",
    "overrides",
    multiple=True,
    help="PATH=VALUE: another value for a number of the model, a setting or a cell.",
)
@click.option(
    "-o", "--output", "folder", required=True, type=click.Path(path_type=Path), help="Plan folder."
)
@click.option("--solver", type=click.Choice(list(SOLVERS)), default="auto", show_default=True)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    help="Seconds.",
)
@click.option("--gap", type=click.FloatRange(min=0), default=0.0, show_default=True)
@click.option("--workers", type=click.IntRange(min=1), help="Threads; all cores by default.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True)
@click.option("--reproducible", is_flag=True, help="The same seed gives the same plan.")
@click.option("--report", is_flag=True, help="Also write report, workbook and personal plans.")
@click.option("--force", is_flag=True, help="Replace the plan that is there.")
def reassign(
    scenario: Path,
    previous: Path,
    at: str,
    publish_until: str | None,
    caps: tuple[str, ...],
    overrides: tuple[str, ...],
    folder: Path,
    solver: str,
    time_limit: float,
    gap: float,
    workers: int | None,
    seed: int,
    reproducible: bool,
    report: bool,
    force: bool,
) -> int:
    """Plan the next cycle of SCENARIO from the plan in force.

    What began before --at is kept exactly; everything else may change at the
    model's `stability` prices and within its caps; drafts are free to move.
    changes.csv lists every change with its reason and price.
    """
    from talentopt.cli.overrides import cap_overrides, parse_overrides
    from talentopt.cli.work import Job, limits_of, run_job

    reading = {
        "previous": previous,
        "at": at,
        "publish_until": publish_until,
        "overrides": parse_overrides(overrides) | cap_overrides(caps),
    }
    job = Job(scenario, folder, solver, previous, report, force, None, reading)
    return run_job(job, limits_of(time_limit, gap, workers, seed, reproducible))
