"""The exclusive layer bounds the whole, and what is added to its plans is allowed."""

from __future__ import annotations

import pytest

from brute_force import brute_force, size
from random_problems import RULES, random_problem
from talentopt.problem.evaluate import evaluate
from talentopt.solve.control import Control, Limits
from talentopt.solve.layers import Layers

MOST = 400
"""Assignments that brute force may try."""


def drawn() -> list[int]:
    found = []
    for seed in range(400):
        problem = random_problem(seed, RULES, people=2, placements=3, periods=4, providers=2)
        concurrent = ~problem.itineraries.placement_exclusive[problem.itineraries.option_placement]
        if concurrent.any() and size(problem) <= MOST:
            found.append(seed)
    return found[:25]


@pytest.mark.parametrize("seed", drawn())
def test_the_exclusive_layer_and_the_extra_bound_the_whole(seed):
    problem = random_problem(seed, RULES, people=2, placements=3, periods=4, providers=2)
    layers = Layers(problem)
    whole, part = brute_force(problem), brute_force(layers.exclusive)
    if whole is None:
        return
    assert part is not None
    assert whole[0] <= part[0] + layers.extra + 1e-6


@pytest.mark.parametrize("seed", drawn())
def test_completing_keeps_within_people_and_seats(seed):
    problem = random_problem(seed, RULES, people=2, placements=3, periods=4, providers=2)
    layers = Layers(problem)
    part = brute_force(layers.exclusive)
    if part is None:
        return
    plan = layers.complete(part[1], Control(problem, Limits(seconds=10)))
    within = {"seats", "limit", "prerequisite", "booking twice", "concurrent load", "overlap"}
    within |= {"stage maximum", "distinct values", "order of stages", "start not allowed"}
    assert not within & set(evaluate(problem, plan).violations)
