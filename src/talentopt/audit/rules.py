"""Eligibility and points of one seeker with one provider, for pairs and bookings alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talentopt.audit.facts import amount
from talentopt.audit.ledger import SLACK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talentopt.audit.facts import Facts
    from talentopt.audit.rows import Row
    from talentopt.read.model import AtLeast, Eligibility, Points, Preference, Value


def skill_fit(facts: Facts, seeker: Row, provider: Row) -> float:
    """Share of the seeker's skill gaps that the provider's levels close; 0 without gaps."""
    gaps = facts.gaps.get(seeker.id) if seeker.table == "participants" else None
    if not gaps:
        return 0.0
    own = facts.levels[seeker.table, seeker.id]
    offered = facts.levels.get((provider.table, provider.id), {})
    closed = sum(
        min(gap, max(0.0, offered.get(skill, 0.0) - own[skill])) for skill, gap in gaps.items()
    )
    return closed / sum(gaps.values())


def alike(seeker: Row, provider: Row, column: str) -> bool:
    """Whether both have the same text in a column; blanks are like nothing."""
    return bool(seeker.text(column)) and seeker.text(column) == provider.text(column)


def refusals(
    facts: Facts, rules: Iterable[Eligibility], seeker: Row, provider: Row, stage: str = ""
) -> list[str]:
    """Say which eligibility rules a pair or booking breaks, in words."""
    reasons = [_refusal(facts, rule, seeker, provider, stage) for rule in rules]
    return [reason for reason in reasons if reason]


def _refusal(facts: Facts, rule: Eligibility, seeker: Row, provider: Row, stage: str) -> str:
    part = rule.at_least or rule.same or rule.different or rule.skill_fit
    if part is None or not _applies(rule.stage, part.stage, stage):
        return ""
    if rule.at_least is not None:
        return _not_at_least(rule.at_least, seeker, provider)
    if rule.same is not None and not alike(seeker, provider, rule.same.column):
        return f"{_both(seeker, provider, rule.same.column)}, which must be the same"
    if rule.different is not None and alike(seeker, provider, rule.different.column):
        return f"{_both(seeker, provider, rule.different.column)}, which must differ"
    if rule.skill_fit is not None:
        needed = amount(rule.skill_fit.min or 0.0, seeker)
        if seeker.table != "participants" or not facts.gaps.get(seeker.id):
            return "there is no skill gap to close, and a skill fit is needed"
        fit = skill_fit(facts, seeker, provider)
        if fit < needed - SLACK:
            return f"the skill fit is {fit:.3g}, at least {needed:g} is needed"
    return ""


def _not_at_least(rule: AtLeast, seeker: Row, provider: Row) -> str:
    high, low = (provider, seeker) if rule.of == "provider" else (seeker, provider)
    other = rule.than or rule.column
    above = amount(rule.above, seeker)
    value, base = high.number(rule.column), low.number(other)
    if value is not None and base is not None and value >= base + above - SLACK:
        return ""
    have = "none" if value is None else f"{value:g}"
    want = "none" if base is None else f"{base:g}"
    return (
        f"{rule.column} of {high.id} is {have} and {other} of {low.id} is {want}, "
        f"the first must be at least the second plus {above:g}"
    )


def _both(seeker: Row, provider: Row, column: str) -> str:
    return (
        f"{column} of {seeker.id} is {seeker.text(column) or 'blank'} "
        f"and of {provider.id} {provider.text(column) or 'blank'}"
    )


def points(
    facts: Facts,
    rules: Iterable[Points],
    seeker: Row,
    provider: Row,
    wished: tuple[str, ...],
    stage: str = "",
) -> float:
    """Add up the points of a pair or booking, before rounding.

    Parameters
    ----------
    wished : tuple of str
        Options of the seeker's preferences that this provider stands for.
    """
    return sum(_points(facts, rule, seeker, provider, wished, stage) for rule in rules)


def _points(
    facts: Facts, rule: Points, seeker: Row, provider: Row, wished: tuple[str, ...], stage: str
) -> float:
    part = rule.skill_fit or rule.preference or rule.same or rule.different or rule.value
    if part is None or not _applies(rule.stage, part.stage, stage):
        return 0.0
    worth = 0.0
    if rule.skill_fit is not None:
        worth = skill_fit(facts, seeker, provider)
    elif rule.preference is not None:
        worth = _wish(facts, rule.preference, seeker, provider, wished)
    elif rule.same is not None:
        worth = float(alike(seeker, provider, rule.same.column))
    elif rule.different is not None:
        worth = float(not alike(seeker, provider, rule.different.column))
    elif rule.value is not None:
        worth = _value(rule.value, seeker, provider)
    return amount(1.0 if part.weight is None else part.weight, seeker) * worth


def _wish(
    facts: Facts, rule: Preference, seeker: Row, provider: Row, wished: tuple[str, ...]
) -> float:
    if rule.of == "provider":
        return facts.wishes.get((provider.id, seeker.id), 0.0)
    return sum(facts.wishes.get((seeker.id, option), 0.0) for option in wished)


def _value(rule: Value, seeker: Row, provider: Row) -> float:
    side = seeker if rule.of == "seeker" else provider
    return side.number(rule.column) or 0.0


def _applies(outer: str | None, inner: str | None, stage: str) -> bool:
    return outer in (None, stage) and inner in (None, stage)


def rounded(value: float) -> float:
    """Round points half-even to 0.01, forgiving floating-point error below 1e-8."""
    return round(round(100 * value, 6)) / 100
