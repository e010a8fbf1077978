"""Giving people at once what they miss where few others need move."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from talentopt.explain.cures import cure_without_seats
from talentopt.explain.missing import missing
from talentopt.explain.shortfall import cure, with_others
from talentopt.insight.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Container

    from talentopt.compile.compiler import Compiled
    from talentopt.explain.cures import Cure
    from talentopt.explain.missing import Missing
    from talentopt.problem import Assignment
    from talentopt.read.scenario import Scenario


def settle(
    scenario: Scenario,
    compiled: Compiled,
    assignment: Assignment,
    seconds: float,
    first: Container[str] = (),
) -> Assignment:
    """Re-arrange one person after the other who misses something, the dearest shortage first.

    For each seat or place that they lack then, one other person may make room.

    Parameters
    ----------
    scenario : Scenario
    compiled : Compiled
    assignment : Assignment
        Returned as it is when it breaks a hard rule.
    seconds : float
    first : container of str
        Whoever of these misses something comes before all others.

    Returns
    -------
    Assignment
        Worth at least as much.
    """
    end = time.monotonic() + seconds
    standing = Standing.holding(scenario, compiled, assignment)
    if standing.evaluation.violations:
        return assignment
    for shortage in sorted(
        missing(standing), key=lambda one: (one.subject not in first, -one.points)
    ):
        if time.monotonic() >= end:
            break
        found = _at_once(standing, shortage, end)
        if found is not None and found.free and found.gain > 0:
            standing = Standing.holding(scenario, compiled, found.assignment)
    return standing.assignment


def _at_once(standing: Standing, shortage: Missing, until: float) -> Cure | None:
    if shortage.kind == "placement":
        found = cure_without_seats(standing, shortage.person, shortage.number)
        if found is not None:
            return found
    return with_others(standing, shortage, cure(standing, shortage), until)
