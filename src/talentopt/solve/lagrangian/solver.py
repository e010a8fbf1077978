"""Prices, an auction and improvement: the fast way for many people with simple itineraries."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.greedy.pairs import Pairing
from talentopt.solve.greedy.residual import Residual
from talentopt.solve.lagrangian.auction import PACES, assignment, auction, seat
from talentopt.solve.lagrangian.descent import FEW, find_prices
from talentopt.solve.lagrangian.dual import Dual
from talentopt.solve.lagrangian.improve import improve
from talentopt.solve.lagrangian.kinds import TooManyPrerequisites
from talentopt.solve.lagrangian.negotiate import town_of
from talentopt.solve.lagrangian.pricing import Pricing
from talentopt.solve.lagrangian.search import CAREFUL_ATTEMPTS
from talentopt.solve.lagrangian.turns import Crew
from talentopt.solve.lagrangian.warm import from_plan
from talentopt.solve.matchings.interface import Relaxation

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.problem import Assignment, Problem
    from talentopt.solve.control import Control
    from talentopt.solve.lagrangian.auction import Pace
    from talentopt.solve.lagrangian.duals import Duals, Offer

    Hold = Callable[[Pace, Crew, np.random.Generator, int, float], Assignment]

AUCTION_SHARE = 0.9
"""Most of the time that is left for auctions."""

AGAIN_SHARE = 0.75
"""Part of the time left in which auctions of many people are held again, by other chances."""

MOST_SWEEPS, MANY_SWEEPS = 5000, 800
"""Most sweeps of an auction: of few people, who gain by each, and of many, who gain little."""

MOST_AUCTIONS = 8
"""Auctions of a reproducible run."""

TOGETHER = 4000
"""People from whom on all cores hold one auction together: it ends sooner, but next to each other
cores see others' choices late, so that below each core holds one of its own."""


def suits(problem: Problem) -> bool:
    """Whether itineraries have the structure that the pricing models exactly.

    Parameters
    ----------
    problem : Problem

    Returns
    -------
    bool
        False with loads of pairs, concurrent stages, several stages in any order, hours, or
        too many prerequisites.
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
    except TooManyPrerequisites:
        return False
    return True


def solve(problem: Problem, control: Control) -> None:
    """Find prices, auction the seats, and improve the plan until the time is up.

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
        _first_plan(dual, start, control, rng)
    control.enter("prices")
    enough = True
    if known is None or control.best is None:
        duals, offer = find_prices(dual, start, control, rng, known=known is not None)
    else:
        duals, offer, enough = from_plan(dual, start, control, rng)
    if enough:
        control.enter("auction")
        _auctions(dual, duals, offer, control, rng)
    if control.best is not None and not control.finished():
        control.enter("improvement")
        improve(dual, duals, control, rng)


def _auctions(
    dual: Dual, duals: Duals, offer: Offer, control: Control, rng: np.random.Generator
) -> None:
    """Offer what auctions find: of all cores together, or of each core alone."""
    n_people, reproducible = dual.problem.itineraries.n_people, control.limits.reproducible
    few, left = n_people < FEW, control.seconds_left
    priced = dual.pricing.price(duals.seats, dual.worth(duals, offer), CAREFUL_ATTEMPTS)
    worth, begin = dual.worth(duals, offer, charged=False), (priced.option, priced.start)

    def hold(
        pace: Pace, crew: Crew, rng: np.random.Generator, sweeps: int, seconds: float
    ) -> Assignment:
        return auction(dual, duals, worth, begin, pace, crew, control, rng, sweeps, seconds)

    end = control.seconds + AUCTION_SHARE * left
    until = end if few else control.seconds + AGAIN_SHARE * left
    if n_people >= (FEW if reproducible else TOGETHER):
        _hold_together(hold, dual, control, rng, end, until)
    else:
        _hold_alone(hold, dual, control, rng, MOST_SWEEPS if few else MANY_SWEEPS, end, until)


def _hold_together(
    hold: Hold, dual: Dual, control: Control, rng: np.random.Generator, end: float, until: float
) -> None:
    """Hold auctions of all cores before ``end``, again while one more would be over ``until``."""
    reproducible = control.limits.reproducible
    workers = 1 if reproducible else control.limits.workers
    crew = Crew(dual.problem.itineraries, dual.pricing.layout, workers)
    while True:
        first = control.seconds
        _offer(control, hold(PACES[0], crew, rng, MANY_SWEEPS, end - first))
        next_end = 2 * control.seconds - first
        if reproducible or control.finished() or next_end > until:
            return


def _hold_alone(
    hold: Hold,
    dual: Dual,
    control: Control,
    rng: np.random.Generator,
    sweeps: int,
    end: float,
    until: float,
) -> None:
    """Hold auctions of each core before ``end``, again while half of them would be over ``until``.

    What is hurried is worth little.
    """
    workers, reproducible = control.limits.workers, control.limits.reproducible

    def plan(pace: Pace, seed: int, seconds: float) -> Assignment:
        crew = Crew(dual.problem.itineraries, dual.pricing.layout_for_one())
        return hold(pace, crew, np.random.default_rng(seed), sweeps, seconds)

    rounds, last, paces = 0, 0.0, cycle(PACES)
    with ThreadPoolExecutor(workers) as threads:
        while not control.finished():
            first = control.seconds
            late = rounds and first + last / 2 > until
            if rounds >= MOST_AUCTIONS if reproducible else late:
                return
            seeds = rng.integers(2**31, size=workers).tolist()
            for found in threads.map(plan, islice(paces, workers), seeds, [end - first] * workers):
                _offer(control, found)
            rounds, last = rounds + 1, control.seconds - first


def _first_plan(dual: Dual, duals: Duals, control: Control, rng: np.random.Generator) -> None:
    """Offer what is left for each one after the other."""
    worth = dual.worth(duals, dual.offer(duals), charged=False)
    shape = (dual.problem.itineraries.n_people, dual.pricing.longest)
    town = town_of(dual, duals, np.full(shape, -1, np.int32), np.full(shape, -1, np.int32))
    seat(
        dual,
        town,
        worth,
        rng.permutation(shape[0]),
        Crew(dual.problem.itineraries, dual.pricing.layout),
    )
    _offer(control, assignment(dual, duals, town, quickly=True))


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
