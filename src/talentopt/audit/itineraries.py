"""Rules and points within one person's itinerary."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from talentopt.audit.bookings import name_booking
from talentopt.audit.facts import amount
from talentopt.audit.ledger import SLACK, Ledger, Score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talentopt.audit.facts import Facts
    from talentopt.audit.files import Booking
    from talentopt.read.model import Itineraries


def audit_itineraries(facts: Facts, bookings: Sequence[Booking], ledger: Ledger) -> None:
    """Check every participant's bookings together, and note what they miss."""
    itineraries = facts.model.itineraries
    if itineraries is None:
        return
    held: dict[str, list[Booking]] = defaultdict(list)
    for booking in sorted(bookings, key=lambda booking: (booking.start, booking.line)):
        held[booking.participant].append(booking)
    for participant in facts.participants:
        own = held.get(participant, [])
        exclusive = [booking for booking in own if facts.exclusive(booking.placement)]
        _never_again(facts, participant, own, ledger)
        _one_at_a_time(facts, participant, exclusive, ledger)
        if itineraries.ordered:
            _in_order(facts, participant, exclusive, ledger)
        _prerequisites(facts, participant, own, ledger)
        _concurrent_load(facts, itineraries, participant, own, ledger)
        _limits(facts, itineraries, participant, exclusive, ledger)
        for stage in facts.stages:
            _stage(facts, stage, participant, own, ledger)
        _idle(facts, itineraries, participant, exclusive, ledger)
        _moves(facts, itineraries, participant, exclusive, ledger)


def _adds(facts: Facts, bookings: Sequence[Booking]) -> bool:
    """Whether any booking is new; what has begun or is done breaks no rule by itself."""
    return any(booking.key not in facts.begun for booking in bookings)


def _never_again(facts: Facts, participant: str, own: Sequence[Booking], ledger: Ledger) -> None:
    for placement, times in Counter(booking.placement for booking in own).items():
        where = f"{facts.person(participant)} at {facts.placement(placement)}"
        lines = [str(booking.line) for booking in own if booking.placement == placement]
        place = f"placements.csv line {' and '.join(lines)}"
        if times > 1:
            ledger.forbid(
                "twice",
                participant,
                f"{where} is booked {times} times ({place}), once is allowed",
            )
        if placement in facts.done.get(participant, []):
            row = next(
                row
                for row in facts.known_bookings[participant, placement]
                if row.text("status") == "done"
            )
            ledger.forbid(
                "done",
                participant,
                f"{where} ({place}) is done already ({facts.source('bookings', row.line)})",
            )


def _one_at_a_time(
    facts: Facts, participant: str, exclusive: Sequence[Booking], ledger: Ledger
) -> None:
    for one, other in combinations(exclusive, 2):
        if other.start <= one.end and one.start <= other.end and _adds(facts, [one, other]):
            ledger.forbid(
                "overlap",
                participant,
                f"{name_booking(facts, one)} and at {facts.placement(other.placement)} "
                f"{facts.span(other.start, other.end)} (line {other.line}): "
                "only one exclusive placement at a time",
            )


def _in_order(
    facts: Facts, participant: str, exclusive: Sequence[Booking], ledger: Ledger
) -> None:
    order = {stage: rank for rank, stage in enumerate(facts.stages)}
    ranked = sorted(exclusive, key=lambda booking: order[facts.stage_of(booking.placement)])
    for one, other in combinations(ranked, 2):
        before, after = facts.stage_of(one.placement), facts.stage_of(other.placement)
        if before != after and one.end >= other.start and _adds(facts, [one, other]):
            ledger.forbid(
                "order",
                participant,
                f"{name_booking(facts, other)} belongs to {after} and starts before "
                f"{facts.placement(one.placement)} of the earlier stage {before} ends "
                f"in {facts.calendar.label(one.end)} (line {one.line})",
            )


def _prerequisites(facts: Facts, participant: str, own: Sequence[Booking], ledger: Ledger) -> None:
    done = set(facts.done.get(participant, []))
    for booking in own:
        if not _adds(facts, [booking]):
            continue
        finished = done | {other.placement for other in own if other.end < booking.start}
        for needed in facts.prerequisites.get(booking.placement, []):
            if not needed.met_by & finished:
                ledger.forbid(
                    "prerequisite",
                    participant,
                    f"{name_booking(facts, booking)} needs {needed.requires} finished before "
                    f"({facts.source('prerequisites', needed.line)}), which it is not",
                )


