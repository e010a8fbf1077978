"""Caps: the most of the previous plan's promises that may change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talentopt.compile.conflicts import why_no_booking, why_no_pair
from talentopt.compile.index import Conflict
from talentopt.problem.starts import unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talentopt.compile.matchings import Market
    from talentopt.compile.programme import Programme
    from talentopt.compile.quotas import EventBuilder
    from talentopt.compile.rows import RowBuilder
    from talentopt.compile.stability import Promises
    from talentopt.read.scenario import Scenario

SLACK = 1e-9
"""Room for floating-point error: 5 % of 40 are 2."""

NO_REASON = "the rules of today do not allow it"

MOST_TOLD = 5
"""Promises that cannot be kept which a conflict names."""


@dataclass(frozen=True, slots=True)
class Cap:
    """One cap on the changes of some promises.

    Attributes
    ----------
    name : str
        A matching, a stage, ``pairs`` or ``placements``.
    share : float
    pairs, bookings : (n,) int64
        Which promises it counts; what has begun cannot change and is not counted.
    """

    name: str
    share: float
    pairs: np.ndarray
    bookings: np.ndarray

    @property
    def count(self) -> int:
        """How many promises it counts."""
        return len(self.pairs) + len(self.bookings)

    @property
    def most(self) -> int:
        """How many of them may change."""
        return int(self.share * self.count + SLACK)


def find_caps(
    scenario: Scenario, markets: list[Market], pairs: Promises, programme: Programme
) -> list[Cap]:
    """Find what each cap of the model counts; those that allow every change are left out.

    A name that is both a matching's and a stage's counts both.
    """
    matchings = {market.name: market.number for market in markets}
    stages = {stage.stage: number for number, stage in enumerate(programme.model.stages)}
    bookings = programme.promises
    found = []
    for name, share in scenario.model.stability.caps.items():
        named = name in matchings or name in stages
        cap = Cap(
            name,
            share,
            np.flatnonzero(pairs.kind == matchings.get(name, -1))
            if named
            else np.arange(len(pairs.at) if name == "pairs" else 0),
            np.flatnonzero(
                ~bookings.begun
                & (bookings.kind == stages.get(name, -1) if named else name == "placements")
            ),
        )
        if cap.most < cap.count:
            found.append(cap)
    return found


def add_caps(
    rows: RowBuilder,
    events: EventBuilder,
    caps: list[Cap],
    pairs: Promises,
    programme: Programme,
    n_periods: int,
) -> None:
    """Add a hard row per cap: so many promises must be kept.

    Whether a booking keeps its start is the difference of two events: it starts by then, less it
    starts earlier.
    """
    bookings, options = programme.promises, programme.options
    for cap in caps:
        arcs = pairs.at[cap.pairs]
        arcs = arcs[arcs >= 0]
        possible = cap.bookings[bookings.at[cap.bookings] >= 0]
        option, start = bookings.at[possible], bookings.starts[possible]
        by_then = events.add_each(options, option, start)
        starts = unpack(options.option_starts[option], n_periods)
        early = (starts & (np.arange(n_periods) < start[:, None])).any(axis=1)
        earlier = events.add_each(options, option[early], start[early] - 1)
        first_event = rows.n_arcs + rows.n_options
        rows.add(
            ("cap", cap.name, ""),
            np.concatenate([arcs, first_event + by_then, first_event + earlier]),
            np.repeat([1.0, 1.0, -1.0], [len(arcs), len(by_then), len(earlier)]),
            (float(cap.count - cap.most), np.inf),
            np.inf,
        )


def find_cap_conflicts(
    scenario: Scenario,
    caps: list[Cap],
    markets: list[Market],
    pairs: Promises,
    programme: Programme,
) -> list[Conflict]:
    """Name the caps that today's files break by themselves, and by which promises."""
    conflicts = []
    for cap in caps:
        lost_pairs = cap.pairs[pairs.at[cap.pairs] < 0]
        lost_bookings = cap.bookings[programme.promises.at[cap.bookings] < 0]
        lost = len(lost_pairs) + len(lost_bookings)
        if lost <= cap.most:
            continue
        reasons = [
            *_lost_pairs(scenario, markets, pairs, lost_pairs[:MOST_TOLD]),
            *_lost_bookings(scenario, programme, lost_bookings[:MOST_TOLD]),
        ][:MOST_TOLD]
        more = f"; and {lost - len(reasons)} more" if lost > len(reasons) else ""
        conflicts.append(
            Conflict(
                f"stability.caps.{cap.name}",
                f"at most {cap.most} of {cap.count} published {_what(cap)} may change "
                f"({100 * cap.share:.4g} %), but {lost} cannot stay: {'; '.join(reasons)}{more}",
            )
        )
    return conflicts


def _what(cap: Cap) -> str:
    return cap.name if cap.name in ("pairs", "placements") else f"promises of {cap.name!r}"


def _lost_pairs(
    scenario: Scenario, markets: list[Market], pairs: Promises, lost: np.ndarray
) -> Iterator[str]:
    assert scenario.previous is not None
    for promise in lost:
        market = markets[pairs.kind[promise]]
        row = scenario.previous.pairs.loc[pairs.line[promise]]
        seeker = int(market.crossing.seekers.find(row[["seeker"]])[0])
        provider = int(market.crossing.providers.find(row[["provider"]])[0])
        reason = next(why_no_pair(scenario, market, seeker, provider), NO_REASON)
        yield f"{row['seeker']} with {row['provider']} in {market.name}, because {reason}"


def _lost_bookings(scenario: Scenario, programme: Programme, lost: np.ndarray) -> Iterator[str]:
    assert scenario.previous is not None
    for promise in lost:
        row = scenario.previous.placements.loc[programme.promises.line[promise]]
        person = int(programme.people.find(row[["participant"]])[0])
        placement = int(programme.venues.side.find(row[["placement"]])[0])
        start = int(row["start"])
        reason = next(why_no_booking(scenario, programme, person, placement, start), NO_REASON)
        when = scenario.calendar.label(start)
        yield f"{row['participant']} at {row['placement']} from {when}, because {reason}"
