"""A plan as the problem sees it, so that it can be measured and exchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from talentopt.compile.compiler import compile_scenario
from talentopt.plan.names import Names
from talentopt.plan.warm import warm_start
from talentopt.problem.evaluate import evaluate

if TYPE_CHECKING:
    from talentopt.compile.compiler import Compiled
    from talentopt.compile.index import Index
    from talentopt.plan.plan import Plan
    from talentopt.problem import Assignment, Problem
    from talentopt.problem.evaluate import Evaluation
    from talentopt.read.scenario import Scenario


class BrokenPlan(Exception):
    """The plan breaks a hard rule of its scenario, so that nothing can be said of it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A plan that keeps every hard rule, in the problem's numbering.

    Attributes
    ----------
    scenario : Scenario
    problem : Problem
    index : Index
    names : Names
    assignment : Assignment
    evaluation : Evaluation
    """

    scenario: Scenario
    problem: Problem
    index: Index
    names: Names
    assignment: Assignment
    evaluation: Evaluation

    @classmethod
    def of(cls, scenario: Scenario, plan: Plan) -> Standing:
        """Find a plan's pairs and bookings in the compiled scenario.

        Raises
        ------
        BrokenPlan
            If one of them is not possible, or a hard rule is broken.
        """
        compiled = compile_scenario(scenario)
        assignment = warm_start(compiled, scenario, plan.pairs, plan.placements)
        standing = cls.holding(scenario, compiled, assignment)
        found = len(assignment.arcs), len(assignment.options)
        if found != (len(plan.pairs), len(plan.placements)) or standing.evaluation.violations:
            raise BrokenPlan(
                "the plan breaks hard rules of this scenario; `talentopt audit` names them"
            )
        return standing

    @classmethod
    def holding(cls, scenario: Scenario, compiled: Compiled, assignment: Assignment) -> Standing:
        """Take an assignment that a solver found."""
        evaluation = evaluate(compiled.problem, assignment)
        names = Names.of(compiled.index, scenario.calendar)
        return cls(scenario, compiled.problem, compiled.index, names, assignment, evaluation)
