"""Graphs of one person's states: what they prove, against every itinerary there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from benchmarks.formats.mss import Instance, as_problem, points_of

from talentopt.solve.columns.duals import evaluate
from talentopt.solve.columns.graph import Graph, follow, look_back, prune, split
from talentopt.solve.columns.market import Market

if TYPE_CHECKING:
    from talentopt.problem import Problem

MANY = 10_000


def _one_student(seed: int, disciplines: int = 5, slack: int = 1) -> Instance:
    """A student who needs nearly all disciplines in two hospitals, and nearly all the time."""
    rng = np.random.default_rng(seed)
    horizon = disciplines - 1 + slack
    shape = (2, disciplines, horizon)
    before = np.zeros((disciplines, disciplines), bool)
    before[3, 0] = True
    return Instance(
        duration=1,
        horizon=horizon,
        most_per_hospital=disciplines - 2,
        group=np.zeros(disciplines, np.int64),
        needs=np.array([[disciplines - 1]]),
        allowed=np.ones((1, disciplines), bool),
        before=before,
        available=np.ones((1, horizon), bool),
        able=np.ones((1, 2, disciplines), bool),
        most=np.ones(shape, np.int64),
        least=np.zeros(shape, np.int64),
        weight=np.array([[1, 1, -2, -1]]),
        wish=rng.integers(1, 6, (1, disciplines)),
        hospital_wish=rng.integers(1, 6, (1, 2)),
        school=rng.integers(0, 4, disciplines),
    )


def _best_of_all(instance: Instance, price: np.ndarray) -> float:
    """Worth of the best complete itinerary at prices, (hospitals, disciplines, periods).

    All points count twice: the only total is the lowest one, too.
    """
    points, n_disciplines = points_of(instance)[0], len(instance.group)

    def best(t: int, done: frozenset[int], places: tuple[int, ...]) -> float:
        if len(done) == instance.needs[0, 0]:
            return 0.0
        if t == instance.horizon:
            return -np.inf
        top = best(t + 1, done, places) + 2.0 * instance.weight[0, 3]
        for discipline in range(n_disciplines):
            needed = set(np.flatnonzero(instance.before[discipline]).tolist())
            if discipline in done or not needed <= done:
                continue
            for place in range(2):
                if places.count(place) == instance.most_per_hospital:
                    continue
                moved = instance.weight[0, 2] if places and places[-1] != place else 0
                worth = 2.0 * points[place, discipline] + 2.0 * moved
                worth -= price[place, discipline, t]
                rest = best(t + 1, done | {discipline}, (*places, place))
                top = max(top, worth + rest)
        return top

    return best(0, frozenset(), ())


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("arcs", [20, MANY])
def test_graphs_prove_no_less_than_the_best_itinerary(seed: int, arcs: int) -> None:
    instance = _one_student(seed)
    price = np.random.default_rng(seed).normal(0, 4, instance.most.shape)
    market, prices = _market(as_problem(instance), price)
    paths = market.pricer.empty_paths()
    for _ in range(3):
        evaluate(market, prices, paths, exact=False, arcs=arcs)
    best = _best_of_all(instance, np.maximum(price, 0.0))
    assert paths.bound[0] >= best - 1e-6
    assert paths.worth[0] <= best + 1e-6
    if arcs == MANY:
        assert paths.worth[0] == pytest.approx(best)
        assert paths.bound[0] == pytest.approx(best)


def _market(problem: Problem, price: np.ndarray) -> tuple[Market, np.ndarray]:
    """Prices of seats, none below 0 as nothing has to be staffed."""
    market = Market(problem, 1)
    prices = np.zeros(len(market.limits.lower))
    prices[market.seats] = np.maximum(price, 0.0).ravel()
    return market, prices


def _graph() -> Graph:
    """Two periods; slots 0 and 1 have the same value, slot 2 has another."""
    tail, head = np.array([0, 0, 1, 1], np.int32), np.array([1, 1, 2, 2], np.int32)
    slot, gain = np.array([0, 2, 1, 2], np.int32), np.array([5.0, 4.0, 5.0, 1.0])
    ending, period = np.array([-np.inf, -np.inf, 0.0]), np.array([0, 1, 2], np.int32)
    return Graph(ending, period, tail, head, slot, gain)


def test_states_told_apart_repeat_nothing() -> None:
    graph, toll, rest = _graph(), np.zeros(3), np.empty(3)
    look_back(graph, toll, rest)
    assert rest[0] == 10.0
    bit, window = np.array([1, 1, 0]), np.ones(3, np.int64)
    finer, whole = split(graph, bit, window, toll, rest, 0.0, MANY)
    assert whole
    rest = np.empty(len(finer.ending))
    look_back(finer, toll, rest)
    assert rest[0] == 9.0
    path, starts = np.empty(2, np.int64), np.empty(2, np.int64)
    assert follow(finer, toll, rest, path, starts) == 2
    assert path.tolist() == [2, 1]
    assert starts.tolist() == [0, 1]


def test_too_many_arcs_are_said_to_be() -> None:
    graph, toll, rest = _graph(), np.zeros(3), np.empty(3)
    look_back(graph, toll, rest)
    many = Graph(graph.ending, graph.period, *(np.repeat(a, 2_000) for a in graph[2:]))
    none, window = np.zeros(3, np.int64), np.zeros(3, np.int64)
    assert not split(many, none, window, toll, rest, 0.0, 100)[1]
    assert split(many, none, window, toll, rest, 0.0, MANY)[1]


def test_arcs_on_no_better_path_are_left_out() -> None:
    graph, toll, rest = _graph(), np.zeros(3), np.empty(3)
    look_back(graph, toll, rest)
    left = prune(graph, toll, rest, 8.9, np.empty(3))
    assert list(zip(left.tail, left.slot, strict=True)) == [(0, 0), (0, 2), (1, 1)]
    look_back(left, toll, rest)
    assert rest[0] == 10.0
