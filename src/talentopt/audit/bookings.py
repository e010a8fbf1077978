"""Rules and points of single bookings: eligibility, windows, absences, fixed entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talentopt.audit import rules
from talentopt.audit.ledger import Ledger, Score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talentopt.audit.facts import Facts
    from talentopt.audit.files import Booking


def audit_bookings(facts: Facts, bookings: Sequence[Booking], ledger: Ledger) -> None:
    """Check every booking by itself, and note its points.

    Bookings of the previous plan that have begun are kept as they are, whatever
    the tables say of them now.
    """
    for booking in bookings:
        period = facts.calendar.label(booking.start)
        stage = facts.stage_of(booking.placement)
        ledger.choose(
            Score(
                stage,
                booking.participant,
                booking.placement,
                period,
                booking_points(facts, booking),
            ),
            booking.participant,
        )
        if booking.key not in facts.begun:
            _inside_windows(facts, booking, ledger)
            _present(facts, booking, ledger)
            _eligible(facts, booking, ledger)
            _not_forbidden(facts, booking, ledger)
    _fixed(facts, bookings, ledger)


def booking_points(facts: Facts, booking: Booking) -> float:
    """Recompute the points of a booking, the same for every start, rounded to 0.01."""
    itineraries = facts.model.itineraries
    person = facts.participants[booking.participant]
    placement = facts.placements[booking.placement]
    wished = (placement.id, placement.text("area"), placement.text("unit"))
    stage = facts.stage_of(booking.placement)
    parts = itineraries.points if itineraries else []
    worth = rules.points(facts, parts, person, placement, wished, stage)
    rows = facts.known_bookings.get((booking.participant, booking.placement), [])
    return rules.rounded(worth + sum(row.number("points") or 0.0 for row in rows))


def name_booking(facts: Facts, booking: Booking) -> str:
    """Name a booking in words."""
    return (
        f"{facts.person(booking.participant)} at {facts.placement(booking.placement)} "
        f"{facts.span(booking.start, booking.end)} (placements.csv line {booking.line})"
    )


def _inside_windows(facts: Facts, booking: Booking, ledger: Ledger) -> None:
    person = facts.participants[booking.participant]
    placement = facts.placements[booking.placement]
    for row, first, last, whose in (
        (person, "start", "end", "the person's time in the programme"),
        (placement, "opens", "closes", "the placement's opening time"),
    ):
        begin, finish = facts.window(row, first, last)
        if booking.start < begin or booking.end > finish:
            limit = facts.span(begin, finish) if begin <= finish else "never in this calendar"
            ledger.forbid(
                "window",
                booking.participant,
                f"{name_booking(facts, booking)} leaves {whose}, which is {limit} "
                f"({facts.source(row.table, row.line)})",
            )


def _present(facts: Facts, booking: Booking, ledger: Ledger) -> None:
    if not facts.exclusive(booking.placement):
        return
    for absence in facts.absences.get(booking.participant, []):
        if absence.first <= booking.end and absence.last >= booking.start:
            reason = f"{absence.reason}, " if absence.reason else ""
            ledger.forbid(
                "absence",
                booking.participant,
                f"{name_booking(facts, booking)}: the person is away "
                f"{facts.span(absence.first, absence.last)} "
                f"({reason}{facts.source('absences', absence.line)})",
            )


def _eligible(facts: Facts, booking: Booking, ledger: Ledger) -> None:
    itineraries = facts.model.itineraries
    person = facts.participants[booking.participant]
    placement = facts.placements[booking.placement]
    stage = facts.stage_of(booking.placement)
    parts = itineraries.eligible if itineraries else []
    for reason in rules.refusals(facts, parts, person, placement, stage):
        ledger.forbid(
            "eligible",
            booking.participant,
            f"{name_booking(facts, booking)} is not eligible: {reason}",
        )
    levels = facts.levels.get(("participants", booking.participant), {})
    for row in facts.placement_skills.get(booking.placement, []):
        needed, skill = row.number("requires"), row.text("skill")
        if needed is not None and levels.get(skill, 0.0) < needed:
            ledger.forbid(
                "requires",
                booking.participant,
                f"{name_booking(facts, booking)} needs level {needed:g} in {skill} "
                f"({facts.source('placement_skills', row.line)}), "
                f"the person has {levels.get(skill, 0.0):g}",
            )


def _not_forbidden(facts: Facts, booking: Booking, ledger: Ledger) -> None:
    for row in facts.known_bookings.get((booking.participant, booking.placement), []):
        start = row.number("start")
        if row.text("status") == "forbidden" and start in (None, booking.start):
            ledger.forbid(
                "forbidden",
                booking.participant,
                f"{name_booking(facts, booking)} is forbidden "
                f"({facts.source('bookings', row.line)})",
            )


def _fixed(facts: Facts, bookings: Sequence[Booking], ledger: Ledger) -> None:
    held = {(booking.participant, booking.placement): booking.start for booking in bookings}
    exact = {booking.key for booking in bookings}
    for (participant, placement), rows in facts.known_bookings.items():
        for row in rows:
            if row.text("status") != "fixed" or placement not in facts.placements:
                continue
            start = row.number("start")
            if start is None and (participant, placement) in held:
                continue
            if start is not None and (participant, placement, int(start)) in exact:
                continue
            when = "" if start is None else f" from {facts.calendar.label(int(start))}"
            ledger.forbid(
                "fixed",
                participant,
                f"{facts.person(participant)} must be at {facts.placement(placement)}{when}, "
                f"which is fixed in {facts.source('bookings', row.line)}, "
                "but the plan does not do so",
            )
