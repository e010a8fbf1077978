"""The previous plan's promises: what may be kept of them, and the price of leaving them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talentopt.compile.matchings import find_arcs
from talentopt.compile.options import find_options
from talentopt.problem.starts import holds

if TYPE_CHECKING:
    from talentopt.compile.matchings import Market
    from talentopt.compile.options import Options
    from talentopt.compile.previous import PreviousBookings
    from talentopt.compile.side import Side
    from talentopt.compile.venues import Venues
    from talentopt.problem.matchings import Matchings
    from talentopt.read.model import Stability
    from talentopt.read.scenario import PreviousPlan


@dataclass(frozen=True, slots=True)
class Promises:
    """Published pairs, or bookings, of the previous plan whose ids all still exist.

    Attributes
    ----------
    at : (n,) int64
        The arc, or the option, that keeps the promise; -1 = it cannot be kept.
    starts : (n,) int32
        Start of each booking; 0 for pairs.
    points : (n,) float64
        Price of leaving it.
    kind : (n,) int64
        Matching of each pair, stage of each booking.
    begun : (n,) bool
        Bookings that have begun, so that they cannot change.
    line : (n,) int64
        Line in the previous plan's file.
    """

    at: np.ndarray
    starts: np.ndarray
    points: np.ndarray
    kind: np.ndarray
    begun: np.ndarray
    line: np.ndarray

    @property
    def loss(self) -> float:
        """Price of leaving everything, possible or not."""
        return float(self.points.sum())

    def priced(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Sort what may be kept and has a price: arcs or options, starts, points."""
        worth = np.flatnonzero((self.at >= 0) & (self.points != 0))
        order = worth[np.argsort(self.at[worth], kind="stable")]
        return self.at[order], self.starts[order], self.points[order]


def promised_pairs(
    stability: Stability,
    previous: PreviousPlan | None,
    markets: list[Market],
    matchings: Matchings,
) -> Promises:
    """Find and price the previous plan's pairs."""
    at, points = [np.zeros(0, np.int64)], [np.zeros(0)]
    kind, line = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for market in markets:
        if previous is None:
            break
        rows = previous.pairs[previous.pairs["matching"] == market.name]
        rows = rows.drop_duplicates(["seeker", "provider"])
        seeker = market.crossing.seekers.find(rows["seeker"])
        provider = market.crossing.providers.find(rows["provider"])
        known = (seeker >= 0) & (provider >= 0)
        seeker, provider = seeker[known], provider[known]
        at.append(
            find_arcs(
                matchings.arc_ptr,
                matchings.arc_provider,
                market.first_demand + seeker,
                market.first_provider + provider,
            )
        )
        points.append(market.crossing.seekers.amounts(stability.pair_change)[seeker])
        kind.append(np.full(len(seeker), market.number))
        line.append(rows.index.to_numpy()[known])
    arcs = np.concatenate(at)
    return Promises(
        arcs,
        np.zeros(len(arcs), dtype=np.int32),
        np.concatenate(points),
        np.concatenate(kind),
        np.zeros(len(arcs), dtype=bool),
        np.concatenate(line),
    )


def promised_bookings(
    stability: Stability,
    previous: PreviousBookings,
    people: Side,
    venues: Venues,
    options: Options,
) -> Promises:
    """Find and price the published bookings that start within the calendar and are not done."""
    mine = previous.published
    person, placement, start = (
        column[mine] for column in (previous.person, previous.placement, previous.start)
    )
    found = find_options(options, person, placement)
    possible = found >= 0
    possible[possible] = holds(options.option_starts[found[possible]], start[possible])
    return Promises(
        np.where(possible, found, -1),
        start.astype(np.int32),
        people.amounts(stability.placement_change)[person],
        venues.stage[placement].astype(np.int64),
        previous.begun[mine],
        previous.line[mine],
    )
