"""Distinct providers cost next to nothing beside the bound of the relaxation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solve.matchings.small_matchings import random_problem, with_matchings
from talentopt.problem import Assignment, Matchings
from talentopt.problem.evaluate import evaluate
from talentopt.solve.matchings.interface import Relaxation
from talentopt.solve.matchings.repair import distinct_matching

SEEKERS, PROVIDERS, ROLES = 40, 30, 3


def wanted_for_everything(seed: int) -> Matchings:
    """Three roles in which the same providers are the best, and few of them."""
    rng = np.random.default_rng(seed)
    n_demands = ROLES * SEEKERS
    liked = rng.uniform(0, 40, (SEEKERS, PROVIDERS))
    points = np.tile(liked, (ROLES, 1)) + rng.uniform(0, 5, (n_demands, PROVIDERS))
    none = np.zeros(0, np.int64)
    return replace(
        random_problem(0).matchings,
        n_matchings=ROLES,
        n_seekers=SEEKERS,
        n_providers=PROVIDERS,
        demand_matching=np.repeat(np.arange(ROLES), SEEKERS).astype(np.int32),
        demand_seeker=np.tile(np.arange(SEEKERS), ROLES).astype(np.int32),
        demand_person=np.tile(np.arange(SEEKERS), ROLES).astype(np.int32),
        demand_need=np.ones(n_demands, np.int32),
        demand_missing=np.full(n_demands, 100.0),
        arc_ptr=np.arange(n_demands + 1) * PROVIDERS,
        arc_provider=np.tile(np.arange(PROVIDERS), n_demands).astype(np.int32),
        arc_points=np.round(points, 2).ravel(),
        arc_load=np.broadcast_to(1.0, n_demands * PROVIDERS),
        unit_loads=True,
        fixed_arcs=none,
        kept_arcs=none,
        kept_arc_points=np.zeros(0),
        capacity=np.full(PROVIDERS, 4.0),
        role_capacity=np.full((ROLES, PROVIDERS), 2.0),
        distinct=(tuple(range(ROLES)),),
    )


@pytest.mark.parametrize("seed", range(4))
def test_matchings_are_next_to_the_bound_where_all_roles_want_the_same(seed):
    problem = with_matchings(wanted_for_everything(seed))
    matched = distinct_matching(Relaxation(problem.matchings))
    evaluation = evaluate(problem, Assignment.of(matched.arcs))
    assert not evaluation.violations
    assert evaluation.value == pytest.approx(matched.value)
    assert matched.bound >= matched.value
    assert matched.bound - matched.value <= 0.002 * matched.bound
