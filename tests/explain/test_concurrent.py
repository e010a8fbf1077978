"""A concurrent placement more for one person, against every way to add it."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from tests.explain.test_alternatives import best_plan, small_problems

from talentopt.explain.concurrent import Beside
from talentopt.problem import Assignment, Problem, measure
from talentopt.problem.evaluate import evaluate


def best_by_trial(problem: Problem, plan: Assignment, option: int) -> float:
    """Value of the best plan with an option added, or put in the place of one other."""
    itineraries = problem.itineraries
    person = measure.person_of(itineraries, np.array([option]))[0]
    placement = itineraries.option_placement[plan.options]
    loose = ~itineraries.placement_exclusive[placement]
    loose &= measure.person_of(itineraries, plan.options) == person
    loose &= ~np.isin(plan.options, itineraries.fixed_options)
    best = float("-inf")
    for dropped in (-1, *np.flatnonzero(loose).tolist()):
        stays = np.arange(len(plan.options)) != dropped
        for start in range(itineraries.n_periods):
            if not itineraries.may_start(np.array([option]), np.array([start]))[0]:
                continue
            options = np.append(plan.options[stays], option)
            starts = np.append(plan.starts[stays], start)
            value = evaluate(problem, Assignment.of(plan.arcs, options, starts))
            if not value.violations:
                best = max(best, value.value)
    return best


@settings(max_examples=20, deadline=None)
@given(small_problems())
def test_as_good_as_the_best_by_trial(problem: Problem) -> None:
    plan = best_plan(problem)
    itineraries = problem.itineraries
    for person in range(itineraries.n_people):
        span = np.arange(itineraries.option_ptr[person], itineraries.option_ptr[person + 1])
        span = span[~itineraries.placement_exclusive[itineraries.option_placement[span]]]
        beside = Beside(problem, plan, person)
        for option in np.setdiff1d(span, plan.options).tolist():
            value, found = beside.best_with(option)
            assert np.isclose(value, best_by_trial(problem, plan, option)) or (
                value == best_by_trial(problem, plan, option)
            )
            if found is not None:
                after = evaluate(problem, found)
                assert not after.violations
                assert np.isclose(after.value, value)
