"""Realistic scenarios of any size, drawn at random."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from talentopt.generate.curriculum import CURRICULA, FEWEST_PERIODS
from talentopt.generate.files import refuse_existing, write_folder
from talentopt.generate.industry import UNITS
from talentopt.generate.mentors import ROLE_SETS, draw_mentors, mentors_table
from talentopt.generate.people import draw_people, participants_table
from talentopt.generate.placements import (
    Balance,
    draw_placements,
    placement_skills_table,
    placements_table,
    seats_table,
    usual_count,
)
from talentopt.generate.programme import (
    concurrent_placements,
    participant_columns,
    programme_tables,
    programme_wishes,
)
from talentopt.generate.skills import (
    draw_participant_skills,
    mentor_skills_table,
    participant_skills_table,
)
from talentopt.generate.wishes import (
    absences_table,
    bookings_table,
    mentor_wishes,
    pairs_table,
    placement_wishes,
    preferences_table,
    prerequisites_table,
)
from talentopt.read.calendar import EXAMPLES, Unit, label, ordinal

if TYPE_CHECKING:
    from pathlib import Path

    from talentopt.generate.curriculum import StagePlan
    from talentopt.generate.mentors import Mentors
    from talentopt.generate.people import People
    from talentopt.generate.placements import Placements

TEN_POINTS = "ten-point-programme"
FEWEST_PEOPLE = 5
FEWEST_MENTORS = 16
"""So many by default also for a handful of people, so that everybody finds three."""
STREAMS = ("people", "mentors", "placements", "wishes", "entries", "names", "skills", "programme")
"""Independent streams of random numbers, so that one part does not shift another."""


def generate(
    folder: Path,
    *,
    participants: int,
    seed: int = 0,
    tightness: float = 0.87,
    periods: int = 24,
    model: str = "one-five-n",
    start: str = "2026-07",
    mentors: int | None = None,
    placements: int | None = None,
) -> Path:
    """Write a synthetic scenario: a programme of a rare-earth group with 16 business units.

    The same arguments give the same files, byte for byte.

    Parameters
    ----------
    folder : Path
        New, or empty.
    participants : int
        People in the programme, at least 5.
    seed : int
        Not negative; another seed, another scenario.
    tightness : float
        Placements needed over bookings that fit the seats, stage by stage.
        Above 1, placements must be missing; onboarding never exceeds 0.9.
    periods : int
        Length of the calendar, at least 12.
    model : str
        Name of a shipped model.
    start : str
        First period; the way it is written (``2026-07``, ``2026-Q3``,
        ``2026-W27``, ``1``) chooses the calendar's unit.
    mentors : int, optional
        People who mentor; as many as participants by default, but 16 at least. Their places
        are for 1.2 times the participants in each role, however many they are.
    placements : int, optional
        Exclusive placements; about a sixth of the participants by default.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    ValueError
        If an argument is out of range.
    FileExistsError
        If there is already something in the folder.
    """
    unit, first = _calendar(start)
    n_mentors = max(FEWEST_MENTORS, participants) if mentors is None else mentors
    n_placements = usual_count(participants) if placements is None else placements
    _refuse_unreasonable(participants, seed, tightness, periods, model, n_mentors, n_placements)
    refuse_existing(folder)

    streams = {name: np.random.default_rng((seed, k)) for k, name in enumerate(STREAMS)}
    labels = [label(unit, first + period) for period in range(periods)]
    n_units = min(len(UNITS), max(6, participants // 3))
    people = draw_people(streams["people"], participants, n_units, periods)
    wanted = draw_participant_skills(streams["skills"], people.domain)
    tables = {
        "participants": participants_table(streams["names"], people, labels),
        "participant_skills": participant_skills_table(people.ids, wanted),
    }
    wishes: list[pd.DataFrame] = []
    if model != "rotations":
        helpers = draw_mentors(streams["mentors"], n_mentors, people, wanted, n_units)
        tables |= _mentor_tables(streams, people, helpers)
        wishes += mentor_wishes(streams["wishes"], people, helpers)
    balances: tuple[Balance, ...] = ()
    if stages := tuple(plan.scaled(periods) for plan in CURRICULA[model]):
        shape = (participants, n_units, periods)
        rotations = next(plan.count for plan in stages if plan.stage == "rotation")
        needs = np.full(participants, rotations)
        if model == TEN_POINTS:
            columns = participant_columns(streams["programme"], people)
            tables["participants"] = tables["participants"].assign(**columns)
            needs = columns["rotations"]
        requirements, done = _exceptions(streams["entries"], people, stages, needs)
        demand = _demand(participants, stages, int(needs.sum()) - len(requirements), len(done))
        places, balances = draw_placements(
            streams["placements"], n_placements, stages, demand, shape, tightness
        )
        before = [label(unit, first - 1)]
        tables |= _placement_tables(streams, places, labels)
        tables |= _entry_tables(streams["entries"], people, places, done, labels, before)
        tables["requirements"] = requirements
        wishes += placement_wishes(streams["wishes"], people, places)
        if model == TEN_POINTS:
            rng = streams["programme"]
            beside = concurrent_placements(rng, people, n_units, labels, tightness)
            exclusive = tables["placements"].astype(object)
            tables["placements"] = pd.concat([exclusive, beside]).fillna("")
            tables |= programme_tables(rng, people, n_units, places, labels, tightness)
            wishes += programme_wishes(rng, people, tables)
    tables["preferences"] = preferences_table(streams["wishes"], wishes)
    settings = {
        "name": f"{participants} people, seed {seed}",
        "model": model,
        "calendar": {"unit": unit, "start": start, "periods": periods, "cycle": periods // 4},
    }
    command = (
        f"talentopt generate FOLDER --participants {participants} --seed {seed} "
        f"--tightness {tightness} --periods {periods} --model {model} --start {start} "
        f"--mentors {n_mentors} --placements {n_placements}"
    )
    filled = {name: table for name, table in tables.items() if len(table)}
    return write_folder(folder, settings, filled, _notes(command, filled, balances))


def _calendar(start: str) -> tuple[Unit, int]:
    """Tell the calendar's unit from the way its first period is written."""
    for unit in EXAMPLES:
        try:
            return unit, ordinal(unit, start)
        except ValueError:
            continue
    raise ValueError(
        f"start {start!r} is no period; write it like one of {', '.join(EXAMPLES.values())}"
    )


