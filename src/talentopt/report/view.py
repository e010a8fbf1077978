"""A plan arranged for reading: per person, per unit, per provider."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from talentopt.insight.development import Goal, Goals, renewals
from talentopt.report.filenames import file_names
from talentopt.report.seats import occupancy
from talentopt.report.texts.reasons import in_language

if TYPE_CHECKING:
    import pandas as pd

    from talentopt.audit.verdict import Verdict
    from talentopt.plan.plan import Plan
    from talentopt.read.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Stay:
    """One booking of a person; `left` and `width` are percents of the calendar."""

    stage: str
    placement_id: str
    placement: str
    area: str
    unit: str
    site: str
    start: str
    end: str
    stage_number: int
    exclusive: bool
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Partner:
    """One provider that a person is paired with."""

    matching: str
    table: str
    provider_id: str
    provider: str
    unit: str


@dataclass(frozen=True, slots=True)
class Person:
    """Everything about one participant."""

    id: str
    name: str
    unit: str
    site: str
    file: str
    points: float
    stays: list[Stay] = field(default_factory=list)
    partners: list[Partner] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def names(self) -> dict[tuple[bool, str], str]:
        """Find the names of placements (True, id) and providers (False, id)."""
        names = {(True, stay.placement_id): stay.placement for stay in self.stays}
        return names | {(False, each.provider_id): each.provider for each in self.partners}


@dataclass(frozen=True, slots=True)
class Cell:
    """One placement in one period."""

    used: int
    seats: int
    full: bool
    short: bool


@dataclass(frozen=True, slots=True)
class PlacementSeats:
    """One placement over the calendar."""

    id: str
    name: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Load:
    """How much of a provider is used, by matching and over all."""

    table: str
    id: str
    name: str
    roles: list[tuple[str, float, float | None]]
    used: float
    capacity: float | None


@dataclass(frozen=True, slots=True)
class View:
    """A plan arranged for reading."""

    name: str
    summary: dict[str, Any]
    violations: list[str]
    differences: list[str]
    periods: list[str]
    people: list[Person]
    shortages: list[dict[str, Any]]
    units: dict[str, list[PlacementSeats]]
    loads: list[Load]
    cycle: int | None
    renewals: list[str]


def view(plan: Plan, scenario: Scenario, verdict: Verdict, language: str = "en") -> View:
    """Arrange a plan for reading.

    Parameters
    ----------
    plan : Plan
    scenario : Scenario
    verdict : Verdict
        Of the audit of this plan; people's points and the value are its.
    language : str
        Of the shortages' reasons.
    """
    calendar = scenario.calendar
    shortages = [
        {**row, "kind": _kind(row), "reason": in_language(row["reason"], language)}
        for row in _records(plan.shortages)
    ]
    return View(
        scenario.name,
        {**plan.summary, "objective": verdict.objective},
        [violation.message for violation in verdict.violations],
        [difference.message for difference in verdict.differences],
        [calendar.label(period) for period in range(calendar.n_periods)],
        _people(plan, scenario, verdict, shortages),
        shortages,
        _units(plan, scenario),
        _loads(plan, scenario),
        calendar.cycle,
        renewals(scenario),
    )


def _kind(shortage: dict[str, Any]) -> str:
    """Say what is short: the matching, stage, or stage and layer that is missing, or the rule."""
    kind, found, _ = str(shortage["reason"]).partition(": ")
    return kind if found and shortage["rule"] == "missing" else str(shortage["rule"])


def _rows(scenario: Scenario, table: str) -> dict[str, dict[str, Any]]:
    """Find the rows of a table by id."""
    return {row["id"]: row for row in _records(scenario.tables[table])}


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Turn a table into one dictionary per row."""
    columns = [str(column) for column in table.columns]
    return [
        dict(zip(columns, row, strict=True)) for row in table.itertuples(index=False, name=None)
    ]


def _title(row: dict[str, Any] | None, identity: str) -> str:
    """Take the name of a row, or its id where it has none."""
    return str((row or {}).get("name") or identity)


