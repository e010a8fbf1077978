"""From a question of the command line to its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from talentopt.explain.person import explain_person
from talentopt.explain.shortfall import explain_shortages
from talentopt.explain.whynot import why_not
from talentopt.explain.worth import explain_worth
from talentopt.insight.standing import BrokenPlan, Standing
from talentopt.pipeline import prepare, usable_cores
from talentopt.plan.files import read_plan
from talentopt.plan.warm import warm_start
from talentopt.read.reader import read

if TYPE_CHECKING:
    from pathlib import Path

    from talentopt.compile.compiler import Compiled
    from talentopt.explain.answer import Section
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
    shortages, worth, private : bool
    """

    person: str | None
    why_not: tuple[str, str] | None
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


def answer(
    scenario: Path, plan: Path, question: Question, seconds: float, workers: int | None
) -> list[Section]:
    """Answer a question.

    Raises
    ------
    InputErrors
        If the scenario or the plan is invalid.
    Contradiction
        If fixed entries and hard limits contradict each other.
    BrokenPlan
        If the plan breaks a hard rule.
    Unknown
        If a person or option is not in the scenario.
    """
    loaded, tables = read(scenario), read_plan(plan)
    standing = take_plan(loaded, tables, prepare(loaded))
    cores = workers or usable_cores()
    sections: list[Section] = []
    if question.person is not None:
        sections += explain_person(
            standing, tables, question.person, seconds, private=question.private
        )
    if question.why_not is not None:
        sections += why_not(standing, *question.why_not, seconds, cores, private=question.private)
    if question.shortages:
        optimal = tables.summary.get("status") == "optimal"
        sections += explain_shortages(standing, seconds, optimal=optimal)
    if question.worth:
        sections += explain_worth(standing, seconds)
    return sections
