"""The direction of prices is a subgradient of the bound, with what links make of mentors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from random_problems import random_problem
from talentopt.solve.lagrangian import solver
from talentopt.solve.lagrangian.dual import Dual
from talentopt.solve.lagrangian.pricing import Pricing
from talentopt.solve.matchings.interface import Relaxation

RULES = ("ordered", "seats", "missing", "distinct_providers", "capacity", "links")
ROUNDING = 0.05
"""Points that whole units may add."""


def test_no_prices_have_a_bound_below_what_the_direction_says():
    tried = moved = 0
    for seed in range(150):
        problem = random_problem(seed, RULES, people=5, placements=4, periods=4, providers=4)
        matchings = problem.matchings
        if not solver.suits(problem) or not matchings.n_arcs or len(problem.links) != 1:
            continue
        if int(matchings.demand_need.max()) > 1 or len(matchings.fixed_arcs):
            continue
        dual = Dual(problem, Pricing(problem.itineraries), Relaxation(matchings, problem.links))
        rng = np.random.default_rng(seed)

        def drawn(dual=dual, rng=rng):
            start = dual.start()
            role, total = (rng.random(part.shape) * 12 for part in (start.role, start.total))
            return start.like(dual.project(replace(start, role=role, total=total).flat()))

        here = drawn()
        point = dual.at(here, 24)
        chosen = point.priced.option[point.priced.option >= 0]
        person, _ = dual._paid_bookings(here, dual.offer(here), chosen, 0)
        if len(np.unique(person)) < len(person):
            # Whoever is paid twice makes the bound no longer convex.
            continue
        loads = dual.offer(here).relaxed.role_load
        for _ in range(4):
            there = drawn()
            promised = point.bound - point.rise @ (there.flat() - here.flat())
            assert dual.at(there, 24).bound >= promised - ROUNDING
        tried += 1
        role = np.where(np.isfinite(matchings.role_capacity), loads - matchings.role_capacity, 0)
        moved += not np.allclose(here.like(point.rise).role, role)
    assert tried >= 15
    assert moved >= 3
