"""Prices, an auction and improvement: the fast way for many people with simple itineraries."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import Prices
from talentopt.solve.greedy.pairs import Pairing
from talentopt.solve.greedy.residual import Residual
from talentopt.solve.lagrangian.auction import assignment, auction, seat
from talentopt.solve.lagrangian.dual import Dual
from talentopt.solve.lagrangian.improve import improve, match_again
from talentopt.solve.lagrangian.kinds import TooManyPrerequisites
from talentopt.solve.lagrangian.master import polish
from talentopt.solve.lagrangian.negotiate import town_of
from talentopt.solve.lagrangian.pricing import ATTEMPTS, Pricing
from talentopt.solve.lagrangian.search import CAREFUL_ATTEMPTS, Search
from talentopt.solve.lagrangian.turns import Crew
from talentopt.solve.matchings.interface import Relaxation

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.problem import Assignment, Problem
    from talentopt.solve.control import Control
    from talentopt.solve.lagrangian.duals import Duals, Offer

    Hold = Callable[[Crew, np.random.Generator, int, float], Assignment]

PASSES, MOST_PASSES = 200, 1000
"""Passes over everybody that look for the best prices: of a reproducible run, and at most."""

LOOK = 0.1
"""Progress after which the bound is asked for while people are heard in parts."""

DUAL_SHARE = 0.4
"""Most of the time that is left which the search for prices may use."""

WARM = 0.6
"""Progress at which the search starts from known prices at the earliest, with shorter steps."""

CROWDED, CROWDS_SHARE = 0.7, 0.05
"""Progress at which the search starts from prices of crowds, and the most of the time that is left
which these may take."""

MASTER_SHARE = 0.15
"""Most of the time that is left for a bound by all itineraries seen."""

MOST_ROUNDS, ROUNDS = 400, 60
"""Most rounds of these, and those of a reproducible run."""

WORTHWHILE, WORTHWHILE_FOR_MANY = 60, 200
"""Looks at the bound in whose time they are worth beginning, for few and for many people."""

WARM_PASSES = 80
"""Passes from known prices for which steps begin as long as those of a cold search."""

WARM_SHARE = 0.6
"""Most of the time that is left for passes from known prices."""

AUCTION_LOOKS = 150
"""Looks at the bound in whose time auctions find something better than a plan in hand."""

AUCTION_SHARE = 0.9
"""Most of the time that is left for auctions."""

AGAIN_SHARE = 0.4
"""Part of the time left in which auctions of many people are held again, by other chances."""

MOST_SWEEPS, MANY_SWEEPS = 5000, 800
"""Most sweeps of an auction: of few people, who gain by each, and of many, who gain little."""

FEW, MOST_AUCTIONS = 400, 8
"""Below so many people all is done that gains by it; so many auctions of a reproducible run."""

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
    search = Search(dual, start, rng)
    if known is None or control.best is None:
        first = 0.0 if known is None else WARM
        look = _descend(search, first, (1 - first) * DUAL_SHARE, control)
        if known is None:
            search = _better_of_crowds(search, dual, control, rng)
        _tighten(dual, search.best, look, control)
        duals, offer = _settle(search.best, dual, control)
        enough = True
    else:
        duals, offer, enough = _prices_of_warm_plan(search, dual, control)
    if enough:
        control.enter("auction")
        _auctions(dual, duals, offer, control, rng)
    if control.best is not None and not control.finished():
        control.enter("improvement")
        improve(dual, duals, control, rng)


def _prices_of_warm_plan(
    search: Search, dual: Dual, control: Control
) -> tuple[Duals, Offer, bool]:
    """Go on from known prices, and match mentors for the bookings of the plan in hand.

    What has changed since moves mentors more than anything else.

    Returns
    -------
    duals : Duals
    offer : Offer
    enough : bool
        Whether time is left for auctions.
    """
    search.look(WARM)
    control.tighten(search.bound)
    match_again(dual, search.best, control, quickly=True)
    # The first look loaded the kernels.
    begun = control.seconds
    search.look(WARM)
    look = max(control.seconds - begun, 1e-9)
    enough = control.seconds_left > AUCTION_LOOKS * look
    wanted = WARM_PASSES * look / max(control.seconds_left, 1e-9)
    share = min(max(wanted, (1 - WARM) * DUAL_SHARE), WARM_SHARE)
    # Steps too long for the passes that there is time for lead away before they lead back.
    passes = share * control.seconds_left / look
    first = max(WARM, 1 - passes / WARM_PASSES)
    _descend(search, first, share, control)
    duals, offer = _settle(search.best, dual, control)
    if not control.finished():
        match_again(dual, duals, control)
    return duals, offer, enough


def _auctions(
    dual: Dual, duals: Duals, offer: Offer, control: Control, rng: np.random.Generator
) -> None:
    """Offer what auctions find: of all cores together, or of each core alone."""
    n_people, reproducible = dual.problem.itineraries.n_people, control.limits.reproducible
    few, left = n_people < FEW, control.seconds_left
    priced = dual.pricing.price(duals.seats, dual.worth(duals, offer), CAREFUL_ATTEMPTS)
    worth = dual.worth(duals, offer, charged=False)

    def hold(crew: Crew, rng: np.random.Generator, sweeps: int, seconds: float) -> Assignment:
        return auction(dual, duals, worth, priced, crew, control, rng, sweeps, seconds)

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
        _offer(control, hold(crew, rng, MANY_SWEEPS, end - first))
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

    def plan(seed: int, seconds: float) -> Assignment:
        crew = Crew(dual.problem.itineraries, dual.pricing.layout_for_one())
        return hold(crew, np.random.default_rng(seed), sweeps, seconds)

    rounds, last = 0, 0.0
    with ThreadPoolExecutor(workers) as threads:
        while not control.finished():
            first = control.seconds
            late = rounds and first + last / 2 > until
            if rounds >= MOST_AUCTIONS if reproducible else late:
                return
            seeds = rng.integers(2**31, size=workers).tolist()
            for found in threads.map(plan, seeds, [end - first] * workers):
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


def _descend(search: Search, first: float, share: float, control: Control) -> float:
    """Lower the bound, with steps as long as at `first` of a cold search.

    Takes a share of the time that is left.

    Returns
    -------
    float
        Seconds that a last careful look took; infinite without one.
    """
    begun, allowed = control.seconds, share * control.seconds_left
    progress, looked = first, first
    while progress < 1.0 and not control.finished():
        search.pass_over(progress)
        if progress >= looked + LOOK:
            search.look(progress)
            looked = progress
        control.tighten(search.bound)
        progress += 1 / (PASSES if control.limits.reproducible else MOST_PASSES)
        if not control.limits.reproducible:
            progress = max(progress, first + (1 - first) * (control.seconds - begun) / allowed)
    if control.finished():
        return np.inf
    begun = control.seconds
    search.look(1.0)
    control.tighten(search.bound)
    return control.seconds - begun


def _better_of_crowds(
    search: Search, dual: Dual, control: Control, rng: np.random.Generator
) -> Search:
    """Search again from prices of crowds, where not everybody can be placed."""
    if control.finished():
        return search
    reproducible = control.limits.reproducible
    seconds = np.inf if reproducible else CROWDS_SHARE * control.seconds_left
    start = dual.start_of_crowds(search.best, seconds)
    if start is None:
        return search
    again = Search(dual, start, rng)
    _descend(again, CROWDED, (1 - CROWDED) * DUAL_SHARE, control)
    return again if again.bound < search.bound else search


def _tighten(dual: Dual, duals: Duals, look: float, control: Control) -> None:
    """Lower the bound by all itineraries seen, unless that takes too long.

    A look at the bound takes ``look`` seconds. Auctions do not begin at these prices: next to
    the best ones many people want the same, and plans of scarce seats come out worse.
    """
    few = dual.problem.itineraries.n_people < FEW
    if control.finished():
        return
    if control.limits.reproducible:
        if few:
            control.tighten(polish(dual, duals, ROUNDS, control.finished).bound)
        return
    seconds = MASTER_SHARE * control.seconds_left
    if look * (WORTHWHILE if few else WORTHWHILE_FOR_MANY) <= seconds:
        end = control.seconds + seconds
        best = polish(
            dual, duals, MOST_ROUNDS, lambda: control.finished() or control.seconds > end
        )
        control.tighten(best.bound)


def _settle(best: Duals, dual: Dual, control: Control) -> tuple[Duals, Offer]:
    """Keep the best prices; returns them, and what they make of each option."""
    if not control.finished():
        control.tighten(dual.at(best, ATTEMPTS).bound)
    control.prices = Prices(best.seats, best.role, best.total, best.rows, best.links)
    return best, dual.offer(best)
