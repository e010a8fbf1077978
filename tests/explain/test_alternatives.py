"""Alternatives of one person, recomputed by brute force over their own itinerary or pairs."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.brute_force import brute_force, size
from tests.random_problems import SOFT_RULES, problems

from talentopt.explain.itinerary import OwnItinerary
from talentopt.explain.swaps import PairSwaps
from talentopt.problem import Assignment, Problem, measure
from talentopt.problem.evaluate import evaluate


def small_problems(*without: str) -> st.SearchStrategy[Problem]:
    rules = tuple(rule for rule in SOFT_RULES if rule not in without)
    return problems(rules, people=3, periods=5, placements=3, providers=3).filter(
        lambda problem: size(problem) <= 1000
    )


def best_plan(problem: Problem) -> Assignment:
    found = brute_force(problem)
    assert found is not None
    return found[1]


def own_itineraries(problem: Problem, plan: Assignment, person: int) -> list[Assignment]:
    """Every choice of the person's exclusive bookings, with all else of a plan."""
    itineraries = problem.itineraries
    placement = itineraries.option_placement[plan.options]
    mine = measure.person_of(itineraries, plan.options) == person
    stays = ~(mine & itineraries.placement_exclusive[placement])
    options, starts = itineraries.all_starts()
    own = itineraries.option_person()[options] == person
    own &= itineraries.placement_exclusive[itineraries.option_placement[options]]
    choices: dict[int, list[int]] = {}
    for option, start in zip(options[own].tolist(), starts[own].tolist(), strict=True):
        choices.setdefault(option, [-1]).append(start)
    plans = []
    for picked in product(*choices.values()):
        pairs = [(o, s) for o, s in zip(choices, picked, strict=True) if s >= 0]
        plans.append(
            Assignment.of(
                plan.arcs,
                [*plan.options[stays], *(o for o, _ in pairs)],
                [*plan.starts[stays], *(s for _, s in pairs)],
            )
        )
    return plans


@settings(max_examples=20)
@given(small_problems())
def test_own_itinerary_is_the_best_or_bounds_it(problem: Problem) -> None:
    plan = best_plan(problem)
    itineraries = problem.itineraries
    for person in range(itineraries.n_people):
        every = [(p, evaluate(problem, p)) for p in own_itineraries(problem, plan, person)]
        allowed = [(p, value.value) for p, value in every if not value.violations]
        own = OwnItinerary(problem, plan, person)
        for option in own.slot_of:
            if itineraries.option_person()[option] != person:
                continue
            true = max((v for p, v in allowed if option in p.options), default=-np.inf)
            found = own.best_with(option)
            assert found.value <= true + 1e-6
            assert found.bound >= true - 1e-6
            if found.exact:
                assert found.value == true or abs(found.value - true) < 1e-6
            if found.assignment is not None:
                again = evaluate(problem, found.assignment)
                assert not again.violations
                assert abs(again.value - found.value) < 1e-6
                assert option in found.assignment.options


@settings(max_examples=40)
@given(small_problems())
def test_pair_swaps_are_allowed_and_change_the_value_as_said(problem: Problem) -> None:
    plan = best_plan(problem)
    value = evaluate(problem, plan)
    for person in range(problem.itineraries.n_people):
        swaps = PairSwaps(problem, plan, value, person)
        for arc, (change, other) in swaps.all_alternatives().items():
            assert arc not in plan.arcs
            if other is None:
                continue
            again = evaluate(problem, other)
            assert not again.violations
            assert arc in other.arcs
            assert abs(again.value - value.value - change) < 1e-6
