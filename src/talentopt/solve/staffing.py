"""A first plan where minima of seats are hard and tight: who staffs what, then everything else.

Prices lead people to seats that must be taken, but where nearly every booking is needed
somewhere they leave some of these empty, and then nothing is allowed. Whether all can be
staffed is a question of its own, with few of the starts and no points, which CP-SAT answers
within seconds. From there groups of people are planned anew, everybody else staying (large
neighbourhoods: Shaw, 1998).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import measure
from talentopt.problem.encode import encode
from talentopt.problem.starts import pack, unpack
from talentopt.solve.control import Control
from talentopt.subproblem.subproblem import cut
from talentopt.subproblem.unpriced import unpriced

if TYPE_CHECKING:
    from talentopt.problem import Assignment, Itineraries, Problem

MOST_STARTS = 400_000
"""(option, start) choices beyond which the question takes too long to state."""

GROUP_STARTS = 12_000
"""Choices of a group that is planned anew."""

GROUP_SECONDS = 3.0
"""Most that a group takes."""

SHORT_SHARE = 3
"""One of so many people in a group is short of placements, while somebody is."""

GROUPS_PER_SECOND = 0.2
"""Groups per second of the limit when reproducible."""


def staffed(problem: Problem) -> bool:
    """Whether some minimum of seats is a hard rule."""
    itineraries = problem.itineraries
    return bool(np.isinf(itineraries.understaffed_price) and itineraries.min_seats.any())


def staff(problem: Problem, control: Control) -> None:
    """Offer a plan in which all minima are met, and little else.

    Parameters
    ----------
    problem : Problem
        With hard minima of seats.
    control : Control
    """
    itineraries = problem.itineraries
    allowed = unpack(itineraries.option_starts, itineraries.n_periods)
    useful = _helping(itineraries)[itineraries.option_placement]
    useful[_needed_elsewhere(problem)] = True
    allowed &= useful
    if allowed.sum() > MOST_STARTS:
        return
    control.enter("staffing")
    fewer = replace(itineraries, option_starts=pack(allowed))
    question = unpriced(replace(problem, itineraries=fewer))
    own = Control(question, replace(control.limits, seconds=_seconds(control)), parent=control)
    _search(question, own)
    if own.best is not None:
        control.offer(own.best)


def rearrange(problem: Problem, control: Control) -> None:
    """Plan one group of people after the other anew until the time is up.

    Parameters
    ----------
    problem : Problem
    control : Control
        With a plan in hand.
    """
    rng = np.random.default_rng(control.limits.seed)
    itineraries = problem.itineraries
    starts = int(np.bitwise_count(itineraries.option_starts).sum())
    size = min(itineraries.n_people, max(2, GROUP_STARTS * itineraries.n_people // starts))
    most = GROUPS_PER_SECOND * control.limits.seconds if control.limits.reproducible else np.inf
    turn = 0
    control.enter("rearranging")
    while control.best is not None and turn < most and not control.finished():
        turn += 1
        group = _group(problem, control.best, size, rng)
        part = cut(problem, control.best, (), (), group.tolist())
        limits = replace(control.limits, seconds=min(GROUP_SECONDS, _seconds(control)), gap=0.0)
        own = Control(part.problem, limits, None, part.lower(control.best), control)
        _search(part.problem, own)
        if own.best is not None:
            control.offer(part.lift(own.best))


def _helping(itineraries: Itineraries) -> np.ndarray:
    """(n_placements, n_periods) bool: starts that cover a period which must be staffed."""
    needed = itineraries.min_seats > 0
    before = np.concatenate([np.zeros((len(needed), 1), np.int64), needed.cumsum(axis=1)], axis=1)
    first = np.arange(itineraries.n_periods)
    end = np.minimum(first + itineraries.placement_duration[:, None], itineraries.n_periods)
    helping: np.ndarray = np.take_along_axis(before, end, axis=1) > before[:, :-1]
    return helping


def _needed_elsewhere(problem: Problem) -> np.ndarray:
    """(n_options,) bool: what is fixed, counted by a hard row, or what others may require."""
    itineraries, rows = problem.itineraries, problem.rows
    required = np.zeros(itineraries.n_placements, dtype=bool)
    required[itineraries.clause_met_by] = True
    needed = required[itineraries.option_placement]
    needed[itineraries.fixed_options] = True
    hard = np.isinf(rows.price)
    if hard.any():
        n_arcs = problem.matchings.n_arcs
        counted = abs(rows.matrix[np.flatnonzero(hard)]).sum(axis=0)
        needed |= np.asarray(counted)[n_arcs : n_arcs + itineraries.n_options] > 0
        if counted[n_arcs + itineraries.n_options :].any():
            needed[:] = True
    return np.asarray(needed, dtype=bool)


def _group(problem: Problem, plan: Assignment, size: int, rng: np.random.Generator) -> np.ndarray:
    """(size,) int64: people by chance, some of them short of placements."""
    itineraries = problem.itineraries
    held = measure.placements_held(itineraries, plan.options)
    lost = (np.maximum(itineraries.stage_min - held, 0) * itineraries.stage_missing).sum(axis=1)
    order = rng.permutation(itineraries.n_people)
    short = order[lost[order] > 0][: -(-size // SHORT_SHARE)]
    others = order[~np.isin(order, short)][: size - len(short)]
    return np.sort(np.concatenate([short, others]))


def _seconds(control: Control) -> float:
    """Seconds that are left, or all of them when the clock does not count."""
    limits = control.limits
    return limits.seconds if limits.reproducible else max(control.seconds_left, 0.01)


def _search(problem: Problem, control: Control) -> None:
    """Ask CP-SAT, which most plans get by without: it takes a third of a second to import."""
    from talentopt.solve.exact import search

    search(encode(problem), control)
