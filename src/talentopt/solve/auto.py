"""The default solver: picks the methods that suit the problem and combines them.

Every method works on the same `Control`, so each starts from the best plan
and bound so far and none can make either worse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.problem import Assignment, Problem
    from talentopt.solve.control import Control, Solver
    from talentopt.solve.layers import Layers

MONOLITH_STARTS = 20_000
"""Most (option, start) choices for which the exact solver can help to close the gap."""

PRICES_SHARE = 0.3
"""Of the time, for prices and plans near them, where the exact solver can help afterwards."""

STAFFED_SHARE = 0.8
"""Of the time, for prices where minima of seats are hard, unless these lead to a plan."""

LAYERS_SHARE = 0.6
"""Of the time, for the exclusive layer of a problem with concurrent placements."""

EXACT_SECONDS = 0.001
"""That the exact solver needs for each (option, start) choice before it gains anything."""

FIRST_CLIMB, NEXT_CLIMB = 0.15, 0.5
"""Of the time, for greedy steps before prices, and after those found nothing better; when steep
they earn more."""

MANY = 400
"""People from whom on greedy steps gain too little before prices, where layers are simple."""

STEEP_SHARE = 0.5
"""Most that steep steps may earn before prices."""

TOO_SHORT = 10.0
"""Seconds in which prices and the exact solver get nowhere on itineraries that are not simple."""

TINY_STARTS = 2_000
"""Below this, a dozen people, the exact solver alone is ahead after three seconds."""


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
    """Price what is shared and find a plan, person by person."""
    from talentopt.solve.climb import climb
    from talentopt.solve.compiled import kept
    from talentopt.solve.lagrangian.negotiate import negotiate
    from talentopt.solve.lagrangian.solver import solve as solve_lagrangian
    from talentopt.solve.lagrangian.solver import suits
    from talentopt.solve.staffing import staffed

    suited = suits(problem)
    if not (suited and kept(negotiate)):
        # Nobody waits for a plan while kernels are compiled.
        _first_plan(problem, control)
    if control.finished():
        return
    if suited:
        # Its states cover simple itineraries only, and are an order of magnitude faster there.
        _by_prices(problem, control, solve_lagrangian)
        return
    layers = _layers(problem)
    # What cannot be staffed one by one is not staffed by greedy steps either.
    steps = control.best is not None or not staffed(problem)
    if steps and (layers is None or problem.itineraries.n_people < MANY):
        climb(problem, control, FIRST_CLIMB, _at_least(STEEP_SHARE, control))
    climbed = control.value
    if layers is not None:
        _by_layers(layers, control)
    if control.finished():
        return
    from talentopt.solve.columns.solver import solve as solve_columns

    _by_prices(problem, control, solve_columns)
    if control.value == climbed:
        climb(problem, control, _at_least(NEXT_CLIMB, control), 1.0)


def _by_prices(problem: Problem, control: Control, solve_by: Solver) -> None:
    """Search by prices, and meet hard minima where these did not."""
    from talentopt.solve.part import Part, UntilPlanned
    from talentopt.solve.staffing import rearrange, staff, staffed

    if not staffed(problem):
        Part(problem, control, _prices_share(problem, control)).run(solve_by)
        return
    UntilPlanned(problem, control, STAFFED_SHARE).run(solve_by)
    if control.best is None and not control.finished():
        staff(problem, control)
    if _count_starts(problem) > MONOLITH_STARTS:
        rearrange(problem, control)


def _at_least(share: float, control: Control) -> float:
    """Share of the time left, or more where that is too short for other methods."""
    return max(share, min(1.0, TOO_SHORT / max(control.seconds_left, 1e-3)))


def _prices_share(problem: Problem, control: Control) -> float:
    """Share of the time for prices; all of it where the exact solver is of no help."""
    starts = _count_starts(problem)
    late = (1 - PRICES_SHARE) * control.seconds_left < EXACT_SECONDS * starts
    return 1.0 if late or starts > MONOLITH_STARTS else PRICES_SHARE


def _layers(problem: Problem) -> Layers | None:
    """Take concurrent placements apart, where that leaves simple itineraries."""
    from talentopt.solve.lagrangian.solver import suits
    from talentopt.solve.layers import Layers

    if problem.itineraries.placement_exclusive.all():
        return None
    layers = Layers(problem)
    return layers if suits(layers.exclusive) else None


def _by_layers(layers: Layers, control: Control) -> None:
    """Plan the exclusive layer alone, then concurrent placements beside it."""
    from talentopt.solve.lagrangian.solver import solve as solve_lagrangian
    from talentopt.solve.part import Part

    def lift(plan: Assignment) -> Assignment:
        return layers.complete(plan, control)

    Part(layers.exclusive, control, LAYERS_SHARE, layers.extra, lift).run(solve_lagrangian)


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
