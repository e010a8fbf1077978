"""Linear sum assignment of SciPy, for a pure matching without loads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.solvers.pure import pure_matching, seats_of
from talentopt.bench.plugins import Competitor
from talentopt.problem import Assignment

if TYPE_CHECKING:
    from talentopt.problem import Problem
    from talentopt.solve.control import Control


def solve(problem: Problem, control: Control) -> None:
    """Give everybody a provider, the best in sum; again for each further provider needed."""
    from scipy.optimize import linear_sum_assignment

    matchings = problem.matchings
    room, chosen = seats_of(problem), []
    gain = np.full((matchings.n_demands, matchings.n_providers), -np.inf)
    demand = np.repeat(np.arange(matchings.n_demands), np.diff(matchings.arc_ptr))
    gain[demand, matchings.arc_provider] = matchings.arc_points + matchings.demand_missing[demand]
    arc_of = np.full(gain.shape, -1)
    arc_of[demand, matchings.arc_provider] = np.arange(matchings.n_arcs)
    for turn in range(int(matchings.demand_need.max(initial=0))):
        wanting = np.flatnonzero(matchings.demand_need > turn)
        seat = np.repeat(np.arange(matchings.n_providers), np.minimum(room, len(wanting)))
        # A column of one's own for everybody: to stay without a provider is worth 0.
        own = np.where(np.eye(len(wanting), dtype=bool), 0.0, -1e12)
        worth = np.hstack([np.maximum(gain[np.ix_(wanting, seat)], -1e12), own])
        row, column = linear_sum_assignment(worth, maximize=True)
        paired = column < len(seat)
        who, what = wanting[row[paired]], seat[column[paired]]
        allowed = np.isfinite(gain[who, what])
        who, what = who[allowed], what[allowed]
        chosen.append(arc_of[who, what])
        gain[who, what] = -np.inf
        room = room - np.bincount(what, minlength=len(room))
    control.offer(Assignment.of(np.concatenate([np.zeros(0, np.int64), *chosen])))


COMPETITOR = Competitor(
    "assignment",
    "scipy linear_sum_assignment, a column per free place; seekers of several providers "
    "get one a turn, each turn best in itself (exact where everybody needs one)",
    solve,
    unsuitable=pure_matching,
)
