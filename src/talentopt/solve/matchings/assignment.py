"""Generalised assignment: matchings whose arcs load their providers unequally.

Bound: Lagrangian with knapsacks (`knapsacks`). Value: dives, by the prices
of that relaxation and by beliefs (`beliefs`); then dives again of groups of
providers, whose demands are freed together, and of demands of all of them,
as long as there is time.

The structure that is needed, see `is_assignment`: every provider is one
knapsack, no rule joins the demands otherwise.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem.measure import demand_of
from talentopt.problem.problem import Assignment
from talentopt.solve.matchings.core import (
    Core,
    Part,
    dive_by_beliefs,
    dive_by_prices,
    freed,
    mend,
)
from talentopt.solve.matchings.interface import arc_values
from talentopt.solve.matchings.knapsacks import Items, dive, fill_knapsacks, step_prices
from talentopt.solve.matchings.whole_loads import Knapsacks, whole_loads

if TYPE_CHECKING:
    from talentopt.problem import Matchings, Problem
    from talentopt.solve.control import Control
    from talentopt.solve.matchings.interface import Relaxation
    from talentopt.solve.matchings.lagrangian import Priced
    from talentopt.solve.matchings.program import Ground

CANDIDATES = 10
"""Arcs per demand that the search may choose."""

PRICE_PASSES = 150
DIVE_STEPS, DIVE_SHARE, MEMORY = 30, 0.04, 0.06
"""Price steps per round, share fixed per round, memory of the first dive."""

DIVE_WORK = 12_000
"""Demands times price steps: above 400 demands the first dive takes fewer steps."""

GROUP_DEMANDS = 80
"""Typical number of demands in a small group."""

GROUP_SPREAD = (-0.5, 2.2)
"""Powers of two by which groups differ in size: small ones soon get stuck, large ones are slow."""

WHOLE = 0.5
"""Share of the rounds in which demands of all providers are freed."""

LOOSENED = (0.3, 1.3)
"""Share of the demands that are freed in such rounds; above 1 all are."""

SPAN = (-2.0, 1.0)
"""Powers of two by which temperatures differ from the core's (warmth)."""

FIRST_WARMTHS = (0.0, -0.8, 0.8, -1.6)
"""Of the first dives by beliefs."""

NEAR = 0.4
"""Powers of two around the last temperature that helped, where half of them are drawn."""


def is_assignment(problem: Problem) -> bool:
    """Whether every provider is one knapsack and nothing else joins the demands."""
    matchings = problem.matchings
    if len(problem.rows) or problem.worst_off or matchings.distinct:
        return False
    several = np.isfinite(matchings.role_capacity).any() and matchings.n_matchings > 1
    return not several


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
    capacity_price = (priced.prices.role, priced.prices.total)
    arcs = relaxation.best_candidates(capacity_price, CANDIDATES, relaxation.values)
    best = np.zeros(0, np.int64) if control.best is None else control.best.arcs
    arcs = np.union1d(arcs, np.setdiff1d(best, matchings.fixed_arcs))
    arcs = arcs[np.argsort(matchings.arc_provider[arcs], kind="stable")]
    core = _core(relaxation, knapsacks, priced, arcs)
    search = _Search(problem, ground, knapsacks, arcs, core, control)
    control.enter("knapsack bound")
    search.bound()
    if control.best is None:
        control.enter("dive")
        search.first_dives()
    else:
        search.chosen = np.isin(search.arcs, best)
        search.random = np.random.default_rng(control.limits.seed + 1)
    control.enter("neighbourhoods")
    search.improve(patience)


def _regret(relaxation: Relaxation, priced: Priced, arcs: np.ndarray) -> float:
    """Typical loss of value when a demand takes one of its next best arcs that is not as good."""
    matchings = relaxation.matchings
    demand = demand_of(matchings, arcs)
    price = priced.prices.role + priced.prices.total
    cost = price[matchings.demand_matching[demand], matchings.arc_provider[arcs]]
    reduced = relaxation.values[arcs] - cost * matchings.arc_load[arcs]
    best = np.full(matchings.n_demands, -np.inf)
    np.maximum.at(best, demand, reduced)
    regret = best[demand] - reduced
    regret = regret[regret > 1e-6]
    return float(np.quantile(regret, 0.3)) if len(regret) else 1e-3


