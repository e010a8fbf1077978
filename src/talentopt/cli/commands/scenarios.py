"""What one does with a scenario: ``new``, ``generate``, ``check`` and ``schema``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from talentopt.cli.exits import FAILED


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--xlsx", is_flag=True, help="One workbook instead of a folder.")
def new(folder: Path, xlsx: bool) -> None:
    """Write a small valid scenario to fill in."""
    from talentopt.generate import new as write_new

    try:
        written = write_new(folder, xlsx=xlsx)
    except FileExistsError as error:
        raise click.UsageError(str(error)) from None
    click.echo(f"scenario: {written}")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--participants", type=click.IntRange(min=1), required=True, help="How many people.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option(
    "--tightness",
    type=click.FloatRange(min=0, min_open=True),
    default=0.87,
    show_default=True,
    help="Placements needed over those that fit the seats; above 1 some must be missing.",
)
@click.option("--periods", type=click.IntRange(min=1), default=24, show_default=True)
@click.option("--model", default="one-five-n", show_default=True, help="A shipped model.")
@click.option("--start", default="2026-07", show_default=True, help="First period.")
@click.option("--mentors", type=click.IntRange(min=1), help="As many as people by default.")
@click.option("--placements", type=click.IntRange(min=1), help="About a sixth of the people.")
def generate(folder: Path, **options: Any) -> None:
    """Write a realistic synthetic scenario; the same options give the same files."""
    from talentopt.generate import generate as write_generated

    try:
        written = write_generated(folder, **options)
    except (FileExistsError, ValueError) as error:
        raise click.UsageError(str(error)) from None
    click.echo(f"scenario: {written}")


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
def check(scenario: Path) -> int:
    """Tell everything that is wrong with SCENARIO, and forecast where demand exceeds supply."""
    from dataclasses import replace

    from talentopt.compile.compiler import compile_scenario
    from talentopt.pipeline import NOT_KNOWN, contradictions
    from talentopt.read.reader import read
    from talentopt.report.forecast import forecast

    read_scenario = read(scenario)
    possible = replace(read_scenario, model=read_scenario.model.without_points())
    compiled = compile_scenario(possible)
    found = compiled.conflicts or contradictions(compiled, read_scenario)
    conflicts = found or ()
    for conflict in conflicts:
        click.echo(f"{conflict.source}: {conflict.message}", err=True)
    if not conflicts:
        click.echo(f"{read_scenario.name}: no errors")
    for note in read_scenario.notes:
        click.echo(f"note: {note}")
    if found is None:
        click.echo(f"note: it is {NOT_KNOWN}; `talentopt solve` shows it")
    if conflicts:
        return FAILED
    for balance in forecast(compiled, read_scenario):
        click.echo(f"  {balance}")
    return 0


@click.command()
@click.argument("part", type=click.Choice(["scenario", "model"]), required=False)
def schema(part: str | None) -> None:
    """Print the JSON Schema of scenario.yaml, or of models, for editors.

    Without PART it is one schema that takes either.
    """
    import json

    from talentopt.read.schema import model_schema, scenario_schema

    schemas = {"scenario": scenario_schema(), "model": model_schema()}
    content = schemas[part] if part else _either(schemas)
    click.echo(json.dumps(content, indent=2, ensure_ascii=False))


def _either(schemas: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Join schemas into one that takes any of them; each keeps its own references."""
    ids = {name: f"urn:talentopt:{name}" for name in schemas}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "anyOf": [{"$ref": each} for each in ids.values()],
        "$defs": {name: {"$id": ids[name], **schema} for name, schema in schemas.items()},
    }
