"""Parts of problems: every answer of a part is an answer of the whole, of the same value."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.brute_force import brute_force, size
from tests.random_problems import RULES, problems

from talentopt.explain.solving import best
from talentopt.problem import Assignment, Problem
from talentopt.problem.evaluate import evaluate
from talentopt.subproblem.subproblem import cut

SMALL = 1000


@st.composite
def plans(draw: st.DrawFn) -> tuple[Problem, Assignment]:
    """Draw a problem with an allowed plan, best or empty."""
    problem = draw(
        problems(RULES, people=3, periods=4, placements=3, providers=2).filter(
            lambda problem: size(problem) <= SMALL
        )
    )
    found = brute_force(problem)
    empty = Assignment.of()
    if found is None or (draw(st.booleans()) and not evaluate(problem, empty).violations):
        return problem, empty
    return problem, found[1]


@settings(max_examples=25)
@given(plans(), st.data())
def test_best_of_a_part_is_best_of_the_whole_with_the_rest_kept(
    drawn: tuple[Problem, Assignment], data: st.DataObject
) -> None:
    problem, plan = drawn
    value = evaluate(problem, plan)
    if value.violations:
        return
    people = data.draw(st.sets(st.integers(0, problem.itineraries.n_people - 1)))
    n_demands = problem.matchings.n_demands
    demands = data.draw(st.sets(st.integers(0, n_demands - 1))) if n_demands else set()
    part = cut(problem, plan, people, demands)
    lowered = evaluate(part.problem, part.lower(plan))
    assert not lowered.violations
    assert abs(lowered.value - value.value) < 1e-6
    again = part.lift(part.lower(plan))
    assert evaluate(problem, again).value == value.value
    found = best(part.problem, part.lower(plan), 20.0, 1)
    assert found.proven
    assert found.assignment is not None
    lifted = evaluate(problem, part.lift(found.assignment))
    assert not lifted.violations
    assert abs(lifted.value - found.value) < 1e-6
    assert abs(found.value - _true_best(problem, plan, people, demands)) < 1e-6


def _true_best(problem: Problem, plan: Assignment, people: set[int], demands: set[int]) -> float:
    """Try every assignment of the whole that keeps what is not free."""
    from dataclasses import replace

    from talentopt.problem.starts import only

    matchings, itineraries = problem.matchings, problem.itineraries
    demand = np.repeat(np.arange(matchings.n_demands), np.diff(matchings.arc_ptr))
    owner = matchings.demand_person[demand]
    free = np.isin(demand, list(demands)) | np.isin(owner, list(people))
    stays = np.setdiff1d(plan.arcs, np.flatnonzero(free))
    closed = np.setdiff1d(np.flatnonzero(~free), stays)
    # A forbidden arc is one that alone is over the capacity of its provider.
    load = np.array(matchings.arc_load, dtype=float)
    load[closed] = 1e9
    most = np.full(matchings.n_providers, 1e6)
    matchings = replace(
        matchings,
        arc_load=load,
        unit_loads=False,
        capacity=np.minimum(matchings.capacity, most),
        fixed_arcs=np.union1d(matchings.fixed_arcs, stays).astype(np.int64),
    )
    masks = itineraries.option_starts.copy()
    bound = ~np.isin(itineraries.option_person(), list(people))
    masks[bound] = 0
    mine = bound[plan.options]
    for option, start in zip(plan.options[mine], plan.starts[mine], strict=True):
        masks[option] = only(int(start), masks.shape[1])
    itineraries = replace(
        itineraries,
        option_starts=masks,
        fixed_options=np.union1d(itineraries.fixed_options, plan.options[mine]).astype(np.int64),
    )
    found = brute_force(replace(problem, matchings=matchings, itineraries=itineraries))
    assert found is not None
    return found[0]
