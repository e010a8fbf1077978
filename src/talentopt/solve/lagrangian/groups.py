"""A group of people planned anew at prices of their own, everybody else staying.

The prices of the whole say little about the seats that a few people hold: most
other seats are taken for good, so that what is left is worth more or less to
them than to all. A short search for prices and an auction among the group find
what neither an auction of everybody nor chains of moves do (a large
neighbourhood, Shaw, 1998, searched by the methods that solve the whole).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import Assignment, measure
from talentopt.solve.control import Control
from talentopt.solve.lagrangian.auction import PACES, auction
from talentopt.solve.lagrangian.dual import Dual
from talentopt.solve.lagrangian.pricing import Pricing
from talentopt.solve.lagrangian.search import CAREFUL_ATTEMPTS, LONGEST_STEP, POWER, Search
from talentopt.solve.lagrangian.turns import Crew
from talentopt.solve.matchings.interface import Relaxation
from talentopt.subproblem.subproblem import cut

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.problem import Problem
    from talentopt.solve.lagrangian.duals import Duals

    Polish = Callable[[Dual, Duals, Control, np.random.Generator], None]

GROUP = 40
"""People of one group."""

PASSES, LOOK_EVERY = 130, 10
"""Passes of a search for the group's prices from its beginning, and between looks."""

CHANGE, LATEST = 0.03, 0.7
"""First step relative to the mean price, and the latest progress at which a search begins."""

SWEEPS = 500
"""Most sweeps of the group's auction."""

LEAST = 0.01
"""Points that there must be to gain."""


def replan(
    problem: Problem,
    plan: Assignment,
    people: np.ndarray,
    duals: Duals,
    control: Control,
    seed: int,
    polish: Polish,
) -> Assignment | None:
    """Plan some people's itineraries anew, everybody's mentors and all others' staying.

    Parameters
    ----------
    problem : Problem
        Whose parts are of the kind that `solver.suits` asks for.
    plan : Assignment
        An allowed one.
    people : (n,) int64
    duals : Duals
        Good prices of the whole problem.
    control : Control
        Asked whether to stop.
    seed : int
    polish : callable
        Improves the group's plan at its prices.

    Returns
    -------
    Assignment or None
        A better plan of everybody; None if none was found.
    """
    part = cut(problem, plan, (), (), people.tolist())
    own = Control(part.problem, replace(control.limits, workers=1), parent=control)
    if not own.offer(part.lower(plan)):
        return None
    value, rng = own.value or 0.0, np.random.default_rng(seed)
    pricing = Pricing(part.problem.itineraries)
    dual = Dual(part.problem, pricing, Relaxation(part.problem.matchings, part.problem.links))
    search = Search(dual, _of_part(dual, duals), rng)
    if not _find_prices(search, _begin(duals), value + LEAST, control):
        return None
    best = search.best
    offer = dual.offer(best)
    priced = pricing.price(best.seats, dual.worth(best, offer), attempts=CAREFUL_ATTEMPTS)
    worth = dual.worth(best, offer, charged=False)
    crew = Crew(part.problem.itineraries, pricing.layout_for_one())
    begin = (priced.option, priced.start)
    found = auction(dual, best, worth, begin, PACES[0], crew, control, rng, SWEEPS, np.inf)
    own.offer(found)
    polish(dual, best, own, rng)
    assert own.best is not None
    return part.lift(own.best) if (own.value or 0.0) > value else None


def _find_prices(search: Search, first: float, least: float, control: Control) -> bool:
    """Lower the bound; tell whether it stays above ``least`` and time is left."""
    progress, done = first, 0
    while progress < 1.0:
        search.pass_over(progress)
        progress, done = progress + 1 / PASSES, done + 1
        if done % LOOK_EVERY == 0:
            search.look(min(progress, 1.0))
            if search.bound < least or control.finished():
                return False
    return True


def _begin(duals: Duals) -> float:
    """Progress at which steps are in proportion to prices: these may all change."""
    prices = duals.seats[duals.seats > 0]
    mean = float(prices.mean()) if len(prices) else 0.0
    return float(np.clip(1 - (CHANGE * mean / LONGEST_STEP) ** (1 / POWER), 0.0, LATEST))


def merged(
    problem: Problem, plan: Assignment, other: Assignment, people: np.ndarray
) -> Assignment:
    """Take the bookings of some people from another plan.

    Returns
    -------
    Assignment
        Perhaps not allowed.
    """
    theirs = np.zeros(problem.itineraries.n_people, dtype=bool)
    theirs[people] = True
    mine = ~theirs[measure.person_of(problem.itineraries, plan.options)]
    taken = theirs[measure.person_of(problem.itineraries, other.options)]
    return Assignment.of(
        plan.arcs,
        np.concatenate([plan.options[mine], other.options[taken]]),
        np.concatenate([plan.starts[mine], other.starts[taken]]),
    )


def _of_part(dual: Dual, duals: Duals) -> Duals:
    """Prices of the whole for a part; mentors, who stay, and their links cost nothing."""
    start = replace(dual.start(), seats=duals.seats, rows=duals.rows)
    return start.like(dual.project(start.flat()))
