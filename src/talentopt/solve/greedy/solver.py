"""The greedy solver: build a plan, then rebuild small groups of people."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import measure
from talentopt.problem.evaluate import measured
from talentopt.problem.feasible import violations
from talentopt.solve.greedy.build import Builder
from talentopt.solve.greedy.pairs import Pairing
from talentopt.solve.greedy.residual import Residual
from talentopt.solve.simple_bound import simple_bound

if TYPE_CHECKING:
    from talentopt.problem import Assignment, Problem
    from talentopt.solve.control import Control

GROUP = 6
"""People rebuilt together in one step of the improvement."""

WORK, NARROWEST, WIDEST = 400_000, 2, 12
"""The first plan's beam is as wide as keeps states times options near `WORK`."""

SMALLEST_CROWD, CROWDS = 4, 100
"""Crowds that people are planned in; those of a crowd do not see each other's choices."""

PERIOD_SHARE = 0.04
"""What a period is taken to cost the others, over what it is worth where something is missing."""

PATIENCE = 400
"""Steps without a gain after which the improvement gives up."""

STEPS_PER_SECOND = 5_000
"""Improvement steps, times people plus 100, that count as a second when reproducible."""


def solve(problem: Problem, control: Control) -> None:
    """Build a first plan and improve it until nothing more is found.

    Parameters
    ----------
    problem : Problem
    control : Control
    """
    control.tighten(simple_bound(problem))
    rng = np.random.default_rng(control.limits.seed)
    plan = control.best
    if plan is None:
        control.enter("first plan")
        plan = first_plan(problem, control, rng)
        control.offer(plan)
    else:
        completed = _completed(problem, control, plan, rng)
        plan = completed if control.offer(completed) else plan
    control.enter("improvement")
    _improve(problem, control, plan, rng)


