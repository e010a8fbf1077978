"""Answers about a plan: ``explain``, ``whatif`` and ``alternatives``."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from talentopt.cli.exits import FAILED
from talentopt.cli.reading import AT, PREVIOUS, PUBLISHED, as_solved, read_as_solved, reading
from talentopt.cli.shares import WITHIN

FILE = click.Path(path_type=Path, dir_okay=False)
SECONDS = click.FloatRange(min=0, min_open=True)


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.argument("plan", required=False, type=click.Path(path_type=Path))
@click.option("--person", metavar="ID", help="Their plan, points and every alternative.")
@click.option(
    "--why-not",
    nargs=2,
    metavar="PERSON OPTION",
    help="Why PERSON has not OPTION: a placement (R01 or R01@2026-09) or a mentor "
    "(M07 or technical/M07).",
)
@click.option("--shortages", is_flag=True, help="What binds, and what would cure it.")
@click.option("--worth", is_flag=True, help="What one more seat, place or coin is worth.")
@click.option("--private", is_flag=True, help="Say nothing of other people.")
@click.option("--json", "as_json", type=FILE, help="Also write the whole answer there.")
@click.option("--csv", "as_csv", type=FILE, help="Also write the tables there.")
@click.option("--time-limit", type=SECONDS, default=9.0, show_default=True, help="Seconds.")
@click.option("--workers", type=click.IntRange(min=1), help="Threads; all cores by default.")
@as_solved
def explain(
    scenario: Path,
    plan: Path | None,
    person: str | None,
    why_not: tuple[str, str] | None,
    shortages: bool,
    worth: bool,
    private: bool,
    as_json: Path | None,
    as_csv: Path | None,
    time_limit: float,
    workers: int | None,
    **given: Any,
) -> int:
    """Say why PLAN is as it is, in points, by re-solving.

    Without an option, contradictions of fixed entries and hard limits, and shortages are
    explained; without PLAN, contradictions only. SCENARIO is read as it was for PLAN (previous
    plan, period, changed values), unless other options are given.
    """
    if private and (shortages or worth or not (person or why_not)):
        raise click.UsageError("--private goes with --person or --why-not")
    if plan is None and (person or why_not or shortages or worth):
        raise click.UsageError("name the PLAN that this is about")
    begun = time.monotonic()
    from talentopt.explain.answer import to_text, write_answer
    from talentopt.explain.asking import Question, answer, explain_contradictions
    from talentopt.explain.wanted import Unknown
    from talentopt.insight.standing import BrokenPlan
    from talentopt.read.reader import read

    bare = not (person or why_not or shortages or worth)
    loaded = read(scenario, **reading(plan, given))
    question = Question(person, why_not, bare, shortages or bare, worth, private)
    try:
        if plan is None:
            sections = [explain_contradictions(loaded)]
        else:
            sections = answer(loaded, plan, question, begun + time_limit, workers)
    except Unknown as error:
        raise click.UsageError(str(error)) from None
    except BrokenPlan as error:
        click.echo(str(error), err=True)
        return FAILED
    write_answer(sections, as_json, as_csv)
    click.echo(to_text(sections), nl=False)
    found = any(each.name == "contradictions" and each.facts["count"] for each in sections)
    return FAILED if found else 0


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--count", type=click.IntRange(min=1), default=3, show_default=True)
@WITHIN
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path),
    help="Instead of PLAN/alternatives.",
)
@click.option("--time-limit", type=SECONDS, default=60.0, show_default=True, help="Seconds.")
@click.option("--workers", type=click.IntRange(min=1), help="Threads; all cores by default.")
@as_solved
def alternatives(
    scenario: Path,
    plan: Path,
    count: int,
    within: float,
    folder: Path | None,
    time_limit: float,
    workers: int | None,
    **given: Any,
) -> None:
    """Find plans as different from PLAN as possible at nearly its value.

    They are written to PLAN/alternatives/1, 2, ... `compare` shows where they differ.
    """
    from talentopt.explain.variants import write_variants
    from talentopt.pipeline import usable_cores
    from talentopt.solve.control import Limits

    limits = Limits(seconds=time_limit, workers=workers or usable_cores())
    target = folder or plan / "alternatives"
    loaded = read_as_solved(scenario, plan, given)
    for line in write_variants(loaded, plan, target, count, within, limits):
        click.echo(line)


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--set", "values", multiple=True, metavar="PATH=VALUE", help="placements.R1.seats=3")
@click.option("--add", "added", multiple=True, metavar="TABLE:COL=VAL,...", help="Add a row.")
@click.option("--remove", "removed", multiple=True, metavar="TABLE:ID", help="Remove a row.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder of the new plan.")
@click.option("--json", "as_json", type=FILE, help="Also write the whole answer there.")
@click.option("--csv", "as_csv", type=FILE, help="Also write the tables there.")
@click.option("--time-limit", type=SECONDS, default=6.0, show_default=True, help="Seconds.")
@click.option("--workers", type=click.IntRange(min=1), help="Threads; all cores by default.")
@PREVIOUS
@AT
@PUBLISHED
def whatif(
    scenario: Path,
    plan: Path,
    values: tuple[str, ...],
    added: tuple[str, ...],
    removed: tuple[str, ...],
    output: Path | None,
    as_json: Path | None,
    as_csv: Path | None,
    time_limit: float,
    workers: int | None,
    **given: Any,
) -> None:
    """Tell the difference that a change of SCENARIO makes, starting from PLAN.

    SCENARIO is read as it was for PLAN before the change.
    """
    if not (values or added or removed):
        raise click.UsageError("name a change: --set, --add or --remove")
    from talentopt.explain.answer import to_text, write_answer
    from talentopt.explain.whatif import Change, what_if
    from talentopt.pipeline import usable_cores
    from talentopt.solve.control import Limits

    overrides = dict(_halves(text, "=", "--set PATH=VALUE") for text in values)
    rows = []
    for text in added:
        table, cells = _halves(text, ":", "--add TABLE:COL=VAL,...")
        pairs = [_halves(cell, "=", "--add TABLE:COL=VAL,...") for cell in cells.split(",")]
        rows.append((table, dict(pairs)))
    gone = [_halves(text, ":", "--remove TABLE:ID") for text in removed]
    limits = Limits(seconds=time_limit, workers=workers or usable_cores())
    change = Change(overrides, rows, gone)
    sections = what_if(scenario, plan, change, limits, output, reading(plan, given))
    write_answer(sections, as_json, as_csv)
    click.echo(to_text(sections), nl=False)


def _halves(text: str, mark: str, form: str) -> tuple[str, str]:
    first, found, second = text.partition(mark)
    if not found or not first:
        raise click.UsageError(f"{text!r}: write {form}")
    return first, second
