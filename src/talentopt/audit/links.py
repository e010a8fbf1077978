"""Links between matchings and itineraries, and the worst-off term."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from talentopt.audit.facts import amount
from talentopt.audit.ledger import Ledger, Score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talentopt.audit.facts import Facts
    from talentopt.audit.files import Booking, Pair


def audit_links(
    facts: Facts, pairs: Sequence[Pair], bookings: Sequence[Booking], ledger: Ledger
) -> None:
    """Note what providers and placements of equal value earn, once per link and person."""
    for link in facts.model.links:
        matching = facts.model.matchings[link.matching]
        if matching.seekers != "participants":
            continue
        offered: dict[str, set[str]] = defaultdict(set)
        for pair in pairs:
            if pair.matching == link.matching:
                provider = facts.entities[matching.providers][pair.provider]
                offered[pair.seeker].add(provider.text(link.column))
        practised: dict[str, set[str]] = defaultdict(set)
        for booking in bookings:
            if facts.stage_of(booking.placement) == link.stage:
                placement = facts.placements[booking.placement]
                practised[booking.participant].add(placement.text(link.column))
        name = f"{link.matching}/{link.column}/{link.stage}"
        for person, row in facts.participants.items():
            if (offered[person] & practised[person]) - {""}:
                worth = amount(link.points, row)
                ledger.note(Score("link", person, name, "", worth), person)


def audit_fairness(facts: Facts, ledger: Ledger) -> None:
    """Note the weight times the lowest person's total; after everything personal."""
    weight = facts.model.fairness.worst_off
    if weight == 0 or not facts.participants:
        return
    lowest = min(facts.participants, key=ledger.total)
    ledger.note(Score("worst_off", lowest, "", "", weight * ledger.total(lowest)))
