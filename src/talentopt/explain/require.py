"""Insisting on a pair or booking, as if the tables fixed it, or by a reward."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem.starts import only

if TYPE_CHECKING:
    from talentopt.explain.wanted import Wanted
    from talentopt.problem import Problem


REWARD = 10_000.0
"""Points above what making room for one pair or booking costs the plan."""


def require(problem: Problem, wanted: Wanted) -> Problem:
    """Return the problem in which the pair or booking must be.

    Parameters
    ----------
    problem : Problem
    wanted : Wanted
        Eligible.
    """
    if wanted.matching >= 0:
        return require_arc(problem, wanted.number)
    return require_option(problem, wanted.number, wanted.start)


def require_arc(problem: Problem, arc: int) -> Problem:
    """Fix one arc."""
    fixed = np.union1d(problem.matchings.fixed_arcs, [arc]).astype(np.int64)
    return replace(problem, matchings=replace(problem.matchings, fixed_arcs=fixed))


def require_option(problem: Problem, option: int, start: int = -1) -> Problem:
    """Fix one option, at one start or (-1) at any."""
    itineraries = problem.itineraries
    fixed = np.union1d(itineraries.fixed_options, [option]).astype(np.int64)
    masks = itineraries.option_starts
    if start >= 0:
        masks = masks.copy()
        masks[option] = only(start, masks.shape[1])
    return replace(
        problem, itineraries=replace(itineraries, fixed_options=fixed, option_starts=masks)
    )


def rewarded(problem: Problem, wanted: Wanted) -> Problem:
    """Return the problem in which a booking is rewarded, so that a search may come to it.

    A search can start from a plan without it, which `require` forbids. Plans that have the
    booking are worth what they are, all others `REWARD` less.

    Parameters
    ----------
    problem : Problem
    wanted : Wanted
        An eligible booking.
    """
    itineraries = problem.itineraries
    points, masks = itineraries.option_points.copy(), itineraries.option_starts
    points[wanted.number] += REWARD
    if wanted.start >= 0:
        masks = masks.copy()
        masks[wanted.number] = only(wanted.start, masks.shape[1])
    itineraries = replace(itineraries, option_points=points, option_starts=masks)
    return replace(problem, itineraries=itineraries, constant=problem.constant - REWARD)
