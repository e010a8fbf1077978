"""Bound by column generation, plan by diving and neighbourhoods, prove by enumeration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import highspy
import numpy as np

from talentopt.solve.enumeration.dive import dive
from talentopt.solve.enumeration.generation import Generation, converge
from talentopt.solve.enumeration.master import Pool, assemble, pool
from talentopt.solve.enumeration.proof import prove
from talentopt.solve.enumeration.states import TooManyStates
from talentopt.solve.enumeration.structure import divide
from talentopt.solve.highs import BOUND_TOLERANCE, to_highs
from talentopt.solve.integers import finite_bounds

if TYPE_CHECKING:
    from talentopt.problem import Problem
    from talentopt.problem.encode import LinearModel
    from talentopt.solve.control import Control

Choices = list[tuple[int, ...]]

LARGEST_ROWS = 60_000
"""Rows of the model beyond which its relaxation takes too long."""

BLOCK = 5
"""People planned anew together."""

CANDIDATES = 150
"""Most itineraries per person in a neighbourhood."""

ROUNDS = 4
"""Rounds of pricing in a neighbourhood."""

PATIENCE = 30
"""Neighbourhoods without a gain after which the search gives up."""

STEP_SECONDS = 5.0


def solve(problem: Problem, model: LinearModel, control: Control) -> None:
    """Search a problem whose people have few enough states; else do nothing.

    Parameters
    ----------
    problem : Problem
    model : LinearModel
        Its linear model.
    control : Control
    """
    if model.n_rows > LARGEST_ROWS:
        return
    try:
        structure = divide(problem, model)
    except TooManyStates:
        return
    if not structure.parts:
        return
    control.enter("exact: relaxation")
    prices = _relaxation(model, control)
    if prices is None:
        return
    control.enter("exact: generating itineraries")
    generation = Generation(problem, model, structure, finite_bounds(model), prices)
    converge(
        generation,
        lambda: stop(control),
        lambda bound: control.tighten(bound + BOUND_TOLERANCE),
    )
    if stop(control):
        return
    control.enter("exact: first plan")
    chosen = dive(generation, lambda: stop(control))
    if chosen is not None:
        complete(generation, chosen, control)
        control.enter("exact: neighbourhoods")
        _improve(generation, chosen, control)
    if not stop(control):
        control.enter("exact: proof")
        prove(generation, control)


def stop(control: Control) -> bool:
    """Whether to return now; the clock is left out of reproducible runs."""
    if control.limits.reproducible:
        return control.interrupted or control.optimal or control.gap <= control.limits.gap
    return control.finished()


def _relaxation(model: LinearModel, control: Control) -> np.ndarray | None:
    """Prices of the model's rows in its linear relaxation."""
    highs = to_highs(model, whole=False)
    highs.setOptionValue("solver", "ipm")
    highs.setOptionValue("threads", 1)
    if not control.limits.reproducible:
        highs.setOptionValue("time_limit", max(control.seconds_left, 0.01))
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return np.asarray(highs.getSolution().row_dual)


def complete(generation: Generation, chosen: Choices, control: Control) -> bool:
    """Offer the best plan with these itineraries; returns whether it is the best known."""
    pools = tuple(_single(generation, part, one) for part, one in enumerate(chosen))
    return _offer_best(generation, pools, control) is not None


def _single(generation: Generation, part: int, choices: tuple[int, ...]) -> Pool:
    return pool(
        generation.problem,
        generation.structure.parts[part],
        np.array([0, len(choices)]),
        np.array(choices, dtype=np.int64),
    )


def _offer_best(
    generation: Generation, pools: tuple[Pool, ...], control: Control
) -> Choices | None:
    """Offer the best plan made of these pools; returns its itineraries if it is an improvement."""
    master = assemble(generation.model, generation.structure, pools)
    highs = to_highs(master.model, whole=True)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("mip_rel_gap", 0.0)
    if control.value is not None:
        highs.setOptionValue("objective_bound", control.value)
    if control.limits.reproducible:
        highs.setOptionValue("mip_max_nodes", 200)
    else:
        highs.setOptionValue("time_limit", max(0.1, min(STEP_SECONDS, control.seconds_left)))
    highs.run()
    solution = highs.getSolution()
    if not solution.value_valid:
        return None
    values = np.asarray(solution.col_value)
    if not control.offer(master.decode(values)):
        return None
    return master.itineraries(values)


def _improve(generation: Generation, chosen: Choices, control: Control) -> None:
    """Plan small groups of people anew, with everybody else as they are."""
    random = np.random.default_rng(control.limits.seed)
    n_parts, idle = len(generation.structure.parts), 0
    block = min(BLOCK, n_parts)
    while not stop(control) and idle < PATIENCE:
        group = set(random.choice(n_parts, block, replace=False).tolist())
        better = _replan(generation, chosen, group, control)
        idle = 0 if better is not None else idle + 1
        chosen = better or chosen
        if block == n_parts:
            return


def _replan(
    generation: Generation, chosen: Choices, group: set[int], control: Control
) -> Choices | None:
    fixed = [generation.find(part, chosen[part]) for part in range(len(chosen))]
    outside = [column for part, column in enumerate(fixed) if part not in group]
    for column in outside:
        generation.fix(column)
    generation.solve_master()
    for _ in range(ROUNDS):
        if stop(control) or generation.round(lambda part: part in group) == 0:
            break
        generation.solve_master()
    for column in outside:
        generation.release(column)
    pools = tuple(
        _candidates(generation, part, chosen[part])
        if part in group
        else _single(generation, part, chosen[part])
        for part in range(len(chosen))
    )
    return _offer_best(generation, pools, control)


def _candidates(generation: Generation, part: int, now: tuple[int, ...]) -> Pool:
    """Collect the itineraries worth most at the present prices, and the one held now."""
    worth = generation.reduced(part, generation.prices)
    best = np.argsort(-worth, kind="stable")[:CANDIDATES]
    known = generation.pools[part]
    held = _single(generation, part, now)
    return held if known is None else held.joined(known.subset(best))
