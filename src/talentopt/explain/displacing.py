"""Insisting on a pair: whoever is displaced moves on, and so on, to where there is room.

Finding the best such chain is a longest path of few steps in the residual network of the
matching (Ahuja, Magnanti and Orlin, "Network Flows", 1993, ch. 9), whose nodes are the
providers in each matching. Steps are priced each for itself, with their links; whoever takes
the plans looks at their exact value.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.explain.places import LONGEST, possible_moves
from talentopt.explain.swaps import PairSwaps
from talentopt.insight.exchanges import Exchanges, price
from talentopt.insight.reserve import full
from talentopt.problem import Assignment, measure
from talentopt.problem.feasible import SLACK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talentopt.insight.standing import Standing

MOST = 3
"""First steps of whom the person displaces that are followed, the best first."""


def displaced(standing: Standing, person: int, arc: int) -> Iterator[Assignment]:
    """Give a person a pair, others moving on in turn.

    Parameters
    ----------
    standing : Standing
    person : int
    arc : int
        Of the person.

    Yields
    ------
    Assignment
        With the pair; may break rules other than capacities.
    """
    if (standing.assignment.arcs == arc).any():
        yield standing.assignment
        return
    swaps = PairSwaps(standing.problem, standing.assignment, standing.evaluation, person)
    demand = int(measure.demand_of(standing.problem.matchings, np.array([arc]))[0])
    _, plan = swaps.alternatives([demand])[arc]
    if plan is not None:
        yield plan
    for _, undone in swaps.own_steps(demand, arc):
        arcs = np.append(np.setdiff1d(standing.assignment.arcs, undone), arc)
        with_arc = Assignment.of(arcs, standing.assignment.options, standing.assignment.starts)
        network = _Network(standing, with_arc, arc)
        for left, made in network.chains():
            arcs = np.append(np.setdiff1d(with_arc.arcs, left), made)
            yield Assignment.of(arcs, with_arc.options, with_arc.starts)


class _Network:
    """The steps that others may take once a pair is made, and the best ways to make room."""

    def __init__(self, standing: Standing, plan: Assignment, arc: int) -> None:
        matchings = standing.problem.matchings
        self._matchings, self._arc, self._plan = matchings, arc, plan
        fixed = np.union1d(matchings.fixed_arcs, [arc])
        problem = replace(standing.problem, matchings=replace(matchings, fixed_arcs=fixed))
        after = replace(standing, problem=problem, assignment=plan)
        moves = [possible_moves(after, role) for role in range(matchings.n_matchings)]
        made = np.concatenate([each.arcs for each in moves])
        left = np.concatenate([each.left for each in moves])
        onward = left >= 0
        self.made, self.left = made[onward], left[onward]
        exchanges = Exchanges(self.made, self.left, np.arange(len(self.made)))
        self._gain = price(
            standing.problem, standing.assignment, standing.evaluation, exchanges
        ).change
        self._role = matchings.demand_matching[measure.demand_of(matchings, self.made)]
        self._leaves = matchings.arc_provider[self.left]
        self._comes_to = matchings.arc_provider[self.made]
        loads = measure.provider_loads(matchings, plan.arcs)
        self._over = loads > matchings.role_capacity + SLACK
        self._full_in_role = loads + 1 > matchings.role_capacity + SLACK
        self._over_at_all = loads.sum(axis=0) > matchings.capacity + SLACK
        full_in = [full(after, role) for role in range(matchings.n_matchings)]
        self._room = np.where(full_in, -np.inf, 0.0)

    def chains(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield the arcs that are left and made so that nobody has more than they may."""
        demand = int(measure.demand_of(self._matchings, np.array([self._arc]))[0])
        role = int(self._matchings.demand_matching[demand])
        provider = int(self._matchings.arc_provider[self._arc])
        first = self._leaves == provider
        if self._over[role, provider]:
            first &= self._role == role
        elif not self._over_at_all[provider]:
            none = np.zeros(0, dtype=np.int64)
            yield none, none
            return
        room, ways = self._ways()
        starts = np.flatnonzero(first)
        worth = self._gain[starts] + room[self._role[starts], self._comes_to[starts]]
        order = np.argsort(-worth, kind="stable")
        for start in starts[order[worth[order] > -np.inf]][:MOST].tolist():
            chain = [start, *self._follow(start, ways)]
            yield self.left[chain], self.made[chain]

    def _ways(self) -> tuple[np.ndarray, list[np.ndarray]]:
        """Find the best ways to make room at every provider.

        Returns
        -------
        room : (n_matchings, n_providers) float64
            Points that making room brings; -inf where few steps cannot.
        ways : list of (n_matchings, n_providers) int64
            The step that makes room with so many more to follow; -1 = none is better.
        """
        room, ways = self._room, []
        for _ in range(LONGEST):
            worth = self._gain + room[self._role, self._comes_to]
            # Written from the worst to the best, so that the best stays.
            order = np.argsort(worth, kind="stable")
            order = order[worth[order] > -np.inf]
            in_role, at_all = np.full(room.shape, -1), np.full(room.shape[1], -1)
            in_role[self._role[order], self._leaves[order]] = order
            at_all[self._leaves[order]] = order
            # Who is full in a role needs room in it; otherwise anybody's place will do.
            step = np.where(self._full_in_role, in_role, at_all)
            gained = np.where(step >= 0, np.append(worth, -np.inf)[step], -np.inf)
            better = gained > room + SLACK
            room = np.where(better, gained, room)
            ways.append(np.where(better, step, -1))
        return room, ways

    def _follow(self, start: int, ways: list[np.ndarray]) -> list[int]:
        """List the steps that make room for a step."""
        chain: list[int] = []
        last = start
        for way in reversed(ways):
            step = int(way[self._role[last], self._comes_to[last]])
            if step >= 0:
                chain.append(step)
                last = step
        return chain
