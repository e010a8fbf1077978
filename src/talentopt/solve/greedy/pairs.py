"""Pairs seekers with providers, the most valuable pairs first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import measure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talentopt.problem import Problem
    from talentopt.solve.greedy.residual import Residual

CANDIDATES = 40
"""Arcs per demand that the first round looks at."""


class Pairing:
    """Greedy matching against what is left of the capacities.

    Parameters
    ----------
    problem : Problem
    residual : Residual
        Bookings in it decide which links pay; pairs are added to it.
    """

    def __init__(self, problem: Problem, residual: Residual) -> None:
        """Note which matchings must not share a provider."""
        self.problem = problem
        self.residual = residual
        matchings = problem.matchings
        self.left = matchings.demand_need.astype(np.int64).copy()
        self._groups = [
            [g for g, group in enumerate(matchings.distinct) if matching in group]
            for matching in range(matchings.n_matchings)
        ]
        self._taken: set[tuple[int, int, int]] = set()
        self._visited = self._values_visited()

    def run(self, wanted: Iterable[int] = ()) -> None:
        """Pair fixed arcs first, then the best of each demand, then whatever is left.

        Parameters
        ----------
        wanted : iterable of int
            Arcs to take before any others, unless something forbids them.
        """
        for arc in self.problem.matchings.fixed_arcs:
            self._pair(int(arc), forced=True)
        for arc in wanted:
            self._pair(int(arc), forced=False)
        demands = np.flatnonzero(self.left > 0)
        self._round(demands, CANDIDATES)
        for demand in np.flatnonzero(self.left > 0):
            self._round(np.asarray([demand]), None)

    def _round(self, demands: np.ndarray, most: int | None) -> None:
        """Walk through the demands' best arcs in order of points."""
        arcs, worth = [np.zeros(0, np.int64)], [np.zeros(0)]
        matchings = self.problem.matchings
        for demand in demands:
            mine = np.arange(matchings.arc_ptr[demand], matchings.arc_ptr[demand + 1])
            value = self._worth(int(demand), mine)
            if most is not None and len(mine) > most:
                top = np.argpartition(-value, most)[:most]
                mine, value = mine[top], value[top]
            arcs.append(mine)
            worth.append(value)
        arc, value = np.concatenate(arcs), np.concatenate(worth)
        missing = matchings.demand_missing[measure.demand_of(matchings, arc)]
        useful = value + missing > 0
        arc, value = arc[useful], value[useful]
        for candidate in arc[np.argsort(-value, kind="stable")]:
            self._pair(int(candidate), forced=False)

    def _worth(self, demand: int, arcs: np.ndarray) -> np.ndarray:
        """(n,) float64: points of a demand's arcs with kept pairs and links."""
        matchings, links = self.problem.matchings, self.problem.links
        value = matchings.arc_points[arcs].astype(float)
        if len(matchings.kept_arcs):
            where = np.searchsorted(matchings.kept_arcs, arcs)
            where = np.minimum(where, len(matchings.kept_arcs) - 1)
            kept = matchings.kept_arcs[where] == arcs
            value = value + kept * matchings.kept_arc_points[where]
        person = int(matchings.demand_person[demand])
        if person < 0:
            return np.asarray(value)
        for link in np.flatnonzero(links.matching == matchings.demand_matching[demand]):
            offered = links.provider_value[link, matchings.arc_provider[arcs]]
            met = np.isin(offered, self._visited.get((int(link), person), ()))
            value = value + met * links.points[link, person]
        return np.asarray(value)

    def _values_visited(self) -> dict[tuple[int, int], list[int]]:
        """List the linked values of each (link, person) that bookings visit."""
        visited: dict[tuple[int, int], list[int]] = {}
        itineraries, links = self.problem.itineraries, self.problem.links
        options = np.flatnonzero(self.residual.start_of >= 0)
        placement = itineraries.option_placement[options]
        person = measure.person_of(itineraries, options)
        for link in range(len(links)):
            values = links.placement_value[link, placement]
            for who, value in zip(person[values >= 0], values[values >= 0], strict=True):
                visited.setdefault((link, int(who)), []).append(int(value))
        return visited

    def _pair(self, arc: int, *, forced: bool) -> None:
        """Choose an arc if everything it uses is still there."""
        matchings, residual = self.problem.matchings, self.residual
        demand = int(measure.demand_of(matchings, np.asarray(arc)))
        if residual.chosen[arc] or self.left[demand] <= 0:
            return
        role, provider = int(matchings.demand_matching[demand]), int(matchings.arc_provider[arc])
        seeker, load = int(matchings.demand_seeker[demand]), matchings.arc_load[arc]
        keys = [(group, seeker, provider) for group in self._groups[role]]
        if not forced:
            full = residual.role[role, provider] < load or residual.total[provider] < load
            if full or any(key in self._taken for key in keys):
                return
            if residual.columns is not None and self._spoils_rows(arc, demand):
                return
        residual.pair(arc)
        self.left[demand] -= 1
        self._taken.update(keys)

    def _spoils_rows(self, arc: int, demand: int) -> bool:
        """Whether rows forbid the arc, or cost more than the arc is worth."""
        matchings = self.problem.matchings
        gain = self.residual.row_gain(arc)
        return bool(gain + matchings.arc_points[arc] + matchings.demand_missing[demand] < 0)
