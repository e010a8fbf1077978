"""The previous plan: what has begun is kept, and what changes costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talentopt.audit.bookings import name_booking
from talentopt.audit.facts import amount
from talentopt.audit.ledger import Score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talentopt.audit.facts import Facts
    from talentopt.audit.files import Booking, Pair
    from talentopt.audit.ledger import Ledger


def audit_stability(
    facts: Facts, pairs: Sequence[Pair], bookings: Sequence[Booking], ledger: Ledger
) -> None:
    """Check what has begun, and note every change of the previous plan."""
    if facts.scenario.previous is None:
        return
    _begun(facts, bookings, ledger)
    _changed_pairs(facts, pairs, ledger)
    _changed_bookings(facts, bookings, ledger)


def _begun(facts: Facts, bookings: Sequence[Booking], ledger: Ledger) -> None:
    at = facts.scenario.at
    if at is None:
        return
    held = {booking.key for booking in bookings}
    for participant, placement, start in sorted(facts.begun - held):
        ledger.forbid(
            "kept",
            participant,
            f"{facts.person(participant)} began at {facts.placement(placement)} in "
            f"{facts.calendar.label(start)} in the previous plan, before "
            f"{facts.calendar.label(at)}: this must be kept as it was",
        )
    for booking in bookings:
        if booking.start < at and booking.key not in facts.begun:
            ledger.forbid(
                "at",
                booking.participant,
                f"{name_booking(facts, booking)} starts before {facts.calendar.label(at)}, the "
                "first period that may change, and is not in the previous plan",
            )


def _changed_pairs(facts: Facts, pairs: Sequence[Pair], ledger: Ledger) -> None:
    previous, price = facts.scenario.previous, facts.model.stability.pair_change
    if previous is None:
        return
    chosen = {pair.key for pair in pairs}
    frame = previous.pairs
    for name, seeker, provider in zip(
        frame["matching"], frame["seeker"], frame["provider"], strict=True
    ):
        matching = facts.model.matchings.get(name)
        if matching is None or (name, seeker, provider) in chosen:
            continue
        row = facts.entities[matching.seekers].get(seeker)
        if row is not None and provider in facts.entities[matching.providers]:
            loss = amount(price, row)
            ledger.note(Score("pair_change", seeker, f"{name}/{provider}", "", -loss))


def _changed_bookings(facts: Facts, bookings: Sequence[Booking], ledger: Ledger) -> None:
    price = facts.model.stability.placement_change
    held = {booking.key for booking in bookings}
    for participant, placement, start in facts.previous_bookings:
        if (participant, placement, start) not in held:
            loss = amount(price, facts.participants[participant])
            period = facts.calendar.label(start)
            ledger.note(Score("placement_change", participant, placement, period, -loss))
