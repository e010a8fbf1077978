"""Greedy plans are allowed, never better than the best, and worth what is said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from brute_force import brute_force, size
from plan.cases import MODEL, tiny
from random_problems import RULES, SOFT_RULES, random_problem
from talentopt.compile.compiler import compile_scenario
from talentopt.problem import Assignment, measure
from talentopt.problem.evaluate import evaluate
from talentopt.solve.control import Control, Limits
from talentopt.solve.greedy import solver
from talentopt.solve.greedy.build import Builder
from talentopt.solve.greedy.pairs import Pairing
from talentopt.solve.greedy.residual import Residual
from talentopt.solve.simple_bound import simple_bound

QUICK = Limits(seconds=5.0)
SMALL = {"people": 2, "placements": 3, "periods": 4, "providers": 2}
MOST = 500
"""Assignments that brute force may try."""


@pytest.fixture(autouse=True)
def few_steps(monkeypatch):
    """Tiny problems need few improvement steps."""
    monkeypatch.setattr(solver, "PATIENCE", 10)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_greedy_finds_an_allowed_plan_and_never_beats_the_best(seed):
    problem = random_problem(seed, SOFT_RULES, **SMALL)
    assume(size(problem) <= MOST)
    control = Control(problem, QUICK)
    solver.solve(problem, control)
    best = brute_force(problem)
    assert best is not None
    assert control.best is not None
    assert evaluate(problem, control.best).violations == ()
    assert control.value <= best[0] + 1e-6
    assert control.bound >= best[0] - 1e-6


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_simple_bound_holds_under_every_rule(seed):
    problem = random_problem(seed, RULES, **SMALL)
    assume(size(problem) <= MOST)
    best = brute_force(problem)
    assert best is None or simple_bound(problem) >= best[0] - 1e-6


def test_hard_rules_are_mostly_met_and_never_broken():
    found = possible = 0
    for seed in range(60):
        problem = random_problem(seed, RULES, **SMALL)
        if size(problem) > MOST or brute_force(problem) is None:
            continue
        possible += 1
        control = Control(problem, QUICK)
        solver.solve(problem, control)
        found += control.best is not None
    assert possible >= 3
    assert found >= possible // 2


def test_the_same_seed_gives_the_same_plan():
    problem = random_problem(11, SOFT_RULES)
    plans = []
    for _ in range(2):
        control = Control(problem, Limits(reproducible=True, seed=3))
        solver.solve(problem, control)
        plans.append(control.best)
    assert np.array_equal(plans[0].options, plans[1].options)
    assert np.array_equal(plans[0].starts, plans[1].starts)
    assert np.array_equal(plans[0].arcs, plans[1].arcs)


def test_whoever_holds_nothing_is_planned_first_and_nobody_else_moves(monkeypatch):
    monkeypatch.setattr(solver, "PATIENCE", 0)
    problem = random_problem(11, SOFT_RULES)
    whole = Control(problem, QUICK)
    solver.solve(problem, whole)
    newcomer = measure.person_of(problem.itineraries, whole.best.options) == 0
    assert newcomer.any()
    others = whole.best.options[~newcomer], whole.best.starts[~newcomer]
    control = Control(problem, QUICK, warm=Assignment.of(whole.best.arcs, *others))
    solver.solve(problem, control)
    planned = measure.person_of(problem.itineraries, control.best.options) == 0
    assert planned.any()
    assert np.array_equal(control.best.options[~planned], others[0])
    assert np.array_equal(control.best.starts[~planned], others[1])


@pytest.mark.parametrize("seed", range(5))
def test_gains_by_start_are_those_of_single_bookings(seed):
    problem = random_problem(seed, RULES)
    residual = Residual(problem)
    itineraries = problem.itineraries
    single = [
        [residual.booking_gain(option, start) for start in range(itineraries.n_periods)]
        for option in range(itineraries.n_options)
    ]
    np.testing.assert_allclose(residual.gains(np.arange(itineraries.n_options)), single)


@pytest.mark.parametrize("seed", range(10))
def test_people_built_together_take_no_seat_twice(seed):
    problem = random_problem(seed, SOFT_RULES)
    itineraries = problem.itineraries
    together, alone = Residual(problem), Residual(problem)
    people = list(range(itineraries.n_people))
    again = Builder(problem, together, np.random.default_rng(0)).build(people)
    assert people[0] not in again
    assert (together.seats >= 0).all()
    Builder(problem, alone, np.random.default_rng(0)).build(people[:1])
    mine = slice(*itineraries.option_ptr[:2])
    assert np.array_equal(together.start_of[mine], alone.start_of[mine])
    for person in again:
        mine = slice(*itineraries.option_ptr[person : person + 2])
        assert (together.start_of[mine] < 0).all()


def test_a_pair_moves_to_make_room_for_another(tmp_path):
    mentors = [{"id": "M1", "technical": 1}, {"id": "M2", "technical": 1}]
    pairs = [
        {"matching": "technical", "seeker": "P1", "provider": "M1", "points": 10},
        {"matching": "technical", "seeker": "P2", "provider": "M2", "status": "forbidden"},
    ]
    scenario = tiny(tmp_path, mentors=mentors, pairs=pairs, model={**MODEL, "itineraries": None})
    problem = compile_scenario(scenario).problem
    residual = Residual(problem)
    Pairing(problem, residual).run()
    assert measure.providers_missing(problem.matchings, residual.assignment().arcs).max() == 0
