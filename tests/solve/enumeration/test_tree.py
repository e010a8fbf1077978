"""The tree: what it finishes is proven, what it leaves is bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import assume, given, settings

from brute_force import brute_force, size
from random_problems import problems, random_problem
from solve.enumeration.generated import LARGEST, ORDERED, generate, never
from talentopt.solve.control import Control, Limits
from talentopt.solve.enumeration import tree as module
from talentopt.solve.enumeration.branching import Branching, Count
from talentopt.solve.enumeration.candidates import Candidates
from talentopt.solve.enumeration.tree import Tree
from talentopt.solve.integers import step

if TYPE_CHECKING:
    from talentopt.solve.enumeration.generation import Generation


def run(problem, generation: Generation, until=never, workers: int = 1) -> Control:
    control = Control(problem, Limits(workers=workers))
    control.tighten(generation.bound + 1e-6)
    Tree(problem, generation, control).run(until)
    return control


@settings(max_examples=15, deadline=None)
@given(problems(placements=3, periods=4))
def test_the_bound_is_never_below_the_best(problem) -> None:
    assume(size(problem) <= LARGEST)
    generation = generate(problem)
    assume(generation is not None)
    truth, control = brute_force(problem), run(problem, generation)
    if truth is not None:
        assert control.bound >= truth[0] - 1e-6
        assert control.value is None or control.value <= truth[0] + 1e-6


def allowed_problem(seed: int):
    """Draw problems until one is small enough for brute force, and allowed."""
    for one in range(1000 * seed, 1000 * seed + 1000):
        problem = random_problem(one, ORDERED, placements=3, periods=4)
        if problem.itineraries.n_options and size(problem) <= LARGEST:
            generation, truth = generate(problem), brute_force(problem)
            if generation is not None and truth is not None:
                return problem, generation, truth
    raise AssertionError


@pytest.mark.parametrize("seed", range(8))
def test_without_searches_at_once_branching_alone_finds_the_best(seed: int, monkeypatch) -> None:
    monkeypatch.setattr(module, "near", lambda *_: None)
    problem, generation, truth = allowed_problem(seed)
    control = run(problem, generation, workers=1 + seed % 2)
    assert control.bound >= truth[0] - 1e-6
    if control.optimal:
        assert control.value == pytest.approx(truth[0])


def test_a_search_is_continued_where_it_was_left() -> None:
    problem = random_problem(1, ORDERED, people=6, placements=6, periods=8)
    generation = generate(problem)
    whole, parts = run(problem, generation), Control(problem, Limits())
    tree = Tree(problem, generation, parts)
    for _ in range(200):
        looks = iter(range(3))
        tree.run(lambda looks=looks: next(looks, None) is None)
    tree.run(never)
    assert whole.optimal
    assert parts.optimal
    assert parts.value == pytest.approx(whole.value)


@pytest.mark.parametrize("seed", range(4))
def test_bounds_of_both_sides_of_a_candidate_cover_the_best_plan(seed: int) -> None:
    problem, generation, truth = allowed_problem(seed)
    candidates = Candidates(problem, generation, lacking=True)
    branching = Branching(generation, candidates.totals)
    for total in range(len(candidates.totals)):
        sides = Count(total, -np.inf, 0.0), Count(total, 1.0, np.inf)
        bounds = [branching.solve([side], -np.inf, 1e-7, never).bound for side in sides]
        assert max(bounds) >= truth[0] - 1e-6
        assert max(bounds) <= generation.bound + 1e-3


@pytest.mark.parametrize("seed", range(8))
def test_plans_are_worth_multiples_of_the_step(seed: int) -> None:
    _, generation, truth = allowed_problem(seed)
    unit = step(generation.model)
    if unit:
        multiple = (truth[0] - generation.model.constant) / unit
        assert multiple == pytest.approx(round(multiple), abs=1e-5)
