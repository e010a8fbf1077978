"""Synthetic placements: where they are, how long, with how many seats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from talentopt.generate.industry import (
    AREAS,
    DOMAIN_SKILLS,
    DOMAINS,
    GENERAL_SKILLS,
    UNITS,
)
from talentopt.generate.people import UNIT_DOMAIN, apportion, numbered
from talentopt.generate.seats import seat

if TYPE_CHECKING:
    from talentopt.generate.curriculum import StagePlan

KINDS = ("project", "laboratory", "study")
PREFIXES = {"onboarding": "ON", "rotation": "RO", "targeted": "TA", "elective": "EL"}
AREA_DOMAIN = np.array([DOMAINS.index(area.domain) for area in AREAS])


@dataclass(frozen=True, slots=True)
class Placements:
    """Exclusive placements as arrays, all (n_placements,) but `seats`.

    `area` is -1 where there is none, `stage` numbers the curriculum, `seats`
    is (n_placements, n_periods) and 0 outside the window.
    """

    ids: np.ndarray
    stage: np.ndarray
    area: np.ndarray
    unit: np.ndarray
    domain: np.ndarray
    duration: np.ndarray
    opens: np.ndarray
    closes: np.ndarray
    normal_seats: np.ndarray
    seats: np.ndarray
    stages: tuple[StagePlan, ...]

    def __len__(self) -> int:
        """Count the placements."""
        return len(self.ids)

    def of(self, stage: str) -> np.ndarray:
        """Positions of one stage's placements."""
        numbers = [number for number, plan in enumerate(self.stages) if plan.stage == stage]
        return np.flatnonzero(np.isin(self.stage, numbers))


@dataclass(frozen=True, slots=True)
class Balance:
    """Demand and supply of one stage.

    Attributes
    ----------
    stage : str
    demand, supply : int
        Placements needed, and bookings that fit.
    demand_periods, supply_periods : int
        The same in person-periods, demand at the mean length of a booking.
    """

    stage: str
    demand: int
    supply: int
    demand_periods: int
    supply_periods: int


