"""What a plan means: reserves, fairness, blocking pairs, the ledger, coverage, goals."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from talentopt.cli.reading import read_as_solved

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from talentopt.insight.standing import Standing

SCENARIO = click.argument("scenario", type=click.Path(path_type=Path))
PLAN = click.argument("plan", type=click.Path(path_type=Path))
CSV = click.option(
    "--csv",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write the whole table there.",
)
MATCHING = click.option(
    "--matching", "matchings", multiple=True, help="This one only; repeatable."
)


@click.command()
@SCENARIO
@PLAN
@MATCHING
@click.option(
    "--most",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="Most reserves of one provider.",
)
@CSV
def reserve(
    scenario: Path, plan: Path, matchings: tuple[str, ...], most: int, file: Path | None
) -> None:
    """List who is next at every provider that is full, and by how many points.

    `change` is what the plan would gain if the provider had one more place
    and this seeker got it, everybody else staying where they are.
    """
    from talentopt.insight.reserve import reserve_lists

    standing = _standing(scenario, plan, matchings)
    table = reserve_lists(standing, matchings, most)
    if len(table) == 0:
        click.echo("no provider is full, or nobody is waiting for one that is")
    _show(table, file)


@click.command()
@SCENARIO
@PLAN
@CSV
def fairness(scenario: Path, plan: Path, file: Path | None) -> None:
    """Tell who is worst off, and which of their wishes people got, also by group.

    With --csv, the table of wishes is written.
    """
    from talentopt.insight.fairness import ranks, totals, worst_off
    from talentopt.insight.text import as_text

    standing = _standing(scenario, plan)
    worst = worst_off(standing)
    if worst is not None:
        click.echo(
            f"worst off: {worst.person} with {worst.total:,.2f} points (the next: "
            f"{worst.next_total:,.2f}); the worst-off term is {worst.weight:g} times that, "
            f"{worst.term:,.2f}\n\ntotals of people\n{as_text(totals(standing))}"
        )
    table = ranks(standing)
    click.echo("wishes obtained" if len(table) else "nobody has wishes that are possible")
    _show(table, file)


@click.command()
@SCENARIO
@PLAN
@MATCHING
@click.option(
    "--most", type=click.IntRange(min=1), default=20, show_default=True, help="Most lines."
)
@CSV
def blocking(
    scenario: Path, plan: Path, matchings: tuple[str, ...], most: int, file: Path | None
) -> None:
    """List the pairs who would both rather have each other, and what that would cost.

    `change` is the change of the plan's value if they were paired, the seeker
    left what it `leaves` and the provider those whom it `displaces`.
    """
    from talentopt.insight.blocking import blocking_pairs, by_price

    standing = _standing(scenario, plan, matchings)
    table = blocking_pairs(standing, matchings)
    for name in matchings or standing.index.matchings:
        mine = table[table["matching"] == name]
        forbidden = int((mine["breaks"] != "").sum())
        also = f", and {forbidden} that a hard rule forbids all the same" if forbidden else ""
        click.echo(f"{name}: {len(mine) - forbidden} blocking pairs{also}")
    _show(by_price(table), file, most)


@click.command()
@SCENARIO
@PLAN
@click.option(
    "--participants",
    "participants",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write the participants table with a column `credit` there, for the next cycle.",
)
def ledger(scenario: Path, plan: Path, participants: Path | None) -> None:
    """Write ledger.csv into PLAN: what people's wishes came to, and their credit.

    Credits average about 1; who got less of their wishes than others has more.
    A model weighs them with `{column: credit, default: 1}`.
    """
    from talentopt.insight.ledger import (
        FILE,
        credits,
        ledger,
        previous_ledger,
        with_credits,
        write_ledger,
    )
    from talentopt.plan.files import write_csv
    from talentopt.read.errors import Findings
    from talentopt.read.opening import open_source

    standing = _standing(scenario, plan)
    kept = ledger(standing, previous_ledger(standing.scenario))
    write_ledger(kept, plan)
    click.echo(f"{len(credits(kept))} people, {len(kept)} rows: {plan / FILE}")
    if participants is not None:
        cells = open_source(scenario, Findings()).tables["participants"].cells
        write_csv(with_credits(cells, kept), participants)
        click.echo(f"participants with their credit: {participants}")


@click.command()
@SCENARIO
@PLAN
@CSV
def coverage(scenario: Path, plan: Path, file: Path | None) -> None:
    """Hold every quota against PLAN: people developed per link of the chain, and by when."""
    from talentopt.insight.chain import coverage as cover
    from talentopt.plan.files import read_plan

    _show(cover(read_as_solved(scenario, plan, {}), read_plan(plan)), file)


@click.command()
@SCENARIO
@PLAN
@click.option("--person", help="Of this participant only.")
@click.option(
    "--most", type=click.IntRange(min=1), default=20, show_default=True, help="Most lines."
)
@CSV
def goals(scenario: Path, plan: Path, person: str | None, most: int, file: Path | None) -> None:
    """List people's skill goals, what in PLAN contributes to each, and what stays open."""
    from talentopt.insight.development import development
    from talentopt.plan.files import read_plan

    loaded = read_as_solved(scenario, plan, {})
    if person is not None and person not in set(loaded.tables["participants"]["id"]):
        raise click.UsageError(f"there is no participant {person!r}")
    table = development(loaded, read_plan(plan))
    if person is not None:
        table = table[table["participant"] == person].reset_index(drop=True)
    if len(table) == 0:
        click.echo("no skill target is above its level")
    _show(table, file, most)


def _standing(scenario: Path, plan: Path, matchings: Sequence[str] = ()) -> Standing:
    """Read a plan that keeps every hard rule, and make sure that the matchings exist."""
    from talentopt.insight.standing import BrokenPlan, Standing
    from talentopt.plan.files import read_plan

    try:
        standing = Standing.of(read_as_solved(scenario, plan, {}), read_plan(plan))
    except BrokenPlan as error:
        raise click.ClickException(str(error)) from None
    for name in matchings:
        if name not in standing.index.matchings:
            known = ", ".join(standing.index.matchings)
            raise click.UsageError(f"the model has no matching {name!r}; it has {known}")
    return standing


def _show(table: pd.DataFrame, file: Path | None, most: int | None = None) -> None:
    from talentopt.insight.text import as_text
    from talentopt.plan.files import write_csv

    if len(table):
        click.echo(as_text(table, most), nl=False)
    if file is not None:
        write_csv(table, file)
        click.echo(f"written: {file}")
