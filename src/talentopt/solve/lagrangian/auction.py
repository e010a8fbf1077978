"""From prices to a plan: people choose in turn while crowded seats become dearer.

Everybody starts with the best itinerary at the dual prices, which crowds some
seats. In every sweep some people choose again, knowing where everybody else
is: a full seat costs an extra that grows from sweep to sweep, and the prices
of seats follow what is crowded or empty. As people choose one after the other,
nothing swings from one extreme to the other as it does when all choose at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from talentopt.problem import Assignment, measure
from talentopt.solve.lagrangian.mentors import pair
from talentopt.solve.lagrangian.negotiate import town_of
from talentopt.solve.lagrangian.turns import Crew, in_crowds

if TYPE_CHECKING:
    from talentopt.problem import Itineraries
    from talentopt.solve.control import Control
    from talentopt.solve.lagrangian.dual import Dual
    from talentopt.solve.lagrangian.duals import Duals
    from talentopt.solve.lagrangian.negotiate import Town

LAST_EXTRA = 10.0
"""Points that a person too many costs in the last sweep."""

HIGHEST_EXTRA, HURRY = 4000.0, 1.2
"""Where more is wanted than there is, the extra grows on, by this factor a sweep, up to this."""

FEWEST = 30
"""Sweeps that an auction takes even where time is short."""

CROWDED_SHARE, SHARE = 0.5, 0.2
"""Part of those in crowds, and of the others, who choose again in one sweep."""


class Pace(NamedTuple):
    """How an auction goes.

    Attributes
    ----------
    first : float
        Points that a person too many costs in the first sweep.
    follow, relax : float
        Of what one too many costs, how much the price of a seat rises for each of them, and falls
        when one is free.
    """

    first: float
    follow: float
    relax: float


PACES = Pace(0.5, 0.05, 0.05), Pace(1.0, 0.1, 0.15)
"""The calm one is better where most are placed, the other one often where seats are scarce."""


def auction(
    dual: Dual,
    duals: Duals,
    worth: np.ndarray,
    begin: tuple[np.ndarray, np.ndarray],
    pace: Pace,
    crew: Crew,
    control: Control,
    rng: np.random.Generator,
    sweeps: int,
    seconds: float,
    *,
    quickly: bool = False,
) -> Assignment:
    """Find a plan near some prices.

    Parameters
    ----------
    dual, duals
    worth : (n_options,) int32
        What options are worth at these prices.
    begin : (n_people, longest) int32, twice
        Options and starts of the itineraries to begin with.
    pace : Pace
    crew : Crew
    control : Control
        Asked after every sweep whether to stop.
    rng : numpy Generator
        Of the order in which people choose.
    sweeps : int
        Most of them.
    seconds : float
        Time to keep to, by making fewer sweeps.
    quickly : bool
        Whether a matching of mentors near the best will do.

    Returns
    -------
    Assignment
        Not offered.
    """
    town = town_of(dual, duals, begin[0].copy(), begin[1].copy())
    everybody = np.arange(dual.problem.itineraries.n_people)
    compete(dual, town, worth, everybody, pace, sweeps, crew, control, rng, seconds)
    return assignment(dual, duals, town, quickly=quickly)


def compete(
    dual: Dual,
    town: Town,
    worth: np.ndarray,
    people: np.ndarray,
    pace: Pace,
    sweeps: int,
    crew: Crew,
    control: Control,
    rng: np.random.Generator,
    seconds: float = np.inf,
) -> None:
    """Let some people choose in turn until no seat is crowded; who remains in a crowd waits.

    Parameters
    ----------
    dual : Dual
    town : Town
        Changed in place.
    worth : (n_options,) int32
    people : (n,) int64
    pace : Pace
    sweeps : int
        Most of them.
    crew : Crew
    control : Control
        Asked after every sweep whether to stop.
    rng : numpy Generator
    seconds : float
        Time to keep to, by making fewer sweeps.
    """
    scale, first = dual.pricing.scale, pace.first
    begun, progress, extra = control.seconds, 0.0, first * scale
    while extra <= HIGHEST_EXTRA * scale and not control.finished():
        draw = rng.random(len(people))
        crowded = in_crowds(crew.layout, town)[people]
        chosen = people[draw < np.where(crowded, CROWDED_SHARE, SHARE)]
        if crew.sweep(rng.permutation(chosen), round(extra), worth, town) == 0:
            break
        _follow(town, extra, pace)
        progress += 1 / sweeps
        if not control.limits.reproducible:
            used = (control.seconds - begun) / max(seconds, 1e-9)
            progress = max(progress, min(used, progress + 1 / FEWEST - 1 / sweeps))
        extra = max(first * (LAST_EXTRA / first) ** min(progress, 1.0) * scale, extra)
        if progress > 1.0:
            extra *= HURRY
    seat(dual, town, worth, _clear(dual, town), crew)


def seat(dual: Dual, town: Town, worth: np.ndarray, people: np.ndarray, crew: Crew) -> None:
    """Plan people who have no itinerary among the seats that are left, in this order."""
    itineraries = dual.problem.itineraries
    forced = np.isin(people, itineraries.option_person()[itineraries.fixed_options])
    order = np.concatenate([people[forced], people[~forced]])
    crew.insert(order, worth, town)


def assignment(dual: Dual, duals: Duals, town: Town, *, quickly: bool = False) -> Assignment:
    """Pair everybody, nearly or exactly to the best, for the itineraries of a town."""
    booked = town.option >= 0
    arcs = pair(dual, duals, town.option[booked], quickly=quickly)
    return Assignment.of(arcs, town.option[booked], town.start[booked])


def by_person(
    itineraries: Itineraries, plan: Assignment, longest: int
) -> tuple[np.ndarray, np.ndarray]:
    """Lay a plan out as options and starts, (n_people, longest) int32, by start; -1 = none."""
    shape = (itineraries.n_people, longest)
    option, start = np.full(shape, -1, np.int32), np.full(shape, -1, np.int32)
    order = np.lexsort((plan.starts, measure.person_of(itineraries, plan.options)))
    person = measure.person_of(itineraries, plan.options)[order]
    place = np.arange(len(person)) - np.searchsorted(person, person)
    option[person, place], start[person, place] = plan.options[order], plan.starts[order]
    return option, start


def _follow(town: Town, extra: float, pace: Pace) -> None:
    """Let the prices of seats follow what is crowded or empty."""
    over = town.used - town.seats
    change = np.where(over > 0, pace.follow * over, np.where(over < 0, -pace.relax, 0.0)) * extra
    town.toll[:] = np.maximum(town.toll + change.astype(np.int64), 0)


def _clear(dual: Dual, town: Town) -> np.ndarray:
    """Take itineraries back until no seat is crowded; return whose."""
    itineraries = dual.problem.itineraries
    cleared = []
    duration = itineraries.placement_duration
    forced = np.zeros(itineraries.n_people, dtype=bool)
    forced[itineraries.option_person()[itineraries.fixed_options]] = True
    for person in np.lexsort((np.arange(len(forced)), forced)):
        held = town.option[person] >= 0
        placement = itineraries.option_placement[town.option[person, held]]
        spans = [
            (k, slice(int(start), int(start) + int(duration[k])))
            for k, start in zip(placement, town.start[person, held], strict=True)
        ]
        if not any((town.used[k, span] > town.seats[k, span]).any() for k, span in spans):
            continue
        for k, span in spans:
            town.used[k, span] -= 1
        town.option[person], town.start[person] = -1, -1
        cleared.append(person)
    return np.asarray(cleared, dtype=np.int64)
