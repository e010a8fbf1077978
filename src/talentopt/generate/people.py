"""Synthetic participants and mentors, with their skills."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from talentopt.generate.industry import (
    DOMAIN_SKILLS,
    DOMAINS,
    FAMILY_NAMES,
    GENERAL_SKILLS,
    GIVEN_NAMES,
    LEVEL_COUNTS,
    LEVEL_GRADES,
    LEVELS,
    OCCUPATIONS,
    SITES,
    TRACK_SHARES,
    TRACKS,
    UNITS,
)

ROLES = ("technical", "career", "peer")

ROLE_SETS = (("technical",), ("career",), ("peer",), ("technical", "career"), ("career", "peer"))
ROLE_SET_SHARES = (0.32, 0.16, 0.30, 0.13, 0.09)
"""What a mentor offers, and how often."""

MENTOR_LOAD = 0.82
"""Participants per mentor place in each role."""

UNIT_DOMAIN = np.array([DOMAINS.index(unit.domain) for unit in UNITS])
UNIT_SITE = np.array([SITES.index(unit.site) for unit in UNITS])


@dataclass(frozen=True, slots=True)
class People:
    """Participants as arrays, all (n_people,); numbers index the tuples of `industry`."""

    ids: np.ndarray
    level: np.ndarray
    grade: np.ndarray
    unit: np.ndarray
    site: np.ndarray
    track: np.ndarray
    domain: np.ndarray
    """Where most of the person's skill gaps lie."""
    start: np.ndarray
    """First period."""
    end: np.ndarray
    """Last period."""

    def __len__(self) -> int:
        """Count the participants."""
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Mentors:
    """Mentors as arrays, all (n_mentors,); `capacity` is (n_roles, n_mentors), 0 = not offered."""

    ids: np.ndarray
    grade: np.ndarray
    unit: np.ndarray
    site: np.ndarray
    track: np.ndarray
    domain: np.ndarray
    capacity: np.ndarray

    def __len__(self) -> int:
        """Count the mentors."""
        return len(self.ids)


def numbered(prefix: str, count: int) -> np.ndarray:
    """Make ids of equal length: P001, P002, …."""
    width = max(3, len(str(count)))
    return np.array(
        [f"{prefix}{number:0{width}d}" for number in range(1, count + 1)], dtype=object
    )


def full_names(rng: np.random.Generator, count: int) -> list[str]:
    """Draw names, family name first."""
    family = rng.integers(len(FAMILY_NAMES), size=count)
    given = rng.integers(len(GIVEN_NAMES), size=count)
    return [f"{FAMILY_NAMES[f]} {GIVEN_NAMES[g]}" for f, g in zip(family, given, strict=True)]


def draw(rng: np.random.Generator, shares: tuple[float, ...], count: int) -> np.ndarray:
    """Draw indices with the given shares, (count,) int."""
    edges = np.cumsum(shares)[:-1]
    return np.asarray(np.searchsorted(edges, rng.random(count), side="right"))


def apportion(shares: np.ndarray, total: int) -> np.ndarray:
    """Split a whole number by shares, largest remainders first."""
    exact = shares / shares.sum() * total
    whole: np.ndarray = np.floor(exact).astype(int)
    order = np.argsort(whole - exact, kind="stable")
    whole[order[: total - whole.sum()]] += 1
    return whole


def draw_people(rng: np.random.Generator, count: int, n_units: int, n_periods: int) -> People:
    """Draw participants: four fifths are there at the start, the others join in the first tenth.

    Levels follow the published shares exactly; one in fifty leaves a little early.
    """
    level = rng.permutation(np.repeat(np.arange(3), apportion(np.array(LEVEL_COUNTS), count)))
    low, high = np.array(LEVEL_GRADES)[level].T
    unit = rng.permutation(np.arange(count) % n_units)
    away = rng.random(count) < 0.1
    domain = np.where(
        rng.random(count) < 0.6, UNIT_DOMAIN[unit], rng.integers(len(DOMAINS), size=count)
    )
    late = rng.random(count) < 0.2
    start = np.where(late, rng.integers(1, max(2, round(n_periods / 10)), size=count), 0)
    leaves = (rng.random(count) < 0.02) & ~late
    return People(
        ids=numbered("P", count),
        level=level,
        grade=low + np.floor(rng.random(count) * (high - low + 1)).astype(int),
        unit=unit,
        site=np.where(away, rng.integers(len(SITES), size=count), UNIT_SITE[unit]),
        track=draw(rng, TRACK_SHARES, count),
        domain=domain,
        start=start,
        end=np.where(leaves, n_periods - 2, n_periods - 1),
    )


