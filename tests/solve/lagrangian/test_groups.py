"""Groups planned anew stay among the seats that others leave, and only ever gain."""

from __future__ import annotations

from functools import cache

import numpy as np

from random_problems import random_problem
from talentopt.problem import Assignment, measure
from talentopt.problem.evaluate import evaluate
from talentopt.solve.control import Control, Limits
from talentopt.solve.lagrangian import solver
from talentopt.solve.lagrangian.dual import Dual
from talentopt.solve.lagrangian.groups import merged, replan
from talentopt.solve.lagrangian.pricing import Pricing
from talentopt.solve.matchings.interface import Relaxation

RULES = ("ordered", "seats", "missing", "idle", "distinct", "limits", "links", "rows")


def group_of(problem):
    """Every second person."""
    return np.arange(0, problem.itineraries.n_people, 2)


@cache
def replanned(seed, polish=lambda *_: None):
    """A problem, a plan without bookings, and one in which some people are planned anew."""
    problem = random_problem(seed, RULES, people=8, placements=5, periods=6)
    plan = Assignment.of()
    if not solver.suits(problem) or evaluate(problem, plan).violations:
        return None
    return problem, plan, planned_anew(problem, plan, seed, polish)


def planned_anew(problem, plan, seed, polish=lambda *_: None):
    """The plan with every second person planned anew; None if that gains nothing."""
    relaxation = Relaxation(problem.matchings, problem.links)
    dual = Dual(problem, Pricing(problem.itineraries), relaxation)
    control = Control(problem, Limits(seconds=60.0))
    return replan(problem, plan, group_of(problem), dual.start(), control, seed, polish)


def test_a_group_gains_and_leaves_others_alone():
    gained = 0
    for seed in range(60):
        problem, plan, better = replanned(seed) or (None, None, None)
        if better is None:
            continue
        gained += 1
        evaluation = evaluate(problem, better)
        assert not evaluation.violations
        assert evaluation.value > evaluate(problem, plan).value
        owner = measure.person_of(problem.itineraries, better.options)
        assert np.isin(owner, group_of(problem)).all()
    assert gained >= 10


def test_what_gains_nothing_is_no_plan():
    seen = 0
    for seed in range(60):
        problem, _, better = replanned(seed) or (None, None, None)
        if better is None:
            continue
        value = evaluate(problem, better).value
        again = planned_anew(problem, better, seed)
        assert again is None or evaluate(problem, again).value > value
        seen += again is None
    assert seen >= 5


def test_the_groups_plan_is_polished_at_its_own_prices():
    asked = []
    for seed in range(60):
        replanned(seed, lambda dual, duals, own, rng: asked.append(dual.problem))
    assert asked
    assert all(problem.itineraries.n_people <= 4 for problem in asked)


def test_merging_takes_the_bookings_of_a_group_only():
    for seed in range(60):
        problem, _, better = replanned(seed) or (None, None, None)
        if better is not None and len(better.options) > 1:
            break
    owner = measure.person_of(problem.itineraries, better.options)
    one = owner[:1]
    found = merged(problem, Assignment.of(), better, one)
    assert sorted(found.options) == sorted(better.options[owner == one[0]])
    assert sorted(merged(problem, better, Assignment.of(), one).options) == sorted(
        better.options[owner != one[0]]
    )
