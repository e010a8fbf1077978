"""Skill gaps of people, what closes them and what stays open."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

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
