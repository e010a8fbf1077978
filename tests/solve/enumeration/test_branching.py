"""Branching on bookings: bounds hold under decisions, and what is exhausted is proven."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import assume, given, settings

from brute_force import brute_force, size
from random_problems import problems, random_problem
from solve.enumeration.generated import LARGEST, ORDERED, generate, never
from talentopt.solve.control import Control, Limits
from talentopt.solve.enumeration import aims
from talentopt.solve.enumeration.bookings import CLOSED, Manner, branch
from talentopt.solve.enumeration.branching import Branching, Decision

if TYPE_CHECKING:
    from talentopt.solve.enumeration.generation import Generation


def search(generation: Generation, control: Control, steps: int = 10_000) -> bool:
    manner = Manner(steps, reproducible=True)

    def best() -> float:
        return -np.inf if control.value is None else control.value

    def tell(values: np.ndarray) -> None:
        control.offer(generation.model.decode(values))

    return branch(generation, best, never, tell, manner)


@settings(max_examples=15, deadline=None)
@given(problems(placements=3, periods=4))
def test_what_is_exhausted_is_the_best(problem) -> None:
    assume(size(problem) <= LARGEST)
    generation = generate(problem)
    assume(generation is not None)
    truth, control = brute_force(problem), Control(problem, Limits())
    exhausted = search(generation, control)
    if control.value is not None:
        assert truth is not None
        assert control.value <= truth[0] + 1e-6
    if exhausted and truth is not None:
        assert control.value is not None
        assert truth[0] <= control.value + CLOSED + 1e-6


def small_problem(seed: int):
    """Draw problems until one is small enough for brute force, and allowed."""
    for one in range(1000 * seed, 1000 * seed + 1000):
        problem = random_problem(one, ORDERED, placements=3, periods=4)
        if problem.itineraries.n_options and size(problem) <= LARGEST:
            generation, truth = generate(problem), brute_force(problem)
            if generation is not None and truth is not None:
                return problem, generation, truth
    raise AssertionError


@pytest.mark.parametrize("seed", range(4))
def test_bounds_of_taken_and_refused_cover_the_best_plan(seed: int) -> None:
    _, generation, truth = small_problem(seed)
    branching = Branching(generation)
    for part, mine in enumerate(generation.structure.parts):
        for choice in range(min(3, len(mine.columns))):
            bounds = [
                branching.solve([Decision(part, (choice,), taken)], -np.inf, 1e-7, never).bound
                for taken in (True, False)
            ]
            assert max(bounds) >= truth[0] - 1e-6
            assert max(bounds) <= generation.bound + 1e-3


def test_decisions_are_followed_and_taken_back() -> None:
    problem = random_problem(1, ORDERED, people=6, placements=6, periods=8)
    generation = generate(problem)
    branching = Branching(generation)
    free = branching.solve([], -np.inf, 1e-7, never)
    part = generation.structure.parts[0]
    choice = int(np.argmax(free.booked[part.columns]))
    column = part.columns[choice]
    refused = branching.solve([Decision(0, (choice,), taken=False)], -np.inf, 1e-7, never)
    assert refused.booked is None or refused.booked[column] == 0
    assert refused.bound <= free.bound + 1e-6
    again = branching.solve([], -np.inf, 1e-7, never)
    assert again.bound == pytest.approx(free.bound, abs=1e-5)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_aim_out_of_reach_lowers_the_bound_no_further_than_the_best(seed: int) -> None:
    problem, generation, truth = small_problem(seed)
    control = Control(problem, Limits(reproducible=True))
    control.tighten(generation.bound)
    aims.first_plan(generation, control, never)
    assert control.bound >= truth[0] - 1e-6
    assert control.value is None or control.value <= truth[0] + 1e-6


@pytest.mark.parametrize("seed", range(4))
def test_a_solution_is_gone_on_from_in_another_master(seed: int) -> None:
    _, generation, _ = small_problem(seed)
    decided = [Decision(0, (0,), taken=False)]
    node = Branching(generation).solve(decided, -np.inf, 1e-7, never)
    if node.stand is None:
        return
    other = Branching(generation)
    other.start(decided, node.stand)
    assert other.restricted.stand().basic.keys() == node.stand.basic.keys()
    assert other.solve(decided, -np.inf, 1e-7, never).bound == pytest.approx(node.bound, abs=1e-5)
