"""The store of published plans: ``publish``, ``history``, ``show`` and ``diff``."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talentopt.store.store import PlanStore, Publication

STORE = click.option(
    "--store",
    "address",
    envvar="TALENTOPT_STORE",
    default="talentopt-plans.sqlite",
    show_default=True,
    help="SQLite file, or postgresql://… (also from TALENTOPT_STORE).",
)
PROGRAMME = click.option(
    "--programme", default="programme", show_default=True, help="Whose history."
)


@click.command()
@click.argument("plan", type=click.Path(path_type=Path, exists=True, file_okay=False))
@STORE
@PROGRAMME
@click.option("--by", default="", help="Who publishes; default the user's name.")
@click.option("--note", default="", help="A line for the history.")
@click.option("--after", type=click.IntRange(min=0), help="Latest cycle you have seen.")
def publish(
    plan: Path, address: str, programme: str, by: str, note: str, after: int | None
) -> None:
    """Publish PLAN as the programme's next cycle.

    When somebody else published since the cycle named with --after, nothing
    is published and you are told by whom.
    """
    with _store(address) as store:
        publication = store.publish(plan, programme, by=by, note=note, after=after)
    click.echo(f"published as cycle {publication.cycle} of {programme!r}")


@click.command()
@STORE
@click.option("--programme", help="One programme only.")
def history(address: str, programme: str | None) -> None:
    """List the published plans."""
    with _store(address) as store:
        published = store.history(programme)
    if not published:
        click.echo("nothing is published yet")
    for publication in published:
        click.echo(_line(publication))


@click.command()
@click.argument("cycle", type=click.IntRange(min=1))
@STORE
@PROGRAMME
@click.option(
    "-o", "--output", "folder", type=click.Path(path_type=Path), help="Write the plan there."
)
def show(cycle: int, address: str, programme: str, folder: Path | None) -> None:
    """Show one published CYCLE; with -o, write its plan folder again."""
    with _store(address) as store:
        click.echo(_line(store.show(programme, cycle)))
        if folder is not None:
            click.echo(f"plan written to {store.restore(programme, cycle, folder)}")


@click.command()
@click.argument("before")
@click.argument("after")
@STORE
@PROGRAMME
def diff(before: str, after: str, address: str, programme: str) -> None:
    """Show what changed from BEFORE to AFTER: cycles of the store, or plan folders."""
    from talentopt.store.diff import describe, difference

    with tempfile.TemporaryDirectory() as draft, _store(address) as store:
        folders = [
            _folder(text, store, programme, Path(draft) / str(i))
            for i, text in enumerate((before, after))
        ]
        click.echo(describe(difference(*folders)), nl=False)


def _folder(text: str, store: PlanStore, programme: str, draft: Path) -> Path:
    """Find a plan folder, or write the published cycle of that number."""
    if Path(text).is_dir():
        return Path(text)
    if not text.isdecimal():
        raise click.BadParameter(f"{text!r} is neither a plan folder nor a cycle's number")
    return store.restore(programme, int(text), draft)


@contextmanager
def _store(address: str) -> Iterator[PlanStore]:
    from talentopt.store.store import PlanStore, StoreError

    try:
        store = PlanStore(address)
        try:
            yield store
        finally:
            store.close()
    except StoreError as error:
        raise click.ClickException(str(error)) from error


def _line(publication: Publication) -> str:
    value = "" if publication.objective is None else f"{publication.objective:.2f} points"
    who = f" by {publication.published_by}" if publication.published_by else ""
    note = f": {publication.note}" if publication.note else ""
    return (
        f"{publication.programme} cycle {publication.cycle}, "
        f"{publication.published_at:%Y-%m-%d %H:%M} UTC{who}, "
        f"{value} ({publication.status}){note}"
    )
