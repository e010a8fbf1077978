"""All itineraries together hold the best plan, whichever solver combines them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from brute_force import brute_force, size
from random_problems import random_problem
from solve.enumeration.generated import LARGEST, ORDERED, generate, never
from talentopt.problem.evaluate import evaluate
from talentopt.solve.control import Control, Limits
from talentopt.solve.enumeration.columns import Columns, collect
from talentopt.solve.enumeration.combine import combine, combine_best
from talentopt.solve.enumeration.program import contract, expand
from talentopt.solve.enumeration.proof import search

if TYPE_CHECKING:
    from talentopt.solve.enumeration.generation import Generation

ALL = 1e9
SEEDS = (2, 5, 6, 7)


def everything(generation: Generation) -> Columns:
    worth = generation.value(generation.prices).worth
    least = np.full(len(generation.everybody), -ALL)
    found = generation.pricing.within(generation.everybody, worth, least, 10**5)
    assert found is not None
    return collect(generation.structure, generation.model.n_columns, found)


def drawn(seed: int):
    problem = random_problem(seed, ORDERED, people=3, placements=3, periods=4)
    generation = generate(problem)
    assert size(problem) <= LARGEST
    assert generation is not None
    return problem, generation


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("reproducible", [False, True])
def test_all_itineraries_give_the_best_plan(seed: int, reproducible: bool) -> None:
    problem, generation = drawn(seed)
    truth = brute_force(problem)
    assert truth is not None
    control = Control(problem, Limits(seconds=10.0, reproducible=reproducible))
    columns = everything(generation)
    bound = combine(generation, columns, control, never, 10.0)
    assert control.value == pytest.approx(truth[0])
    assert bound == pytest.approx(truth[0])
    found = search(generation, columns, None, {}, never, lambda _: None)
    assert found.bound == pytest.approx(truth[0], abs=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_itineraries_give_a_plan_that_is_no_better(seed: int) -> None:
    problem, generation = drawn(seed)
    truth = brute_force(problem)
    assert truth is not None
    control = Control(problem, Limits(seconds=10.0))
    combine_best(generation, control, never, 10.0)
    assert control.value is None or control.value <= truth[0] + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_a_plan_is_itineraries_and_back(seed: int) -> None:
    problem, generation = drawn(seed)
    truth = brute_force(problem)
    assert truth is not None
    values = generation.model.vector(truth[1])
    columns = everything(generation)
    contracted = contract(generation, columns, values)
    assert contracted is not None
    expanded = generation.model.decode(expand(generation, columns, contracted))
    assert evaluate(problem, expanded).value == pytest.approx(truth[0])
    used = contracted[len(generation.structure.shared_columns) :]
    assert contract(generation, columns.subset(np.flatnonzero(used == 0)), values) is None
