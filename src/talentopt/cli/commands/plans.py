"""What one does with a plan: ``audit``, ``compare`` and ``report``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from talentopt.cli.exits import FAILED
from talentopt.cli.language import LANGUAGE
from talentopt.cli.reading import AT, PREVIOUS, PUBLISHED, SET, as_solved, read_as_solved, reading


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--most", type=click.IntRange(min=1), default=100, help="Most lines per heading.")
@PREVIOUS
@AT
@PUBLISHED
@SET
def audit(
    scenario: Path,
    plan: Path,
    most: int,
    previous: Path | None,
    at: str | None,
    publish_until: str | None,
    overrides: tuple[str, ...],
) -> int:
    """Recompute every rule and every point of PLAN from the files alone."""
    from talentopt.audit.check import audit as check
    from talentopt.audit.text import write_verdict
    from talentopt.cli.overrides import parse_overrides
    from talentopt.read.reader import read

    changed = parse_overrides(overrides)
    read_scenario = read(
        scenario, previous=previous, at=at, publish_until=publish_until, overrides=changed
    )
    verdict = check(read_scenario, plan)
    click.echo(write_verdict(verdict, most), nl=False)
    return 0 if verdict.ok else FAILED


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.argument("plan", type=click.Path(path_type=Path))
@as_solved
@LANGUAGE
@click.option("--pdf", is_flag=True, help="Also everybody's development plan in people.pdf.")
@click.option("--pdf-each", is_flag=True, help="Also people/ID.pdf for every person.")
def report(
    scenario: Path, plan: Path, language: str, pdf: bool, pdf_each: bool, **given: Any
) -> None:
    """Write report.html, plan.xlsx and a page per person into PLAN."""
    from talentopt.plan.files import read_plan
    from talentopt.report.pdf import MissingLibrary
    from talentopt.report.write import Edition, refresh_reports

    loaded = read_as_solved(scenario, plan, given)
    try:
        refresh_reports(read_plan(plan), loaded, plan, Edition(language, pdf, pdf_each))
    except MissingLibrary as error:
        raise click.UsageError(str(error)) from None
    click.echo(f"report: {plan / 'report.html'}")


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.argument("plans", nargs=-1, required=True, type=click.Path(path_type=Path))
@as_solved
def compare(scenario: Path, plans: tuple[Path, ...], **given: Any) -> None:
    """Set PLANS side by side: value, shortages, and what differs from the first.

    Unless options are given, all are measured by SCENARIO as it is.
    """
    from talentopt.plan.files import read_plan
    from talentopt.read.reader import read
    from talentopt.report.comparison import compare_plans

    loaded = read(scenario, **reading(None, given))
    read_plans = {path: read_plan(path) for path in plans}
    click.echo(compare_plans(loaded, read_plans), nl=False)
