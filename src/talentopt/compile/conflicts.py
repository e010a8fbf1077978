"""Fixed entries that cannot be, and the fact that forbids each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.compile import rules
from talentopt.compile.bookings import ANY, OUTSIDE
from talentopt.compile.index import Conflict
from talentopt.compile.matchings import find_arcs
from talentopt.compile.options import find_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talentopt.compile.matchings import Market
    from talentopt.compile.programme import Programme
    from talentopt.problem.matchings import Matchings
    from talentopt.read.scenario import Scenario

MOST_REASONS = 3
"""Reasons told for a booking that no start fits."""


def find_pair_conflicts(
    scenario: Scenario, markets: list[Market], matchings: Matchings
) -> list[Conflict]:
    """Name every fixed pair that has no arc."""
    conflicts = []
    for market in markets:
        pairs = market.pairs
        rows = np.flatnonzero(pairs.status == "fixed")
        arcs = find_arcs(
            matchings.arc_ptr,
            matchings.arc_provider,
            market.first_demand + pairs.seeker[rows],
            market.first_provider + pairs.provider[rows],
        )
        for row in rows[arcs < 0]:
            seeker, provider = int(pairs.seeker[row]), int(pairs.provider[row])
            reason = next(why_no_pair(scenario, market, seeker, provider))
            who = market.crossing.seekers.ids[seeker]
            with_whom = market.crossing.providers.ids[provider]
            message = f"{who} is fixed with {with_whom} in {market.name}, but {reason}"
            conflicts.append(Conflict(_source(scenario, "pairs", pairs.line[row]), message))
    return conflicts


def why_no_pair(scenario: Scenario, market: Market, seeker: int, provider: int) -> Iterator[str]:
    """Say every fact that forbids a pair of one matching; nothing when it may be."""
    crossing, pairs = market.crossing, market.pairs
    seeker_id, provider_id = crossing.seekers.ids[seeker], crossing.providers.ids[provider]
    same_cell = (pairs.seeker == seeker) & (pairs.provider == provider)
    for row in np.flatnonzero(same_cell & (pairs.status == "forbidden")):
        yield f"that is forbidden ({_source(scenario, 'pairs', pairs.line[row])})"
    if market.model.seekers == market.model.providers and seeker == provider:
        yield "nobody is paired with themselves"
    if not market.offered[provider]:
        place = _source(scenario, market.model.providers, crossing.providers.lines()[provider])
        yield f"{provider_id} does not offer {market.name} ({place})"
    if market.need[seeker] == 0:
        place = _source(scenario, market.model.seekers, crossing.seekers.lines()[seeker])
        yield f"{seeker_id} needs nobody there ({place})"
    yield from rules.reasons(market.model.eligible, crossing, seeker, provider)


def find_booking_conflicts(scenario: Scenario, programme: Programme) -> list[Conflict]:
    """Name every fixed or begun booking that has no option."""
    bookings, label = programme.bookings, scenario.calendar.label
    rows = np.flatnonzero(np.isin(bookings.status.astype(str), ["fixed", "begun"]))
    options = find_options(programme.options, bookings.person[rows], bookings.placement[rows])
    conflicts = []
    for row in rows[options < 0]:
        start = int(bookings.start[row])
        who = programme.people.ids[bookings.person[row]]
        where = programme.venues.side.ids[bookings.placement[row]]
        when = "" if start in (ANY, OUTSIDE) else f" from {label(start)}"
        begun = bookings.status[row] == "begun"
        how = "kept (begun in the previous plan)" if begun else "fixed"
        reason = _why_no_entry(scenario, programme, int(row))
        source = _booking_source(scenario, programme, int(row))
        conflicts.append(Conflict(source, f"{who} is {how} at {where}{when}, but {reason}"))
    return conflicts


def _why_no_entry(scenario: Scenario, programme: Programme, row: int) -> str:
    """Say why one fixed or begun booking cannot be, given that it cannot."""
    bookings = programme.bookings
    person, placement = int(bookings.person[row]), int(bookings.placement[row])
    bound = (bookings.person == person) & (bookings.placement == placement)
    bound &= np.isin(bookings.status.astype(str), ["fixed", "begun"])
    starts = np.unique(bookings.start[bound & (bookings.start != ANY)])
    start = int(bookings.start[row])
    start = int(starts[0]) if start == ANY and len(starts) else start
    begun = bookings.status[row] == "begun"
    elsewhere = next(_row_reasons(scenario, programme, person, placement, start, begun), None)
    if elsewhere is not None:
        return elsewhere
    if begun:
        return _beyond_calendar(scenario)
    return next(why_no_booking(scenario, programme, person, placement, start))


def why_no_booking(
    scenario: Scenario,
    programme: Programme,
    person: int,
    placement: int,
    start: int = ANY,
) -> Iterator[str]:
    """Say every fact that forbids a booking; nothing when it may be.

    Parameters
    ----------
    scenario : Scenario
    programme : Programme
    person, placement : int
    start : int
        Period index, or `ANY`.
    """
    yield from _row_reasons(scenario, programme, person, placement, start)
    yield from _history_reasons(scenario, programme, person, placement)
    yield from rules.reasons(programme.model.eligible, programme.crossing, person, placement)
    yield from _skill_reasons(scenario, programme, person, placement)
    if start != ANY:
        yield from _start_reasons(scenario, programme, person, placement, start)
        return
    per_start = [
        next(_start_reasons(scenario, programme, person, placement, period), None)
        for period in range(scenario.calendar.n_periods)
    ]
    if None not in per_start:
        told = list(dict.fromkeys(filter(None, per_start)))[:MOST_REASONS]
        yield "no start fits: " + "; ".join(told)


def _history_reasons(
    scenario: Scenario, programme: Programme, person: int, placement: int
) -> Iterator[str]:
    history, distinct = programme.history, programme.distinct
    for row in np.flatnonzero(history.person == person):
        done = int(history.placement[row])
        place = _source(scenario, "bookings", history.line[row])
        if done == placement:
            yield f"that is done already ({place})"
        elif distinct[done] >= 0 and distinct[done] == distinct[placement]:
            stage = programme.model.stages[programme.venues.stage[done]]
            value = programme.venues.side.texts(str(stage.distinct))[done]
            other = programme.venues.side.ids[done]
            yield f"{stage.distinct} {value} is done already, at {other} ({place})"


def _row_reasons(
    scenario: Scenario,
    programme: Programme,
    person: int,
    placement: int,
    start: int,
    begun: bool = False,
) -> Iterator[str]:
    """Say which other rows of the same person and placement forbid the booking.

    What has begun is not stopped by a row that forbids it.
    """
    bookings = programme.bookings
    same = (bookings.person == person) & (bookings.placement == placement)
    for row in np.flatnonzero(same):
        status, given = bookings.status[row], int(bookings.start[row])
        place = _booking_source(scenario, programme, int(row))
        if status == "forbidden" and given in (ANY, start) and not begun:
            yield f"that is forbidden ({place})"
        if status in ("fixed", "begun") and ANY not in (given, start) and given != start:
            when = "before the calendar" if given == OUTSIDE else scenario.calendar.label(given)
            how = "kept" if status == "begun" else "fixed"
            yield f"it is {how} to start {when} as well ({place})"


def _skill_reasons(
    scenario: Scenario, programme: Programme, person: int, placement: int
) -> Iterator[str]:
    entry, rows = programme.entry, scenario.tables["placement_skills"]
    for row in entry.unmet(person, placement):
        line = int(entry.line[row])
        skill = rows["skill"].loc[line]
        place = _source(scenario, "placement_skills", line)
        yield (
            f"{programme.people.ids[person]} has not the level {entry.level[row]:g} "
            f"in {skill} that {programme.venues.side.ids[placement]} requires ({place})"
        )


def _start_reasons(
    scenario: Scenario, programme: Programme, person: int, placement: int, start: int
) -> Iterator[str]:
    """Say every fact that forbids one start."""
    calendar, venues, people = scenario.calendar, programme.venues, programme.people
    end = start + int(venues.duration[placement]) - 1
    person_id, placement_id = people.ids[person], venues.side.ids[placement]
    if start < 0 or start == OUTSIDE or end >= calendar.n_periods:
        yield _beyond_calendar(scenario)
        return
    held = slice(start, end + 1)
    if not programme.free[person, held].all():
        place = _source(scenario, "participants", people.lines()[person])
        yield f"{person_id} is not in the programme all that time ({place})"
    if start < venues.opens[placement] or end > venues.closes[placement]:
        place = _source(scenario, "placements", venues.side.lines()[placement])
        yield f"{placement_id} is not open all that time ({place})"
    else:
        yield from _seat_reasons(scenario, programme, placement, held)
    if venues.exclusive[placement] and programme.away[person, held].any():
        yield from _absence_reasons(scenario, str(person_id), start, end)
    if scenario.at is not None and start < scenario.at:
        yield f"nothing new may start before {calendar.label(scenario.at)}"
    bookings = programme.bookings
    same = (bookings.person == person) & (bookings.placement == placement)
    for row in np.flatnonzero(same & (bookings.status == "forbidden")):
        if bookings.start[row] == start:
            yield f"that start is forbidden ({_booking_source(scenario, programme, int(row))})"


def _beyond_calendar(scenario: Scenario) -> str:
    calendar = scenario.calendar
    first, last = calendar.label(0), calendar.label(calendar.n_periods - 1)
    return f"the calendar runs from {first} to {last} only"


def _seat_reasons(
    scenario: Scenario, programme: Programme, placement: int, held: slice
) -> Iterator[str]:
    venues, overrides = programme.venues, scenario.tables["seats"]
    placement_id = venues.side.ids[placement]
    for period in range(held.start, held.stop):
        if venues.seats[placement, period] > 0:
            continue
        mine = (overrides["placement"] == placement_id) & (overrides["period"] == period)
        lines = overrides.index[mine & overrides["seats"].notna()]
        place = (
            _source(scenario, "seats", lines[0])
            if len(lines)
            else _source(scenario, "placements", venues.side.lines()[placement])
        )
        yield f"{placement_id} has no seats in {scenario.calendar.label(period)} ({place})"


def _absence_reasons(scenario: Scenario, person_id: str, start: int, end: int) -> Iterator[str]:
    rows = scenario.tables["absences"]
    mine = (rows["person"] == person_id) & (rows["from"] <= end) & (rows["to"] >= start)
    for line, row in rows[mine].iterrows():
        away = f"{scenario.calendar.label(row['from'])} to {scenario.calendar.label(row['to'])}"
        yield f"{person_id} is away from {away} ({_source(scenario, 'absences', line)})"


def _booking_source(scenario: Scenario, programme: Programme, row: int) -> str:
    line = programme.bookings.line[row]
    if programme.bookings.status[row] != "begun" or scenario.previous is None:
        return _source(scenario, "bookings", line)
    return f"{scenario.previous.path / 'placements.csv'}, line {line}"


def _source(scenario: Scenario, table: str, line: object) -> str:
    return f"{scenario.files.get(table, table)}, line {line}"
