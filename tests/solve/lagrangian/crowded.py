"""Relaxations with more people than seats, for tests."""

from __future__ import annotations

from random_problems import random_problem
from talentopt.solve.lagrangian import solver
from talentopt.solve.lagrangian.dual import Dual
from talentopt.solve.lagrangian.pricing import Pricing
from talentopt.solve.matchings.interface import Relaxation

RULES = ("ordered", "seats", "missing", "distinct", "idle", "move", "min_seats", "kept_bookings")


def crowded(count):
    """Relaxations with more people than seats."""
    for seed in range(count):
        problem = random_problem(seed, RULES, people=10, placements=4, periods=6)
        if solver.suits(problem):
            yield Dual(
                problem,
                Pricing(problem.itineraries),
                Relaxation(problem.matchings, problem.links, 1),
            )
