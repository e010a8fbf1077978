"""Simple plans whose existence proves that nothing contradicts, without a search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.explain.minima import meeting_minima
from talentopt.problem import Assignment
from talentopt.problem.feasible import violations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talentopt.problem import Problem


def plainly_possible(problem: Problem) -> bool:
    """Whether just the fixed entries, these and what is counted, or is kept, are an allowed plan.

    Returns
    -------
    bool
        False says nothing: another plan may still be allowed.
    """
    return any(not violations(problem, plan) for plan in _plans(problem))


def _plans(problem: Problem) -> Iterator[Assignment]:
    """Yield the fixed entries as early as they may be, with what is counted, and with the kept."""
    matchings, itineraries = problem.matchings, problem.itineraries
    options = itineraries.fixed_options
    starts = itineraries.first_starts(options)
    plain = Assignment.of(matchings.fixed_arcs, options, starts)
    yield plain
    yield meeting_minima(problem, plain)
    if len(matchings.kept_arcs) == len(itineraries.kept_options) == 0:
        return
    free = ~np.isin(itineraries.kept_options, options)
    yield Assignment.of(
        np.union1d(matchings.fixed_arcs, matchings.kept_arcs),
        np.concatenate([options, itineraries.kept_options[free]]),
        np.concatenate([starts, itineraries.kept_starts[free]]),
    )
