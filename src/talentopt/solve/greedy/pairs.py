"""Pairs seekers with providers, the most valuable pairs first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import measure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talentopt.problem import Problem
    from talentopt.solve.greedy.residual import Residual

MOST_TRIES = 200
"""Pairs that are tried to be moved for one more pair."""

BLOCK = 20_000
"""Arcs walked through before those that have become useless are sorted out."""


class Pairing:
    """Greedy matching against what is left of the capacities.

    Parameters
    ----------
    problem : Problem
    residual : Residual
        Bookings in it decide which links pay; pairs are added to it.
    """

    def __init__(self, problem: Problem, residual: Residual) -> None:
        """Note which matchings must not share a provider, and what pairs are worth."""
        self.problem = problem
        self.residual = residual
        matchings = problem.matchings
        self.left = matchings.demand_need.astype(np.int64).copy()
        self._groups = [
            [g for g, group in enumerate(matchings.distinct) if matching in group]
            for matching in range(matchings.n_matchings)
        ]
        self._taken: set[tuple[int, int, int]] = set()
        counts = np.diff(matchings.arc_ptr)
        self._demand = np.repeat(np.arange(len(counts)), counts)
        self._value = self._worth()
        self._by_provider: tuple[np.ndarray, np.ndarray] | None = None

    def run(self, wanted: Iterable[int] = ()) -> None:
        """Pair fixed arcs first, then the best ones, whoever they belong to.

        Those left without a provider then look for one whose other people can
        be paired elsewhere.

        Parameters
        ----------
        wanted : iterable of int
            Arcs to take before any others, unless something forbids them.
        """
        fixed = self.problem.matchings.fixed_arcs
        for arc in fixed[~self.residual.chosen[fixed]].tolist():
            self._take(arc)
        self._take_all(np.fromiter(wanted, dtype=np.int64))
        missing = self.problem.matchings.demand_missing
        open_ = self.left[self._demand] > 0
        useful = np.flatnonzero(open_ & (self._value + missing[self._demand] > 0))
        best = useful[np.argsort(-self._value[useful], kind="stable")]
        for first in range(0, len(best), BLOCK):
            block = best[first : first + BLOCK]
            self._take_all(block[self._is_left(block)])
        for demand in np.flatnonzero((self.left > 0) & (missing > 0)).tolist():
            while self.left[demand] > 0 and self._make_room(demand):
                pass

    def _worth(self) -> np.ndarray:
        """(n_arcs,) float64: points of each arc with kept pairs and links."""
        matchings, links = self.problem.matchings, self.problem.links
        value = np.array(matchings.arc_points, dtype=float)
        value[matchings.kept_arcs] += matchings.kept_arc_points
        for link in range(len(links)):
            role = matchings.demand_matching == links.matching[link]
            concerned = role & (matchings.demand_person >= 0)
            mine = np.flatnonzero(concerned[self._demand])
            person = matchings.demand_person[self._demand[mine]]
            offered = links.provider_value[link, matchings.arc_provider[mine]]
            met = self._visits(link)[person, offered]
            value[mine] += np.where(met, links.points[link, person], 0.0)
        return value

    def _visits(self, link: int) -> np.ndarray:
        """(n_people, n_values + 1) bool: linked values that bookings visit; never the last, -1."""
        itineraries, links = self.problem.itineraries, self.problem.links
        options = np.flatnonzero(self.residual.start_of >= 0)
        value = links.placement_value[link, itineraries.option_placement[options]]
        most = max(value.max(initial=-1), links.provider_value[link].max(initial=-1))
        visits = np.zeros((itineraries.n_people, int(most) + 2), dtype=bool)
        visits[measure.person_of(itineraries, options[value >= 0]), value[value >= 0]] = True
        return visits

    def _is_left(self, arcs: np.ndarray) -> np.ndarray:
        """(n,) bool: arcs of those who still lack a provider, to one who is not full."""
        matchings, demand = self.problem.matchings, self._demand[arcs]
        provider, load = matchings.arc_provider[arcs], matchings.arc_load[arcs]
        role = self.residual.role[matchings.demand_matching[demand], provider]
        room = np.minimum(role, self.residual.total[provider]) >= load
        return np.asarray((self.left[demand] > 0) & room)

    def _take_all(self, arcs: np.ndarray) -> None:
        """Choose those of the arcs, one after the other, that are still possible."""
        for arc, demand in zip(arcs.tolist(), self._demand[arcs].tolist(), strict=True):
            if self.left[demand] > 0 and self._may(arc):
                self._take(arc)

    def _may(self, arc: int) -> bool:
        """Whether everything that an arc uses is still there."""
        matchings, residual, demand = self.problem.matchings, self.residual, self._demand[arc]
        role, provider = matchings.demand_matching[demand], matchings.arc_provider[arc]
        load = matchings.arc_load[arc]
        if residual.chosen[arc] or residual.role[role, provider] < load:
            return False
        if residual.total[provider] < load or not self._taken.isdisjoint(self._keys(arc)):
            return False
        return residual.columns is None or not self._spoils_rows(arc, int(demand))

    def _keys(self, arc: int) -> list[tuple[int, int, int]]:
        """List what no other pair of the person and the provider may use."""
        matchings, demand = self.problem.matchings, self._demand[arc]
        seeker, provider = int(matchings.demand_seeker[demand]), int(matchings.arc_provider[arc])
        return [
            (group, seeker, provider) for group in self._groups[matchings.demand_matching[demand]]
        ]

    def _take(self, arc: int) -> None:
        self.residual.pair(arc)
        self.left[self._demand[arc]] -= 1
        self._taken.update(self._keys(arc))

    def _give_back(self, arc: int) -> None:
        self.residual.unpair(arc)
        self.left[self._demand[arc]] += 1
        self._taken.difference_update(self._keys(arc))

    def _make_room(self, demand: int) -> bool:
        """Pair a demand with a provider one of whose pairs moves to another; whether it gained."""
        matchings = self.problem.matchings
        first, last = matchings.arc_ptr[demand : demand + 2]
        arcs = first + np.argsort(-self._value[first:last], kind="stable")
        tries = 0
        for arc in arcs[~self.residual.chosen[arcs]].tolist():
            for other in self._movable(matchings.arc_provider[arc]):
                tries += 1
                if tries > MOST_TRIES:
                    return False
                if self._exchange(arc, other):
                    return True
        return False

    def _movable(self, provider: int) -> Iterator[int]:
        """Yield the provider's pairs that are not fixed."""
        held = self._arcs_of(provider)
        held = held[self.residual.chosen[held]]
        yield from held[~np.isin(held, self.problem.matchings.fixed_arcs)].tolist()

    def _arcs_of(self, provider: int) -> np.ndarray:
        if self._by_provider is None:
            of = self.problem.matchings.arc_provider
            order = np.argsort(of, kind="stable")
            bounds = np.searchsorted(of[order], np.arange(self.problem.matchings.n_providers + 1))
            self._by_provider = order, bounds
        order, bounds = self._by_provider
        return order[bounds[provider] : bounds[provider + 1]]

    def _exchange(self, arc: int, other: int) -> bool:
        """Choose an arc and let another's person change, if that is possible and gains points."""
        matchings, demand = self.problem.matchings, self._demand[other]
        self._give_back(other)
        if self._may(arc):
            self._take(arc)
            mine = np.arange(*matchings.arc_ptr[demand : demand + 2])
            gain = (
                self._value[arc] + matchings.demand_missing[self._demand[arc]] - self._value[other]
            )
            mine = mine[(self._value[mine] + gain > 0) & self._is_left(mine) & (mine != other)]
            for instead in mine[np.argsort(-self._value[mine], kind="stable")].tolist():
                if self._may(instead):
                    self._take(instead)
                    return True
            self._give_back(arc)
        self._take(other)
        return False

    def _spoils_rows(self, arc: int, demand: int) -> bool:
        """Whether rows forbid the arc, or cost more than the arc is worth."""
        matchings = self.problem.matchings
        gain = self.residual.row_gain(arc)
        return bool(gain + matchings.arc_points[arc] + matchings.demand_missing[demand] < 0)
