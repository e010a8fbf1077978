"""What one does with a plan: ``audit``, ``compare`` and ``report``."""

from __future__ import annotations

from pathlib import Path

import click

from talentopt.cli.exits import FAILED


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--most", type=click.IntRange(min=1), default=100, help="Most lines per heading.")
def audit(scenario: Path, plan: Path, most: int) -> int:
    """Recompute every rule and every point of PLAN from the files alone."""
    from talentopt.audit.check import audit as check
    from talentopt.audit.text import write_verdict
    from talentopt.read.reader import read

    verdict = check(read(scenario), plan)
    click.echo(write_verdict(verdict, most), nl=False)
    return 0 if verdict.ok else FAILED
