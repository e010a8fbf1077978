"""What the report tells about a plan that stands: reserves, blocking pairs, goals by skill."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from talentopt.insight.blocking import blocking_pairs, by_price
from talentopt.insight.reserve import reserve_lists

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from talentopt.insight.development import Goal
    from talentopt.insight.standing import Standing
    from talentopt.report.view import Person

RESERVES = 3
"""Longest reserve list of one provider in the report; the command `reserve` has all."""


@dataclass(frozen=True, slots=True)
class Hindsight:
    """Who is next, and who would rather have each other.

    Attributes
    ----------
    reserves : DataFrame
        See `talentopt.insight.reserve.reserve_lists`; matchings with the fewest reserves first.
    blocking : DataFrame
        See `talentopt.insight.blocking.blocking_pairs`; the largest gain first.
    counts : list of (str, int, int)
        Matching, its blocking pairs, and how many of them a hard rule forbids all the same.
    """

    reserves: pd.DataFrame
    blocking: pd.DataFrame
    counts: list[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class SkillGoals:
    """What a plan does for one skill.

    Attributes
    ----------
    skill : str
    people : int
        Whose target is above their level.
    reached, helped : int
        How many of them reach the target, and how many come nearer.
    gap, left : float
        Levels wanted, and levels that stay open.
    """

    skill: str
    people: int
    reached: int
    helped: int
    gap: float
    left: float


def look_back(standing: Standing) -> Hindsight:
    """Collect reserves and blocking pairs of a plan that keeps every hard rule."""
    reserves = reserve_lists(standing, most=RESERVES)
    many = reserves["matching"].map(reserves["matching"].value_counts())
    reserves = reserves.loc[many.sort_values(kind="stable").index]
    blocking = by_price(blocking_pairs(standing))
    counts = []
    for name in standing.index.matchings:
        mine = blocking[blocking["matching"] == name]
        counts.append((name, len(mine), int((mine["breaks"] != "").sum())))
    return Hindsight(reserves, blocking, counts)


def goals_by_skill(people: Iterable[Person]) -> list[SkillGoals]:
    """Add up everybody's goals by skill, the most levels left open first."""
    goals: dict[str, list[Goal]] = defaultdict(list)
    for person in people:
        for goal in person.goals:
            goals[goal.skill].append(goal)
    found = [
        SkillGoals(
            skill,
            len(mine),
            sum(goal.open <= 0 for goal in mine),
            sum(goal.open < goal.target - goal.level for goal in mine),
            sum(goal.target - goal.level for goal in mine),
            sum(goal.open for goal in mine),
        )
        for skill, mine in goals.items()
    ]
    return sorted(found, key=lambda one: (-one.left, one.skill))
