"""What a plan loses against prices, and who may win it back."""

from __future__ import annotations

import numpy as np
import pytest

from random_problems import random_problem
from talentopt.problem import Assignment, measure
from talentopt.solve.lagrangian import solver
from talentopt.solve.lagrangian.losses import WORTH, group_around, losses_of
from talentopt.solve.lagrangian.pricing import Pricing

RULES = ("ordered", "seats", "missing", "distinct", "prerequisites")


def cases(count):
    """Problems, prices, and everybody's best itinerary at these."""
    for seed in range(count):
        problem = random_problem(seed, RULES, people=8, placements=4, periods=6)
        if not solver.suits(problem):
            continue
        rng = np.random.default_rng(seed)
        price = rng.integers(0, 60, problem.itineraries.seats.shape).astype(float)
        yield problem, price, Pricing(problem.itineraries).price(price), rng


def test_empty_seats_lose_their_price():
    lost = 0
    for problem, price, wanted, _ in cases(20):
        itineraries = problem.itineraries
        losses = losses_of(itineraries, Assignment.of(), price, wanted.bound, wanted)
        assert not losses.people.any()
        expected = itineraries.seats * price
        assert losses.seats == pytest.approx(np.where(expected >= WORTH, expected, 0.0))
        lost += int(losses.seats.any())
    assert lost >= 10


def test_people_lose_what_the_best_itinerary_is_worth_more():
    for problem, price, wanted, _ in cases(10):
        value = wanted.bound - np.linspace(0, 40, len(wanted.bound))
        losses = losses_of(problem.itineraries, Assignment.of(), price, value, wanted)
        behind = wanted.bound - value
        assert losses.people == pytest.approx(np.where(behind >= WORTH, behind, 0.0))


def test_a_group_has_its_size_and_nobody_twice():
    for problem, price, wanted, rng in cases(30):
        itineraries = problem.itineraries
        some = wanted.option[:3][wanted.option[:3] >= 0]
        starts = wanted.start[:3][wanted.option[:3] >= 0]
        plan = Assignment.of((), some, starts)
        losses = losses_of(itineraries, plan, price, wanted.bound - 20.0, wanted)
        people = np.arange(1, itineraries.n_people)
        group = group_around(itineraries, plan, losses, people, 4, rng)
        assert len(group) == min(4, len(people))
        assert len(np.unique(group)) == len(group)
        assert 0 not in group


def test_who_lacks_a_placement_and_may_have_the_empty_one_comes_first():
    seen = 0
    for problem, price, wanted, rng in cases(60):
        itineraries, plan = problem.itineraries, Assignment.of()
        losses = losses_of(itineraries, plan, price, wanted.bound, wanted)
        cells = np.flatnonzero(losses.seats.sum(axis=1))
        if len(cells) != 1:
            only = np.zeros_like(losses.seats)
            only[0] = losses.seats[0]
            losses = losses._replace(seats=only)
        placement = int(np.argmax(losses.seats.sum(axis=1)))
        options = np.flatnonzero(itineraries.option_placement == placement)
        may = np.unique(measure.person_of(itineraries, options))
        lacks = itineraries.stage_min[may, itineraries.placement_stage[placement]] > 0
        if not losses.seats.any() or len(may[lacks]) == 0:
            continue
        everybody = np.arange(itineraries.n_people)
        group = group_around(itineraries, plan, losses, everybody, 1, rng)
        assert group[0] in may[lacks]
        seen += 1
    assert seen >= 10
