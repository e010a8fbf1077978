"""Messages of one knapsack against enumeration, and what dives must keep."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from talentopt.solve.matchings.beliefs import LARGEST, Graph, Messages, Pace, advance, cavity_odds
from talentopt.solve.matchings.knapsacks import Items


def odds_by_enumeration(
    load: np.ndarray, field: np.ndarray, room: int, unused: float
) -> np.ndarray:
    weight = np.zeros((len(load), 2))
    for inside in product((0, 1), repeat=len(load)):
        chosen = np.array(inside, dtype=bool)
        left = room - load[chosen].sum()
        if left < 0:
            continue
        for q, taken in enumerate(inside):
            others = field[chosen].sum() - taken * field[q]
            weight[q, taken] += np.exp(others + unused * left)
    with np.errstate(divide="ignore"):
        return np.clip(np.log(weight[:, 1]) - np.log(weight[:, 0]), -LARGEST, LARGEST)


@pytest.mark.parametrize("seed", range(20))
def test_odds_are_those_of_all_fillings(seed: int) -> None:
    random = np.random.default_rng(seed)
    n = int(random.integers(1, 8))
    load = random.integers(0, 9, n)
    field = random.normal(0, 4, n)
    room, unused = int(random.integers(0, 25)), -float(random.exponential(0.5))
    odds = np.empty(n)
    cavity_odds(load, field, room, unused, odds)
    assert odds == pytest.approx(odds_by_enumeration(load, field, room, unused), abs=1e-8)


def test_a_demand_is_a_knapsack_of_arcs() -> None:
    # One of two is needed, none is out of the question: each is chosen as the other is not.
    odds = np.empty(2)
    cavity_odds(np.ones(2, np.int64), np.array([0.0, -3.0]), 1, -LARGEST, odds)
    assert odds == pytest.approx([3.0, 0.0])


@pytest.mark.parametrize("seed", range(10))
def test_a_dive_keeps_capacities_and_needs(seed: int) -> None:
    random = np.random.default_rng(seed)
    n_providers, n_demands = 4, 12
    demand = np.tile(np.arange(n_demands), n_providers)
    load = random.integers(1, 10, len(demand))
    value = random.normal(0, 5, len(demand))
    items = Items(np.arange(n_providers + 1) * n_demands, demand, value, load)
    capacity, need = random.integers(5, 30, n_providers), random.integers(0, 3, n_demands)
    missing = np.full(n_demands, 3.0)
    graph = Graph.of(items, np.full(n_providers, 0.5), n_demands)
    chosen, messages = np.zeros(len(demand), np.bool_), Messages.of(len(demand))
    room, left = capacity.copy(), need.copy()
    while advance(graph, room, left, missing, Pace(1.0, 2, 0.1), messages, chosen):
        pass
    used = np.bincount(graph.provider[chosen], weights=load[chosen], minlength=n_providers)
    held = np.bincount(demand[chosen], minlength=n_demands)
    assert (room >= 0).all()
    assert (used == capacity - room).all()
    assert (held == need - left).all()
    assert (left >= 0).all()
    # An arc that is worth less than what is missing without it is left alone.
    assert (value[chosen] >= -3.0 - 1e-9).all()


def test_a_dive_finds_the_only_full_packing() -> None:
    # Two providers of room 10: only 7 + 3 and 6 + 4 place all four, on providers that prefer them.
    load = np.array([7, 3, 6, 4, 7, 3, 6, 4])
    value = np.array([0.0, 0.0, -1.0, -1.0, -1.0, -1.0, 0.0, 0.0])
    items = Items(np.array([0, 4, 8]), np.tile(np.arange(4), 2), value, load)
    graph = Graph.of(items, np.full(2, 1.0), 4)
    chosen, messages = np.zeros(8, np.bool_), Messages.of(8)
    capacity, left = np.array([10, 10]), np.ones(4, np.int64)
    while advance(graph, capacity, left, np.full(4, 50.0), Pace(0.5, 5, 0.1), messages, chosen):
        pass
    assert chosen.tolist() == [True, True, False, False, False, False, True, True]
