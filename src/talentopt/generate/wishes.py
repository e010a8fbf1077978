"""Synthetic preferences, and entries that planners make by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from talentopt.generate.industry import AREAS
from talentopt.generate.mentors import ROLES
from talentopt.generate.placements import n_areas

if TYPE_CHECKING:
    from talentopt.generate.mentors import Mentors
    from talentopt.generate.people import People
    from talentopt.generate.placements import Placements

EARLY_AREA, LATE_AREA = "smelting", "magnets"
"""Nobody starts in the second before having finished the first."""

REASONS = ("family leave", "examination", "external course", "medical leave")


def mentor_wishes(
    rng: np.random.Generator, people: People, mentors: Mentors
) -> list[pd.DataFrame]:
    """Let everybody name two mentors per role, and a fifth of the mentors name three people.

    Wishes are likely to be possible: a technical mentor of one's domain, a
    career mentor of one's track, a peer at one's site.
    """
    parts = []
    traits = (
        (people.domain, mentors.domain),
        (people.track, mentors.track),
        (people.site, mentors.site),
    )
    for role, (mine, theirs) in enumerate(traits):
        able = np.flatnonzero(mentors.capacity[role])
        if not len(able):
            continue
        able = able[np.argsort(theirs[able], kind="stable")]
        first = np.searchsorted(theirs[able], mine, side="left")
        last = np.searchsorted(theirs[able], mine, side="right")
        nobody = first == last
        first, last = np.where(nobody, 0, first), np.where(nobody, len(able), last)
        for rank in (1, 2):
            choice = able[first + np.floor(rng.random(len(people)) * (last - first)).astype(int)]
            parts.append(wishes(people.ids, mentors.ids[choice], rank))
    choosers = np.flatnonzero(rng.random(len(mentors)) < 0.2)
    for rank in (1, 2, 3):
        choice = rng.integers(len(people), size=len(choosers))
        parts.append(wishes(mentors.ids[choosers], people.ids[choice], rank))
    return parts


def placement_wishes(
    rng: np.random.Generator, people: People, placements: Placements
) -> list[pd.DataFrame]:
    """Let everybody rank four areas and name two placements of the last stage."""
    names = np.array([area.name for area in AREAS[: n_areas(len(people))]], dtype=object)
    order = np.argsort(rng.random((len(people), len(names))), axis=1)
    parts = [wishes(people.ids, names[order[:, rank]], rank + 1) for rank in range(4)]
    last = placements.of(placements.stages[-1].stage)
    for rank in (1, 2):
        choice = placements.ids[rng.choice(last, size=len(people))]
        parts.append(wishes(people.ids, choice, rank))
    return parts


def wishes(choosers: np.ndarray, options: np.ndarray, rank: int) -> pd.DataFrame:
    """Give one rank: chooser by chooser, the option at the same position."""
    return pd.DataFrame({"chooser": choosers, "option": options, "points": "", "rank": rank})


def preferences_table(rng: np.random.Generator, parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Join wishes, one row per chooser and option; one chooser in ten gives points, not ranks."""
    table = pd.concat(parts, ignore_index=True)
    table = table.drop_duplicates(["chooser", "option"], ignore_index=True)
    choosers = table["chooser"].unique()
    scoring = set(choosers[rng.random(len(choosers)) < 0.1])
    scores = table["chooser"].isin(scoring).to_numpy()
    points = np.maximum(0, 100 - 25 * (table["rank"].to_numpy() - 1))
    table["points"] = np.where(scores, points.astype(str), "")
    table["rank"] = np.where(scores, "", table["rank"].astype(str))
    return table.sort_values(["chooser", "rank", "option"], kind="stable", ignore_index=True)


