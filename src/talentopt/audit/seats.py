"""Rules and points of placements: seats, minima and teams."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talentopt.audit.facts import Facts
    from talentopt.audit.files import Booking
    from talentopt.audit.ledger import Ledger
    from talentopt.read.model import Understaffed


def audit_seats(facts: Facts, bookings: Sequence[Booking], ledger: Ledger) -> None:
    """Check who sits where in every period, and note empty seats and weak teams."""
    sitting: dict[str, dict[int, list[Booking]]] = defaultdict(lambda: defaultdict(list))
    for booking in bookings:
        for period in booking.periods:
            sitting[booking.placement][period].append(booking)
    for placement, periods in sitting.items():
        _not_too_many(facts, placement, periods, ledger)
    itineraries = facts.model.itineraries
    if itineraries is None or itineraries.understaffed is None:
        return
    for placement in facts.placements:
        if facts.stage_of(placement) in facts.stages:
            _not_too_few(facts, placement, sitting[placement], itineraries.understaffed, ledger)
    _teams(facts, bookings, itineraries.understaffed, ledger)


def _not_too_many(
    facts: Facts, placement: str, sitting: dict[int, list[Booking]], ledger: Ledger
) -> None:
    for period in facts.open_periods(placement):
        people = sitting.get(period, [])
        seats = facts.seats(placement, period)
        new = any(booking.key not in facts.begun for booking in people)
        if len(people) > seats and new:
            names = ", ".join(booking.participant for booking in people)
            ledger.forbid(
                "seats",
                placement,
                f"{facts.placement(placement)} holds {len(people)} people in "
                f"{facts.calendar.label(period)} ({names}), it seats at most {seats}",
            )


def _not_too_few(
    facts: Facts,
    placement: str,
    sitting: dict[int, list[Booking]],
    rule: Understaffed,
    ledger: Ledger,
) -> None:
    for period in facts.open_periods(placement):
        least, people = facts.min_seats(placement, period), len(sitting.get(period, []))
        when = facts.calendar.label(period)
        if rule.hard and people < least:
            ledger.forbid(
                "understaffed",
                placement,
                f"{facts.placement(placement)} holds {people} people in {when}, "
                f"at least {least} must be there",
            )
        elif not rule.hard:
            ledger.miss("understaffed", placement, "", least - people, rule.points, period=when)


def _teams(facts: Facts, bookings: Sequence[Booking], rule: Understaffed, ledger: Ledger) -> None:
    placed: dict[str, set[str]] = defaultdict(set)
    for booking in bookings:
        placed[booking.placement].add(booking.participant)
    for placement, rows in facts.placement_skills.items():
        if placement not in facts.placements:
            continue
        for row in rows:
            team, skill = row.number("team") or 0.0, row.text("skill")
            level = row.number("team_level") or 0.0
            able = sum(
                facts.levels.get(("participants", person), {}).get(skill, 0.0) >= level
                for person in placed[placement]
            )
            if rule.hard and able < team:
                ledger.forbid(
                    "team",
                    placement,
                    f"{facts.placement(placement)} counts {able} people with {skill} at level "
                    f"{level:g} or more, its team needs {team:g} "
                    f"({facts.source('placement_skills', row.line)})",
                )
            elif not rule.hard:
                ledger.miss("team", placement, skill, team - able, rule.points)