class _Search:
    """The state of one search: candidates, prices, and what is chosen."""

    def __init__(
        self,
        problem: Problem,
        ground: Ground,
        knapsacks: Knapsacks,
        arcs: np.ndarray,
        core: Core,
        control: Control,
    ) -> None:
        self.matchings, self.ground, self.control = problem.matchings, ground, control
        self.knapsacks, self.arcs, self.core = knapsacks, arcs, core
        self.chosen = np.zeros(len(arcs), dtype=np.bool_)
        self.random = np.random.default_rng(control.limits.seed)
        # Power of two of the temperature, relative to the core's, that helped last.
        self.warmth = 0.0

    def bound(self) -> None:
        """Move the prices towards the best knapsack bound, and prove it over all arcs."""
        core = self.core
        price, best = core.price.copy(), (np.inf, core.price)
        mean, square = np.zeros(len(core.left)), np.full(len(core.left), 0.5)
        used = np.zeros(len(self.arcs), np.bool_)
        every = core.left[core.items.demand] > 0
        for k in range(PRICE_PASSES):
            if self.control.finished():
                break
            total = fill_knapsacks(core.items, core.capacity, every, price, used)
            bound = total + float(price @ core.left)
            if bound < best[0]:
                best = (bound, price.copy())
            step = core.regret * 0.3 * (1 - k / PRICE_PASSES) ** 1.5
            demand = core.items.demand
            step_prices(core.left, core.missing, demand, used, step, k + 1, price, mean, square)
        self.core = replace(core, price=best[1])
        self._prove()

    def _prove(self) -> None:
        if not self.knapsacks.exact:
            return
        fixed, price = self.matchings.fixed_arcs, self.core.price
        every = np.argsort(self.matchings.arc_provider, kind="stable")
        values = arc_values(self.matchings)
        items = _items(self.matchings, values, self.knapsacks.load, every)
        free = ~np.isin(every, fixed) & (self.core.left[items.demand] > 0)
        used = np.zeros(len(every), np.bool_)
        total = fill_knapsacks(items, self.core.capacity, free, price, used)
        bound = total + float(price @ self.core.left) + float(values[fixed].sum())
        self.control.tighten(bound + self.ground.constant)

    def first_dives(self) -> None:
        """Dive on all demands: hastily for a first offer, then by beliefs, else with care."""
        self._dive(2, 0.25)
        with ThreadPoolExecutor(max(1, self.control.limits.workers)) as threads:
            seeds = self.random.integers(0, 2**31, len(FIRST_WARMTHS))
            shares = [1.0] * len(FIRST_WARMTHS)
            dives = threads.map(self._loosened, shares, FIRST_WARMTHS, seeds)
            for warmth, now in zip(FIRST_WARMTHS, dives, strict=True):
                if self._take(now):
                    self.warmth = warmth
        if self.core.short(self.chosen).any():
            careful = int(np.clip(DIVE_WORK / max(1, self.core.left.sum()), 5, DIVE_STEPS))
            self._dive(careful, DIVE_SHARE)

    def _dive(self, steps: int, share: float) -> None:
        """Dive by prices on all demands, fixing a share of them after so many steps."""
        core, now = self.core, np.zeros(len(self.arcs), np.bool_)
        if self.control.finished():
            return
        dive(
            core.items,
            core.capacity.copy(),
            core.left.copy(),
            core.missing,
            core.price.copy(),
            core.regret * 0.3,
            steps,
            share,
            MEMORY,
            now,
        )
        self._take(now)

    def _take(self, now: np.ndarray) -> bool:
        """Choose something else unless it is worse; whether it is the best ever."""
        gain = self.core.worth(now) - self.core.worth(self.chosen)
        if gain < -1e-9:
            return False
        self.chosen = now
        return gain > 1e-9 and self._offer()

    def _offer(self) -> bool:
        arcs = np.concatenate([self.arcs[self.chosen], self.matchings.fixed_arcs])
        return self.control.offer(Assignment.of(arcs))

    def improve(self, patience: float) -> None:
        """Free parts and dive again on them, until nothing helps."""
        with ThreadPoolExecutor(max(1, self.control.limits.workers)) as threads:
            stale = 0
            while not self.control.finished() and stale < patience:
                whole = self.random.random() < WHOLE
                better = self._loosen(threads) if whole else self._regroup(threads)
                stale = 0 if better else stale + 1

    def _draw_warmth(self) -> float:
        if self.random.random() < 0.5:
            return float(self.random.uniform(*SPAN))
        return float(np.clip(self.warmth + self.random.normal(0, NEAR), *SPAN))

    def _loosen(self, threads: ThreadPoolExecutor) -> bool:
        """Free demands of all providers, each thread others, and keep the best dive."""
        workers = max(1, self.control.limits.workers)
        warmths = [self._draw_warmth() for _ in range(workers)]
        shares = self.random.uniform(*LOOSENED, workers)
        seeds = self.random.integers(0, 2**31, workers)
        found = list(threads.map(self._loosened, shares, warmths, seeds))
        best = max(range(workers), key=lambda k: self.core.worth(found[k]))
        better = self._take(found[best])
        if better:
            self.warmth = warmths[best]
        return better

    def _loosened(self, share: float, warmth: float, seed: int) -> np.ndarray:
        """Dive by beliefs on some demands, rather on those that have arcs to choose from."""
        core, random = self.core, np.random.default_rng(seed)
        if self.control.finished():
            return self.chosen
        key = core.closeness() + random.gumbel(size=len(core.left))
        free = np.zeros(len(key), np.bool_)
        free[np.argsort(-key)[: round(share * len(key))]] = True
        free_item = free[core.items.demand]
        part = freed(core, self.chosen, free_item, np.where(free, core.left, 0))
        temperature = core.temperature * 2.0**warmth
        now = self.chosen & ~free_item
        now[part.index] = dive_by_beliefs(part.core, temperature, random, self.control.finished)
        return mend(core, now, temperature, random, self.control.finished)

    def _regroup(self, threads: ThreadPoolExecutor) -> bool:
        """Free every group of providers, and keep the dives that are not worse."""
        n_demands = max(1, int((self.core.left > 0).sum()))
        per_group = GROUP_DEMANDS * len(self.core.capacity) / n_demands
        size = max(2, round(per_group * 2.0 ** self.random.uniform(*GROUP_SPREAD)))
        parts = self._groups(size)
        warmths = [self._draw_warmth() for _ in parts]
        seeds = self.random.integers(0, 2**31, len(parts))
        changed = self.chosen.copy()
        for part, now in zip(parts, threads.map(self._again, parts, warmths, seeds), strict=True):
            if now is not None:
                changed[part.index] = now
        return self._take(changed)

    def _groups(self, size: int) -> list[Part]:
        """Split the providers at random; each group with what its demands need in it."""
        items, provider = self.core.items, self.core.provider
        n_providers = len(self.core.capacity)
        n_groups = max(1, n_providers // size)
        group_of = self.random.permutation(np.arange(n_providers) % n_groups)
        item_group = group_of[provider]
        needs = np.zeros((n_groups, len(self.core.left)), np.int64)
        held = np.flatnonzero(self.chosen)
        np.add.at(needs, (item_group[held], items.demand[held]), 1)
        short = self.core.short(self.chosen)
        for item in self.random.permutation(np.flatnonzero(short[items.demand] > 0)):
            d = items.demand[item]
            needs[item_group[item], d] += short[d]
            short[d] = 0
        return [freed(self.core, self.chosen, item_group == g, needs[g]) for g in range(n_groups)]

    def _again(self, part: Part, warmth: float, seed: int) -> np.ndarray | None:
        """Dive on one group's demands; None when that is worse than what is chosen."""
        if self.control.finished():
            return None
        random = np.random.default_rng(seed)
        if random.random() < 0.5:
            now = dive_by_prices(part.core, random)
        else:
            temperature = self.core.temperature * 2.0**warmth
            now = dive_by_beliefs(part.core, temperature, random, self.control.finished)
        before = part.core.worth(self.chosen[part.index])
        return None if part.core.worth(now) < before - 1e-9 else now


def _items(matchings: Matchings, values: np.ndarray, load: np.ndarray, arcs: np.ndarray) -> Items:
    """Make items of arcs that are grouped by provider."""
    providers = np.arange(matchings.n_providers + 1)
    ptr = np.searchsorted(matchings.arc_provider[arcs], providers)
    return Items(ptr, demand_of(matchings, arcs), values[arcs], load[arcs])


def _core(relaxation: Relaxation, knapsacks: Knapsacks, priced: Priced, arcs: np.ndarray) -> Core:
    """Make the core of arcs that are grouped by provider."""
    matchings = relaxation.matchings
    price = priced.relaxed.demand_value / np.maximum(1, matchings.demand_need)
    unit_price = priced.prices.role.sum(axis=0) + priced.prices.total
    return Core(
        items=_items(matchings, relaxation.values, knapsacks.load, arcs),
        provider=matchings.arc_provider[arcs].astype(np.int64),
        capacity=knapsacks.capacity,
        left=knapsacks.left,
        missing=matchings.demand_missing,
        price=np.maximum(price, -matchings.demand_missing),
        unit_price=unit_price / knapsacks.scale,
        regret=_regret(relaxation, priced, arcs),
    )
