"""From a question of the command line to its answer."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from talentopt.compile.compiler import compile_scenario
from talentopt.explain.answer import Section
from talentopt.insight.standing import BrokenPlan, Standing
from talentopt.pipeline import (
    NOT_KNOWN,
    Contradiction,
    contradictions,
    prepare,
    take_over_prices,
    usable_cores,
)
from talentopt.plan.files import read_plan
from talentopt.plan.warm import warm_start

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from talentopt.compile.compiler import Compiled
    from talentopt.compile.index import Conflict
    from talentopt.plan.plan import Plan
    from talentopt.read.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about a plan.

    Attributes
    ----------
    person : str or None
    why_not : (str, str) or None
        Person and option.
    contradictions, shortages, worth, private : bool
    """

    person: str | None
    why_not: tuple[str, str] | None
    contradictions: bool
    shortages: bool
    worth: bool
    private: bool


def take_plan(scenario: Scenario, plan: Plan, compiled: Compiled) -> Standing:
    """Find a plan's pairs and bookings in the compiled scenario.

    Raises
    ------
    BrokenPlan
        If one of them is not possible, or a hard rule is broken.
    """
    assignment = warm_start(compiled, scenario, plan.pairs, plan.placements)
    standing = Standing.holding(scenario, compiled, assignment)
    found = len(assignment.arcs), len(assignment.options)
    if found != (len(plan.pairs), len(plan.placements)) or standing.evaluation.violations:
        raise BrokenPlan(
            "the plan breaks hard rules of this scenario; `talentopt audit` names them"
        )
    return standing


SHARE = 0.5
"""Least part of the time that each answer has, even where preparing takes longer."""


def explain_contradictions(scenario: Scenario) -> Section:
    """Find the smallest set of fixed entries and hard limits that cannot all hold."""
    compiled = compile_scenario(scenario)
    return _contradictory(compiled.conflicts or contradictions(compiled, scenario))


def _contradictory(conflicts: Sequence[Conflict] | None) -> Section:
    line = "Fixed entries and hard limits do not contradict each other."
    if conflicts is None:
        line, conflicts = f"It is {NOT_KNOWN}.", ()
    if conflicts:
        line = "These cannot all hold; without any one of them the others can:"
    rows = [(conflict.source, conflict.message) for conflict in conflicts]
    table = pd.DataFrame(rows, columns=["source", "entry"])
    return Section("contradictions", (line,), {"count": len(rows)}, table)


def answer(
    scenario: Scenario, plan: Path, question: Question, until: float, workers: int | None
) -> list[Section]:
    """Answer a question.

    Parameters
    ----------
    scenario : Scenario
    plan : Path
    question : Question
    until : float
        Clock (`time.monotonic`) at which to stop.
    workers : int or None
        Threads; all cores by default.

    Raises
    ------
    InputErrors
        If the plan is invalid.
    Contradiction
        If fixed entries and hard limits contradict each other.
    BrokenPlan
        If the plan breaks a hard rule.
    Unknown
        If a person or option is not in the scenario.
    """
    least = SHARE * (until - time.monotonic())
    tables = read_plan(plan)
    try:
        compiled = prepare(scenario)
        standing = take_plan(scenario, tables, compiled)
    except Contradiction as found:
        if question.contradictions and found.conflicts:
            return [_contradictory(found.conflicts)]
        raise
    cores = workers or usable_cores()
    sections: list[Section] = []
    if question.contradictions:
        # The plan keeps them all, which shows that they can all hold.
        sections.append(_contradictory(()))
    # Each answer has libraries of its own, which take long to import.
    if question.person is not None:
        from talentopt.explain.person import explain_person

        sections += explain_person(
            standing, tables, question.person, _left(until, least), private=question.private
        )
    if question.why_not is not None:
        from talentopt.explain.whynot import why_not

        sections += why_not(
            standing,
            *question.why_not,
            _left(until, least),
            cores,
            bound=_known_bound(scenario, tables),
            prices=take_over_prices(compiled, scenario, plan),
            private=question.private,
        )
    if question.shortages:
        from talentopt.explain.shortfall import explain_shortages

        optimal = tables.summary.get("status") == "optimal"
        sections += explain_shortages(standing, _left(until, least), optimal=optimal)
    if question.worth:
        from talentopt.explain.worth import explain_worth

        prices = take_over_prices(compiled, scenario, plan)
        sections += explain_worth(standing, _left(until, least), prices)
    return sections


def _known_bound(scenario: Scenario, plan: Plan) -> float:
    """Return what no plan of this very scenario exceeds; inf when nothing is known."""
    bound = plan.summary.get("bound")
    alike = plan.summary.get("scenario_hash") == scenario.hash
    # With accepted edits, the bound holds among plans that have them.
    if not alike or plan.summary.get("accepted_edits") or not isinstance(bound, int | float):
        return math.inf
    return float(bound)


def _left(until: float, least: float) -> float:
    """Seconds until the end, or the least where preparing took long."""
    return max(until - time.monotonic(), least)
