"""Parts of a generalised assignment that are freed, and dives on them."""

from __future__ import annotations

import numpy as np
import pytest

from talentopt.solve.matchings.core import Core, dive_by_beliefs, dive_by_prices, freed, mend
from talentopt.solve.matchings.knapsacks import Items


def random_core(seed: int, room: int = 40) -> Core:
    random = np.random.default_rng(seed)
    n_providers, n_demands = 5, 20
    demand = np.tile(np.arange(n_demands), n_providers)
    n = len(demand)
    items = Items(
        np.arange(n_providers + 1) * n_demands,
        demand,
        -random.integers(10, 50, n).astype(float),
        random.integers(1, 15, n),
    )
    return Core(
        items=items,
        provider=np.repeat(np.arange(n_providers), n_demands),
        capacity=np.full(n_providers, room),
        left=np.ones(n_demands, np.int64),
        missing=np.full(n_demands, 500.0),
        price=np.full(n_demands, -20.0),
        unit_price=np.full(n_providers, 0.5),
        regret=2.0,
    )


def loads(core: Core, chosen: np.ndarray) -> np.ndarray:
    load = core.items.load[chosen]
    return np.bincount(core.provider[chosen], weights=load, minlength=len(core.capacity))


@pytest.mark.parametrize("seed", range(5))
def test_what_is_freed_and_chosen_anew_is_allowed(seed: int) -> None:
    core, random = random_core(seed), np.random.default_rng(seed)
    chosen = dive_by_beliefs(core, 2.0, random, lambda: False)
    free = random.random(len(core.left)) < 0.5
    free_item = free[core.items.demand]
    part = freed(core, chosen, free_item, np.where(free, core.left, 0))
    assert free_item[part.index].all()
    for dived in (
        dive_by_beliefs(part.core, 1.0, random, lambda: False),
        dive_by_prices(part.core, random),
    ):
        again = chosen & ~free_item
        again[part.index] = dived
        assert (loads(core, again) <= core.capacity).all()
        assert (core.short(again) >= 0).all()
        assert (again == chosen)[~free_item].all()


def test_worth_counts_values_and_what_is_missing() -> None:
    core = random_core(0)
    chosen = np.zeros(len(core.provider), np.bool_)
    assert core.worth(chosen) == -20 * 500.0
    chosen[[3, 27]] = True
    assert core.worth(chosen) == core.items.value[[3, 27]].sum() - 18 * 500.0


@pytest.mark.parametrize("seed", range(5))
def test_mending_is_never_worse(seed: int) -> None:
    core, random = random_core(seed, room=22), np.random.default_rng(seed)
    chosen = dive_by_beliefs(core, 0.1, random, lambda: False)
    mended = mend(core, chosen, 1.0, random, lambda: False)
    assert core.worth(mended) >= core.worth(chosen)
    assert (loads(core, mended) <= core.capacity).all()


def test_a_dive_stops_when_told() -> None:
    chosen = dive_by_beliefs(random_core(0), 1.0, np.random.default_rng(0), lambda: True)
    assert not chosen.any()
