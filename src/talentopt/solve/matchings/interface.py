"""The matchings at given capacity prices: best arcs, loads and a bound.

Pricing the capacities (of each provider in each matching, and over all of
them) leaves one small problem per seeker: the best arcs at points minus
prices. Its optimum plus the priced capacities bounds every allowed matching
from above (Lagrangian relaxation), and the loads of the arcs chosen are the
bound's subgradient. `relax` is one such pass; a joint solver calls it with
every step of its prices.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from talentopt.problem.measure import demand_of
from talentopt.solve.matchings import kernels
from talentopt.solve.matchings.clashes import clashing_matchings, distinct_parts
from talentopt.solve.matchings.distinct import spread_conflicts
from talentopt.solve.matchings.insist import exact_losses

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.problem import Links, Matchings

DEMANDS_PER_TASK = 256


@dataclass(frozen=True, slots=True)
class Relaxed:
    """One pass over the matchings at given prices.

    Attributes
    ----------
    bound : float
        Sum of `demand_value` plus prices times capacities: no matching is
        worth more (points and kept points of pairs, minus missing).
    demand_value : (n_demands,) float64
        Reduced value of each demand's best arcs, minus what is missing.
    chosen : (n_demands, n_slots) int64
        The arcs chosen; -1 = slot left empty.
    role_load : (n_matchings, n_providers) float64
        Load of the arcs chosen; minus `role_capacity` it is the direction in
        which `role_price` should move. The sum over matchings is the
        provider's total load.
    link_loss : tuple of (n_people, n_values) float64, one per link
        Reduced value that a person loses by insisting on a provider of that
        value in the link's matching; 0 where the best choice has one, inf
        where no arc has one. The most a link can add to the booking of a
        placement of value v is ``max(0, points - link_loss[person, v])``
        (with k links on one matching, loss divided by k keeps this a bound).
    """

    bound: float
    demand_value: np.ndarray
    chosen: np.ndarray
    role_load: np.ndarray
    link_loss: tuple[np.ndarray, ...]

    @property
    def arcs(self) -> np.ndarray:
        """(n_chosen,) int64: the arcs chosen, ascending."""
        return np.sort(self.chosen[self.chosen >= 0])


class Relaxation:
    """The matchings of one problem, prepared for many passes.

    Distinct providers are respected exactly per seeker (groups of up to six
    slots; larger ones are relaxed, which keeps the bound valid).

    Parameters
    ----------
    matchings : Matchings
    links : Links, optional
        When given, `Relaxed.link_loss` is computed.
    workers : int
        Threads that share one pass.

    Attributes
    ----------
    values : (n_arcs,) float64
        Points of each arc, kept points included.
    clash : (n_matchings, n_matchings) bool
        Matchings in which no seeker has the same provider.
    """

    def __init__(self, matchings: Matchings, links: Links | None = None, workers: int = 1) -> None:
        """Index fixed arcs, distinct groups and links."""
        self.matchings = matchings
        self.links = links
        self.workers = max(1, workers)
        self.values = arc_values(matchings)
        self._loads = np.ones(1) if matchings.unit_loads else matchings.arc_load
        self._fixed_arcs = np.sort(matchings.fixed_arcs)
        fixed_demand = demand_of(matchings, self._fixed_arcs)
        self._fixed_ptr = np.searchsorted(fixed_demand, np.arange(matchings.n_demands + 1))
        most_fixed = int(np.diff(self._fixed_ptr).max(initial=0))
        self._n_slots = max(1, most_fixed, int(matchings.demand_need.max(initial=0)))
        self.clash = clashing_matchings(matchings)
        self._part_ptr, self._part_demand = distinct_parts(matchings, self.clash)
        self._first_demand = np.searchsorted(
            matchings.demand_matching, np.arange(matchings.n_matchings + 1)
        )
        self._threads = ThreadPoolExecutor(self.workers) if self.workers > 1 else None

    def relax(
        self,
        role_price: np.ndarray,
        total_price: np.ndarray,
        *,
        values: np.ndarray | None = None,
        weights: np.ndarray | None = None,
        losses: bool = True,
        distinct: bool = True,
    ) -> Relaxed:
        """Choose every demand's best arcs at the given prices.

        Parameters
        ----------
        role_price : (n_matchings, n_providers) float64
            Price of one unit of `role_capacity`, at least 0; where there is
            no limit it must be 0.
        total_price : (n_providers,) float64
            The same for `capacity`.
        values : (n_arcs,) float64, optional
            Points of each arc instead of `values`.
        weights : (n_demands,) float64, optional
            Multiplies the points and the missing price of each demand
            (a worst-off term seen through its multipliers).
        losses : bool
            Whether to compute `Relaxed.link_loss`.
        distinct : bool
            Whether a seeker's providers must be distinct.

        Returns
        -------
        Relaxed
        """
        matchings = self.matchings
        arcs, demands = self._tables(role_price, total_price, values, weights)
        chosen = np.empty((matchings.n_demands, self._n_slots), np.int64)
        reduced = np.empty((matchings.n_demands, self._n_slots))

        def choose(i: int, j: int) -> None:
            kernels.best_arcs(i, j, arcs, demands, chosen, reduced)

        def spread(i: int, j: int) -> None:
            parts = (self._part_ptr, self._part_demand, self.clash)
            spread_conflicts(i, j, arcs, demands, *parts, chosen, reduced)

        self._share(matchings.n_demands, choose)
        link_loss = self._link_losses(arcs, demands, chosen, reduced) if losses else ()
        clashing_value = reduced.sum(axis=1)
        if distinct:
            self._share(len(self._part_ptr) - 1, spread)
            cost = clashing_value - reduced.sum(axis=1)
            self._include_clashes(arcs, demands, cost, chosen, reduced, link_loss)
        used = np.arange(self._n_slots) < matchings.demand_need[:, None]
        demand_value = np.where(used, reduced, 0.0).sum(axis=1)
        bound = demand_value.sum() + priced_capacity(matchings, role_price, total_price)
        load = self._role_load(chosen)
        return Relaxed(float(bound), demand_value, chosen, load, link_loss)

    def best_candidates(
        self, prices: tuple[np.ndarray, np.ndarray], count: int, values: np.ndarray
    ) -> np.ndarray:
        """Find the arcs of highest reduced value of every demand, fixed ones left out.

        Parameters
        ----------
        prices : (role_price, total_price)
        count : int
            Most arcs per demand.
        values : (n_arcs,) float64

        Returns
        -------
        (n,) int64
            Ascending.
        """
        arcs, demands = self._tables(*prices, values, None)
        best = np.empty((self.matchings.n_demands, count), np.int64)

        def collect(i: int, j: int) -> None:
            kernels.top_arcs(i, j, arcs, demands, best)

        self._share(self.matchings.n_demands, collect)
        return np.sort(best[best >= 0])

    def arcs_within(
        self,
        role_price: np.ndarray,
        total_price: np.ndarray,
        values: np.ndarray,
        weights: np.ndarray,
        slack: np.ndarray,
    ) -> np.ndarray:
        """Find the arcs whose choice costs their demand at most `slack` of its value.

        Parameters
        ----------
        role_price, total_price, values, weights
            As in `relax`; clashes are ignored.
        slack : (n_demands,) float64

        Returns
        -------
        (n,) int64
            Ascending, the chosen arcs among them; fixed ones may be missing.
        """
        matchings = self.matchings
        arcs, demands = self._tables(role_price, total_price, values, weights)
        chosen = np.empty((matchings.n_demands, self._n_slots), np.int64)
        reduced = np.empty((matchings.n_demands, self._n_slots))
        close = np.zeros(matchings.n_arcs, dtype=np.bool_)

        def mark(i: int, j: int) -> None:
            kernels.best_arcs(i, j, arcs, demands, chosen, reduced)
            kernels.mark_close(i, j, arcs, demands, reduced, slack, close)

        self._share(matchings.n_demands, mark)
        return np.flatnonzero(close)

    def seeker_sums(self, amount: np.ndarray) -> np.ndarray:
        """Sum over the demands of the same seeker that exclude one another.

        Parameters
        ----------
        amount : (n_demands,) float64

        Returns
        -------
        (n_demands,) float64
            The sum of each demand's part; a demand that excludes none keeps its own.
        """
        summed = amount.copy()
        if len(self._part_demand):
            part_sums = np.add.reduceat(amount[self._part_demand], self._part_ptr[:-1])
            summed[self._part_demand] = np.repeat(part_sums, np.diff(self._part_ptr))
        return summed

    def _tables(
        self,
        role_price: np.ndarray,
        total_price: np.ndarray,
        values: np.ndarray | None,
        weights: np.ndarray | None,
    ) -> tuple[kernels.Arcs, kernels.Demands]:
        matchings = self.matchings
        arcs = kernels.Arcs(
            matchings.arc_ptr,
            matchings.arc_provider,
            self.values if values is None else values,
            self._loads,
            matchings.unit_loads,
            np.ascontiguousarray(role_price + total_price),
        )
        demands = kernels.Demands(
            matchings.demand_matching,
            matchings.demand_need,
            matchings.demand_missing,
            np.ones(matchings.n_demands) if weights is None else weights,
            self._fixed_ptr,
            self._fixed_arcs,
        )
        return arcs, demands

    def _link_losses(
        self,
        arcs: kernels.Arcs,
        demands: kernels.Demands,
        chosen: np.ndarray,
        reduced: np.ndarray,
    ) -> tuple[np.ndarray, ...]:
        """Losses while clashes are still ignored."""
        if self.links is None:
            return ()
        losses = []
        for link in range(len(self.links)):
            of_provider = self.links.provider_value[link]
            of_placement = self.links.placement_value[link]
            n_values = 1 + max(int(of_provider.max(initial=-1)), int(of_placement.max(initial=-1)))
            loss = np.full((self.links.points.shape[1], n_values), np.inf)
            first = self._first_demand[self.links.matching[link]]
            last = self._first_demand[self.links.matching[link] + 1]

            def insist(
                i: int,
                j: int,
                first: int = first,
                of_provider: np.ndarray = of_provider,
                loss: np.ndarray = loss,
            ) -> None:
                people = self.matchings.demand_person
                kernels.link_losses(
                    first + i, first + j, arcs, demands, people, of_provider, chosen, reduced, loss
                )

            self._share(last - first, insist)
            losses.append(loss)
        return tuple(losses)

    def _include_clashes(
        self,
        arcs: kernels.Arcs,
        demands: kernels.Demands,
        cost: np.ndarray,
        chosen: np.ndarray,
        reduced: np.ndarray,
        link_loss: tuple[np.ndarray, ...],
    ) -> None:
        """Make losses exact where clashes matter; ``cost`` is what spreading took off demands."""
        if self.links is None:
            return
        parts = (self._part_ptr, self._part_demand, self.clash)
        rivals = np.bincount(self.links.matching)
        for link, loss in enumerate(link_loss):
            matching = int(self.links.matching[link])
            offered = self.links.provider_value[link]
            # What is lost beyond all points, shared by the links of a matching, adds nothing.
            most = self.links.points[link] * rivals[matching]
            owner = self.matchings.demand_person
            args = (matching, owner, offered, most, cost, chosen, reduced, loss)

            def insist(i: int, j: int, args: tuple[Any, ...] = args) -> None:
                exact_losses(i, j, arcs, demands, *parts, *args)

            self._share(len(self._part_ptr) - 1, insist)

    def _role_load(self, chosen: np.ndarray) -> np.ndarray:
        matchings = self.matchings
        demand, slot = np.nonzero(chosen >= 0)
        arcs = chosen[demand, slot]
        cell = (
            matchings.demand_matching[demand].astype(np.int64) * matchings.n_providers
            + matchings.arc_provider[arcs]
        )
        load = np.bincount(
            cell,
            weights=matchings.arc_load[arcs],
            minlength=matchings.n_matchings * matchings.n_providers,
        )
        return load.reshape(matchings.n_matchings, matchings.n_providers)

    def _share(self, count: int, task: Callable[[int, int], None]) -> None:
        """Run `task` over the range of `count`, in parallel pieces."""
        if count == 0:
            return
        if self._threads is None or count <= DEMANDS_PER_TASK:
            task(0, count)
            return
        cuts = np.arange(0, count + DEMANDS_PER_TASK, DEMANDS_PER_TASK)
        cuts[-1] = count
        list(self._threads.map(task, cuts[:-1], cuts[1:]))


def arc_values(matchings: Matchings) -> np.ndarray:
    """(n_arcs,) float64: points of each arc, kept points included."""
    if len(matchings.kept_arcs) == 0:
        return matchings.arc_points
    values = matchings.arc_points.copy()
    np.add.at(values, matchings.kept_arcs, matchings.kept_arc_points)
    return values


def priced_capacity(
    matchings: Matchings, role_price: np.ndarray, total_price: np.ndarray
) -> float:
    """Sum of prices times capacities; prices are 0 where there is no limit."""
    role = role_price > 0
    total = total_price > 0
    return float(
        (role_price[role] * matchings.role_capacity[role]).sum()
        + (total_price[total] * matchings.capacity[total]).sum()
    )
