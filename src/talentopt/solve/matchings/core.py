"""The core of a generalised assignment, parts of it that are freed, and dives on those."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.matchings.beliefs import Graph, Messages, Pace, advance
from talentopt.solve.matchings.knapsacks import Items, dive

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS, SHARE, MEMORY = (6, 24), (0.03, 0.1), 0.08
"""Price steps per round, share fixed per round (drawn anew for each dive, so that they
differ), and memory of dives by prices."""

NOISE = 0.3
"""Largest noise on values in dives by prices, in typical regrets."""

FIRST_SWEEPS = 6
"""How many times the sweeps are needed before anything is fixed."""

COOLING, SWEEPS, FIXED = (0.3, 1.0), (1, 4), (-6.5, -4.5)
"""Last temperature per first, sweeps per round, share fixed per round as a power of two:
drawn anew for each dive by beliefs."""

SHAKE = 0.02
"""Noise on values in dives by beliefs, in temperatures: ties fall otherwise each time."""

MENDS, MEND_SHARE = 6, (0.1, 0.4)
"""Tries to place what a dive left over, by freeing a share of the providers."""


@dataclass(frozen=True, slots=True)
class Core:
    """The arcs that a search may choose, fixed ones taken out.

    Attributes
    ----------
    items : Items
    provider : (n_items,) int64
    capacity : (n_providers,) int64
    left : (n_demands,) int64
        Needs that fixed arcs leave.
    missing : (n_demands,) float64
    price : (n_demands,) float64
        Near the best of the relaxation with knapsacks.
    unit_price : (n_providers,) float64
        Of one unit of whole load, in the linear relaxation.
    regret : float
        Typical loss of value when a demand takes another arc.
    """

    items: Items
    provider: np.ndarray
    capacity: np.ndarray
    left: np.ndarray
    missing: np.ndarray
    price: np.ndarray
    unit_price: np.ndarray
    regret: float

    @property
    def temperature(self) -> float:
        """Temperature in points around which dives by beliefs do well.

        Between the two losses there are: taking another arc, and leaving a
        unit of room empty.
        """
        unit = self.unit_price[self.unit_price > 0]
        empty = float(unit.mean()) if len(unit) else 0.0
        return float(np.sqrt(self.regret * max(empty, 1e-3 * self.regret)))

    def short(self, chosen: np.ndarray) -> np.ndarray:
        """(n_demands,) int64: providers that are missing."""
        held = np.bincount(self.items.demand[chosen], minlength=len(self.left))
        lacking: np.ndarray = self.left - held
        return lacking

    def worth(self, chosen: np.ndarray) -> float:
        """Value of what is chosen, minus what is missing."""
        lost = (self.short(chosen) * self.missing).sum()
        return float(self.items.value[chosen].sum() - lost)

    def closeness(self) -> np.ndarray:
        """(n_demands,) float64: how many arcs are about as good as the best, as a logarithm."""
        items = self.items
        reduced = items.value - self.unit_price[self.provider] * items.load
        best = np.full(len(self.left), -np.inf)
        np.maximum.at(best, items.demand, reduced)
        weight = np.exp((reduced - best[items.demand]) / self.temperature)
        counted = np.bincount(items.demand, weights=weight, minlength=len(best))
        return np.asarray(np.log(np.maximum(counted, 1.0)))


@dataclass(frozen=True, slots=True)
class Part:
    """A core of its own, made of some items of another.

    Attributes
    ----------
    core : Core
    index : (n_items,) int64
        Of its items in the other core; what is chosen outside stays.
    """

    core: Core
    index: np.ndarray


def freed(core: Core, chosen: np.ndarray, free_item: np.ndarray, left: np.ndarray) -> Part:
    """Free what is chosen among some items.

    Parameters
    ----------
    core : Core
    chosen : (n_items,) bool
    free_item : (n_items,) bool
        Items that may be chosen anew.
    left : (n_demands,) int64
        How many of them each demand needs.
    """
    kept = chosen & ~free_item
    taken = np.zeros_like(core.capacity)
    np.add.at(taken, core.provider[kept], core.items.load[kept])
    room = core.capacity - taken
    possible = free_item & (left[core.items.demand] > 0)
    possible &= core.items.load <= room[core.provider]
    index = np.flatnonzero(possible)
    demands, demand = np.unique(core.items.demand[index], return_inverse=True)
    providers, provider = np.unique(core.provider[index], return_inverse=True)
    items = Items(
        np.searchsorted(provider, np.arange(len(providers) + 1)),
        demand.astype(np.int64),
        core.items.value[index],
        core.items.load[index],
    )
    part = Core(
        items,
        provider.astype(np.int64),
        room[providers],
        left[demands],
        core.missing[demands],
        core.price[demands],
        core.unit_price[providers],
        core.regret,
    )
    return Part(part, index)


def dive_by_prices(core: Core, random: np.random.Generator) -> np.ndarray:
    """Choose anew by the Lagrangian dive, with random pace and noise.

    Returns
    -------
    (n_items,) bool
    """
    items, chosen = core.items, np.zeros(len(core.provider), np.bool_)
    noise = core.regret * NOISE * random.random() * random.normal(0, 1, len(chosen))
    dive(
        items._replace(value=items.value + noise),
        core.capacity.copy(),
        core.left.copy(),
        core.missing,
        np.maximum(core.price, -core.missing),
        core.regret * 0.3 * 2.0 ** random.uniform(-1.5, 1.0),
        int(random.integers(*STEPS)),
        random.uniform(*SHARE),
        MEMORY,
        chosen,
    )
    return chosen


def dive_by_beliefs(
    core: Core, temperature: float, random: np.random.Generator, stop: Callable[[], bool]
) -> np.ndarray:
    """Choose anew by beliefs from a temperature on, with random pace and noise.

    Parameters
    ----------
    core : Core
    temperature : float
        At the start, in points; it falls as demands are served.
    random : Generator
    stop : callable
        Asked now and then whether to stop early.

    Returns
    -------
    (n_items,) bool
    """
    items, chosen = core.items, np.zeros(len(core.provider), np.bool_)
    noise = SHAKE * temperature * random.normal(0, 1, len(chosen))
    cooling, sweeps = random.uniform(*COOLING), int(random.integers(*SWEEPS))
    share = 2.0 ** random.uniform(*FIXED)
    graph = Graph.of(items._replace(value=items.value + noise), core.unit_price, len(core.left))
    capacity, left, messages = core.capacity.copy(), core.left.copy(), Messages.of(len(chosen))
    begun = max(1, left.sum())
    pace = Pace(temperature, FIRST_SWEEPS * sweeps, share)
    while not stop() and advance(graph, capacity, left, core.missing, pace, messages, chosen):
        heat = temperature * float(cooling ** (1.0 - left.sum() / begun))
        pace = Pace(heat, sweeps, share)
    return chosen


def mend(
    core: Core,
    chosen: np.ndarray,
    temperature: float,
    random: np.random.Generator,
    stop: Callable[[], bool],
) -> np.ndarray:
    """Place demands that a dive left over, by freeing providers at random for them.

    Returns
    -------
    (n_items,) bool
        Not worse than `chosen`.
    """
    for _ in range(MENDS):
        short = core.short(chosen)
        if stop() or not short.any():
            break
        open_provider = random.random(len(core.capacity)) < random.uniform(*MEND_SHARE)
        free_item = open_provider[core.provider]
        held = chosen & free_item
        left = short + np.bincount(core.items.demand[held], minlength=len(short))
        part = freed(core, chosen, free_item, left)
        mended = chosen & ~free_item
        mended[part.index] = dive_by_beliefs(part.core, temperature, random, stop)
        if core.worth(mended) > core.worth(chosen):
            chosen = mended
    return chosen