def draw_mentors(rng: np.random.Generator, count: int, people: People, n_units: int) -> Mentors:
    """Draw mentors who suit the participants: each one is drawn with a participant in mind.

    Everybody is had in mind about equally often in every role, so that few
    participants are without an eligible mentor; nobody is guaranteed one.
    """
    offers = draw(rng, ROLE_SET_SHARES, count)
    offers[: len(ROLE_SETS)] = np.arange(len(ROLE_SETS))[:count]
    grade, unit, site, track, domain = (np.zeros(count, dtype=int) for _ in range(5))
    for number, roles in enumerate(ROLE_SETS):
        mine = np.flatnonzero(offers == number)
        rounds = -(-len(mine) // len(people)) if len(mine) else 0
        deck = [rng.permutation(len(people)) for _ in range(rounds)]
        whom = np.concatenate(deck)[: len(mine)] if deck else np.zeros(0, dtype=int)
        lowest, highest = {"technical": (2, 4), "career": (1, 3), "peer": (0, 1)}[roles[0]]
        if roles == ("career", "peer"):
            highest = 1
        grade[mine] = people.grade[whom] + rng.integers(lowest, highest + 1, size=len(mine))
        elsewhere = rng.integers(1, n_units, size=len(mine))
        unit[mine] = (people.unit[whom] + elsewhere) % n_units
        near = rng.random(len(mine)) < 0.5
        site[mine] = np.where(near, people.site[whom], UNIT_SITE[unit[mine]])
        track[mine] = people.track[whom]
        domain[mine] = people.domain[whom]
    capacity = np.zeros((len(ROLES), count), dtype=int)
    for row, role in enumerate(ROLES):
        able = np.flatnonzero([role in ROLE_SETS[offer] for offer in offers])
        capacity[row, able] = _places(rng, len(able), round(len(people) / MENTOR_LOAD))
    return Mentors(numbered("M", count), grade, unit, site, track, domain, capacity)


def _places(rng: np.random.Generator, n_mentors: int, n_places: int) -> np.ndarray:
    """Share places out: everybody one, the others at random."""
    if n_mentors == 0:
        return np.zeros(0, dtype=int)
    others = rng.integers(n_mentors, size=max(0, n_places - n_mentors))
    return 1 + np.bincount(others, minlength=n_mentors)


def participants_table(
    rng: np.random.Generator, people: People, labels: list[str]
) -> pd.DataFrame:
    """Write the participants; the calendar's first and last period are left blank."""
    occupation = (people.domain * 5 + rng.integers(7, size=len(people))) % len(OCCUPATIONS)
    last = len(labels) - 1
    return pd.DataFrame(
        {
            "id": people.ids,
            "name": full_names(rng, len(people)),
            "unit": [UNITS[unit].name for unit in people.unit],
            "site": [SITES[site] for site in people.site],
            "track": [TRACKS[track] for track in people.track],
            "grade": people.grade,
            "start": [labels[start] if start else "" for start in people.start],
            "end": [labels[end] if end < last else "" for end in people.end],
            "level": [LEVELS[level] for level in people.level],
            "occupation": [OCCUPATIONS[number] for number in occupation],
        }
    )


def mentors_table(rng: np.random.Generator, mentors: Mentors) -> pd.DataFrame:
    """Write the mentors; those of two roles take one person fewer than both roles add up to."""
    total = mentors.capacity.sum(axis=0)
    shared = (mentors.capacity > 0).sum(axis=0) > 1
    columns: dict[str, object] = {
        "id": mentors.ids,
        "name": full_names(rng, len(mentors)),
        "unit": [UNITS[unit].name for unit in mentors.unit],
        "site": [SITES[site] for site in mentors.site],
        "track": [TRACKS[track] for track in mentors.track],
        "grade": mentors.grade,
        "domain": [DOMAINS[domain] for domain in mentors.domain],
        "capacity": total - shared,
    }
    for row, role in enumerate(ROLES):
        columns[role] = [str(places) if places else "" for places in mentors.capacity[row]]
    return pd.DataFrame(columns)


def participant_skills_table(rng: np.random.Generator, people: People) -> pd.DataFrame:
    """Write levels and targets: three skills of the person's domain and three general ones."""
    return _skills_table(
        rng, "participant", people.ids, people.domain, craft=(0, 2, 3, 5), general=(1, 3, 3, 4)
    )


def mentor_skills_table(rng: np.random.Generator, mentors: Mentors) -> pd.DataFrame:
    """Write the mentors' levels: four skills of their domain and two general ones."""
    table = _skills_table(
        rng, "mentor", mentors.ids, mentors.domain, craft=(3, 5, 0, 0), general=(2, 5, 0, 0)
    )
    return table.drop(columns="target")


def _skills_table(
    rng: np.random.Generator,
    who: str,
    ids: np.ndarray,
    domain: np.ndarray,
    craft: tuple[int, int, int, int],
    general: tuple[int, int, int, int],
) -> pd.DataFrame:
    """Draw skills; ranges are lowest and highest level, lowest and highest target."""
    n_craft, n_general = (3, 3) if who == "participant" else (4, 2)
    names = np.array([DOMAIN_SKILLS[name] for name in DOMAINS], dtype=object)
    common = np.array(GENERAL_SKILLS, dtype=object)
    count = len(ids)
    crafts = np.argsort(rng.random((count, names.shape[1])), axis=1)[:, :n_craft]
    generals = np.argsort(rng.random((count, len(common))), axis=1)[:, :n_general]
    skills = np.concatenate([names[domain[:, None], crafts], common[generals]], axis=1)
    ranges = np.array([craft] * n_craft + [general] * n_general)
    level = _between(rng, ranges[:, 0], ranges[:, 1], count)
    target = _between(rng, ranges[:, 2], ranges[:, 3], count)
    return pd.DataFrame(
        {
            who: np.repeat(ids, n_craft + n_general),
            "skill": skills.ravel(),
            "level": level.ravel(),
            "target": target.ravel(),
        }
    )


def _between(
    rng: np.random.Generator, low: np.ndarray, high: np.ndarray, count: int
) -> np.ndarray:
    """Draw whole numbers from `low` to `high`, (count, len(low))."""
    return np.asarray(low + np.floor(rng.random((count, len(low))) * (high - low + 1)), dtype=int)
