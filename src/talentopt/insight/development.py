"""The individual development plan as data: goals, what helps with each, what stays open.

A goal is a skill whose target is above the level. Skill levels are static, as
in the model's skill fit: what stays open is what the best single help leaves.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talentopt.plan.plan import Plan
    from talentopt.read.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Help:
    """A placement or provider that helps with a skill, and its level."""

    name: str
    level: float
    placement: bool


@dataclass(frozen=True, slots=True)
class Goal:
    """One skill that a person wants to raise."""

    skill: str
    level: float
    target: float
    helps: tuple[Help, ...]
    open: float


class Goals:
    """Finds every person's goals.

    A provider or placement of level l closes min(gap, l - level) of a gap, as
    in the skill fit of the model; what stays open is what the best leaves.

    Parameters
    ----------
    scenario : Scenario
    """

    def __init__(self, scenario: Scenario) -> None:
        self._wanted = _by_first(scenario, "participant_skills", "participant", "level", "target")
        self._develops = _levels(scenario, "placement_skills", "placement", "develops")
        self._offers = {
            "mentors": _levels(scenario, "mentor_skills", "mentor", "level"),
            "participants": _levels(scenario, "participant_skills", "participant", "level"),
        }

    def of(
        self, person_id: str, placements: Iterable[str], providers: Iterable[tuple[str, str]]
    ) -> list[Goal]:
        """List the goals of one person.

        Parameters
        ----------
        person_id : str
        placements : iterable of str
            Ids of the placements that the person holds.
        providers : iterable of (str, str)
            (table, id) of the providers that the person is paired with.
        """
        held = [(i, self._develops.get(i, {}), True) for i in dict.fromkeys(placements)]
        held += [
            (identity, self._offers.get(table, {}).get(identity, {}), False)
            for table, identity in dict.fromkeys(providers)
        ]
        goals = []
        for skill, level, target in self._wanted.get(person_id, ()):
            if target <= level:
                continue
            helps = tuple(
                Help(name, levels[skill], placement)
                for name, levels, placement in held
                if levels.get(skill, 0.0) > level
            )
            reached = max([level, *(min(target, each.level) for each in helps)])
            goals.append(Goal(skill, level, target, helps, target - reached))
        return goals


COLUMNS = (
    "participant",
    "skill",
    "level",
    "target",
    "kind",
    "help",
    "brings_to",
    "closes",
    "open",
    "renewed",
)


def development(scenario: Scenario, plan: Plan) -> pd.DataFrame:
    """List everybody's goals with everything that contributes to them.

    Returns
    -------
    DataFrame
        One row per goal and help, one with a blank `help` where nothing
        does: `level` and `target` of the skill, the `kind` (stage or matching)
        and id of the `help`, the level it `brings_to`, how much of the gap it
        `closes`, what stays `open` after the best help, and the period in
        which the plan is next `renewed` (blank = never).
    """
    goals = Goals(scenario)
    stages = dict(
        zip(
            scenario.tables["placements"]["id"],
            scenario.tables["placements"]["stage"],
            strict=True,
        )
    )
    stays = defaultdict(list)
    for person, placement in zip(
        plan.placements["participant"], plan.placements["placement"], strict=True
    ):
        stays[person].append(placement)
    partners: dict[str, dict[tuple[str, str], str]] = defaultdict(dict)
    for name, seeker, provider in zip(
        plan.pairs["matching"], plan.pairs["seeker"], plan.pairs["provider"], strict=True
    ):
        matching = scenario.model.matchings[name]
        if matching.seekers == "participants":
            partners[seeker].setdefault((matching.providers, provider), name)
    renewed = next(iter(renewals(scenario)), "")
    rows = []
    for person in scenario.tables["participants"]["id"]:
        roles = {provider: name for (_, provider), name in partners[person].items()}
        for goal in goals.of(person, stays[person], partners[person]):
            facts = (person, goal.skill, goal.level, goal.target)
            for each in goal.helps:
                kind = stages[each.name] if each.placement else roles[each.name]
                closes = min(each.level, goal.target) - goal.level
                rows.append((*facts, kind, each.name, each.level, closes, goal.open, renewed))
            if not goal.helps:
                rows.append((*facts, "", "", float("nan"), 0.0, goal.open, renewed))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def renewals(scenario: Scenario) -> list[str]:
    """List the periods in which the plans are renewed, the next one first."""
    calendar = scenario.calendar
    if not calendar.cycle:
        return []
    begins = scenario.at or 0
    return [calendar.label(p) for p in range(begins, calendar.n_periods, calendar.cycle)][1:]


def _by_first(
    scenario: Scenario, table: str, first: str, *columns: str
) -> dict[str, list[tuple[str, float, float]]]:
    """Group (skill, number, number) by an id; blank numbers are 0."""
    rows, found = scenario.tables[table], defaultdict(list)
    low, high = (rows[column].fillna(0.0) for column in columns)
    for identity, skill, one, other in zip(rows[first], rows["skill"], low, high, strict=True):
        found[identity].append((skill, float(one), float(other)))
    return found


def _levels(
    scenario: Scenario, table: str, first: str, column: str
) -> dict[str, dict[str, float]]:
    """Find the level of each skill by id; blank levels are left out."""
    rows = scenario.tables[table]
    found: dict[str, dict[str, float]] = defaultdict(dict)
    rows = rows[rows[column].notna()]
    for identity, skill, level in zip(rows[first], rows["skill"], rows[column], strict=True):
        found[identity][skill] = float(level)
    return found
