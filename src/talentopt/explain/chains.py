"""A missing provider by a chain: one seeker moves on, whose place the next one takes, and so on.

The best chain is a longest path of few steps in the residual network of the matching, from
a provider with room back to who misses one (Ahuja, Magnanti and Orlin, "Network Flows", 1993,
ch. 9). It counts the points of pairs; the plan that it leads to is evaluated under every rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.explain.cures import Cure, shown
from talentopt.explain.places import LONGEST, possible_moves
from talentopt.insight.reserve import full
from talentopt.problem import Assignment, measure

if TYPE_CHECKING:
    from talentopt.explain.places import Moves
    from talentopt.insight.standing import Standing

MOST = 3
"""Providers whom the seeker could have first whose chains are tried, the best first."""


def chained(standing: Standing, demand: int) -> Cure | None:
    """Give a seeker a missing provider, others moving on to where there is room.

    Parameters
    ----------
    standing : Standing
    demand : int
        Short of a provider.

    Returns
    -------
    Cure or None
        None when no chain of a few moves is allowed and gains.
    """
    matchings, plan = standing.problem.matchings, standing.assignment
    role = int(matchings.demand_matching[demand])
    moves = possible_moves(standing, role)
    if len(moves.arcs) == 0:
        return None
    room, steps = _onward(standing, role, moves)
    comes_to = matchings.arc_provider[moves.arcs]
    mine = np.flatnonzero(measure.demand_of(matchings, moves.arcs) == demand)
    worth = moves.gain[mine] + room[comes_to[mine]]
    order = np.argsort(-worth, kind="stable")
    for first in mine[order[worth[order] > 0]][:MOST].tolist():
        chain = [first, *_follow(int(comes_to[first]), steps, comes_to)]
        arcs = np.setdiff1d(plan.arcs, moves.left[chain])
        after = Assignment.of(np.append(arcs, moves.arcs[chain]), plan.options, plan.starts)
        cure = shown(standing, after, 1.0)
        if cure is not None and cure.gain > 0:
            return cure
    return None


def _onward(standing: Standing, role: int, moves: Moves) -> tuple[np.ndarray, list[np.ndarray]]:
    """Find the best ways to make room at every provider.

    Returns
    -------
    room : (n_providers,) float64
        Points that making room brings; -inf where few moves cannot.
    steps : list of (n_providers,) int64
        The move that makes room with so many more to follow; -1 = there is room.
    """
    matchings = standing.problem.matchings
    onward = np.flatnonzero(moves.left >= 0)
    leaves = matchings.arc_provider[moves.left[onward]]
    comes_to = matchings.arc_provider[moves.arcs[onward]]
    room = np.where(full(standing, role), -np.inf, 0.0)
    steps: list[np.ndarray] = []
    for _ in range(LONGEST - 1):
        worth = moves.gain[onward] + room[comes_to]
        step = np.full(matchings.n_providers, -1, dtype=np.int64)
        better = np.flatnonzero(worth > room[leaves])
        # Written from the worst to the best, so that the best stays.
        better = better[np.argsort(worth[better], kind="stable")]
        step[leaves[better]] = onward[better]
        room = room.copy()
        room[leaves[better]] = worth[better]
        steps.append(step)
    return room, steps


def _follow(provider: int, steps: list[np.ndarray], comes_to: np.ndarray) -> list[int]:
    """List the moves that make room at a provider."""
    chain: list[int] = []
    for step in reversed(steps):
        move = int(step[provider])
        if move >= 0:
            chain.append(move)
            provider = int(comes_to[move])
    return chain