def usual_count(n_people: int) -> int:
    """Say how many placements are usual: about one for six people."""
    return max(12 + min(4, n_people // 15), round(0.165 * n_people))


def n_areas(n_people: int) -> int:
    """Say how many areas rotations lead through: eight, or ten in larger programmes."""
    return 8 if n_people < 40 else len(AREAS)


def draw_placements(
    rng: np.random.Generator,
    count: int,
    stages: tuple[StagePlan, ...],
    demand: dict[str, int],
    shape: tuple[int, int, int],
    tightness: float,
) -> tuple[Placements, tuple[Balance, ...]]:
    """Draw placements with seats for demand / tightness.

    Parameters
    ----------
    rng : Generator
    count : int
        Placements in all stages together.
    stages : tuple of StagePlan
        Already on this calendar.
    demand : dict of str to int
        Placements needed per stage.
    shape : (int, int, int)
        People, units and periods.
    tightness : float
        Demand over supply.
    """
    n_people, n_units, n_periods = shape
    numbers = _share_out(stages, count, n_areas(n_people))
    stage = np.repeat(np.arange(len(stages)), numbers)
    area = np.where(stage == _position(stages, "rotation"), _within(numbers), -1)
    area = np.where(area >= 0, area % n_areas(n_people), -1)
    unit = rng.integers(n_units, size=len(stage))
    unit[area >= 0] = [_unit_of(rng, AREA_DOMAIN[a], n_units) for a in area[area >= 0]]
    domain = np.where(area >= 0, AREA_DOMAIN[area], UNIT_DOMAIN[unit])
    duration = np.concatenate(
        [rng.choice(plan.durations, size=n) for plan, n in zip(stages, numbers, strict=True)]
    )
    opens = np.array([stages[s].opens for s in stage])
    closes = np.array([stages[s].closes for s in stage]) - 1
    normal = np.zeros(len(stage), dtype=int)
    seats = np.zeros((len(stage), n_periods), dtype=int)
    balances = []
    for number, plan in enumerate(stages):
        mine = np.flatnonzero(stage == number)
        needed = demand[plan.stage]
        wanted = max(1, round((needed or plan.offered * n_people) / min(tightness, plan.loosest)))
        seating = seat(
            rng,
            0.6 + 0.8 * rng.random(len(mine)),
            duration[mine],
            opens[mine],
            closes[mine],
            wanted,
        )
        normal[mine] = seating.seats
        for row in mine:
            seats[row, opens[row] : closes[row] + 1] = normal[row]
        for local, first, length in seating.closed:
            seats[mine[local], first : first + length] -= 1
        supply = int((seats[mine]).sum())
        mean = supply / seating.turns
        balances.append(Balance(plan.stage, needed, seating.turns, round(needed * mean), supply))
    ids = np.concatenate(
        [numbered(PREFIXES[plan.stage], n) for plan, n in zip(stages, numbers, strict=True)]
    )
    placements = Placements(
        ids, stage, area, unit, domain, duration, opens, closes, normal, seats, stages
    )
    return placements, tuple(balances)


def _share_out(stages: tuple[StagePlan, ...], count: int, areas: int) -> np.ndarray:
    """Split the placements over the stages; rotations cover every area."""
    shares = np.array([plan.share for plan in stages])
    numbers: np.ndarray = np.maximum(1, apportion(shares, count))
    rotation = _position(stages, "rotation")
    numbers[rotation] = max(numbers[rotation], areas)
    others = np.delete(np.arange(len(stages)), rotation)
    while numbers.sum() > max(count, areas + len(others)):
        numbers[others[np.argmax(numbers[others])]] -= 1
    return numbers


def _position(stages: tuple[StagePlan, ...], name: str) -> int:
    return [plan.stage for plan in stages].index(name)


def _within(numbers: np.ndarray) -> np.ndarray:
    """Count from 0 within each stage."""
    return np.concatenate([np.arange(number) for number in numbers])


def _unit_of(rng: np.random.Generator, domain: int, n_units: int) -> int:
    """Draw a unit of the domain, or any unit where none is."""
    able = np.flatnonzero(UNIT_DOMAIN[:n_units] == domain)
    return int(rng.choice(able)) if len(able) else int(rng.integers(n_units))


def placements_table(
    rng: np.random.Generator, placements: Placements, labels: list[str]
) -> pd.DataFrame:
    """Write the placements; one in twelve wants at least one person in every open period."""
    kinds = [KINDS[number] for number in rng.integers(len(KINDS), size=len(placements))]
    least = rng.random(len(placements)) < 1 / 12
    rows = []
    for p, stage in enumerate(placements.stage):
        plan = placements.stages[stage]
        unit = UNITS[placements.unit[p]]
        area = AREAS[placements.area[p]].name if placements.area[p] >= 0 else ""
        kind = kinds[p] if plan.stage in ("targeted", "elective") else plan.stage
        rows.append(
            {
                "id": placements.ids[p],
                "name": f"{kind.capitalize()}{area and f' in {area}'} at {unit.name}",
                "stage": plan.stage,
                "kind": kind,
                "area": area,
                "unit": unit.name,
                "site": unit.site,
                "domain": DOMAINS[placements.domain[p]],
                "link": unit.link,
                "duration": placements.duration[p],
                "seats": placements.normal_seats[p],
                "min_seats": int(least[p]),
                "opens": labels[placements.opens[p]],
                "closes": labels[placements.closes[p]],
            }
        )
    return pd.DataFrame(rows)


def seats_table(placements: Placements, labels: list[str]) -> pd.DataFrame:
    """Write the periods in which a placement has other seats than usual."""
    periods = np.arange(placements.seats.shape[1])
    open_ = (periods >= placements.opens[:, None]) & (periods <= placements.closes[:, None])
    rows, columns = np.nonzero(open_ & (placements.seats != placements.normal_seats[:, None]))
    return pd.DataFrame(
        {
            "placement": placements.ids[rows],
            "period": [labels[column] for column in columns],
            "seats": placements.seats[rows, columns],
        }
    )


def placement_skills_table(rng: np.random.Generator, placements: Placements) -> pd.DataFrame:
    """Write what placements develop, what some require, and whom some want in the team.

    Only general skills are required, at a level that half of the people have.
    """
    rows: list[tuple[object, str, str, str, str, str]] = []
    for p, stage in enumerate(placements.stage):
        name = placements.stages[stage].stage
        craft = DOMAIN_SKILLS[DOMAINS[placements.domain[p]]]
        chosen = rng.permutation(len(craft))[:3]
        general = rng.permutation(len(GENERAL_SKILLS))[:2]
        level = int(rng.integers(3, 6)) if name == "targeted" else 3
        requires, team = rng.random(2)
        if name == "onboarding":
            rows += [(placements.ids[p], GENERAL_SKILLS[g], "3", "", "", "") for g in general]
            continue
        rows += [(placements.ids[p], craft[c], str(level), "", "", "") for c in chosen]
        if name == "targeted":
            needs = "1" if requires < 0.15 else ""
            fewest = ("1", "2") if team < 0.1 else ("", "")
            rows.append((placements.ids[p], GENERAL_SKILLS[general[0]], "3", needs, *fewest))
    columns = ["placement", "skill", "develops", "requires", "team", "team_level"]
    return pd.DataFrame(rows, columns=columns)
