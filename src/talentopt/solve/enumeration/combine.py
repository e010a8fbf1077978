"""The best plan made of some itineraries, by CP-SAT: fast where shortages can't be avoided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from ortools.sat.python import cp_model

from talentopt.solve.cpsat import DETERMINISTIC_PER_SECOND, News, build, cp_sat, stopping
from talentopt.solve.enumeration.columns import collect
from talentopt.solve.enumeration.program import expand, joined
from talentopt.solve.integers import to_integers

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.solve.control import Control
    from talentopt.solve.enumeration.columns import Columns
    from talentopt.solve.enumeration.generation import Generation

PER_PERSON, IN_ALL = 100, 6_000
"""Most itineraries of a person, and of everybody together, in a plan from the best of them."""


def combine(
    generation: Generation,
    columns: Columns,
    control: Control,
    until: Callable[[], bool],
    seconds: float,
) -> float:
    """Offer the best plan made of some itineraries, and bound what they are worth.

    Parameters
    ----------
    generation : Generation
    columns : Columns
    control : Control
    until : callable
        Whether to give up.
    seconds : float
        Most that the search may take; its deterministic time when reproducible.

    Returns
    -------
    float
        No plan made of the itineraries is worth more; -inf when there is none.
    """
    limits, model = control.limits, generation.model
    integers = to_integers(joined(generation, columns))
    # A poor plan in hand as a hint would be worse than none.
    program, variables = build(integers)
    solver = cp_sat(1 if limits.reproducible else max(1, limits.workers))
    solver.parameters.random_seed = limits.seed % (2**31)
    solver.parameters.relative_gap_limit = 0.0
    if limits.reproducible:
        solver.parameters.max_deterministic_time = seconds * DETERMINISTIC_PER_SECOND
    else:
        solver.parameters.max_time_in_seconds = seconds

    def tell(value: Callable[[cp_model.IntVar], int]) -> None:
        found = np.array([value(variable) for variable in variables]) * integers.unit
        control.offer(model.decode(expand(generation, columns, found)))

    with stopping(solver, until):
        status = solver.solve(program, News(tell))
    spent = solver.response_proto.deterministic_time / DETERMINISTIC_PER_SECOND
    generation.work.combined(spent)
    if status == cp_model.INFEASIBLE:
        return -np.inf
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return np.inf
    return integers.points(solver.best_objective_bound)


def combine_best(
    generation: Generation, control: Control, until: Callable[[], bool], seconds: float
) -> None:
    """Offer the best plan made of everybody's best itineraries."""
    everybody = generation.everybody
    most = min(PER_PERSON, max(1, IN_ALL // len(everybody)))
    worth = generation.value(generation.prices).worth
    found = generation.pricing.nearly_best(everybody, worth, generation.tops, most)
    columns = collect(generation.structure, generation.model.n_columns, found)
    combine(generation, columns, control, until, seconds)
