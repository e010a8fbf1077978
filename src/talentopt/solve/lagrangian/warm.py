"""From the plan and the prices of another time to those of today, in seconds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.lagrangian.auction import Pace, auction, by_person
from talentopt.solve.lagrangian.descent import DUAL_SHARE, WARM, descend, settle
from talentopt.solve.lagrangian.improve import match_again
from talentopt.solve.lagrangian.mentors import prices_beside
from talentopt.solve.lagrangian.search import Search
from talentopt.solve.lagrangian.turns import Crew

if TYPE_CHECKING:
    from talentopt.problem import Assignment
    from talentopt.solve.control import Control
    from talentopt.solve.lagrangian.dual import Dual
    from talentopt.solve.lagrangian.duals import Duals, Offer

PASSES = 80
"""Passes from known prices for which steps begin as long as those of a cold search."""

PASSES_SHARE = 0.6
"""Most of the time that is left for passes from known prices."""

PROOF_SHARE = 0.2
"""Of the time left, for the last looks at the bound, which gain most where people changed."""

AUCTION_LOOKS = 150
"""Looks at the bound in whose time auctions that begin at prices find something better than a plan
in hand, and passes over everybody better prices than those beside the plan."""

SHORT_LOOKS, MATCHING_LOOKS = 35, 15
"""Looks in whose time auctions that begin at the plan gain, and those left for mentors then."""

PACE = Pace(1.0, 0.1, 0.1)
"""Of these."""

SWEEPS = 800
"""Most of their sweeps."""


def from_plan(
    dual: Dual, start: Duals, control: Control, rng: np.random.Generator
) -> tuple[Duals, Offer, bool]:
    """Go on from known prices, and match mentors for the bookings of the plan in hand.

    What has changed since moves mentors more than anything else, so that their prices come
    first. Where seconds are short, auctions begin at the plan.

    Parameters
    ----------
    dual : Dual
    start : Duals
        Known prices.
    control : Control
        With a plan in hand.
    rng : numpy Generator

    Returns
    -------
    duals : Duals
    offer : Offer
    enough : bool
        Whether time is left for auctions that begin at prices.
    """
    search, look = _first_look(Search(dual, start, rng), dual, control, rng)
    reproducible = control.limits.reproducible
    enough = reproducible or control.seconds_left > AUCTION_LOOKS * look
    if enough:
        _pass_over(search, look, control)
    duals, offer = settle(search.best, dual, control, share=PROOF_SHARE)
    if not enough and control.seconds_left > SHORT_LOOKS * look:
        seconds = control.seconds_left - MATCHING_LOOKS * look
        _hold_short_auctions(dual, duals, offer, control, rng, seconds)
    if not control.finished():
        match_again(dual, duals, control)
    return duals, offer, enough


def _first_look(
    search: Search, dual: Dual, control: Control, rng: np.random.Generator
) -> tuple[Search, float]:
    """Bound by the known prices, then by those of mentors beside the plan.

    Returns the better ones, and the seconds that a look at the bound takes.
    """
    search.look(WARM)
    control.tighten(search.bound)
    assert control.best is not None
    beside = Search(dual, prices_beside(dual, search.best, control.best.options), rng)
    # The look before loaded the kernels.
    begun = control.seconds
    beside.look(WARM)
    look = max(control.seconds - begun, 1e-9)
    control.tighten(beside.bound)
    return min(search, beside, key=lambda one: one.bound), look


def _pass_over(search: Search, look: float, control: Control) -> None:
    """Pass over everybody for a share of the time."""
    least = (1 - WARM) * DUAL_SHARE
    if control.limits.reproducible:
        descend(search, WARM, least, control)
        return
    wanted = PASSES * look / max(control.seconds_left, 1e-9)
    share = min(max(wanted, least), PASSES_SHARE)
    # Steps too long for the passes that there is time for lead away before they lead back.
    passes = share * control.seconds_left / look
    descend(search, max(WARM, 1 - passes / PASSES), share, control)


def _hold_short_auctions(
    dual: Dual,
    duals: Duals,
    offer: Offer,
    control: Control,
    rng: np.random.Generator,
    seconds: float,
) -> None:
    """Offer what an auction on each core makes of the plan in hand."""
    # Bookings that lose must not seem to gain by mentors that suit today.
    match_again(dual, duals, control, quickly=True)
    assert control.best is not None
    worth, workers = dual.worth(duals, offer, charged=False), control.limits.workers
    begin = by_person(dual.problem.itineraries, control.best, dual.pricing.longest)

    def plan(seed: int) -> Assignment:
        crew = Crew(dual.problem.itineraries, dual.pricing.layout_for_one())
        own = np.random.default_rng(seed)
        return auction(
            dual,
            duals,
            worth,
            begin,
            PACE,
            crew,
            control,
            own,
            SWEEPS,
            seconds,
            quickly=True,
        )

    control.enter("auction")
    with ThreadPoolExecutor(workers) as threads:
        for found in threads.map(plan, rng.integers(2**31, size=workers).tolist()):
            control.offer(found)
