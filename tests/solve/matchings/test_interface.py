from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solve.matchings.small_matchings import best_by_enumeration, random_problem, with_matchings
from talentopt.problem import Links
from talentopt.solve.matchings.flow import best_matching, matching_value
from talentopt.solve.matchings.interface import Relaxation
from talentopt.solve.matchings.repair import distinct_matching


def random_prices(problem, seed):
    rng = np.random.default_rng(seed)
    matchings = problem.matchings
    role = rng.uniform(0, 40, (matchings.n_matchings, matchings.n_providers))
    total = rng.uniform(0, 40, matchings.n_providers)
    role[np.isinf(matchings.role_capacity)] = 0
    total[np.isinf(matchings.capacity)] = 0
    return role, total


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_no_allowed_matching_is_worth_more_than_the_bound(seed):
    problem = with_matchings(random_problem(seed, n_arcs=7).matchings)
    best = best_by_enumeration(problem)
    bound = Relaxation(problem.matchings).relax(*random_prices(problem, seed)).bound
    assert best is None or best <= bound + 1e-6


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_threads_share_a_pass_without_changing_it(seed):
    problem = random_problem(seed)
    prices = random_prices(problem, seed)
    alone = Relaxation(problem.matchings).relax(*prices)
    shared = Relaxation(problem.matchings, workers=2).relax(*prices)
    assert alone.bound == shared.bound
    assert np.array_equal(alone.chosen, shared.chosen)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_link_losses_compare_the_best_choice_with_the_best_of_each_value(seed):
    problem = random_problem(seed)
    matchings = problem.matchings
    if matchings.demand_person.min() < 0 or len(matchings.fixed_arcs):
        return
    value_of_provider = (np.arange(matchings.n_providers) % 2).astype(np.int32)
    zero = np.zeros(1, np.int32)
    people = problem.itineraries.n_people
    links = Links(zero, zero, value_of_provider[None], np.zeros((1, 0), np.int32),
                  np.ones((1, people)))  # fmt: skip
    prices = random_prices(problem, seed)
    relaxed = Relaxation(matchings, links).relax(*prices, distinct=False)
    reduced = Relaxation(matchings).values - (
        (prices[0] + prices[1])[
            matchings.demand_matching[
                np.repeat(np.arange(matchings.n_demands), np.diff(matchings.arc_ptr))
            ],
            matchings.arc_provider,
        ]
        * matchings.arc_load
    )
    for demand in np.flatnonzero(matchings.demand_matching == 0):
        arcs = np.arange(*matchings.arc_ptr[demand : demand + 2])
        for value in (0, 1):
            mine = arcs[value_of_provider[matchings.arc_provider[arcs]] == value]
            loss = relaxed.link_loss[0][matchings.demand_person[demand], value]
            if len(mine) == 0:
                assert np.isinf(loss)
                continue
            first = mine[np.argmax(reduced[mine])]
            others = np.sort(np.append(reduced[arcs[arcs != first]],
                                       [-matchings.demand_missing[demand]] * 3))  # fmt: skip
            rest = others[::-1][: matchings.demand_need[demand] - 1].sum()
            insisted = reduced[first] + rest
            assert loss == pytest.approx(
                max(0.0, relaxed.demand_value[demand] - insisted), abs=1e-9
            )


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_flow_is_optimal_and_its_prices_prove_it(seed):
    matchings = random_problem(seed).matchings
    if not matchings.unit_loads:
        return
    relaxation = Relaxation(matchings)
    try:
        matched = best_matching(relaxation)
    except OverflowError:
        return
    assert matched.value == pytest.approx(matched.bound, abs=1e-6)
    assert matched.value == pytest.approx(
        matching_value(matchings, relaxation.values, matched.arcs), abs=1e-9
    )


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_distinct_matching_is_allowed_and_below_its_bound(seed):
    problem = with_matchings(random_problem(seed, n_arcs=7).matchings)
    if not problem.matchings.unit_loads:
        return
    best = best_by_enumeration(problem)
    if best is None:
        with pytest.raises(OverflowError):
            distinct_matching(Relaxation(problem.matchings))
        return
    matched = distinct_matching(Relaxation(problem.matchings))
    assert matched.value <= best + 1e-6
    assert best <= matched.bound + 1e-6
