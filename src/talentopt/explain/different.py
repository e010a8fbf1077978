"""Plans as different as possible at nearly the same value."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.explain.solving import count_starts
from talentopt.explain.walking import walk
from talentopt.problem.evaluate import evaluate
from talentopt.solve.control import Control, Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talentopt.problem import Assignment, Problem

EXACT_COLUMNS = 6_000
"""Pairs and (option, start) choices up to which distance itself is maximised."""

TRIES = 4
"""Prices of alikeness that are tried for one plan of a large problem."""

WALK = 0.4
"""Of the time, for changing one person after the other, from which the search goes on."""


@dataclass(frozen=True, slots=True)
class Different:
    """One more plan.

    Attributes
    ----------
    assignment : Assignment
    value : float
    distance : int
        Pairs and bookings (with their start) in which it differs from the known plan
        nearest to it.
    farthest : bool
        Whether it is proven that the sum of distances cannot be larger.
    """

    assignment: Assignment
    value: float
    distance: int
    farthest: bool


def distance(one: Assignment, other: Assignment, n_periods: int) -> int:
    """Count the pairs and bookings that only one of two plans has."""
    keys = [plan.options * (n_periods + 1) + plan.starts for plan in (one, other)]
    return len(np.setxor1d(one.arcs, other.arcs)) + len(np.setxor1d(keys[0], keys[1]))


def find_different(
    problem: Problem, known: Sequence[Assignment], least: float, seconds: float, workers: int
) -> Different | None:
    """Find a plan of at least a given value, far from all known ones.

    One person after the other changes what costs little. From there, in small problems the
    sum of the distances is maximised by branch and cut; in large ones each pair and booking
    of a known plan costs extra points, as many as the value allows, and the plan is searched
    anew.

    Parameters
    ----------
    problem : Problem
    known : sequence of Assignment
        At least one; the first is where the search starts.
    least : float
        Value that the plan must have.
    seconds : float
    workers : int

    Returns
    -------
    Different or None
        None when nothing but the known plans was found.
    """
    end = time.monotonic() + seconds
    price = _first_price(problem, known[0], least)
    pushed = pricing_alikeness(problem, known, price)
    walked = walk(problem, pushed, known[0], least, WALK * seconds)
    left = max(end - time.monotonic(), 0.1)
    small = count_starts(problem) + problem.matchings.n_arcs <= EXACT_COLUMNS
    if small:
        found, proven = _farthest(problem, known, walked, least, left)
    else:
        found, proven = _pushed(problem, known, walked, least, left, workers), False
    n_periods = problem.itineraries.n_periods
    if found is None or _nearest(found, known, n_periods) < _nearest(walked, known, n_periods):
        found = walked
    nearest = _nearest(found, known, n_periods)
    if nearest == 0:
        return None
    return Different(found, evaluate(problem, found).value, nearest, proven)


def _farthest(
    problem: Problem,
    known: Sequence[Assignment],
    walked: Assignment,
    least: float,
    seconds: float,
) -> tuple[Assignment | None, bool]:
    import highspy

    from talentopt.problem.encode import encode
    from talentopt.solve.highs import to_highs

    model = encode(problem)
    decisions = model.n_arcs + len(model.start_option)
    away = np.zeros(model.n_columns)
    for plan in known:
        here = model.vector(plan)[:decisions] > 0.5
        away[:decisions] += np.where(here, -1.0, 1.0)
    highs = to_highs(replace(model, objective=away, constant=0.0), whole=True)
    paying = np.flatnonzero(model.objective).astype(np.int32)
    highs.addRow(
        least - model.constant, highspy.kHighsInf, len(paying), paying, model.objective[paying]
    )
    highs.setOptionValue("time_limit", seconds)
    start = highspy.HighsSolution()
    start.col_value = model.vector(walked)
    highs.setSolution(start)
    highs.run()
    solution = highs.getSolution()
    if not solution.value_valid:
        return None, False
    found = model.decode(np.asarray(solution.col_value))
    evaluation = evaluate(problem, found)
    if evaluation.violations or evaluation.value < least - 1e-6:
        return None, False
    return found, highs.getModelStatus() == highspy.HighsModelStatus.kOptimal


def _pushed(
    problem: Problem,
    known: Sequence[Assignment],
    walked: Assignment,
    least: float,
    seconds: float,
    workers: int,
) -> Assignment | None:
    """Search with a price on alikeness; the price falls until the value is enough."""
    from talentopt.solve.auto import solve

    end = time.monotonic() + seconds
    price = _first_price(problem, known[0], least)
    best: tuple[int, Assignment] | None = None
    for number in range(TRIES):
        left = (end - time.monotonic()) / (TRIES - number)
        if left <= 0:
            break
        pushed = pricing_alikeness(problem, known, price)
        control = Control(pushed, Limits(seconds=left, workers=workers), None, walked)
        solve(pushed, control)
        found = control.best
        price /= 3.0
        if found is None or evaluate(problem, found).value < least - 1e-6:
            continue
        far = _nearest(found, known, problem.itineraries.n_periods)
        if best is None or far > best[0]:
            best = far, found
    return None if best is None else best[1]


def _nearest(found: Assignment, known: Sequence[Assignment], n_periods: int) -> int:
    return min(distance(found, plan, n_periods) for plan in known)


def _first_price(problem: Problem, plan: Assignment, least: float) -> float:
    """Points per thing alike: four times what may be lost, spread over the whole plan."""
    room = evaluate(problem, plan).value - least
    return max(4.0 * room / max(1, len(plan.arcs) + len(plan.options)), 0.01)


def pricing_alikeness(problem: Problem, known: Sequence[Assignment], price: float) -> Problem:
    """Return the problem in which every pair and booking of known plans costs points.

    Parameters
    ----------
    problem : Problem
    known : sequence of Assignment
    price : float
        Negative, so that they are worth points.
    """
    matchings, itineraries = problem.matchings, problem.itineraries
    arcs = np.concatenate([plan.arcs for plan in known])
    options = np.concatenate([plan.options for plan in known])
    starts = np.concatenate([plan.starts for plan in known])
    return replace(
        problem,
        matchings=replace(
            matchings,
            kept_arcs=np.concatenate([matchings.kept_arcs, arcs]),
            kept_arc_points=np.concatenate(
                [matchings.kept_arc_points, np.full(len(arcs), -price)]
            ),
        ),
        itineraries=replace(
            itineraries,
            kept_options=np.concatenate([itineraries.kept_options, options]),
            kept_starts=np.concatenate([itineraries.kept_starts, starts]).astype(np.int32),
            kept_booking_points=np.concatenate(
                [itineraries.kept_booking_points, np.full(len(options), -price)]
            ),
        ),
    )
