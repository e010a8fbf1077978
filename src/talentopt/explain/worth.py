"""What one more seat, place or coin is worth."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from talentopt.explain.answer import Section
from talentopt.explain.coins import worth_of_coins
from talentopt.explain.cures import seat_for
from talentopt.explain.missing import missing
from talentopt.explain.offers import Offer
from talentopt.explain.places import worth_of_places
from talentopt.explain.shortfall import find_cures
from talentopt.problem import measure
from talentopt.problem.feasible import SLACK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talentopt.explain.cures import Cure
    from talentopt.insight.standing import Standing
    from talentopt.problem import Prices

PLACES, COINS, WISHES = 0.3, 0.25, 0.3
"""Shares of the time that is left for places, then for coins, then for wishes."""

COLUMNS = ("kind", "edit", "units", "price", "worth_at_least", "per_unit", "helped")


def explain_worth(
    standing: Standing, seconds: float, prices: Prices | None = None
) -> list[Section]:
    """Say what more seats, places of providers and money are worth.

    An edit's worth is what the plan gains when it is made and those named move; more
    people moving may make it worth more.

    Parameters
    ----------
    standing : Standing
    seconds : float
    prices : Prices, optional
        Of the search that found the plan.
    """
    offers = find_offers(standing, seconds, prices)
    rows = [
        (
            offer.kind,
            offer.edit,
            offer.units,
            round(offer.estimate, 6),
            round(offer.worth, 6),
            round(offer.worth / offer.units, 6),
            " ".join(offer.helped),
        )
        for offer in offers
    ]
    lines = [
        "What more seats, places and coins are worth at least, each confirmed by a plan that is "
        "allowed with the edit (`price` is an estimate: for seats what they cost at the prices of "
        "the search, for places what a chain of moves is worth in pairs alone):"
        if rows
        else "No seat, place or coin alone would gain anything that a few people's moves can show."
    ]
    facts = {kind: sum(offer.kind == kind for offer in offers) for kind in ("seat", "place")}
    facts["coin"] = len(offers) - sum(facts.values())
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return [Section("worth", tuple(lines), facts, table)]


def find_offers(standing: Standing, seconds: float, prices: Prices | None = None) -> list[Offer]:
    """Look for edits that are worth something, dearest per unit first, coins last.

    Parameters
    ----------
    standing : Standing
    seconds : float
    prices : Prices, optional
        Of the search that found the plan, which estimate what seats are worth.
    """
    end = time.monotonic() + seconds

    def share(part: float) -> float:
        return max(end - time.monotonic(), 0.0) * part

    places = worth_of_places(standing, share(PLACES))
    coins = worth_of_coins(standing, share(COINS))
    wishes = _wishes(standing, share(WISHES))
    waiting = sorted(missing(standing), key=lambda one: -one.points)
    cures = find_cures(standing, waiting, end, {}).items()
    found = [(one.subject, cure) for one, cure in cures if cure]
    seats = _seats(standing, [*found, *wishes], prices)
    counted = {offer.edit for offer in places}
    single = [offer for offer in seats if offer.edit not in counted]
    ranked = sorted([*single, *places], key=lambda offer: (-offer.worth / offer.units, offer.edit))
    return [*ranked, *coins]


def _seats(
    standing: Standing, found: list[tuple[str, Cure]], prices: Prices | None
) -> list[Offer]:
    """Keep the best cure of each edit, and name everybody whom it would help alone."""
    best: dict[tuple[str, ...], Cure] = {}
    helped: dict[tuple[str, ...], list[str]] = {}
    for who, cure in sorted(found, key=lambda one: -one[1].gain):
        if not cure.free and cure.gain > SLACK:
            best.setdefault(cure.edits, cure)
            helped.setdefault(cure.edits, []).append(who)
    return [
        Offer(
            "seat" if "seat" in edits[0] else "place",
            "; ".join(edits),
            float(len(edits)),
            _estimate(standing, cure, prices),
            cure.gain,
            tuple(dict.fromkeys([*helped[edits], *cure.moving])),
            cure.assignment,
            cure.problem,
        )
        for edits, cure in best.items()
    ]


def _estimate(standing: Standing, cure: Cure, prices: Prices | None) -> float:
    """Add up the prices of the seats that a cure adds; NaN where none is known.

    A search that was cut short leaves all prices at zero, which says nothing.
    """
    if prices is None or not np.nan_to_num(prices.seats).any():
        return float("nan")
    more = cure.problem.itineraries.seats > standing.problem.itineraries.seats
    known = prices.seats[more & np.isfinite(prices.seats)]
    return float(known.sum()) if len(known) else float("nan")


def _wishes(standing: Standing, seconds: float) -> list[tuple[str, Cure]]:
    """Look for seats that would let people have more points, the largest gains first."""
    end = time.monotonic() + seconds
    found = []
    for person, option in _wished(standing):
        if time.monotonic() >= end:
            break
        cure = seat_for(standing, person, option)
        if cure is not None:
            found.append((standing.index.people[person], cure))
    return found


def _wished(standing: Standing) -> Iterator[tuple[int, int]]:
    """List one exclusive booking per full placement: whose points rise most in its stage."""
    itineraries, plan = standing.problem.itineraries, standing.assignment
    used = measure.seats_used(itineraries, plan.options, plan.starts)
    full = (used >= itineraries.seats) & (itineraries.seats > 0)
    wanted = full.any(axis=1) & itineraries.placement_exclusive
    stage = itineraries.placement_stage[itineraries.option_placement]
    person = itineraries.option_person()
    lowest = np.full((itineraries.n_people, itineraries.n_stages), np.inf)
    mine = plan.options
    np.minimum.at(lowest, (person[mine], stage[mine]), itineraries.option_points[mine])
    rise = itineraries.option_points - lowest[person, stage]
    rise[~wanted[itineraries.option_placement]] = -np.inf
    rise[mine] = -np.inf
    order = np.argsort(-rise, kind="stable")
    order = order[rise[order] > 0]
    _, first = np.unique(itineraries.option_placement[order], return_index=True)
    for position in np.sort(first).tolist():
        yield int(person[order[position]]), int(order[position])
