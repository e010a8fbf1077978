"""What somebody asks about: a pair or a booking, by the scenario's ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talentopt.compile.matchings import find_arcs
from talentopt.read.errors import nearest

if TYPE_CHECKING:
    from talentopt.insight.standing import Standing


class Unknown(ValueError):
    """A person or option that the scenario has not."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One pair or booking.

    Attributes
    ----------
    person : int
    matching : int
        -1 for a booking.
    target : int
        Provider of a pair, placement of a booking.
    start : int
        Period of a booking; -1 = any.
    number : int
        Arc or option; -1 = ineligible.
    kind, name : str
        Matching or stage, and id, as the scenario writes them.
    """

    person: int
    matching: int
    target: int
    start: int
    number: int
    kind: str
    name: str


def find_person(standing: Standing, person_id: str) -> int:
    """Find a participant.

    Raises
    ------
    Unknown
    """
    people = standing.index.people
    if person_id not in people:
        raise Unknown(_unknown(person_id, "participant", people))
    return people.index(person_id)


def find_wanted(standing: Standing, person: int, option: str) -> list[Wanted]:
    """Find what an option means: a placement, or a provider in every role it may have.

    Parameters
    ----------
    standing : Standing
    person : int
    option : str
        ``PLACEMENT``, ``PLACEMENT@START``, ``PROVIDER`` or ``MATCHING/PROVIDER``.

    Raises
    ------
    Unknown
        If it is nothing of that.
    """
    found = [*_bookings(standing, person, option), *_pairs(standing, person, option)]
    if not found:
        known = (*standing.index.placements, *(str(name) for name in standing.names.providers))
        raise Unknown(_unknown(option, "placement or provider", known))
    return found


def _unknown(name: str, what: str, known: tuple[str, ...]) -> str:
    near = nearest(name, known)
    return f"there is no {what} {name!r}" + (f"; did you mean {near!r}?" if near else "")


def _bookings(standing: Standing, person: int, option: str) -> list[Wanted]:
    index, itineraries = standing.index, standing.problem.itineraries
    start = -1
    place = option
    if option not in index.placements and "@" in option:
        place, _, label = option.rpartition("@")
        try:
            start = standing.scenario.calendar.index(label)
        except ValueError as error:
            raise Unknown(f"{label!r} is no period of the calendar") from error
    if place not in index.placements:
        return []
    placement = index.placements.index(place)
    number = find_arcs(
        itineraries.option_ptr,
        itineraries.option_placement,
        np.array([person]),
        np.array([placement]),
    )[0]
    if number >= 0 and start >= 0:
        allowed = itineraries.may_start(np.array([number]), np.array([start]))[0]
        number = number if allowed else -1
    stage = index.stages[itineraries.placement_stage[placement]]
    return [Wanted(person, -1, placement, start, int(number), stage, place)]


def _pairs(standing: Standing, person: int, option: str) -> list[Wanted]:
    index, matchings = standing.index, standing.problem.matchings
    found = []
    for matching, name in enumerate(index.matchings):
        model = standing.scenario.model.matchings[name]
        wanted = option.removeprefix(f"{name}/")
        if model.seekers != "participants":
            continue
        for identity in dict.fromkeys((option, wanted)):
            if (model.providers, identity) not in index.providers:
                continue
            provider = index.providers.index((model.providers, identity))
            demand = np.flatnonzero(
                (matchings.demand_matching == matching) & (matchings.demand_person == person)
            )
            arc = find_arcs(
                matchings.arc_ptr, matchings.arc_provider, demand, np.array([provider])
            )[0]
            found.append(Wanted(person, matching, provider, -1, int(arc), name, identity))
    return found
