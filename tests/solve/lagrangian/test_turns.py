"""People who choose in turn, alone or beside others, count the seats they use."""

from __future__ import annotations

import numpy as np
import pytest

from random_problems import random_problem
from talentopt.problem import measure
from talentopt.solve.lagrangian import solver
from talentopt.solve.lagrangian.dual import Dual
from talentopt.solve.lagrangian.negotiate import town_of
from talentopt.solve.lagrangian.pricing import Pricing
from talentopt.solve.lagrangian.turns import Crew, in_crowds
from talentopt.solve.matchings.interface import Relaxation

RULES = ("ordered", "seats", "missing", "idle", "distinct", "limits")


def crewed(seed: int, workers: int):
    """A town without itineraries, a crew for it, and what options are worth."""
    problem = random_problem(seed, RULES, people=12, placements=6, periods=6)
    if not solver.suits(problem):
        return None
    pricing = Pricing(problem.itineraries)
    dual = Dual(problem, pricing, Relaxation(problem.matchings, problem.links, 1))
    shape = (problem.itineraries.n_people, pricing.longest)
    none = np.full(shape, -1, np.int32)
    town = town_of(dual, dual.start(), none, none.copy())
    crew = Crew(problem.itineraries, pricing.layout, workers)
    return problem.itineraries, town, crew, pricing.units()


@pytest.mark.parametrize("workers", [1, 2])
def test_a_sweep_counts_the_seats_in_use(workers):
    swept = 0
    for seed in range(40):
        ready = crewed(seed, workers)
        if ready is None:
            continue
        itineraries, town, crew, worth = ready
        for _ in range(3):
            over = crew.sweep(np.arange(itineraries.n_people), 1000, worth, town)
            booked = town.option >= 0
            used = measure.seats_used(itineraries, town.option[booked], town.start[booked])
            assert (town.used == used).all()
            assert over == np.maximum(used - itineraries.seats, 0).sum()
            assert (over > 0) == in_crowds(crew.layout, town).any()
        swept += int(used.any())
    assert swept >= 10


def test_nobody_is_inserted_where_no_seat_is_left():
    inserted = 0
    for seed in range(40):
        ready = crewed(seed, 1)
        if ready is None:
            continue
        itineraries, town, crew, worth = ready
        crew.insert(np.arange(itineraries.n_people), worth, town)
        assert (town.used <= itineraries.seats).all()
        inserted += int((town.option >= 0).any())
    assert inserted >= 10
