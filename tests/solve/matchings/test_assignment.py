"""Generalised assignments by enumeration, and the same again when reproducible."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pytest
from benchmarks.common import matching_problem

from talentopt.solve.control import Control, Limits
from talentopt.solve.matchings.solver import solve

if TYPE_CHECKING:
    from talentopt.problem import Problem


def assignment(seed: int, agents: int, jobs: int) -> tuple[Problem, np.ndarray, np.ndarray]:
    """Make an instance of type D; loads (agents, jobs), capacities (agents,)."""
    random = np.random.default_rng(seed)
    load = random.integers(1, 101, (agents, jobs))
    cost = 111 - load + random.integers(-10, 11, (agents, jobs))
    capacity = (0.85 * load.sum(axis=1) / agents).astype(int)
    problem = matching_problem(
        -cost.T.astype(float),
        capacity >= load.T,
        load=load.T.astype(float),
        need=1,
        missing=1000.0,
        capacity=capacity.astype(float),
    )
    return problem, load, capacity


def best_by_enumeration(problem: Problem, load: np.ndarray, capacity: np.ndarray) -> float:
    agents, jobs = load.shape
    points = np.full((jobs, agents + 1), -np.inf)
    points[:, agents] = -1000.0
    matchings = problem.matchings
    job = np.repeat(np.arange(jobs), np.diff(matchings.arc_ptr))
    points[job, matchings.arc_provider] = matchings.arc_points
    best = -np.inf
    for agent_of in product(range(agents + 1), repeat=jobs):
        used = np.zeros(agents + 1)
        for j, i in enumerate(agent_of):
            used[i] += load[i, j] if i < agents else 0
        if (used[:agents] <= capacity).all():
            best = max(best, points[np.arange(jobs), list(agent_of)].sum())
    return best


@pytest.mark.parametrize("seed", range(6))
def test_optimum_and_bound_are_those_of_enumeration(seed: int) -> None:
    problem, load, capacity = assignment(seed, agents=2, jobs=7)
    control = Control(problem, Limits(seconds=60.0))
    solve(problem, control)
    best = best_by_enumeration(problem, load, capacity)
    assert control.value == pytest.approx(best)
    assert control.bound == pytest.approx(best, abs=1e-5)


def test_the_same_again_when_reproducible() -> None:
    problem, _, _ = assignment(0, agents=5, jobs=40)
    values = []
    for _ in range(2):
        control = Control(problem, Limits(seconds=4.0, workers=2, reproducible=True))
        solve(problem, control)
        values.append(control.value)
        assert control.best is not None
    assert values[0] == values[1]