def _people(
    plan: Plan, scenario: Scenario, verdict: Verdict, shortages: list[dict[str, Any]]
) -> list[Person]:
    rows = _rows(scenario, "participants")
    files = file_names(rows)
    people = {
        identity: Person(
            identity,
            _title(row, identity),
            row["unit"],
            row["site"],
            files[identity],
            verdict.totals.get(identity, 0.0),
        )
        for identity, row in rows.items()
    }
    _add_stays(people, plan.placements, scenario)
    _add_partners(people, plan.pairs, scenario)
    for short in shortages:
        if short["rule"] == "missing" and short["subject"] in people:
            people[short["subject"]].missing.append(short["reason"])
    goals = Goals(scenario)
    for person in people.values():
        placements = [stay.placement_id for stay in person.stays]
        providers = [(partner.table, partner.provider_id) for partner in person.partners]
        person.goals.extend(goals.of(person.id, placements, providers))
    return list(people.values())


def _add_stays(people: dict[str, Person], bookings: pd.DataFrame, scenario: Scenario) -> None:
    placements, calendar = _rows(scenario, "placements"), scenario.calendar
    itineraries = scenario.model.itineraries
    stages = [] if itineraries is None else itineraries.stages
    numbers = {stage.stage: number for number, stage in enumerate(stages)}
    concurrent = {stage.stage: stage.concurrent for stage in stages}
    order = sorted(_records(bookings), key=lambda row: calendar.index(row["start"]))
    for row in order:
        person, place = people.get(row["participant"]), placements.get(row["placement"])
        if person is None or place is None:
            continue
        start, duration = calendar.index(row["start"]), int(place["duration"])
        person.stays.append(
            Stay(
                place["stage"],
                row["placement"],
                _title(place, row["placement"]),
                place["area"],
                place["unit"],
                place["site"],
                row["start"],
                calendar.label(start + duration - 1),
                numbers.get(place["stage"], 0),
                not concurrent.get(place["stage"], False),
                round(100 * start / calendar.n_periods, 3),
                round(100 * duration / calendar.n_periods, 3),
            )
        )


def _add_partners(people: dict[str, Person], pairs: pd.DataFrame, scenario: Scenario) -> None:
    for name, matching in scenario.model.matchings.items():
        if matching.seekers != "participants":
            continue
        providers = _rows(scenario, matching.providers)
        chosen = pairs[pairs["matching"] == name]
        for seeker, provider in zip(chosen["seeker"], chosen["provider"], strict=True):
            if seeker in people:
                row = providers.get(provider)
                unit = str((row or {}).get("unit", ""))
                partner = Partner(name, matching.providers, provider, _title(row, provider), unit)
                people[seeker].partners.append(partner)


def _units(plan: Plan, scenario: Scenario) -> dict[str, list[PlacementSeats]]:
    count = occupancy(scenario, plan.placements)
    units: dict[str, list[PlacementSeats]] = defaultdict(list)
    for row, place in enumerate(_records(scenario.tables["placements"])):
        cells = [
            Cell(int(used), int(seats), used >= seats > 0, used < least)
            for used, seats, least in zip(
                count.used[row], count.seats[row], count.least[row], strict=True
            )
        ]
        seats = PlacementSeats(place["id"], _title(place, place["id"]), cells)
        units[place["unit"]].append(seats)
    return dict(sorted(units.items()))


def _loads(plan: Plan, scenario: Scenario) -> list[Load]:
    weights = _pair_loads(scenario)
    used: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for matching, seeker, provider in zip(
        plan.pairs["matching"], plan.pairs["seeker"], plan.pairs["provider"], strict=True
    ):
        if matching not in scenario.model.matchings:
            continue
        load = weights.get((matching, seeker, provider), weights.get(("", seeker, provider), 1.0))
        used[scenario.model.matchings[matching].providers, provider][matching] += load
    loads = []
    tables = dict.fromkeys(matching.providers for matching in scenario.model.matchings.values())
    for table in tables:
        for identity, row in _rows(scenario, table).items():
            mine = used.get((table, identity), {})
            roles = [
                (name, mine.get(name, 0.0), _limit(row.get(name)))
                for name, matching in scenario.model.matchings.items()
                if matching.providers == table
            ]
            capacity = _limit(row.get("capacity"))
            loads.append(
                Load(table, identity, _title(row, identity), roles, sum(mine.values()), capacity)
            )
    return loads


def _pair_loads(scenario: Scenario) -> dict[tuple[str, str, str], float]:
    """Find the loads that the pairs table gives; a blank matching is all of them."""
    rows = scenario.tables["pairs"]
    keys = zip(rows["matching"], rows["seeker"], rows["provider"], strict=True)
    return {key: float(load) for key, load in zip(keys, rows["load"], strict=True) if load == load}


def _limit(value: object) -> float | None:
    """Read a capacity; blank is None."""
    if isinstance(value, float) and value == value:
        return float(value)
    return None
