"""The best plan made of the pairs and bookings of a few plans, and near the first of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.explain.different import pricing_alikeness
from talentopt.explain.moves import rebooked
from talentopt.explain.solving import best
from talentopt.problem import measure
from talentopt.subproblem.restricting import restrict
from talentopt.subproblem.subproblem import cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talentopt.problem import Assignment, Problem

ALIKE = 1e-3
"""Points for each pair and booking of the first plan, taken for every other, so that nothing
moves that gains nothing."""


def combine(
    problem: Problem, plans: Sequence[Assignment], whole: Assignment, seconds: float, workers: int
) -> Assignment:
    """Choose among the pairs and bookings of some plans, of each person and pair on their own.

    Parameters
    ----------
    problem : Problem
    plans : sequence of Assignment
        The first need not be allowed.
    whole : Assignment
        An allowed one of them.
    seconds : float
    workers : int

    Returns
    -------
    Assignment
        Allowed; `whole` where nothing better was found. Of equal ones one near the first plan.
    """
    arcs = plans[0].arcs
    differing = np.concatenate([np.setxor1d(arcs, plan.arcs) for plan in plans])
    people = np.concatenate([rebooked(problem, plans[0], plan) for plan in plans])
    demands = np.unique(measure.demand_of(problem.matchings, differing))
    part = cut(problem, whole, (), demands, np.unique(people))
    lowered = [part.lower(plan) for plan in plans]
    inside, has_arc, has_option = _of(part.problem, lowered)
    numbers = np.flatnonzero(has_option)

    def within(plan: Assignment) -> Assignment:
        return replace(
            plan,
            arcs=np.searchsorted(np.flatnonzero(has_arc), plan.arcs),
            options=np.searchsorted(numbers, plan.options),
        )

    answer = best(
        _liking(inside, within(lowered[0])),
        within(part.lower(whole)),
        seconds,
        workers,
    )
    if answer.assignment is None:
        return whole
    found = replace(
        answer.assignment,
        arcs=np.flatnonzero(has_arc)[answer.assignment.arcs],
        options=numbers[answer.assignment.options],
    )
    return part.lift(found)


def _of(problem: Problem, plans: Sequence[Assignment]) -> tuple[Problem, np.ndarray, np.ndarray]:
    """Keep what some plan has; returns which arcs and options these are, too."""
    matchings, itineraries = problem.matchings, problem.itineraries
    arcs = np.zeros(matchings.n_arcs, dtype=bool)
    options = np.zeros(itineraries.n_options, dtype=bool)
    masks = np.zeros_like(itineraries.option_starts)
    arcs[matchings.fixed_arcs] = True
    for plan in plans:
        arcs[plan.arcs] = True
        options[plan.options] = True
        bits = np.uint64(1) << (plan.starts % 64).astype(np.uint64)
        np.bitwise_or.at(masks, (plan.options, plan.starts // 64), bits)
    masks &= itineraries.option_starts
    itineraries = replace(itineraries, option_starts=masks)
    return restrict(replace(problem, itineraries=itineraries), arcs, options), arcs, options


def _liking(problem: Problem, plan: Assignment) -> Problem:
    """Give points for what a plan has, and take them for everything else."""
    matchings, itineraries = problem.matchings, problem.itineraries
    matchings = replace(matchings, arc_points=matchings.arc_points - ALIKE)
    itineraries = replace(itineraries, option_points=itineraries.option_points - ALIKE)
    dearer = replace(problem, matchings=matchings, itineraries=itineraries)
    return pricing_alikeness(dearer, [plan], -2.0 * ALIKE)
