"""Prices, a dive and repair: the fast way for many people with simple itineraries."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import Prices
from talentopt.solve.greedy.pairs import Pairing
from talentopt.solve.greedy.residual import Residual
from talentopt.solve.lagrangian.auction import auction, fill
from talentopt.solve.lagrangian.dive import Dive, pace
from talentopt.solve.lagrangian.dual import Dual, Duals
from talentopt.solve.lagrangian.improve import improve
from talentopt.solve.lagrangian.nodes import TooManyNodes
from talentopt.solve.lagrangian.pricing import ATTEMPTS, Pricing
from talentopt.solve.lagrangian.steps import Adam
from talentopt.solve.matchings.interface import Relaxation

if TYPE_CHECKING:
    from talentopt.problem import Assignment, Problem
    from talentopt.solve.control import Control

PASSES = 320
"""Most passes over everybody that look for the best prices."""

LONGEST_STEP, SHORTEST_STEP, POWER = 5.4, 0.004, 2.0

CAREFUL, CAREFUL_ATTEMPTS = 0.7, 12
"""Progress from which passes branch on rules of single people, and their recursions on one."""

DUAL_SHARE = 0.4
"""Most of the time that is left which the search for prices may use."""

WARM = 0.6
"""Progress at which the search starts from known prices, with shorter steps."""

DIVE_SHARE = 0.4
"""The same for the dive."""

AUCTION_SHARE = 0.4
"""The same for the auction."""

FIRST_SHARE = 0.02
"""The same for the auction that finds a first plan."""

WORTHWHILE = 120.0
"""Pricings per person below which a dive is no better than an auction."""

REPRODUCIBLE_PRICINGS = 120.0
"""Pricings per person in a dive that does not look at the clock."""


def suits(problem: Problem) -> bool:
    """Whether itineraries have the structure that the pricing models exactly.

    Parameters
    ----------
    problem : Problem

    Returns
    -------
    bool
        False with loads of pairs, concurrent stages, several stages in any order, hours, or
        more states than a pass can walk over.
    """
    itineraries = problem.itineraries
    if itineraries.n_options == 0 or not itineraries.stage_exclusive.all():
        return False
    if not problem.matchings.unit_loads and problem.matchings.n_arcs:
        return False
    if itineraries.n_stages > 1 and not itineraries.ordered:
        return False
    if len(itineraries.hours_stage) or (itineraries.idle_price < 0).any():
        return False
    if (itineraries.move_price < 0).any() or len(np.unique(itineraries.kept_options)) < len(
        itineraries.kept_options
    ):
        return False
    try:
        Pricing(itineraries)
    except TooManyNodes:
        return False
    return True


def solve(problem: Problem, control: Control) -> None:
    """Find prices, dive to a plan, and improve it until the time is up.

    Parameters
    ----------
    problem : Problem
        For which `suits` holds.
    control : Control
    """
    workers = control.limits.workers
    pricing = Pricing(problem.itineraries, workers)
    relaxation = Relaxation(problem.matchings, problem.links, workers)
    dual = Dual(problem, pricing, relaxation)
    rng = np.random.default_rng(control.limits.seed)
    known = control.prices or control.warm_prices
    start = dual.start() if known is None else dual.start_from(known)
    if control.best is None:
        control.enter("first plan")
        _first_plan(dual, start, control)
    control.enter("prices")
    progress = 0.0 if known is None else WARM
    duals, adjust, seconds = _find_prices(dual, start, progress, control)
    everybody = np.arange(problem.itineraries.n_people)
    control.enter("auction")
    allowed = AUCTION_SHARE * control.seconds_left

    def plan(seed: int) -> Assignment:
        return auction(dual, duals, adjust, control, seed, allowed)

    # Auctions run on one core each, and differ by the order in which people choose.
    with ThreadPoolExecutor(workers) as threads:
        for found in threads.map(plan, rng.integers(2**31, size=workers).tolist()):
            _offer(control, found)
    if control.finished():
        return
    allowed = DIVE_SHARE * control.seconds_left
    pricings = REPRODUCIBLE_PRICINGS
    if not control.limits.reproducible:
        pricings = allowed / max(seconds, 1e-6)
    if pricings >= WORTHWHILE:
        control.enter("dive")
        dive = Dive(problem, pricing, adjust, control, dual.own)
        free = dive.run(everybody, duals.seats, duals.own, *pace(pricings), allowed)
        _offer(control, fill(dual, duals, adjust, dive.option, dive.start, free))
    if control.best is not None and not control.finished():
        control.enter("improvement")
        improve(dual, duals, control, rng)


def _first_plan(dual: Dual, duals: Duals, control: Control) -> None:
    """Offer what a short auction finds without good prices."""
    adjust = dual.adjust(duals, dual.at(duals, 1).relaxed)
    seconds = FIRST_SHARE * control.seconds_left
    _offer(control, auction(dual, duals, adjust, control, control.limits.seed, seconds))


def _offer(control: Control, plan: Assignment) -> None:
    """Offer a plan, or what hard rows leave of it."""
    if not control.offer(plan) and np.isinf(control.problem.rows.price).any():
        control.offer(_within_rows(control.problem, plan))


def _within_rows(problem: Problem, plan: Assignment) -> Assignment:
    """Leave out the bookings and the pairs that hard rows forbid, and fill up within them."""
    residual = Residual(problem)
    for option, start in zip(plan.options, plan.starts, strict=True):
        if not np.isneginf(residual.booking_gain(int(option), int(start))):
            residual.book(int(option), int(start))
    Pairing(problem, residual).run(plan.arcs)
    return residual.assignment()


def _find_prices(
    dual: Dual, duals: Duals, first: float, control: Control
) -> tuple[Duals, np.ndarray, float]:
    """Lower the bound from some prices, with steps as long as at `first` of a cold search.

    Returns the best prices, what they add to options, and the seconds of a pass.
    """
    adam = Adam(len(dual.most))
    best, kept, adjust = np.inf, duals, np.zeros(dual.problem.itineraries.n_options)
    begun, allowed = control.seconds, (1 - first) * DUAL_SHARE * control.seconds_left
    step = first
    while step < 1.0 and not control.finished():
        point = dual.at(duals, CAREFUL_ATTEMPTS if step >= CAREFUL else 1)
        control.tighten(point.bound)
        if point.bound < best:
            best, kept = point.bound, duals
            adjust = dual.adjust(duals, point.relaxed)
        length = SHORTEST_STEP + (LONGEST_STEP - SHORTEST_STEP) * (1 - step) ** POWER
        duals = dual.descend(duals, point, adam, length)
        step += 1 / PASSES
        if not control.limits.reproducible:
            step = max(step, first + (1 - first) * (control.seconds - begun) / allowed)
    control.prices = Prices(kept.seats, kept.role, kept.total, kept.rows)
    last = control.seconds
    if not control.finished():
        control.tighten(dual.at(kept, ATTEMPTS).bound)
    return kept, adjust, control.seconds - last
