"""Alternatives to a plan, written beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from talentopt.explain.asking import take_plan
from talentopt.explain.different import find_different
from talentopt.pipeline import prepare
from talentopt.plan.files import read_plan, refuse_occupied, write_plan
from talentopt.plan.interpret import interpret
from talentopt.problem.evaluate import evaluate
from talentopt.solve.control import Control

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from talentopt.compile.compiler import Compiled
    from talentopt.plan.plan import Plan
    from talentopt.problem import Assignment
    from talentopt.read.scenario import Scenario
    from talentopt.solve.control import Limits


@dataclass(frozen=True, slots=True)
class Wish:
    """How many plans are wanted, how near in value, and how long to search.

    Attributes
    ----------
    count : int
    within : float
        Share of the plan's value that may be lost.
    limits : Limits
        `seconds` are for all of them together.
    """

    count: int
    within: float
    limits: Limits


def write_variants(
    scenario: Scenario, plan: Path, folder: Path, count: int, within: float, limits: Limits
) -> Iterator[str]:
    """Find plans far from each other at nearly the same value and write each to a folder.

    Parameters
    ----------
    scenario : Scenario
    plan : Path
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
    tables = read_plan(plan)
    compiled = prepare(scenario)
    standing = take_plan(scenario, tables, compiled)
    wish = Wish(count, within, limits)
    yield from variants(scenario, compiled, standing.assignment, _bound(tables), folder, wish)


def variants(
    scenario: Scenario,
    compiled: Compiled,
    assignment: Assignment,
    bound: float,
    folder: Path,
    wish: Wish,
) -> Iterator[str]:
    """Do the same for a plan in hand, of which `bound` is known."""
    value = evaluate(compiled.problem, assignment).value
    least = value - wish.within * abs(value)
    known = [assignment]
    for number in range(1, wish.count + 1):
        target = folder / str(number)
        refuse_occupied(target, force=False)
        seconds, workers = wish.limits.seconds / wish.count, wish.limits.workers
        found = find_different(compiled.problem, known, least, seconds, workers)
        if found is None:
            yield f"{number}: no further plan was found within {wish.within:.3%} of the value"
            return
        known.append(found.assignment)
        control = Control(compiled.problem, wish.limits, None, found.assignment)
        control.tighten(max(bound, found.value))
        write_plan(interpret(compiled, scenario, control, "alternatives"), target)
        proof = " (proven to be farthest)" if found.farthest else ""
        yield (
            f"{number}: {found.value:,.2f} points, {found.value - value:+,.2f}; "
            f"{found.distance} pairs and bookings differ from the nearest plan before"
            f"{proof}; {target}"
        )


def _bound(plan: Plan) -> float:
    bound = plan.summary.get("bound")
    return math.inf if bound is None else float(bound)
