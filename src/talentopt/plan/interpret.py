"""From what a solver found to the tables that a planner reads."""

from __future__ import annotations

import math
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from talentopt.plan.names import Names
from talentopt.plan.plan import PAIRS, PLACEMENTS, Plan
from talentopt.plan.scores import scores
from talentopt.plan.shortages import shortages
from talentopt.problem import measure
from talentopt.problem.evaluate import evaluate
from talentopt.solve.control import OPTIMALITY_TOLERANCE, relative_gap

if TYPE_CHECKING:
    from talentopt.compile.compiler import Compiled
    from talentopt.problem import Assignment, Problem
    from talentopt.read.scenario import Scenario
    from talentopt.solve.control import Control

LIBRARIES = ("talentopt", "ortools", "highspy", "PuLP", "numpy", "pandas")
"""Distributions whose versions a plan names."""


def interpret(compiled: Compiled, scenario: Scenario, control: Control, solver: str) -> Plan:
    """Turn the best assignment of a run into a plan.

    Parameters
    ----------
    compiled : Compiled
    scenario : Scenario
        What `compiled` was made from.
    control : Control
        Of a run that found an assignment.
    solver : str
        Name of the solver, for the summary.

    Returns
    -------
    Plan
        The summary is the content of ``plan.json``. In reproducible mode it
        has nothing that depends on the clock: `seconds` is 0.

    Raises
    ------
    ValueError
        If the run found nothing.
    ArithmeticError
        If the rows of `scores` do not add up to the value that the solver
        saw: an error of this package, not of the input.
    """
    best = control.best
    if best is None:
        raise ValueError("the run found no plan")
    names = Names.of(compiled.index, scenario.calendar)
    rows = scores(compiled.problem, compiled.index, scenario, best)
    objective = math.fsum(rows["points"])
    _confirm(objective, evaluate(compiled.problem, best).value)
    short = shortages(compiled.problem, compiled.index, scenario, best, optimal=control.optimal)
    pairs = pairs_table(compiled.problem, names, best)
    placements = placements_table(compiled.problem, names, best)
    summary = {
        **_certificate(control, objective),
        "solver": solver,
        "seed": control.limits.seed,
        "mode": "reproducible" if control.limits.reproducible else "fastest",
        "scenario": scenario.name,
        "scenario_hash": scenario.hash,
        "counts": {
            "participants": compiled.problem.itineraries.n_people,
            "pairs": len(pairs),
            "placements": len(placements),
            "shortages": len(short),
        },
        "versions": {name.lower(): version(name) for name in LIBRARIES},
    }
    return Plan(pairs, placements, short, rows, summary)


def _confirm(objective: float, value: float) -> None:
    """Hold the sum of the score rows against the solver's value."""
    difference = objective - value
    if abs(difference) > OPTIMALITY_TOLERANCE * max(1.0, abs(value) * 1e-6):
        raise ArithmeticError(
            f"the rows of scores.csv add up to {objective!r}, but the solver's plan is worth "
            f"{value!r}: they differ by {difference!r} points"
        )


def _certificate(control: Control, objective: float) -> dict[str, Any]:
    """Say what is known of this plan's quality, and why the search ended.

    A bound a hair below the objective is rounding; one clearly below is wrong
    and certifies nothing, so it is not claimed.
    """
    bound: float | None = control.bound
    assert bound is not None
    if not math.isfinite(bound) or bound < objective - 1e-6 * max(1.0, abs(objective)):
        bound = None
    else:
        bound = max(bound, objective)
    optimal = bound is not None and control.optimal
    return {
        "objective": objective,
        "bound": bound,
        "gap": None if bound is None else relative_gap(objective, bound),
        "status": "optimal" if optimal else "interrupted" if control.interrupted else "feasible",
        "stopped_by": control.stopped_by,
        "seconds": 0.0 if control.limits.reproducible else round(control.seconds, 3),
    }


def pairs_table(problem: Problem, names: Names, assignment: Assignment) -> pd.DataFrame:
    """Write the pairs, in the order of their demands."""
    matchings, arcs = problem.matchings, assignment.arcs
    demand = measure.demand_of(matchings, arcs)
    columns = (
        names.matchings[matchings.demand_matching[demand]],
        names.seekers[matchings.demand_seeker[demand]],
        names.providers[matchings.arc_provider[arcs]],
        matchings.arc_points[arcs] + 0.0,
    )
    return pd.DataFrame(dict(zip(PAIRS, columns, strict=True)))


def placements_table(problem: Problem, names: Names, assignment: Assignment) -> pd.DataFrame:
    """Write the bookings, each person's in the order of time."""
    itineraries, options = problem.itineraries, assignment.options
    person = measure.person_of(itineraries, options)
    order = np.lexsort((options, assignment.starts, person))
    options, starts, person = options[order], assignment.starts[order], person[order]
    placement = itineraries.option_placement[options]
    last = starts + itineraries.placement_duration[placement] - 1
    columns = (
        names.people[person],
        names.placements[placement],
        names.stages[itineraries.placement_stage[placement]],
        names.periods[starts],
        names.periods[last],
        itineraries.option_points[options] + 0.0,
    )
    return pd.DataFrame(dict(zip(PLACEMENTS, columns, strict=True)))
