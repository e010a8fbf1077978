"""What the plan's files claim, held against what was recomputed."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from talentopt.audit.bookings import booking_points
from talentopt.audit.pairs import pair_points
from talentopt.audit.verdict import Difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talentopt.audit.facts import Facts
    from talentopt.audit.files import Claim, PlanFiles
    from talentopt.audit.ledger import Ledger

TOLERANCE = 1e-6
"""Points by which a claim may differ."""

Key = tuple[str, ...]


def differences(facts: Facts, plan: PlanFiles, ledger: Ledger) -> list[Difference]:
    """List every claim of the plan's files that is not confirmed."""
    found = [*_pair_columns(facts, plan), *_booking_columns(facts, plan)]
    if plan.scores is not None:
        found += _scores(facts, plan.scores, ledger)
    if plan.shortages is not None:
        found += _shortages(plan.shortages, ledger)
    if plan.summary is not None:
        found += _objective(plan, ledger)
        found += _certificate(facts, plan)
    return found


def close(one: float, other: float) -> bool:
    """Whether two sums of points are the same."""
    return math.isclose(one, other, rel_tol=1e-12, abs_tol=TOLERANCE)


def _pair_columns(facts: Facts, plan: PlanFiles) -> Iterator[Difference]:
    for pair in plan.pairs:
        right = pair_points(facts, pair)
        if pair.points is not None and not close(pair.points, right):
            yield Difference(
                "pairs.csv", pair.line, f"points are {pair.points:.10g}, right is {right:.10g}"
            )


def _booking_columns(facts: Facts, plan: PlanFiles) -> Iterator[Difference]:
    for booking in plan.bookings:
        stage, end = facts.stage_of(booking.placement), facts.calendar.label(booking.end)
        worth = booking_points(facts, booking)
        if booking.stage and booking.stage != stage:
            message = f"stage is {booking.stage!r}, {booking.placement!r} belongs to {stage!r}"
            yield Difference("placements.csv", booking.line, message)
        if booking.claimed_end and booking.claimed_end != end:
            message = f"end is {booking.claimed_end}, the duration gives {end}"
            yield Difference("placements.csv", booking.line, message)
        if booking.points is not None and not close(booking.points, worth):
            message = f"points are {booking.points:.10g}, right is {worth:.10g}"
            yield Difference("placements.csv", booking.line, message)


def _scores(facts: Facts, claims: list[Claim], ledger: Ledger) -> Iterator[Difference]:
    right: dict[Key, list[float]] = defaultdict(list)
    for score in ledger.scores:
        right[_same_lowest(facts, ledger, score[:4])].append(score.points)
    claimed: dict[Key, list[Claim]] = defaultdict(list)
    for claim in claims:
        claimed[_same_lowest(facts, ledger, claim.key)].append(claim)
    for key, rows in claimed.items():
        total = math.fsum(row.points for row in rows)
        expected = math.fsum(right.get(key, ()))
        if not close(total, expected):
            known = "" if key in right else ", the plan has no such row"
            yield Difference(
                "scores.csv",
                rows[0].line,
                f"{_row(key)} gives {total:.10g} points, right is {expected:.10g}{known}",
            )
    for key, points in right.items():
        if key not in claimed:
            yield Difference(
                "scores.csv",
                None,
                f"the row {_row(key)} with {math.fsum(points):.10g} points is missing",
            )


def _same_lowest(facts: Facts, ledger: Ledger, key: Key) -> Key:
    """Take whoever shares the lowest total for the one that the ledger named."""
    if key[0] != "worst_off" or key[1] not in facts.participants:
        return key
    lowest = min(map(ledger.total, facts.participants))
    return ("worst_off", "", *key[2:]) if close(ledger.total(key[1]), lowest) else key


