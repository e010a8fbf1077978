"""Synthetic mentors, who can mentor everybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from talentopt.generate.industry import DOMAINS, SITES, TRACKS, UNITS
from talentopt.generate.people import UNIT_SITE, draw, full_names, numbered
from talentopt.generate.skills import draw_mentor_levels, fit, widest_gaps

if TYPE_CHECKING:
    from talentopt.generate.people import People
    from talentopt.generate.skills import Skills

ROLES = ("technical", "career", "peer")

ROLE_SETS = (("technical",), ("career",), ("peer",), ("technical", "career"), ("career", "peer"))
ROLE_SET_SHARES = (0.32, 0.16, 0.30, 0.13, 0.09)
"""What a mentor offers, and how often."""

CAREER_ONLY = ROLE_SETS.index(("career",))
PEER_ONLY = ROLE_SETS.index(("peer",))
PEER_GRADES = (2, 5, 7)
"""Grades of the first peers: everybody is within one grade of one of them."""

CAREER_GRADE = 8
"""Grade of the first career mentors, one for each track: above everybody."""

GRADES_ABOVE = ((2, 4), (1, 3), (0, 1), (2, 4), (1, 1))
"""Lowest and highest distance of grades, for each of `ROLE_SETS`."""

MENTOR_LOAD = 0.82
"""Participants per mentor place in each role."""

WORST_FIT = 0.2
"""Least share of the skill gaps that a technical mentor closes, as in the shipped models."""


@dataclass(frozen=True, slots=True)
class Mentors:
    """Mentors as arrays, all (n_mentors,) but `capacity` and `levels`.

    `capacity` is (n_roles, n_mentors), places in each role, 0 = not offered;
    `total` is what a mentor takes over all roles; `levels` is (n_mentors, n_skills).
    """

    ids: np.ndarray
    grade: np.ndarray
    unit: np.ndarray
    site: np.ndarray
    track: np.ndarray
    domain: np.ndarray
    levels: np.ndarray
    capacity: np.ndarray
    total: np.ndarray

    def __len__(self) -> int:
        """Count the mentors."""
        return len(self.ids)


def draw_mentors(
    rng: np.random.Generator, count: int, people: People, wanted: Skills, n_units: int
) -> Mentors:
    """Draw mentors, each with a participant in mind, and give them enough places.

    Places follow a complete matching that is thrown away: everybody has a
    mentor in it in every role, another one each, if there are at least 16
    mentors. A fifth of all places come on top, to mentors drawn at random.
    """
    offers = draw(rng, ROLE_SET_SHARES, count)
    first = [*range(len(ROLE_SETS)), CAREER_ONLY, CAREER_ONLY, PEER_ONLY, PEER_ONLY][:count]
    offers[: len(first)] = first
    whom, grade = np.zeros(count, dtype=int), np.zeros(count, dtype=int)
    for number, (lowest, highest) in enumerate(GRADES_ABOVE):
        mine = np.flatnonzero(offers == number)
        deck = [rng.permutation(len(people)) for _ in range(len(mine) // len(people) + 1)]
        whom[mine] = np.concatenate(deck)[: len(mine)]
        above = rng.integers(lowest, highest + 1, size=len(mine))
        grade[mine] = people.grade[whom[mine]] + above
    peers = np.flatnonzero(offers == PEER_ONLY)[: len(PEER_GRADES)]
    grade[peers] = PEER_GRADES[: len(peers)]
    careers = np.flatnonzero(offers == CAREER_ONLY)[: len(TRACKS)]
    grade[careers] = CAREER_GRADE
    track = people.track[whom]
    track[careers] = np.arange(len(careers))
    unit = (people.unit[whom] + rng.integers(1, n_units, size=count)) % n_units
    near = rng.random(count) < 0.5
    domain = people.domain[whom]
    offered = np.array([[role in ROLE_SETS[offer] for offer in offers] for role in ROLES])
    draft = Mentors(
        ids=numbered("M", count),
        grade=grade,
        unit=unit,
        site=np.where(near, people.site[whom], UNIT_SITE[unit]),
        track=track,
        domain=domain,
        levels=draw_mentor_levels(rng, domain),
        capacity=offered,
        total=np.zeros(count, dtype=int),
    )
    loads = _complete_matching(rng, people, wanted, draft)
    return _with_places(rng, draft, loads, round(len(people) / MENTOR_LOAD))


def _complete_matching(
    rng: np.random.Generator, people: People, wanted: Skills, mentors: Mentors
) -> np.ndarray:
    """Give everybody the least busy eligible mentor in every role, (n_roles, n_mentors) loads."""
    loads = np.zeros((len(ROLES), len(mentors)), dtype=int)
    luck = rng.random(len(mentors))
    able = [np.flatnonzero(offered) for offered in mentors.capacity]
    for person in rng.permutation(len(people)):
        others: list[int] = []
        for role, candidates in enumerate(able):
            free = candidates[~np.isin(candidates, others)]
            fitting = free[eligible(person, role, people, wanted, mentors, free)]
            if not len(fitting) and ROLES[role] == "technical":
                fitting = _qualify(person, people, wanted, mentors, loads, free)
            if len(fitting):
                busy = loads[:, fitting].sum(axis=0) + luck[fitting]
                taken = int(fitting[np.argmin(busy)])
                loads[role, taken] += 1
                others.append(taken)
    return loads


def eligible(
    person: int,
    role: int,
    people: People,
    wanted: Skills,
    mentors: Mentors,
    candidates: np.ndarray,
) -> np.ndarray:
    """Say which candidates may mentor a person, by the rules of the shipped models."""
    above = mentors.grade[candidates] - people.grade[person]
    if ROLES[role] == "technical":
        fits = (above >= 2) & (mentors.unit[candidates] != people.unit[person])
        fits[fits] = fit(person, wanted, mentors.levels[candidates[fits]]) >= WORST_FIT
        return np.asarray(fits)
    if ROLES[role] == "career":
        return np.asarray((above >= 1) & (mentors.track[candidates] == people.track[person]))
    return np.asarray(np.abs(above) <= 1)


def _qualify(
    person: int,
    people: People,
    wanted: Skills,
    mentors: Mentors,
    loads: np.ndarray,
    candidates: np.ndarray,
) -> np.ndarray:
    """Let the least busy technical mentor of another unit learn and rise until eligible.

    Both only make a technical mentor eligible for more people.

    Returns
    -------
    (0,) or (1,) int
        The mentor.
    """
    able = candidates[mentors.unit[candidates] != people.unit[person]]
    chosen = able[np.argsort(loads[:, able].sum(axis=0), kind="stable")][:1]
    skills, targets = widest_gaps(person, wanted)
    for mentor in chosen:
        mentors.levels[mentor, skills] = np.maximum(mentors.levels[mentor, skills], targets)
    mentors.grade[chosen] = np.maximum(mentors.grade[chosen], people.grade[person] + 2)
    return np.asarray(chosen)


def _with_places(
    rng: np.random.Generator, draft: Mentors, loads: np.ndarray, n_places: int
) -> Mentors:
    """Offer the places that the matching uses, at least one in each role, and some more."""
    capacity = np.where(draft.capacity, np.maximum(1, loads), 0)
    for role in range(len(ROLES)):
        able = np.flatnonzero(draft.capacity[role])
        more = max(0, n_places - int(capacity[role].sum()))
        capacity[role] += np.bincount(rng.choice(able, size=more), minlength=len(draft))
    shared = (capacity > 0).sum(axis=0) > 1
    total = np.maximum(loads.sum(axis=0), capacity.sum(axis=0) - shared)
    return Mentors(
        draft.ids,
        draft.grade,
        draft.unit,
        draft.site,
        draft.track,
        draft.domain,
        draft.levels,
        capacity,
        total,
    )


def mentors_table(rng: np.random.Generator, mentors: Mentors) -> pd.DataFrame:
    """Write the mentors."""
    columns: dict[str, object] = {
        "id": mentors.ids,
        "name": full_names(rng, len(mentors)),
        "unit": [UNITS[unit].name for unit in mentors.unit],
        "site": [SITES[site] for site in mentors.site],
        "track": [TRACKS[track] for track in mentors.track],
        "grade": mentors.grade,
        "domain": [DOMAINS[domain] for domain in mentors.domain],
        "capacity": mentors.total,
    }
    for row, role in enumerate(ROLES):
        columns[role] = [str(places) if places else "" for places in mentors.capacity[row]]
    return pd.DataFrame(columns)
