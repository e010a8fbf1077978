"""Alternatives to a plan, written beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talentopt.explain.asking import take_plan
from talentopt.explain.different import find_different
from talentopt.pipeline import prepare
from talentopt.plan.files import read_plan, refuse_occupied, write_plan
from talentopt.plan.interpret import interpret
from talentopt.read.reader import read
from talentopt.solve.control import Control, Limits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def write_variants(
    scenario: Path, plan: Path, folder: Path, count: int, within: float, limits: Limits
) -> Iterator[str]:
    """Find plans far from each other at nearly the same value and write each to a folder.

    Parameters
    ----------
    scenario, plan : Path
    folder : Path
        Gets one folder per plan: 1, 2, ...
    count : int
    within : float
        Share of the plan's value that may be lost.
    limits : Limits
        `seconds` are for all of them together.

    Yields
    ------
    str
        A line about each.
    """
    loaded, tables = read(scenario), read_plan(plan)
    compiled = prepare(loaded)
    standing = take_plan(loaded, tables, compiled)
    value = standing.evaluation.value
    least = value - within * abs(value)
    known = [standing.assignment]
    for number in range(1, count + 1):
        target = folder / str(number)
        refuse_occupied(target, force=False)
        found = find_different(
            compiled.problem, known, least, limits.seconds / count, limits.workers
        )
        if found is None:
            yield f"{number}: no further plan was found within {within:.3%} of the value"
            return
        known.append(found.assignment)
        control = Control(compiled.problem, limits, None, found.assignment)
        if tables.summary.get("bound") is not None:
            control.tighten(max(float(tables.summary["bound"]), found.value))
        write_plan(interpret(compiled, loaded, control, "alternatives"), target)
        proof = " (proven to be farthest)" if found.farthest else ""
        yield (
            f"{number}: {found.value:,.2f} points, {found.value - value:+,.2f}; "
            f"{found.distance} pairs and bookings differ from the nearest plan before"
            f"{proof}; {target}"
        )