def first_plan(problem: Problem, control: Control, rng: np.random.Generator) -> Assignment:
    """Plan one person after the other, those with the fewest options first.

    Parameters
    ----------
    problem : Problem
    control : Control
        Asked after every person whether to stop.
    rng : numpy Generator

    Returns
    -------
    Assignment
        Not offered; it may break hard lower limits that greedy steps missed.
    """
    residual = Residual(problem)
    width = int(np.clip(WORK // max(1, problem.itineraries.n_options), NARROWEST, WIDEST))
    builder = Builder(problem, residual, rng, width, _period_price(problem))
    queue = _order(problem).tolist()
    size = max(SMALLEST_CROWD, len(queue) // CROWDS)
    while queue and not control.finished():
        crowd, queue = queue[:size], queue[size:]
        queue = builder.build(crowd) + queue
    Pairing(problem, residual).run()
    return residual.assignment()


def _period_price(problem: Problem) -> float:
    """Points that a period of a booking is taken to cost the others: short ones leave more room.

    A share of what a period is worth that cures a shortage, over all that is needed.
    """
    itineraries = problem.itineraries
    stage, exclusive = itineraries.placement_stage, itineraries.placement_exclusive
    shortest = np.full(itineraries.n_stages, np.inf)
    np.minimum.at(shortest, stage[exclusive], itineraries.placement_duration[exclusive])
    offered = np.isfinite(shortest)
    needed = np.maximum(itineraries.stage_min, 0)[:, offered]
    worth = (needed * itineraries.stage_missing[:, offered]).sum()
    periods = (needed * shortest[offered]).sum()
    return float(PERIOD_SHARE * worth / periods) if periods > 0 else 0.0


def _completed(
    problem: Problem, control: Control, plan: Assignment, rng: np.random.Generator
) -> Assignment:
    """Plan those who hold nothing, and fill up the pairs; nothing that is there changes."""
    itineraries = problem.itineraries
    residual = Residual(problem)
    for option, start in zip(plan.options, plan.starts, strict=True):
        residual.book(int(option), int(start))
    builder = Builder(problem, residual, rng)
    busy = measure.person_of(itineraries, plan.options)
    for person in np.setdiff1d(np.arange(itineraries.n_people), busy):
        if control.finished():
            break
        builder.build([int(person)])
    Pairing(problem, residual).run(plan.arcs)
    return residual.assignment()


def _order(problem: Problem) -> np.ndarray:
    """Order people: fixed bookings first, then fewest options."""
    itineraries = problem.itineraries
    options = np.diff(itineraries.option_ptr)
    fixed = np.zeros(itineraries.n_people, dtype=np.int64)
    np.add.at(fixed, measure.person_of(itineraries, itineraries.fixed_options), 1)
    return np.lexsort((options, -fixed))


def _improve(
    problem: Problem, control: Control, plan: Assignment, rng: np.random.Generator
) -> None:
    """Cancel a group of people, rebuild them in another order, keep what gains."""
    if problem.itineraries.n_options == 0:
        return
    residual = Residual(problem)
    residual.load(plan)
    builder = Builder(problem, residual, rng)
    value = _value(problem, residual)
    stale = 0
    steps = _most_steps(problem, control)
    while stale < PATIENCE and steps > 0 and not control.finished():
        steps -= 1
        group = _group(problem, residual, rng)
        before = {person: _bookings(problem, residual, person) for person in group}
        for person in group:
            builder.clear(person)
        for person in rng.permutation(group):
            builder.build([int(person)], noise=float(rng.choice([0.0, 5.0, 20.0])))
        new = _value(problem, residual, value)
        if new > value + 1e-9:
            value, stale = new, 0
            control.offer(residual.assignment())
            continue
        stale += 1
        for person in group:
            builder.clear(person)
        for bookings in before.values():
            for option, start in bookings:
                residual.book(option, start)
    _pair_again(problem, control, residual)


def _most_steps(problem: Problem, control: Control) -> float:
    """Limit the steps of the improvement: as many as the time limit suggests when reproducible."""
    if not control.limits.reproducible:
        return math.inf
    return math.ceil(
        control.limits.seconds * STEPS_PER_SECOND / (100 + problem.itineraries.n_people)
    )


def _pair_again(problem: Problem, control: Control, residual: Residual) -> None:
    """Match anew, now that links see the final bookings."""
    for arc in np.flatnonzero(residual.chosen):
        residual.unpair(int(arc))
    Pairing(problem, residual).run()
    control.offer(residual.assignment())


def _value(problem: Problem, residual: Residual, least: float = -np.inf) -> float:
    """Value of what is booked; every broken rule costs more than any plan earns.

    Broken rules are looked for only where the points alone are above `least`.
    """
    assignment = residual.assignment()
    value = measured(problem, assignment).value
    return value if value <= least else value - 1e9 * len(violations(problem, assignment))


def _bookings(problem: Problem, residual: Residual, person: int) -> list[tuple[int, int]]:
    itineraries = problem.itineraries
    mine = np.arange(itineraries.option_ptr[person], itineraries.option_ptr[person + 1])
    held = mine[residual.start_of[mine] >= 0]
    return [(int(option), int(residual.start_of[option])) for option in held]


def _group(problem: Problem, residual: Residual, rng: np.random.Generator) -> list[int]:
    """Pick someone, preferably short of placements, and people who hold what they could use."""
    itineraries = problem.itineraries
    options = np.flatnonzero(residual.start_of >= 0)
    held = measure.placements_held(itineraries, options)
    lost = (np.maximum(itineraries.stage_min - held, 0) * itineraries.stage_missing).sum(axis=1)
    short = np.flatnonzero(lost > 0)
    pool = short if len(short) and rng.random() < 0.7 else np.arange(itineraries.n_people)
    centre = int(rng.choice(pool))
    mine = slice(itineraries.option_ptr[centre], itineraries.option_ptr[centre + 1])
    usable = np.isin(itineraries.option_placement[options], itineraries.option_placement[mine])
    others = np.unique(measure.person_of(itineraries, options[usable]))
    others = others[others != centre]
    size = min(len(others), GROUP - 1)
    return [centre, *(int(p) for p in rng.choice(others, size=size, replace=False))]
