"""What insisting on a provider's value costs a seeker of distinct providers, by enumeration."""

from __future__ import annotations

from itertools import chain, combinations, product

import numpy as np
import pytest

from solve.matchings.small_matchings import random_problem
from talentopt.problem import Links, Matchings
from talentopt.solve.matchings.interface import Relaxation


def choices(matchings: Matchings, demand: int):
    """Every set of arcs that a demand may hold."""
    arcs = range(*matchings.arc_ptr[demand : demand + 2])
    need = int(matchings.demand_need[demand])
    return list(chain.from_iterable(combinations(arcs, k) for k in range(need + 1)))


def best_of_seeker(matchings: Matchings, reduced: np.ndarray, seeker: int, wanted: set[int]):
    """Most that a seeker's distinct arcs are worth; with `wanted`, one of these in matching 0."""
    demands = np.flatnonzero(matchings.demand_seeker == seeker)
    best = -np.inf
    for chosen in product(*(choices(matchings, demand) for demand in demands)):
        providers = [matchings.arc_provider[arc] for arcs in chosen for arc in arcs]
        if matchings.distinct and len(set(providers)) < len(providers):
            continue
        if wanted and not wanted & set(chosen[0]):
            continue
        missing = sum(
            matchings.demand_missing[demand] * (matchings.demand_need[demand] - len(arcs))
            for demand, arcs in zip(demands, chosen, strict=True)
        )
        best = max(best, sum(reduced[arc] for arcs in chosen for arc in arcs) - missing)
    return best


def test_losses_are_exact_where_one_is_needed_and_never_too_large():
    exact = distinct = 0
    for seed in range(120):
        problem = random_problem(seed, n_arcs=14)
        matchings = problem.matchings
        if matchings.demand_person.min() < 0 or len(matchings.fixed_arcs):
            continue
        value = (np.arange(matchings.n_providers) % 2).astype(np.int32)
        zero, people = np.zeros(1, np.int32), problem.itineraries.n_people
        no_placements = np.zeros((1, 0), np.int32)
        links = Links(zero, zero, value[None], no_placements, np.full((1, people), 1e6))
        relaxation = Relaxation(matchings, links)
        prices = np.round(np.random.default_rng(seed).uniform(0, 20, (2, matchings.n_providers)))
        role = np.where(np.isfinite(matchings.role_capacity), prices[0], 0.0)
        total = np.where(np.isfinite(matchings.capacity), prices[1], 0.0)
        relaxed = relaxation.relax(role, total)
        demand = np.repeat(np.arange(matchings.n_demands), np.diff(matchings.arc_ptr))
        price = (role + total)[matchings.demand_matching[demand], matchings.arc_provider]
        reduced = relaxation.values - price * matchings.arc_load
        for first in np.flatnonzero(matchings.demand_matching == 0):
            seeker, person = matchings.demand_seeker[first], matchings.demand_person[first]
            best = best_of_seeker(matchings, reduced, seeker, set())
            arcs = np.arange(*matchings.arc_ptr[first : first + 2])
            for v in (0, 1):
                wanted = set(arcs[value[matchings.arc_provider[arcs]] == v].tolist())
                loss = relaxed.link_loss[0][person, v]
                if not wanted:
                    assert np.isinf(loss)
                    continue
                true = best - best_of_seeker(matchings, reduced, seeker, wanted)
                assert loss <= true + 1e-9
                if matchings.demand_need[first] == 1:
                    assert loss == pytest.approx(true, abs=1e-9)
                    exact += 1
                    distinct += bool(matchings.distinct)
    assert exact >= 50
    assert distinct >= 20
