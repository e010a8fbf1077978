"""What a change gains: points of the person, by rule, or room for somebody else."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from talentopt.plan.scores import scores

if TYPE_CHECKING:
    import pandas as pd

    from talentopt.compile.compiler import Compiled
    from talentopt.plan.plan import Plan
    from talentopt.problem import Assignment
    from talentopt.read.scenario import Scenario

MOST_PARTS = 3
"""Rules told of a gain, the largest first."""

PERSONAL = ("missing", "idle", "move", "link")
"""Rules of `scores` that belong to one person, besides pairs and bookings."""


class Stay(NamedTuple):
    """Somebody at a placement, or with a provider, from one period to before another."""

    person: str
    first: int
    end: int


class Gains:
    """Says in points, or by whom it makes room for, what a change is good for.

    Parameters
    ----------
    scenario : Scenario
        With a previous plan.
    compiled : Compiled
    plan : Plan
        The new plan.
    warm : Assignment
        What of the previous plan is still possible.
    """

    def __init__(
        self, scenario: Scenario, compiled: Compiled, plan: Plan, warm: Assignment
    ) -> None:
        kinds = {*compiled.index.matchings, *compiled.index.stages}
        self._parts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        before = scores(compiled.problem, compiled.index, scenario, warm)
        for sign, table in ((-1.0, before), (1.0, plan.scores)):
            self._add(table, sign, kinds)
        self._known = _known_people(scenario)
        self._placed = _new_stays(scenario, compiled, plan)
        self._paired = _new_pairs(scenario, plan)

    def of_person(self, person: str) -> str:
        """Say what the person gains over what is left of the old plan; blank without a gain."""
        parts = {
            rule: points for rule, points in self._parts[person].items() if abs(points) > 5e-3
        }
        total = sum(parts.values())
        if total <= 5e-3:
            return ""
        largest = sorted(parts.items(), key=lambda part: -abs(part[1]))
        told = ", ".join(f"{rule} {points:+.2f}" for rule, points in largest[:MOST_PARTS])
        more = ", …" if len(largest) > MOST_PARTS else ""
        gain = f"{self._name(person)} gains {total:.2f} points"
        return f"{gain} over what is left of the old plan ({told}{more})"

    def of_seat(self, person: str, placement: str, first: int, end: int) -> str:
        """Say who takes the seat that somebody leaves; blank when nobody does."""
        for stay in self._placed[placement]:
            if stay.person != person and stay.first < end and stay.end > first:
                return f"makes room at {placement} for {self._name(stay.person)}"
        return ""

    def of_provider(self, seeker: str, provider: str) -> str:
        """Say who takes the provider that somebody leaves; blank when nobody does."""
        for other in self._paired[provider]:
            if other != seeker:
                return f"makes room with {provider} for {self._name(other)}"
        return ""

    def _name(self, person: str) -> str:
        return person if person in self._known else f"{person} (newcomer)"

    def _add(self, table: pd.DataFrame, sign: float, kinds: set[str]) -> None:
        for rule, one, other, points in zip(
            table["rule"], table["subject"], table["object"], table["points"], strict=True
        ):
            if rule == "missing":
                self._parts[one][f"missing {other}"] += sign * points
            elif rule in kinds or rule in PERSONAL:
                self._parts[one][rule] += sign * points


def _known_people(scenario: Scenario) -> set[str]:
    assert scenario.previous is not None
    previous = scenario.previous
    return {*previous.pairs["seeker"], *previous.placements["participant"]}


def _new_stays(scenario: Scenario, compiled: Compiled, plan: Plan) -> dict[str, list[Stay]]:
    """Bookings that the previous plan had not at that start, by placement."""
    assert scenario.previous is not None
    frame, calendar = scenario.previous.placements, scenario.calendar
    was = set(zip(frame["participant"], frame["placement"], frame["start"], strict=True))
    numbers = {name: number for number, name in enumerate(compiled.index.placements)}
    durations = compiled.problem.itineraries.placement_duration
    found: dict[str, list[Stay]] = defaultdict(list)
    for person, placement, label in plan.placements[
        ["participant", "placement", "start"]
    ].itertuples(index=False, name=None):
        start = calendar.index(label)
        if (person, placement, start) not in was:
            end = start + int(durations[numbers[placement]])
            found[placement].append(Stay(person, start, end))
    return found


def _new_pairs(scenario: Scenario, plan: Plan) -> dict[str, list[str]]:
    """Seekers that are new with each provider."""
    assert scenario.previous is not None
    columns = ["matching", "seeker", "provider"]
    was = set(scenario.previous.pairs[columns].itertuples(index=False, name=None))
    found: dict[str, list[str]] = defaultdict(list)
    for key in plan.pairs[columns].itertuples(index=False, name=None):
        if key not in was:
            found[key[2]].append(key[1])
    return found
