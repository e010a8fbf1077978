"""Generalised assignment: matchings whose arcs load their providers unequally.

Bound: Lagrangian with knapsacks (`knapsacks`). Value: a dive of that
relaxation, then dives again of groups of providers, whose demands are freed
together, as long as there is time.

The structure that is needed, see `is_assignment`: every provider is one
knapsack, no rule joins the demands otherwise.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem.measure import demand_of
from talentopt.problem.problem import Assignment
from talentopt.solve.matchings.knapsacks import Items, dive, fill_knapsacks, step_prices

if TYPE_CHECKING:
    from talentopt.problem import Matchings, Problem
    from talentopt.solve.control import Control
    from talentopt.solve.matchings.interface import Relaxation
    from talentopt.solve.matchings.lagrangian import Priced
    from talentopt.solve.matchings.program import Ground

MOST_ROOM = 100_000
"""Largest whole capacity that a knapsack may have."""

CANDIDATES = 10
"""Arcs per demand that the search may choose."""

PRICE_PASSES = 150
DIVE_STEPS, DIVE_SHARE, MEMORY = 30, 0.04, 0.06
"""Price steps per round, share fixed per round, memory of the first dive."""

DIVE_WORK = 12_000
"""Demands times price steps: above 400 demands the first dive takes fewer steps."""

GROUP_STEPS, GROUP_SHARE, GROUP_MEMORY = (6, 24), (0.03, 0.1), 0.08
"""The same for dives of groups, drawn anew for each so that they differ."""

GROUP_DEMANDS = 80
"""Typical number of demands in a small group."""

GROUP_SPREAD = (-0.5, 2.2)
"""Powers of two by which groups differ in size: small ones soon get stuck, large ones are slow."""

NOISE = 0.3
"""Largest noise on values, in typical regrets."""


@dataclass(frozen=True, slots=True)
class Knapsacks:
    """The problem with whole loads, fixed arcs taken out.

    Attributes
    ----------
    load : (n_arcs,) int64
    capacity : (n_providers,) int64
    left : (n_demands,) int64
        Needs that fixed arcs leave.
    exact : bool
        Whether whole loads are the loads up to scale (otherwise they were
        rounded up, and bounds must not be taken from them).
    """

    load: np.ndarray
    capacity: np.ndarray
    left: np.ndarray
    exact: bool


def is_assignment(problem: Problem) -> bool:
    """Whether every provider is one knapsack and nothing else joins the demands."""
    matchings = problem.matchings
    if len(problem.rows) or problem.worst_off or matchings.distinct:
        return False
    several = np.isfinite(matchings.role_capacity).any() and matchings.n_matchings > 1
    return not several


def whole_loads(matchings: Matchings) -> Knapsacks:
    """Scale loads and capacities to whole numbers, where possible without loss."""
    limit = matchings.capacity
    if matchings.n_matchings == 1:
        limit = np.minimum(limit, matchings.role_capacity[0])
    load = np.asarray(matchings.arc_load, dtype=float)
    most = np.bincount(matchings.arc_provider, weights=load, minlength=matchings.n_providers)
    limit = np.minimum(limit, most)
    fixed = matchings.fixed_arcs
    for scale in (1.0, 2.0, 4.0, 5.0, 10.0, 20.0, 100.0, 1000.0):
        exact = bool(np.allclose(load * scale, np.rint(load * scale), rtol=0, atol=1e-9))
        if exact and limit.max(initial=0.0) * scale <= MOST_ROOM:
            break
    else:
        exact, scale = False, 0.1 * MOST_ROOM / max(1.0, float(limit.max(initial=1.0)))
    whole = np.rint(load * scale) if exact else np.ceil(load * scale)
    whole = whole.astype(np.int64)
    taken = np.zeros(matchings.n_providers, np.int64)
    np.add.at(taken, matchings.arc_provider[fixed], whole[fixed])
    held = np.bincount(demand_of(matchings, fixed), minlength=matchings.n_demands)
    capacity = np.floor(limit * scale + 1e-6).astype(np.int64) - taken
    return Knapsacks(whole, capacity, matchings.demand_need - held, exact)


def search(
    problem: Problem,
    ground: Ground,
    relaxation: Relaxation,
    control: Control,
    priced: Priced,
    *,
    patience: float,
) -> None:
    """Offer assignments and bounds of a generalised assignment.

    Parameters
    ----------
    problem : Problem
        For which `is_assignment` holds.
    ground : Ground
    relaxation : Relaxation
    control : Control
    priced : Priced
        Multipliers of the linear relaxation, where the search starts.
    patience : float
        Rounds of neighbourhoods without improvement after which it ends.
    """
    matchings = problem.matchings
    knapsacks = whole_loads(matchings)
    if knapsacks.capacity.min(initial=0) < 0 or knapsacks.left.min(initial=0) < 0:
        return
    price = priced.relaxed.demand_value / np.maximum(1, matchings.demand_need)
    price = np.maximum(price, -matchings.demand_missing)
    capacity_price = (priced.prices.role, priced.prices.total)
    arcs = relaxation.best_candidates(capacity_price, CANDIDATES, relaxation.values)
    best = np.zeros(0, np.int64) if control.best is None else control.best.arcs
    arcs = np.union1d(arcs, np.setdiff1d(best, matchings.fixed_arcs))
    search = _Search(problem, ground, knapsacks, arcs, price, control)
    search.scale = _regret(relaxation, priced, arcs)
    control.enter("knapsack bound")
    search.bound()
    if control.best is None:
        control.enter("dive")
        search.first_dive()
    else:
        search.chosen = np.isin(search.arcs, best)
        search.random = np.random.default_rng(control.limits.seed + 1)
    control.enter("neighbourhoods")
    search.improve(patience)


def _regret(relaxation: Relaxation, priced: Priced, arcs: np.ndarray) -> float:
    """Typical loss of value when a demand takes its next best arcs."""
    matchings = relaxation.matchings
    demand = demand_of(matchings, arcs)
    price = priced.prices.role + priced.prices.total
    cost = price[matchings.demand_matching[demand], matchings.arc_provider[arcs]]
    reduced = relaxation.values[arcs] - cost * matchings.arc_load[arcs]
    best = np.full(matchings.n_demands, -np.inf)
    np.maximum.at(best, demand, reduced)
    regret = best[demand] - reduced
    return max(1e-3, float(np.quantile(regret, 0.3)) if len(regret) else 1e-3)


class _Search:
    """The state of one search: candidates, prices, and what is chosen."""

    def __init__(
        self,
        problem: Problem,
        ground: Ground,
        knapsacks: Knapsacks,
        arcs: np.ndarray,
        price: np.ndarray,
        control: Control,
    ) -> None:
        matchings = problem.matchings
        self.matchings, self.ground, self.control = matchings, ground, control
        self.knapsacks = knapsacks
        self.values = np.array(matchings.arc_points)
        np.add.at(self.values, matchings.kept_arcs, matchings.kept_arc_points)
        order = np.argsort(matchings.arc_provider[arcs], kind="stable")
        self.arcs = arcs[order]
        self.items = self._items(self.arcs)
        self.provider = matchings.arc_provider[self.arcs].astype(np.int64)
        self.price = price
        self.scale = 1.0
        self.chosen = np.zeros(len(self.arcs), dtype=np.bool_)
        self.random = np.random.default_rng(control.limits.seed)

    def _items(self, arcs: np.ndarray) -> Items:
        matchings = self.matchings
        providers = np.arange(matchings.n_providers + 1)
        return Items(
            np.searchsorted(matchings.arc_provider[arcs], providers),
            demand_of(matchings, arcs),
            self.values[arcs],
            self.knapsacks.load[arcs],
        )

    def bound(self) -> None:
        """Move the prices towards the best knapsack bound, and prove it over all arcs."""
        left, missing = self.knapsacks.left, self.matchings.demand_missing
        price, best = self.price.copy(), (np.inf, self.price)
        mean, square = np.zeros(len(left)), np.full(len(left), 0.5)
        used = np.zeros(len(self.arcs), np.bool_)
        every = left[self.items.demand] > 0
        for k in range(PRICE_PASSES):
            if self.control.finished():
                break
            total = fill_knapsacks(self.items, self.knapsacks.capacity, every, price, used)
            bound = total + float(price @ left)
            if bound < best[0]:
                best = (bound, price.copy())
            step = self.scale * 0.3 * (1 - k / PRICE_PASSES) ** 1.5
            step_prices(left, missing, self.items.demand, used, step, k + 1, price, mean, square)
        self.price = best[1]
        self._prove()

    def _prove(self) -> None:
        if not self.knapsacks.exact:
            return
        fixed = self.matchings.fixed_arcs
        every = np.argsort(self.matchings.arc_provider, kind="stable")
        items = self._items(every)
        free = ~np.isin(every, fixed) & (self.knapsacks.left[items.demand] > 0)
        used = np.zeros(len(every), np.bool_)
        total = fill_knapsacks(items, self.knapsacks.capacity, free, self.price, used)
        bound = total + float(self.price @ self.knapsacks.left) + float(self.values[fixed].sum())
        self.control.tighten(bound + self.ground.constant)

    def first_dive(self) -> None:
        """Dive on all demands at once: hastily for a first offer, then with care."""
        careful = int(np.clip(DIVE_WORK / max(1, self.knapsacks.left.sum()), 5, DIVE_STEPS))
        for steps, share in ((2, 0.25), (careful, DIVE_SHARE)):
            hasty = self.chosen.copy()
            if self.control.finished():
                return
            dive(
                self.items,
                self.knapsacks.capacity.copy(),
                self.knapsacks.left.copy(),
                self.matchings.demand_missing,
                self.price.copy(),
                self.scale * 0.3,
                steps,
                share,
                MEMORY,
                self.chosen,
            )
            if not self._offer():
                self.chosen = hasty

    def _offer(self) -> bool:
        arcs = np.concatenate([self.arcs[self.chosen], self.matchings.fixed_arcs])
        return self.control.offer(Assignment.of(arcs))

    def improve(self, patience: float) -> None:
        """Free groups of providers and dive again on their demands, until nothing helps."""
        n_demands = max(1, int((self.knapsacks.left > 0).sum()))
        per_group = GROUP_DEMANDS * self.matchings.n_providers / n_demands
        workers = max(1, self.control.limits.workers)
        with ThreadPoolExecutor(workers) as threads:
            stale = 0
            while not self.control.finished() and stale < patience:
                size = max(2, round(per_group * 2.0 ** self.random.uniform(*GROUP_SPREAD)))
                groups = self._groups(size)
                seeds = self.random.integers(0, 2**31, len(groups))
                changed = False
                for found in threads.map(self._again, groups, seeds):
                    if found is not None:
                        items, now = found
                        self.chosen[items] = now
                        changed = True
                better = changed and self._offer()
                stale = 0 if better else stale + 1

    def _groups(self, size: int) -> list[tuple[np.ndarray, np.ndarray]]:
        """Split the providers at random; each group with what its demands need in it."""
        n_providers = self.matchings.n_providers
        n_groups = max(1, n_providers // size)
        group_of = self.random.permutation(np.arange(n_providers) % n_groups)
        item_group = group_of[self.provider]
        needs = np.zeros((n_groups, self.matchings.n_demands), np.int64)
        held = np.flatnonzero(self.chosen)
        np.add.at(needs, (item_group[held], self.items.demand[held]), 1)
        short = self.knapsacks.left - needs.sum(axis=0)
        for item in self.random.permutation(np.flatnonzero(short[self.items.demand] > 0)):
            d = self.items.demand[item]
            needs[item_group[item], d] += short[d]
            short[d] = 0
        return [
            (np.flatnonzero((item_group == g) & (needs[g][self.items.demand] > 0)), needs[g])
            for g in range(n_groups)
        ]

    def _again(
        self, group: tuple[np.ndarray, np.ndarray], seed: int
    ) -> tuple[np.ndarray, np.ndarray] | None:
        """Dive on one group's demands; None when that is worse than what is chosen."""
        if self.control.finished():
            return None
        index, needs = group
        random = np.random.default_rng(seed)
        demands, inside = np.unique(self.items.demand[index], return_inverse=True)
        providers, of_provider = np.unique(self.provider[index], return_inverse=True)
        items = Items(
            np.searchsorted(of_provider, np.arange(len(providers) + 1)),
            inside.astype(np.int64),
            self.items.value[index],
            self.items.load[index],
        )
        noise = self.scale * NOISE * random.random() * random.normal(0, 1, len(index))
        shaken = items._replace(value=items.value + noise)
        left, missing = needs[demands], self.matchings.demand_missing[demands]
        before = self._worth(items, self.chosen[index], left, missing)
        price = self.price[demands].copy()
        now = np.zeros(len(index), np.bool_)
        dive(
            shaken,
            self.knapsacks.capacity[providers],
            left.copy(),
            missing,
            np.maximum(price, -missing),
            self.scale * 0.3 * 2.0 ** random.uniform(-1.5, 1.0),
            int(random.integers(*GROUP_STEPS)),
            random.uniform(*GROUP_SHARE),
            GROUP_MEMORY,
            now,
        )
        if self._worth(items, now, left, missing) < before - 1e-9:
            return None
        return index, now

    @staticmethod
    def _worth(items: Items, chosen: np.ndarray, left: np.ndarray, missing: np.ndarray) -> float:
        held = np.bincount(items.demand[chosen], minlength=len(left))
        return float(items.value[chosen].sum() - ((left - held) * missing).sum())