def _refuse_unreasonable(
    participants: int,
    seed: int,
    tightness: float,
    periods: int,
    model: str,
    mentors: int,
    placements: int,
) -> None:
    """Raise a ValueError that names the argument and its range."""
    if participants < FEWEST_PEOPLE:
        raise ValueError(f"participants is {participants}; give at least {FEWEST_PEOPLE}")
    if seed < 0:
        raise ValueError(f"seed is {seed}; give 0 or more")
    if not 0.1 <= tightness <= 3:
        raise ValueError(f"tightness is {tightness}; give a number from 0.1 to 3, such as 0.87")
    if periods < FEWEST_PERIODS:
        raise ValueError(f"periods is {periods}; give at least {FEWEST_PERIODS}")
    if model not in CURRICULA:
        raise ValueError(f"model {model!r} is none of {', '.join(CURRICULA)}")
    if mentors < len(ROLE_SETS):
        raise ValueError(f"mentors is {mentors}; give at least {len(ROLE_SETS)}")
    if placements < len(CURRICULA[model]):
        raise ValueError(f"placements is {placements}; give at least {len(CURRICULA[model])}")


def _mentor_tables(
    streams: dict[str, np.random.Generator], people: People, helpers: Mentors
) -> dict[str, pd.DataFrame]:
    return {
        "mentors": mentors_table(streams["names"], helpers),
        "mentor_skills": mentor_skills_table(helpers.ids, helpers.levels),
        "pairs": pairs_table(streams["entries"], people, helpers),
    }


def _placement_tables(
    streams: dict[str, np.random.Generator], places: Placements, labels: list[str]
) -> dict[str, pd.DataFrame]:
    rng = streams["placements"]
    return {
        "placements": placements_table(rng, places, labels),
        "seats": seats_table(places, labels),
        "placement_skills": placement_skills_table(streams["skills"], places),
        "prerequisites": prerequisites_table(rng, places),
    }


def _entry_tables(
    rng: np.random.Generator,
    people: People,
    places: Placements,
    done: np.ndarray,
    labels: list[str],
    before: list[str],
) -> dict[str, pd.DataFrame]:
    absences = absences_table(rng, people, labels)
    present = (people.start == 0) & (people.end == len(labels) - 1)
    free = np.flatnonzero(present & ~np.isin(people.ids, absences["person"]))
    return {
        "absences": absences,
        "bookings": bookings_table(rng, places, people, free, done, labels, before),
    }


def _exceptions(
    rng: np.random.Generator, people: People, stages: tuple[StagePlan, ...], needs: np.ndarray
) -> tuple[pd.DataFrame, np.ndarray]:
    """Let one person in fifty need one rotation fewer, and as many have had their onboarding."""
    few = len(people) // 50
    who = rng.permutation(len(people))
    chosen = np.sort(who[:few])
    requirements = pd.DataFrame(
        {
            "participant": people.ids[chosen],
            "stage": "rotation",
            "min": needs[chosen] - 1,
            "max": "",
        }
    )
    introduced = any(plan.stage == "onboarding" for plan in stages)
    ready = np.flatnonzero(people.start == 0)
    return requirements, np.sort(rng.permutation(ready)[: few if introduced else 0])


def _demand(
    n_people: int, stages: tuple[StagePlan, ...], n_rotations: int, n_done: int
) -> dict[str, int]:
    """Count the placements needed per stage."""
    demand = {plan.stage: plan.count * n_people for plan in stages}
    demand["rotation"] = n_rotations
    if "onboarding" in demand:
        demand["onboarding"] -= n_done
    return demand


def _notes(command: str, tables: dict[str, pd.DataFrame], balances: tuple[Balance, ...]) -> str:
    """Write down how the scenario was made and how tight it is."""
    lines = ["# A synthetic scenario", "", "Made by", "", f"    {command}", ""]
    lines += ["| table | rows |", "|---|---|"]
    lines += [f"| {name} | {len(table)} |" for name, table in tables.items()]
    if balances:
        lines += [
            "",
            "| stage | needed | fit the seats | person-periods needed | offered | ratio |",
            "|---|---|---|---|---|---|",
        ]
        lines += [
            f"| {b.stage} | {b.demand} | {b.supply} | {b.demand_periods} | {b.supply_periods} "
            f"| {b.demand / b.supply:.3f} |"
            for b in balances
        ]
        lines += [
            "",
            "Person-periods needed are counted at the mean length of a stage's bookings.",
        ]
    return "\n".join(lines) + "\n"