def _concurrent_load(
    facts: Facts,
    itineraries: Itineraries,
    participant: str,
    own: Sequence[Booking],
    ledger: Ledger,
) -> None:
    limit = itineraries.concurrent_load
    if limit is None:
        return
    running: dict[int, list[Booking]] = defaultdict(list)
    for booking in own:
        if not facts.exclusive(booking.placement):
            for period in booking.periods:
                running[period].append(booking)
    for period, together in sorted(running.items()):
        load = sum(
            facts.placements[booking.placement].number("load") or 0.0 for booking in together
        )
        if load > limit + SLACK and _adds(facts, together):
            names = ", ".join(booking.placement for booking in together)
            ledger.forbid(
                "load",
                participant,
                f"{facts.person(participant)} has a concurrent load of {load:g} in "
                f"{facts.calendar.label(period)} ({names}), the limit is {limit:g}",
            )


def _limits(
    facts: Facts,
    itineraries: Itineraries,
    participant: str,
    exclusive: Sequence[Booking],
    ledger: Ledger,
) -> None:
    past = [key for key in facts.done.get(participant, []) if facts.exclusive(key)]
    for limit in itineraries.limits:
        most = amount(limit.max, facts.participants[participant])
        for value, group in _crowded(facts, limit.column, past, exclusive, most).items():
            ledger.forbid(
                "limit",
                participant,
                f"{facts.person(participant)} has {len(group)} exclusive placements with "
                f"{limit.column} {value} ({', '.join(group)}), at most {most:g} are allowed",
            )


def _crowded(
    facts: Facts, column: str, past: Sequence[str], planned: Sequence[Booking], most: float
) -> dict[str, list[str]]:
    """Find values that more placements share than allowed, new bookings among them."""
    sharing: dict[str, list[str]] = defaultdict(list)
    for key in [*past, *(booking.placement for booking in planned)]:
        sharing[facts.placements[key].text(column)].append(key)
    return {
        value: group
        for value, group in sharing.items()
        if value
        and len(group) > most
        and _adds(facts, [booking for booking in planned if booking.placement in group])
    }


def _stage(
    facts: Facts, name: str, participant: str, own: Sequence[Booking], ledger: Ledger
) -> None:
    stage, person = facts.stages[name], facts.participants[participant]
    planned = [booking for booking in own if facts.stage_of(booking.placement) == name]
    past = facts.history(participant, name)
    count = len(planned) + len(past)
    most = facts.most(participant, stage)
    done = f" ({len(past)} done)" if past else ""
    if count > most and _adds(facts, planned):
        ledger.forbid(
            "max",
            participant,
            f"{facts.person(participant)} has {count} placements of {name}{done}, "
            f"at most {most:g} are allowed",
        )
    if stage.distinct is not None:
        for value, group in _crowded(facts, stage.distinct, past, planned, 1).items():
            ledger.forbid(
                "distinct",
                participant,
                f"{facts.person(participant)} has {stage.distinct} {value} more than once "
                f"in {name} ({', '.join(group)})",
            )
    price = amount(stage.missing, person)
    short = facts.fewest(participant, stage) - count
    ledger.miss("missing", participant, name, short, price, person=participant)
    for layer, required in stage.hours.items():
        keys = [*past, *(booking.placement for booking in planned)]
        hours = sum(
            facts.placements[key].number("hours") or 0.0
            for key in keys
            if facts.placements[key].text("layer") == layer
        )
        lacking = amount(required, person) - hours
        ledger.miss("missing", participant, f"{name}/{layer}", lacking, price, person=participant)


def _idle(
    facts: Facts,
    itineraries: Itineraries,
    participant: str,
    exclusive: Sequence[Booking],
    ledger: Ledger,
) -> None:
    if itineraries.idle is None or not exclusive:
        return
    person = facts.participants[participant]
    busy = {period for booking in exclusive for period in booking.periods}
    first = facts.window(person, "start", "end")[0]
    idle = sum(period not in busy for period in range(first, max(busy) + 1))
    loss = idle * amount(itineraries.idle.points, person)
    ledger.note(Score("idle", participant, "", "", -loss), participant)


def _moves(
    facts: Facts,
    itineraries: Itineraries,
    participant: str,
    exclusive: Sequence[Booking],
    ledger: Ledger,
) -> None:
    move, person = itineraries.move, facts.participants[participant]
    if move is None:
        return
    price = amount(move.points, person)
    here = person.text(move.column) if move.from_home else ""
    for booking in exclusive:
        there = facts.placements[booking.placement].text(move.column)
        if here and there and here != there:
            period = facts.calendar.label(booking.start)
            score = Score("move", participant, booking.placement, period, -price)
            ledger.note(score, participant)
        here = there
