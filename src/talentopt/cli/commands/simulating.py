"""Time passes: ``simulate``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from talentopt.cli.exits import FAILED
from talentopt.cli.solver_name import METAVAR, check_solver

if TYPE_CHECKING:
    from talentopt.cycle.events import Rates
    from talentopt.cycle.figures import Figures
    from talentopt.cycle.simulate import Policy

WHAT_HAPPENS = ("join", "leave", "ill", "mentor", "slip", "withdraw")


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--cycles", type=click.IntRange(min=1), required=True, help="Plans to make.")
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("simulation"),
    show_default=True,
    help="New folder for figures, events, scenarios and plans.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**31 - 1),
    default=0,
    show_default=True,
    help="Of the events.",
)
@click.option("--every", type=click.IntRange(min=1), help="Periods; default the calendar's cycle.")
@click.option("--set", "overrides", multiple=True, help="PATH=VALUE, under every policy.")
@click.option(
    "--policy",
    "policies",
    multiple=True,
    metavar="NAME[:PATH=VALUE,…]",
    help="A way of re-planning to compare; publish=N publishes N periods of each plan.",
)
@click.option(
    "--rate",
    "rates",
    multiple=True,
    metavar="WHAT=SHARE",
    help=f"Expected share per cycle, WHAT: {', '.join(WHAT_HAPPENS)}.",
)
@click.option(
    "--solver", default="auto", show_default=True, metavar=METAVAR, callback=check_solver
)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    default=10.0,
    show_default=True,
    help="Seconds for each plan.",
)
@click.option("--workers", type=click.IntRange(min=1), help="Threads; all cores by default.")
@click.option(
    "--reproducible/--by-clock",
    default=True,
    show_default=True,
    help="Limit work by counts, so that the same seed gives the same figures.",
)
def simulate(
    scenario: Path,
    cycles: int,
    folder: Path,
    seed: int,
    every: int | None,
    overrides: tuple[str, ...],
    policies: tuple[str, ...],
    rates: tuple[str, ...],
    solver: str,
    time_limit: float,
    workers: int | None,
    reproducible: bool,
) -> int:
    """Let time pass over SCENARIO: people join, leave and fall ill, projects slip.

    Every cycle is re-planned from the last plan, under each policy, which all
    meet the same events. simulation.csv has the figures over time.
    """
    from talentopt.cli.overrides import parse_overrides
    from talentopt.cli.work import limits_of
    from talentopt.cycle.simulate import Setup
    from talentopt.cycle.simulate import simulate as run

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise click.UsageError(f"{folder} already exists; name another folder with -o")
    common = parse_overrides(overrides)
    setup = Setup(
        scenario,
        folder,
        cycles,
        every,
        seed,
        [_policy(text, common) for text in policies or ("plan",)],
        solver,
        limits_of(time_limit, 0.0, workers, 0, reproducible),
        _rates(rates),
    )
    if len({policy.name for policy in setup.policies}) < len(setup.policies):
        raise click.UsageError("two policies have the same name")
    _say_header()
    outcome = run(setup, _say)
    for name, reason in outcome.failed.items():
        click.echo(f"{name} had no plan any more in {reason}", err=True)
    click.echo(f"figures: {folder / 'simulation.csv'}; events: {folder / 'events.csv'}")
    return FAILED if outcome.failed else 0


def _policy(text: str, common: dict[str, str]) -> Policy:
    """Read ``NAME:PATH=VALUE,PATH=VALUE``."""
    from talentopt.cli.overrides import parse_overrides
    from talentopt.cycle.simulate import Policy

    name, _, rest = text.partition(":")
    if not re.fullmatch(r"[\w-]+", name):
        raise click.UsageError(f"--policy {text!r}: name it with letters, digits and hyphens")
    changes = common | parse_overrides(rest.split(",") if rest else ())
    publish = changes.pop("publish", None)
    if publish is not None and not publish.isdecimal():
        raise click.UsageError(f"--policy {name}: publish={publish} is no number of periods")
    return Policy(name, changes, None if publish is None else int(publish))


def _rates(texts: tuple[str, ...]) -> Rates:
    from talentopt.cycle.events import Rates

    given = {}
    for text in texts:
        what, _, share = text.partition("=")
        try:
            given[what] = float(share)
        except ValueError:
            given[what] = -1.0
        if what not in WHAT_HAPPENS or not 0 <= given[what] <= 1:
            raise click.UsageError(
                f"--rate takes WHAT=SHARE with a share from 0 to 1, not {text!r}; "
                f"WHAT is one of {', '.join(WHAT_HAPPENS)}"
            )
    return Rates(**given)


COLUMNS = (
    ("policy", 12, ""),
    ("cycle", 5, ""),
    ("at", 8, ""),
    ("people", 6, ""),
    ("value", 12, ",.2f"),
    ("kept_published", 9, ".1%"),
    ("kept_pairs", 7, ".1%"),
    ("changes", 7, ""),
    ("change_points", 8, ",.0f"),
    ("shortages", 6, ""),
    ("gaps_closed", 7, ".1%"),
    ("waiting", 7, ".2f"),
    ("rank", 6, ".2f"),
)
HEADERS = {
    "kept_published": "published",
    "kept_pairs": "pairs",
    "change_points": "paid",
    "shortages": "short",
    "gaps_closed": "gaps",
}


def _say_header() -> None:
    names = (f"{HEADERS.get(name, name):>{width}}" for name, width, _ in COLUMNS)
    click.echo("  ".join(names))


def _say(row: Figures) -> None:
    cells = []
    for name, width, form in COLUMNS:
        value = getattr(row, name)
        text = "-" if value is None else format(value, form)
        cells.append(f"{text:>{width}}")
    click.echo("  ".join(cells))
