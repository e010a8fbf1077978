"""From the plan and the prices of another time: nothing is lost, and what changed is followed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from random_problems import random_problem
from talentopt.solve.control import Control, Limits
from talentopt.solve.lagrangian import solver, warm
from talentopt.solve.lagrangian.dual import Dual
from talentopt.solve.lagrangian.mentors import prices_beside
from talentopt.solve.lagrangian.pricing import Pricing
from talentopt.solve.matchings.interface import Relaxation

RULES = ("capacity", "distinct_providers", "missing", "ordered", "seats", "idle", "links")
SIZE = {"people": 12, "placements": 4, "periods": 6, "providers": 5}
QUICK = Limits(seconds=2.0, reproducible=True)


def yesterday(count):
    """Problems whose mentors suit others than yesterday, with yesterday's plan and prices."""
    found = []
    for seed in range(10 * count):
        before = random_problem(seed, RULES, **SIZE)
        if len(found) == count or not (before.matchings.n_arcs and solver.suits(before)):
            continue
        control = Control(before, QUICK)
        solver.solve(before, control)
        points = np.random.default_rng(seed).permutation(before.matchings.arc_points)
        today = replace(before, matchings=replace(before.matchings, arc_points=points))
        found.append((today, control.best, control.prices))
    assert len(found) == count
    return found


def dual_of(problem):
    """Relaxation of a problem."""
    relaxation = Relaxation(problem.matchings, problem.links, 1)
    return Dual(problem, Pricing(problem.itineraries), relaxation)


def test_mentors_prices_beside_a_plan_lower_the_bound():
    before = after = 0.0
    for problem, plan, prices in yesterday(12):
        dual = dual_of(problem)
        start = dual.start_from(prices)
        before += dual.at(start, 5).bound
        after += dual.at(prices_beside(dual, start, plan.options), 5).bound
    assert after < before - 10.0


def test_a_plan_in_hand_only_gains(monkeypatch):
    held, gained = [], 0.0
    hold = warm._hold_short_auctions

    def noted(*arguments):
        held.append(True)
        hold(*arguments)

    monkeypatch.setattr(warm, "_hold_short_auctions", noted)
    for hurried in (False, True):
        monkeypatch.setattr(warm, "AUCTION_LOOKS", 1e9 if hurried else 0.0)
        monkeypatch.setattr(warm, "SHORT_LOOKS", 0.0)
        for problem, plan, prices in yesterday(4):
            control = Control(problem, Limits(seconds=0.3), warm=plan)
            value = control.value
            dual = dual_of(problem)
            _, _, enough = warm.from_plan(
                dual, dual.start_from(prices), control, np.random.default_rng(0)
            )
            assert enough is not hurried or control.optimal
            assert value <= control.value <= control.bound + 1e-6
            gained += control.value - value
    assert held
    assert gained > 0.0


def test_the_same_seed_goes_on_to_the_same_plan():
    for problem, plan, prices in yesterday(3):
        plans = []
        for _ in range(2):
            control = Control(problem, QUICK, warm=plan, warm_prices=prices)
            solver.solve(problem, control)
            plans.append(control.best)
        for first, second in zip(
            (plans[0].arcs, plans[0].options, plans[0].starts),
            (plans[1].arcs, plans[1].options, plans[1].starts),
            strict=True,
        ):
            assert first.tolist() == second.tolist()
