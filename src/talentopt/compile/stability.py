"""The price of leaving the previous plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talentopt.compile.matchings import find_arcs
from talentopt.compile.options import find_options
from talentopt.compile.starts import holds

if TYPE_CHECKING:
    from talentopt.compile.matchings import Market
    from talentopt.compile.options import Options
    from talentopt.compile.previous import PreviousBookings
    from talentopt.compile.side import Side
    from talentopt.problem.matchings import Matchings
    from talentopt.read.model import Stability
    from talentopt.read.scenario import PreviousPlan


@dataclass(frozen=True, slots=True)
class Kept:
    """What the previous plan holds and today's may hold again.

    Attributes
    ----------
    at : (n,) int64
        Arcs, or options.
    starts : (n,) int32
        Start of each option; empty for arcs.
    points : (n,) float64
        Given back when it is kept.
    loss : float
        Price of everything whose ids still exist, possible or not.
    """

    at: np.ndarray
    starts: np.ndarray
    points: np.ndarray
    loss: float


def keep_pairs(
    stability: Stability,
    previous: PreviousPlan | None,
    markets: list[Market],
    matchings: Matchings,
) -> Kept:
    """Price the previous plan's pairs."""
    arcs, points, loss = [np.zeros(0, np.int64)], [np.zeros(0)], 0.0
    for market in markets:
        if previous is None:
            break
        rows = previous.pairs[previous.pairs["matching"] == market.name]
        rows = rows.drop_duplicates(["seeker", "provider"])
        seeker = market.crossing.seekers.find(rows["seeker"])
        provider = market.crossing.providers.find(rows["provider"])
        known = (seeker >= 0) & (provider >= 0)
        seeker, provider = seeker[known], provider[known]
        price = market.crossing.seekers.amounts(stability.pair_change)[seeker]
        found = find_arcs(
            matchings.arc_ptr,
            matchings.arc_provider,
            market.first_demand + seeker,
            market.first_provider + provider,
        )
        worth = (found >= 0) & (price != 0)
        arcs.append(found[worth])
        points.append(price[worth])
        loss += float(price.sum())
    return _sorted(np.concatenate(arcs), np.zeros(0, np.int32), np.concatenate(points), loss)


def keep_bookings(
    stability: Stability, previous: PreviousBookings, people: Side, options: Options
) -> Kept:
    """Price the previous plan's bookings that start within the calendar and are not done."""
    price = people.amounts(stability.placement_change)[previous.person]
    found = find_options(options, previous.person, previous.placement)
    possible = found >= 0
    possible[possible] = holds(options.option_starts[found[possible]], previous.start[possible])
    worth = possible & (price != 0)
    starts = previous.start[worth].astype(np.int32)
    return _sorted(found[worth], starts, price[worth], float(price.sum()))


def _sorted(at: np.ndarray, starts: np.ndarray, points: np.ndarray, loss: float) -> Kept:
    order = np.argsort(at, kind="stable")
    return Kept(at[order], starts[order] if len(starts) else starts, points[order], loss)
