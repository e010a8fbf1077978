"""The descent of prices to the best ones: by steps, from crowds, and by all itineraries seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import Prices
from talentopt.solve.lagrangian.master import polish
from talentopt.solve.lagrangian.pricing import ATTEMPTS
from talentopt.solve.lagrangian.search import Search

if TYPE_CHECKING:
    from talentopt.solve.control import Control
    from talentopt.solve.lagrangian.dual import Dual
    from talentopt.solve.lagrangian.duals import Duals, Offer

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

FEW = 400
"""Below so many people all is done that gains by it."""

MASTER_SHARE = 0.15
"""Most of the time that is left for a bound by all itineraries seen."""

MOST_ROUNDS, ROUNDS = 400, 60
"""Most rounds of these, and those of a reproducible run."""

WORTHWHILE, WORTHWHILE_FOR_MANY = 60, 200
"""Looks at the bound in whose time they are worth beginning, for few and for many people."""

PROOF_SHARE, MOST_ATTEMPTS = 0.05, 400
"""Of the time that is left, for the last looks at the bound, and most recursions on one person."""

MORE, DEARER = 4, 2.0
"""Times as many recursions in every further one of these, and times as long as it takes."""


def find_prices(
    dual: Dual, start: Duals, control: Control, rng: np.random.Generator, *, known: bool
) -> tuple[Duals, Offer]:
    """Look for the best prices of everything shared, for a plan to be made near them.

    Parameters
    ----------
    dual : Dual
    start : Duals
        Where to begin.
    control : Control
    rng : numpy Generator
    known : bool
        Whether these are prices of an earlier search.

    Returns
    -------
    duals : Duals
    offer : Offer
        What mentors offer at these.
    """
    search, first = Search(dual, start, rng), WARM if known else 0.0
    look = descend(search, first, (1 - first) * DUAL_SHARE, control)
    if not known:
        search = _better_of_crowds(search, dual, control, rng)
    _tighten(dual, search.best, look, control)
    return settle(search.best, dual, control, look)


def descend(search: Search, first: float, share: float, control: Control) -> float:
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
    descend(again, CROWDED, (1 - CROWDED) * DUAL_SHARE, control)
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


def settle(
    best: Duals, dual: Dual, control: Control, took: float = 0.0, share: float = PROOF_SHARE
) -> tuple[Duals, Offer]:
    """Keep the best prices; returns them, and what they make of each option.

    The last looks at the bound get ever more recursions on those whose rules are hard to keep,
    for about ``share`` of the time that is left; the one before them ``took`` so many seconds.
    """
    attempts, allowed = ATTEMPTS, share * control.seconds_left
    if control.limits.reproducible:
        # The clock does not count.
        took, allowed, most = 0.0, np.inf, ATTEMPTS
    else:
        most = MOST_ATTEMPTS
    while attempts <= most and DEARER * took <= allowed and not control.finished():
        begun = control.seconds
        control.tighten(dual.at(best, attempts).bound)
        took, attempts = control.seconds - begun, MORE * attempts
    control.prices = Prices(best.seats, best.role, best.total, best.rows, best.links)
    return best, dual.offer(best)
