"""The default solver: picks the methods that suit the problem and combines them.

Every method works on the same `Control`, so each starts from the best plan
and bound so far and none can make either worse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.problem import Problem
    from talentopt.solve.control import Control

MONOLITH_STARTS = 20_000
"""Most (option, start) choices for which the exact solver can help to close the gap."""

TINY_STARTS = 1_500
"""Below this the exact solver alone proves optimality in a moment."""


def solve(problem: Problem, control: Control) -> None:
    """Solve a problem with the methods that suit its shape and size.

    Matchings alone go to the flow and assignment solvers; tiny problems to
    the exact solver; everything else gets a greedy first plan, then prices
    and a dive over people's itineraries, and the exact solver for what is
    left of small problems.

    Parameters
    ----------
    problem : Problem
    control : Control
    """
    from talentopt.solve.caps import solve_within_caps
    from talentopt.solve.simple_bound import simple_bound

    control.tighten(simple_bound(problem))
    if problem.itineraries.n_options == 0:
        from talentopt.solve.matchings.solver import solve as solve_matchings

        solve_matchings(problem, control)
        return
    starts = _count_starts(problem)
    if starts > TINY_STARTS:
        solve_within_caps(problem, control, _decompose)
    if starts <= MONOLITH_STARTS and not control.finished():
        from talentopt.solve.exact import solve as solve_exact

        solve_exact(problem, control)


def _decompose(problem: Problem, control: Control) -> None:
    """Price what is shared and dive to a plan, person by person."""
    from talentopt.solve.compiled import kept
    from talentopt.solve.lagrangian.negotiate import negotiate
    from talentopt.solve.lagrangian.solver import solve as solve_lagrangian
    from talentopt.solve.lagrangian.solver import suits

    suited = suits(problem)
    if not (suited and kept(negotiate)):
        # Nobody waits for a plan while kernels are compiled.
        _first_plan(problem, control)
    if control.finished():
        return
    if suited:
        # Its states cover simple itineraries only, and are an order of magnitude faster there.
        solve_lagrangian(problem, control)
        return
    from talentopt.solve.columns.solver import solve as solve_columns

    solve_columns(problem, control)


def _first_plan(problem: Problem, control: Control) -> None:
    """Offer a greedy plan unless there is one in hand."""
    from talentopt.solve.greedy.solver import first_plan

    if control.best is not None:
        return
    control.enter("first plan")
    control.offer(first_plan(problem, control, np.random.default_rng(control.limits.seed)))


def _count_starts(problem: Problem) -> int:
    """Count the (option, start) choices."""
    return int(np.bitwise_count(problem.itineraries.option_starts).sum())
