"""The previous plan: what has begun is kept, and what changes costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talentopt.audit.bookings import name_booking
from talentopt.audit.facts import amount
from talentopt.audit.ledger import SLACK, Score

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
    _caps(facts, pairs, bookings, ledger)


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
    price = facts.model.stability.pair_change
    chosen = {pair.key for pair in pairs}
    for name, seeker, provider in _promised_pairs(facts):
        if (name, seeker, provider) not in chosen:
            loss = amount(price, facts.entities[facts.model.matchings[name].seekers][seeker])
            ledger.note(Score("pair_change", seeker, f"{name}/{provider}", "", -loss))


def _promised_pairs(facts: Facts) -> list[tuple[str, str, str]]:
    """List the pairs of the previous plan whose ids still exist."""
    assert facts.scenario.previous is not None
    frame = facts.scenario.previous.pairs
    matchings = facts.model.matchings
    return [
        (name, seeker, provider)
        for name, seeker, provider in zip(
            frame["matching"], frame["seeker"], frame["provider"], strict=True
        )
        if name in matchings
        and seeker in facts.entities[matchings[name].seekers]
        and provider in facts.entities[matchings[name].providers]
    ]


def _promised_bookings(facts: Facts) -> list[tuple[str, str, int]]:
    """List the published bookings of the previous plan; later ones are drafts."""
    before = facts.scenario.published_before
    return [booking for booking in facts.previous_bookings if booking[2] < before]


def _changed_bookings(facts: Facts, bookings: Sequence[Booking], ledger: Ledger) -> None:
    price = facts.model.stability.placement_change
    held = {booking.key for booking in bookings}
    for participant, placement, start in _promised_bookings(facts):
        if (participant, placement, start) not in held:
            loss = amount(price, facts.participants[participant])
            period = facts.calendar.label(start)
            ledger.note(Score("placement_change", participant, placement, period, -loss))


def _caps(
    facts: Facts, pairs: Sequence[Pair], bookings: Sequence[Booking], ledger: Ledger
) -> None:
    """Check how many promises that have not begun are changed."""
    chosen, held = {pair.key for pair in pairs}, {booking.key for booking in bookings}
    promised_pairs = _promised_pairs(facts)
    promised = [booking for booking in _promised_bookings(facts) if booking not in facts.begun]
    for name, share in facts.model.stability.caps.items():
        named = name in facts.model.matchings or name in facts.stages
        changed = [
            pair not in chosen
            for pair in promised_pairs
            if (pair[0] == name if named else name == "pairs")
        ]
        changed += [
            booking not in held
            for booking in promised
            if (facts.stage_of(booking[1]) == name if named else name == "placements")
        ]
        most = int(share * len(changed) + SLACK)
        if sum(changed) > most:
            ledger.forbid(
                "cap",
                name,
                f"{sum(changed)} of {len(changed)} promises of the previous plan ({name}) are "
                f"changed, at most {most} may be (stability.caps.{name}: {100 * share:.4g} %)",
            )
