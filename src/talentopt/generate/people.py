"""Synthetic participants."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from talentopt.generate.industry import (
    DOMAINS,
    FAMILY_NAMES,
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
