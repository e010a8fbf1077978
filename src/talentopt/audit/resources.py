"""Budgets and quotas: linear limits over pairs and bookings."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from talentopt.audit.ledger import SLACK
from talentopt.audit.pairs import sides

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talentopt.audit.facts import Facts
    from talentopt.audit.files import Booking, Pair
    from talentopt.audit.ledger import Ledger
    from talentopt.audit.rows import Row


def audit_budgets(
    facts: Facts, pairs: Sequence[Pair], bookings: Sequence[Booking], ledger: Ledger
) -> None:
    """Check that nothing draws more from a budget than there is."""
    drawn: dict[str, float] = defaultdict(float)
    paid = [sides(facts, pair)[1] for pair in pairs]
    paid += [facts.placements[booking.placement] for booking in bookings]
    for row in paid:
        drawn[row.text("budget")] += row.number("cost") or 0.0
    for row in facts.rows("budgets"):
        budget, available = row.text("budget"), row.number("amount") or 0.0
        if drawn[budget] > available + SLACK * max(1.0, available):
            ledger.forbid(
                "budget",
                budget,
                f"the plan draws {drawn[budget]:.12g} from budget {budget}, "
                f"{available:.12g} is available ({facts.source('budgets', row.line)})",
            )


def audit_quotas(
    facts: Facts, pairs: Sequence[Pair], bookings: Sequence[Booking], ledger: Ledger
) -> None:
    """Check hard quotas, and note what missed quotas cost."""
    for quota in facts.rows("quotas"):
        on = quota.text("on")
        if on in facts.model.matchings:
            count = _count_pairs(facts, quota, [pair for pair in pairs if pair.matching == on])
            what, past = f"pairs of {on}", 0
        elif on in facts.stages:
            count = _count_people(facts, quota, on, bookings)
            what, past = f"people in {on}", _count_people(facts, quota, on, ())
        else:
            continue
        _judge(facts, quota, count, past, what, ledger)


def _judge(facts: Facts, quota: Row, count: int, past: int, what: str, ledger: Ledger) -> None:
    """Price or forbid what is off; a hard maximum that history alone exceeds forbids additions."""
    key, price = quota.text("quota"), quota.number("points")
    least, most = quota.number("min"), quota.number("max")
    below = max(0.0, least - count) if least is not None else 0.0
    above = max(0.0, count - most) if most is not None else 0.0
    if price is not None:
        ledger.miss("quota", key, "", below + above, price)
    elif below > 0 or (above > 0 and count > past):
        limit = f"at least {least:g}" if below else f"at most {most:g}"
        ledger.forbid(
            "quota",
            key,
            f"quota {key} counts {count} {what}, {limit} must be "
            f"({facts.source('quotas', quota.line)})",
        )


def _count_pairs(facts: Facts, quota: Row, pairs: Sequence[Pair]) -> int:
    rows = [sides(facts, pair) for pair in pairs]
    return sum(
        _matches(quota, "seeker", seeker) and _matches(quota, "provider", provider)
        for seeker, provider in rows
    )


def _count_people(facts: Facts, quota: Row, stage: str, bookings: Sequence[Booking]) -> int:
    by = quota.number("by")
    held = {
        (booking.participant, booking.placement)
        for booking in bookings
        if by is None or booking.end <= by
    }
    held |= {(person, placement) for person, past in facts.done.items() for placement in past}
    return len(
        {
            person
            for person, placement in held
            if facts.stage_of(placement) == stage
            and _matches(quota, "seeker", facts.participants[person])
            and _matches(quota, "provider", facts.placements[placement])
        }
    )


def _matches(quota: Row, side: str, row: Row) -> bool:
    column = quota.text(f"{side}_column")
    return not column or row.text(column) == quota.text(f"{side}_value")