def _shortages(claims: list[Claim], ledger: Ledger) -> Iterator[Difference]:
    priced: dict[Key, list[tuple[float, float]]] = defaultdict(list)
    free: dict[Key, list[float]] = defaultdict(list)
    for short in ledger.shortages:
        if short.points > 0:
            priced[short.rule, short.subject].append((short.amount, short.points))
        else:
            free[short.rule, short.subject].append(short.amount)
    claimed: dict[Key, list[Claim]] = defaultdict(list)
    for claim in claims:
        claimed[claim.key].append(claim)
    for key in dict.fromkeys([*claimed, *priced]):
        rows = claimed.get(key, [])
        amount, points = (math.fsum(column) for column in _columns(priced.get(key, [])))
        said = math.fsum(row.amount for row in rows)
        cost = math.fsum(row.points for row in rows)
        everything = amount + math.fsum(free.get(key, ()))
        if not close(cost, points) or not amount - TOLERANCE <= said <= everything + TOLERANCE:
            line = rows[0].line if rows else None
            yield Difference(
                "shortages.csv",
                line,
                f"{_row(key)} misses {said:.10g} for {cost:.10g} points, "
                f"right is {amount:.10g} for {points:.10g} points",
            )


def _columns(rows: list[tuple[float, float]]) -> tuple[Iterable[float], Iterable[float]]:
    return [amount for amount, _ in rows], [points for _, points in rows]


def _objective(plan: PlanFiles, ledger: Ledger) -> Iterator[Difference]:
    claim = (plan.summary or {}).get("objective")
    if claim is None:
        return
    right = ledger.objective()
    if not close(claim, right):
        message = f"objective is {claim:.12g}, the plan is worth {right:.12g}"
        yield Difference("plan.json", None, message)
    if plan.scores is not None:
        total = math.fsum(score.points for score in plan.scores)
        if not close(claim, total):
            message = f"objective is {claim:.12g}, scores.csv adds up to {total:.12g}"
            yield Difference("plan.json", None, message)


def _certificate(facts: Facts, plan: PlanFiles) -> Iterator[Difference]:
    summary = plan.summary or {}
    objective, bound, status = (summary.get(name) for name in ("objective", "bound", "status"))
    for message in (
        _wrong_status(status, objective, bound, plan),
        _wrong_bound(objective, bound),
        _wrong_gap(objective, bound, summary.get("gap")),
        _wrong_hash(facts, summary.get("scenario_hash")),
    ):
        if message:
            yield Difference("plan.json", None, message)


def _wrong_status(
    status: str | None, objective: float | None, bound: float | None, plan: PlanFiles
) -> str:
    known = ("optimal", "feasible", "interrupted", "none")
    if status is None:
        return ""
    if status not in known:
        return f"status is {status!r}, it may be {', '.join(known)}"
    if status == "none":
        held = plan.pairs or plan.bookings
        return "status is none, but there are pairs or placements" if held else ""
    if objective is None:
        return f"status is {status}, but there is no objective"
    if status == "optimal":
        if bound is None:
            return "status is optimal, but there is no bound"
        if bound - objective > TOLERANCE * max(1.0, abs(objective)):
            return f"status is optimal, but the bound is {bound - objective:.6g} points above"
    return ""


def _wrong_bound(objective: float | None, bound: float | None) -> str:
    if objective is None or bound is None or bound >= objective - TOLERANCE:
        return ""
    return f"bound {bound:.12g} is below the objective {objective:.12g}"


def _wrong_gap(objective: float | None, bound: float | None, gap: float | None) -> str:
    if objective is None or bound is None or gap is None:
        return ""
    right = max(0.0, (bound - objective) / max(1.0, abs(objective)))
    if math.isclose(gap, right, rel_tol=TOLERANCE, abs_tol=TOLERANCE):
        return ""
    return f"gap is {gap:.6g}, (bound - objective) / max(1, |objective|) is {right:.6g}"


def _wrong_hash(facts: Facts, claim: str | None) -> str:
    if claim is None or claim == facts.scenario.hash:
        return ""
    return "scenario_hash differs: the plan was made from other input than this scenario"


def _row(key: Key) -> str:
    return " / ".join(part for part in key if part)
