"""A verdict in words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talentopt.audit.verdict import Verdict


def write_verdict(verdict: Verdict, most: int = 100) -> str:
    """Write a verdict for people.

    Parameters
    ----------
    verdict : Verdict
    most : int
        Most lines under each heading; how many more there are is said.
    """
    return "\n".join(_lines(verdict, most)) + "\n"


def _lines(verdict: Verdict, most: int) -> Iterator[str]:
    yield f"Recomputed: pairs {verdict.n_pairs}, bookings {verdict.n_bookings}."
    yield f"Value: {verdict.objective:,.2f} points"
    width = max(map(len, verdict.components), default=0)
    for rule, points in verdict.components.items():
        yield f"  {rule:<{width}}  {points:>14,.2f}"
    yield ""
    if verdict.violations:
        yield f"{_count(len(verdict.violations), 'hard rule')} broken:"
        yield f"  by rule: {_by_rule(violation.rule for violation in verdict.violations)}"
        lines = [f"{violation.rule}: {violation.message}" for violation in verdict.violations]
        yield from _listed(lines, most)
    else:
        yield "Every hard rule is kept."
    if verdict.differences:
        yield f"{_count(len(verdict.differences), 'claim')} not confirmed:"
        lines = [
            f"{file}{f' line {line}' if line is not None else ''}: {message}"
            for file, line, message in verdict.differences
        ]
        yield from _listed(lines, most)
    else:
        yield "Everything that the plan's files say is confirmed."


def _listed(lines: list[str], most: int) -> Iterator[str]:
    yield from (f"  {line}" for line in lines[:most])
    if len(lines) > most:
        yield f"  ... and {len(lines) - most} more"


def _count(number: int, noun: str) -> str:
    return f"1 {noun} is" if number == 1 else f"{number} {noun}s are"


def _by_rule(rules: Iterable[str]) -> str:
    return ", ".join(f"{rule} {times}" for rule, times in Counter(rules).most_common())
