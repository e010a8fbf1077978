"""Mentors' prices that move alone lower the bound, which stays one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from brute_force import brute_force, size
from random_problems import random_problem
from talentopt.solve.lagrangian import solver
from talentopt.solve.lagrangian.dual import Dual
from talentopt.solve.lagrangian.mentor_prices import MentorPrices
from talentopt.solve.lagrangian.pricing import Pricing
from talentopt.solve.matchings.interface import Relaxation

RULES = ("ordered", "seats", "missing", "distinct_providers", "capacity", "links", "rows")


def duals_of(seed: int, **sizes: int):
    """A relaxation and prices of mentors that are far too high, or None."""
    problem = random_problem(seed, RULES, **sizes)
    if not solver.suits(problem) or not problem.matchings.n_arcs:
        return None
    dual = Dual(
        problem, Pricing(problem.itineraries), Relaxation(problem.matchings, problem.links)
    )
    start = dual.start()
    rng = np.random.default_rng(seed)
    role, total = start.role + rng.random(start.role.shape) * 9, start.total + 5.0
    flat = dual.project(replace(start, role=role, total=total).flat())
    return problem, dual, start.like(flat)


def test_steps_of_mentors_lower_the_bound():
    lower = tried = 0
    for seed in range(60):
        ready = duals_of(seed, people=6, placements=4, periods=4, providers=4)
        if ready is None:
            continue
        _, dual, duals = ready
        mentors = MentorPrices(dual)
        if not mentors.useful:
            continue
        before = after = dual.at(duals, 1).bound
        for _ in range(4):
            duals = mentors.lowered(duals, 5.0)
            after = dual.at(duals, 1).bound
        tried += 1
        lower += after < before
    assert tried >= 10
    assert lower >= 0.8 * tried


def test_bounds_hold_after_steps_of_mentors():
    held = 0
    for seed in range(120):
        ready = duals_of(seed, people=2, placements=3, periods=4, providers=2)
        if ready is None or size(ready[0]) > 500:
            continue
        problem, dual, duals = ready
        mentors = MentorPrices(dual)
        best = brute_force(problem)
        if best is None or not mentors.useful:
            continue
        for _ in range(3):
            duals = mentors.lowered(duals, 3.0)
            assert dual.at(duals, 24).bound >= best[0] - 1e-6
        held += 1
    assert held >= 5
