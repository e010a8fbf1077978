"""The main job: ``solve``."""

from __future__ import annotations

from pathlib import Path

import click

from talentopt.cli.language import LANGUAGE
from talentopt.cli.shares import WITHIN
from talentopt.cli.solver_name import METAVAR, check_solver


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", "folder", required=True, type=click.Path(path_type=Path), help="Plan folder."
)
@click.option(
    "--solver",
    default="auto",
    show_default=True,
    metavar=METAVAR,
    callback=check_solver,
    help="Method; NAME is a solver that PuLP finds.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    help="Seconds.",
)
@click.option(
    "--gap",
    type=click.FloatRange(min=0),
    default=0.0,
    show_default=True,
    help="Stop when the plan is proven this close to the best, such as 0.001.",
)
@click.option("--workers", type=click.IntRange(min=1), help="Threads; all cores by default.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True)
@click.option(
    "--reproducible", is_flag=True, help="The same seed gives the same plan, byte for byte."
)
@click.option(
    "--warm", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Start from it."
)
@click.option(
    "--set",
    "overrides",
    multiple=True,
    help="PATH=VALUE: another value for a number of the model, a setting or a cell.",
)
@click.option("--report", is_flag=True, help="Also write report, workbook and personal plans.")
@LANGUAGE
@click.option(
    "--accept-edits",
    "edits",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A plan.xlsx whose changed cells become fixed (or, where emptied, forbidden) entries.",
)
@click.option(
    "--alternatives",
    type=click.IntRange(min=0),
    default=0,
    metavar="K",
    help="Also write K plans as different as possible, into PLAN/alternatives.",
)
@WITHIN
@click.option("--force", is_flag=True, help="Replace the plan that is there.")
@click.option(
    "--export",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write the whole model as FILE.lp or FILE.mps.",
)
def solve(
    scenario: Path,
    folder: Path,
    solver: str,
    time_limit: float,
    gap: float,
    workers: int | None,
    seed: int,
    reproducible: bool,
    warm: Path | None,
    overrides: tuple[str, ...],
    report: bool,
    language: str,
    edits: Path | None,
    alternatives: int,
    within: float,
    force: bool,
    export: Path | None,
) -> int:
    """Find the best plan for SCENARIO.

    Ctrl-C stops the search and writes the best plan so far; a second one
    leaves at once.
    """
    if export is not None and export.suffix not in (".lp", ".mps"):
        raise click.UsageError(f"{export}: the file name must end in .lp or .mps")
    from talentopt.cli.overrides import parse_overrides
    from talentopt.cli.work import Job, limits_of, run_job

    reading = {"overrides": parse_overrides(overrides)}
    others = (alternatives, within)
    job = Job(
        scenario, folder, solver, warm, report, force, export, reading, language, edits, others
    )
    return run_job(job, limits_of(time_limit, gap, workers, seed, reproducible))