def pairs_table(rng: np.random.Generator, people: People, mentors: Mentors) -> pd.DataFrame:
    """Write pairs: forbidden for one person in fifty, favoured as often, fixed for one in sixty.

    Fixed pairs are eligible career mentors, each with a mentor of their own.
    """
    few = max(1, len(people) // 50)
    rows: dict[tuple[object, object], tuple[object, ...]] = {}
    able = rng.permutation(np.flatnonzero(mentors.capacity[ROLES.index("career")]))
    for person in rng.permutation(len(people))[: max(1, len(people) // 60)]:
        fitting = able[
            (mentors.grade[able] > people.grade[person])
            & (mentors.track[able] == people.track[person])
        ]
        if len(fitting):
            able = able[able != fitting[0]]
            key = (people.ids[person], mentors.ids[fitting[0]])
            rows[key] = ("career", *key, "", "fixed")
    for status, points in (("forbidden", ""), ("open", "40")):
        whom, who = rng.integers(len(people), size=few), rng.integers(len(mentors), size=few)
        for key in zip(people.ids[whom], mentors.ids[who], strict=True):
            rows.setdefault(
                key, ("" if status == "forbidden" else "technical", *key, points, status)
            )
    columns = ["matching", "seeker", "provider", "points", "status"]
    return pd.DataFrame(list(rows.values()), columns=columns)


def absences_table(rng: np.random.Generator, people: People, labels: list[str]) -> pd.DataFrame:
    """Let one person in twenty be away for one or two periods."""
    who = np.sort(rng.permutation(len(people))[: max(1, len(people) // 20)])
    first = rng.integers(2, len(labels) - 2, size=len(who))
    last = first + rng.integers(2, size=len(who))
    return pd.DataFrame(
        {
            "person": people.ids[who],
            "from": [labels[period] for period in first],
            "to": [labels[period] for period in last],
            "reason": [REASONS[number] for number in rng.integers(len(REASONS), size=len(who))],
        }
    )


def bookings_table(
    rng: np.random.Generator,
    placements: Placements,
    people: People,
    free: np.ndarray,
    done: np.ndarray,
    labels: list[str],
    before: list[str],
) -> pd.DataFrame:
    """Write bookings: what is done, what is agreed, what must not be, what is favoured.

    Agreed rotations lie at or after the middle of the calendar, each at a placement of its
    own, so that they never contradict each other.

    Parameters
    ----------
    rng : Generator
    placements : Placements
    people : People
    free : (n,) int
        Persons without absences who are there from the start to the end.
    done : (n,) int
        Persons who have had their onboarding.
    labels, before : list of str
        The calendar's periods, and those just before it.
    """
    rows: list[tuple[object, ...]] = []
    onboarding, rotations = placements.of("onboarding"), placements.of("rotation")
    for person in done:
        where = placements.ids[rng.choice(onboarding)]
        rows.append((people.ids[person], where, before[-1], "", "done"))
    half = len(labels) // 2
    late = [area.name for area in AREAS].index(LATE_AREA)
    places = iter(rng.permutation(rotations[placements.area[rotations] != late]))
    for person in rng.permutation(free)[: max(1, len(people) // 60)]:
        place = next(places, None)
        if place is None:
            break
        length = placements.duration[place]
        starts = np.arange(half, placements.closes[place] - length + 2)
        holds = [placements.seats[place, s : s + length].min() > 0 for s in starts]
        if any(holds):
            start = starts[np.flatnonzero(holds)[0]]
            rows.append((people.ids[person], placements.ids[place], labels[start], "", "fixed"))
    taken = {row[:2] for row in rows}
    for status, points in (("forbidden", ""), ("open", "25")):
        for _ in range(max(1, len(people) // 50)):
            person, place = rng.integers(len(people)), rng.choice(rotations)
            key = (people.ids[person], placements.ids[place])
            if key not in taken:
                taken.add(key)
                rows.append((*key, "", points, status))
    columns = ["participant", "placement", "start", "points", "status"]
    return pd.DataFrame(rows, columns=columns)


def prerequisites_table(rng: np.random.Generator, placements: Placements) -> pd.DataFrame:
    """Write prerequisites: one area after another, and one project in ten after an area."""
    rows = [(LATE_AREA, "", EARLY_AREA)]
    targeted = placements.of("targeted")
    used = np.unique(placements.area[placements.area >= 0])
    for place in np.sort(rng.permutation(targeted)[: len(targeted) // 10]):
        rows.append(("", placements.ids[place], AREAS[rng.choice(used)].name))
    return pd.DataFrame(rows, columns=["area", "placement", "requires"])
