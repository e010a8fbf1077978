"""Nobody's lowest total is higher than the best of whoever lacks a placement."""

from __future__ import annotations

import numpy as np
import pytest

from brute_force import brute_force, size
from random_problems import random_problem
from solve.enumeration.generated import LARGEST, ORDERED, generate, never
from talentopt.problem import Assignment
from talentopt.problem.encode import encode
from talentopt.solve.enumeration.branching import Branching, Missing
from talentopt.solve.enumeration.reduced import itineraries_of
from talentopt.solve.enumeration.structure import divide
from talentopt.solve.enumeration.worst import highest_when_lacking
from talentopt.solve.integers import finite_bounds

RULES = (*ORDERED, "worst_off", "missing")


def drawn(seed: int):
    for one in range(1000 * seed, 1000 * seed + 1000):
        problem = random_problem(one, RULES, placements=3, periods=4)
        if problem.itineraries.n_options and problem.worst_off and size(problem) <= LARGEST:
            generation, truth = generate(problem), brute_force(problem)
            if generation is not None and truth is not None:
                return generation, truth
    raise AssertionError


@pytest.mark.parametrize("seed", range(8))
def test_plans_that_lack_something_keep_the_limit(seed: int) -> None:
    generation, truth = drawn(seed)
    model, structure = generation.model, generation.structure
    highest = highest_when_lacking(model, structure, generation.bounds)
    for plan in (truth[1], Assignment.of()):
        chosen = itineraries_of(generation, plan)
        if chosen is not None and chosen.missing.any():
            assert model.vector(plan)[model.worst] <= highest + 1e-6


@pytest.mark.parametrize("seed", range(8))
def test_plans_that_lack_something_or_nothing_are_all(seed: int) -> None:
    generation, truth = drawn(seed)
    highest = highest_when_lacking(generation.model, generation.structure, generation.bounds)
    branching = Branching(generation, (), highest)
    sides = Missing(-np.inf, 0.0), Missing(1.0, np.inf)
    bounds = [branching.solve([side], -np.inf, 1e-7, never).bound for side in sides]
    assert truth[0] - 1e-6 <= max(bounds) <= generation.bound + 1e-3


def test_without_a_lowest_total_there_is_no_limit() -> None:
    problem = random_problem(1, ("missing",), people=3)
    model = encode(problem)
    assert highest_when_lacking(model, divide(problem, model), finite_bounds(model)) == np.inf
