"""Prices of crowds: as dear as what is missing, where not everybody can be placed."""

from __future__ import annotations

import numpy as np
import pytest

from random_problems import random_problem
from scenarios import write_scenario
from talentopt.compile.compiler import compile_scenario
from talentopt.read.reader import read
from talentopt.solve.control import Control, Limits
from talentopt.solve.lagrangian import crowds, descent, solver
from talentopt.solve.lagrangian.crowds import prices_of_crowds
from talentopt.solve.lagrangian.dual import Dual
from talentopt.solve.lagrangian.pricing import Pricing
from talentopt.solve.lagrangian.search import Search
from talentopt.solve.matchings.interface import Relaxation

RULES = (
    "ordered",
    "seats",
    "missing",
    "distinct",
    "prerequisites",
    "min_seats",
    "windows",
    "idle",
)


def queue(folder, periods, missing=50):
    """Six people, and one seat that each needs for two periods before a second one for one."""
    tables = {
        "participants": [{"id": f"P{i}"} for i in range(6)],
        "placements": [
            {"id": "A", "stage": "first", "duration": 2, "seats": 1},
            {"id": "B", "stage": "second", "duration": 1, "seats": 6},
        ],
        "prerequisites": [{"placement": "B", "requires": "A"}],
    }
    stages = [
        {"stage": stage, "min": 1, "max": 1, "missing": missing} for stage in ("first", "second")
    ]
    model = {"name": "test", "itineraries": {"ordered": True, "stages": stages}}
    calendar = {"unit": "month", "start": "2026-01", "periods": periods}
    return compile_scenario(read(write_scenario(folder, tables, model, calendar=calendar))).problem


def relaxation(problem):
    return Dual(
        problem, Pricing(problem.itineraries), Relaxation(problem.matchings, problem.links, 1)
    )


def test_where_all_find_seats_there_are_no_prices(tmp_path):
    assert prices_of_crowds(queue(tmp_path / "s", 13).itineraries, 0.0) is None


def test_the_prices_prove_how_many_are_missing(tmp_path):
    problem = queue(tmp_path / "s", 6)
    dual = relaxation(problem)
    assert dual.at(dual.start(), 1).bound == pytest.approx(0.0)
    # Three find the first seat, of whom the last has no time for the second: seven are missing.
    priced = dual.start_of_crowds(dual.start(), np.inf)
    assert dual.at(priced, 1).bound == pytest.approx(-350.0, abs=0.1)
    assert priced.seats[0].max() == pytest.approx(100.0)


def test_too_many_crowds_have_no_prices(tmp_path, monkeypatch):
    problem = queue(tmp_path / "s", 6)
    monkeypatch.setattr(crowds, "MOST_BOOKINGS", 5)
    assert prices_of_crowds(problem.itineraries, 0.0) is None


def test_prices_of_crowds_bound_more_than_none():
    none, priced = [], []
    for seed in range(80):
        problem = random_problem(seed, RULES, people=12, placements=5, periods=7)
        if not solver.suits(problem):
            continue
        dual = relaxation(problem)
        start = dual.start_of_crowds(dual.start(), np.inf)
        if start is not None:
            none.append(dual.at(dual.start(), 4).bound)
            priced.append(dual.at(start, 4).bound)
    assert len(priced) >= 10
    assert sum(priced) < sum(none)


def test_the_better_of_two_searches_goes_on(tmp_path):
    problem = queue(tmp_path / "s", 6, missing=1000)
    dual = relaxation(problem)
    rng = np.random.default_rng(0)
    cold = Search(dual, dual.start(), rng)
    cold.look(0.0)
    control = Control(problem, Limits(seconds=10, reproducible=True))
    better = descent._better_of_crowds(cold, dual, control, rng)
    assert better.bound == pytest.approx(-7000.0, abs=0.5)
    control = Control(problem, Limits(seconds=10, reproducible=True))
    assert descent._better_of_crowds(better, dual, control, rng) is better
