"""Reading a scenario as it was read for a plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from talentopt.read.scenario import Scenario

PREVIOUS = click.option(
    "--previous", type=click.Path(path_type=Path), help="The plan that PLAN replaced (reassign)."
)
AT = click.option("--at", help="First period that could still change, with --previous.")
PUBLISHED = click.option(
    "--publish-until", help="First period of the previous plan's drafts, with --previous."
)
SET = click.option("--set", "overrides", multiple=True, help="PATH=VALUE, as given when solving.")


def as_solved(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of reading; what is not given is as PLAN was made."""
    for option in (SET, PUBLISHED, AT, PREVIOUS):
        command = option(command)
    return command


def reading(plan: Path | None, given: dict[str, Any]) -> dict[str, Any]:
    """Keyword arguments of `talentopt.read.reader.read` for questions about a plan.

    Parameters
    ----------
    plan : Path or None
        What its ``plan.json`` records holds unless something else is given.
    given : dict
        Values of the options of `as_solved`.
    """
    from talentopt.cli.overrides import parse_overrides
    from talentopt.plan.made import reading_of

    kept = {} if plan is None else reading_of(plan)
    more: Sequence[str] = given.pop("overrides", ())
    overrides = {**kept.get("overrides", {}), **parse_overrides(more)}
    named = {name: value for name, value in given.items() if value is not None}
    return {**kept, **named, "overrides": overrides}


def read_as_solved(scenario: Path, plan: Path, given: dict[str, Any]) -> Scenario:
    """Read a scenario for questions about a plan."""
    from talentopt.read.reader import read

    return read(scenario, **reading(plan, given))
