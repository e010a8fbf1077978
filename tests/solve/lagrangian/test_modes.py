"""Prices of seats that move together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from random_problems import random_problem
from talentopt.solve.lagrangian import modes
from talentopt.solve.lagrangian.dual import Dual
from talentopt.solve.lagrangian.modes import Modes, along, modes_of, together
from talentopt.solve.lagrangian.pricing import Pricing
from talentopt.solve.lagrangian.search import Search
from talentopt.solve.matchings.interface import Relaxation

if TYPE_CHECKING:
    from talentopt.problem import Problem


@pytest.mark.parametrize("duration", [1, 2, 3, 9])
def test_modes_turn_a_calendar_without_stretching_it(duration):
    open_ = np.array([False, True, True, True, True, True, True, False])
    turned = modes_of(open_, duration)
    assert turned.T @ turned == pytest.approx(np.eye(8))


def test_weak_modes_leave_bookings_as_they_are():
    turned = modes_of(np.ones(7, dtype=bool), 2)
    weakest = turned[:, 0]
    # Seven periods hold six bookings of two; one way of moving prices changes none of them.
    assert weakest[:-1] + weakest[1:] == pytest.approx(np.zeros(6), abs=1e-9)
    assert np.abs(weakest) == pytest.approx(np.full(7, 7**-0.5))


def test_a_group_hears_all_its_placements_and_moves_those_with_prices():
    group = np.array([0, 0, 1])
    turned = np.stack([np.eye(2), np.eye(2)])
    rise = np.array([[1.0, 0.0], [2.0, -1.0], [5.0, 5.0]])
    assert along(rise, group, turned) == pytest.approx(np.array([[3.0, -1.0], [5.0, 5.0]]))
    price = np.array([[100.0, 0.0], [100.0, 100.0], [0.0, 0.0]])
    step = together(price, np.array([[1.0, -1.0], [1.0, 1.0]]), group, turned)
    # Twice as far where prices are on average twice the size around which steps are meant.
    assert step == pytest.approx(np.array([[3.0, 0.0], [3.0, -3.0], [0.0, 0.0]]))


RULES = ("ordered", "seats", "missing", "distinct")


def scarce(count: int) -> list[Dual]:
    """Far more bookings wanted than there are seats, each missing one at a high price."""
    problems = [
        random_problem(seed, RULES, people=300, placements=20, periods=18) for seed in range(count)
    ]
    return [
        Dual(dear, Pricing(dear.itineraries), Relaxation(dear.matchings, dear.links))
        for dear in map(dearly_missed, problems)
    ]


def dearly_missed(problem: Problem) -> Problem:
    """Four bookings for everybody, three seats in every placement and period."""
    itineraries = problem.itineraries
    changed = replace(
        itineraries,
        seats=np.full_like(itineraries.seats, 3),
        stage_min=np.full_like(itineraries.stage_min, 4),
        stage_max=np.full_like(itineraries.stage_max, 4),
        stage_missing=np.full_like(itineraries.stage_missing, 1000.0),
    )
    return replace(problem, itineraries=changed)


def bounds(duals: list[Dual]) -> list[float]:
    """What few passes reach."""
    found = []
    for dual in duals:
        search_ = Search(dual, dual.start(), np.random.default_rng(0))
        for number in range(20):
            search_.pass_over(number / 20)
        search_.look(1.0)
        found.append(search_.bound)
    return found


def test_groups_bring_the_bound_down_sooner(monkeypatch):
    grouped = bounds(scarce(2))
    monkeypatch.setattr(modes, "BOLD", 0.0)
    alone = bounds(scarce(2))
    assert sum(grouped) < sum(alone)


def test_placements_of_one_stage_and_duration_are_a_group():
    for dual in scarce(1):
        itineraries = dual.problem.itineraries
        kinds = {
            (int(stage), int(duration))
            for stage, duration in zip(
                itineraries.placement_stage, itineraries.placement_duration, strict=True
            )
        }
        shape = dual.start().seats.shape
        rise = np.ones(shape)
        step = Modes(itineraries).step(np.ones(shape), rise, 1.0)
        assert len(np.unique(step.round(9), axis=0)) <= len(kinds)
