"""Compiled: one person takes a better itinerary, and whoever is in the way finds another.

Seats that are full cost what the dual prices say; a seat that is claimed by
too many becomes dearer until somebody leaves it for something else, as
wires are routed on a chip (McMurchie and Ebeling, PathFinder, 1995). A chain
of such moves is kept when it gains and undone otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from talentopt.problem import measure
from talentopt.solve.compiled import compiled
from talentopt.solve.lagrangian.kernels import best_itinerary
from talentopt.solve.lagrangian.layout import CLOSED
from talentopt.solve.lagrangian.states import allocate

if TYPE_CHECKING:
    from talentopt.solve.lagrangian.dual import Dual
    from talentopt.solve.lagrangian.duals import Duals
    from talentopt.solve.lagrangian.layout import Layout, Work

FULL_TOLL = 256
"""Tolls are charged in parts of this."""

FULL_ONLY, CLOSED_FULL, CROWDED = 0, 1, 2
"""How seats are charged, see `reprice`."""

ATTEMPTS = 7
"""Recursions on one itinerary."""


class Town(NamedTuple):
    """A plan of everybody's itineraries, and the seats they use; prices in whole units.

    Attributes
    ----------
    option, start : (n_people, longest) int32
        Itineraries by start; -1 where they are shorter.
    old_option, old_start : (n_people, longest) int32
        What those who changed had before.
    changed : (n_people + 1,) int64
        How many have changed, then who.
    moved : (n_people,) bool
        Who is among them.
    seats, floor : (n_placements, n_periods) int64
    used : (n_placements, n_periods) int64
    toll : (n_placements, n_periods) int64
        Dual price of each seat.
    claim : (n_placements, n_periods) int64
        What is asked on top for seats that too many claim.
    extra : (2,) int64
        What every full seat costs on top, and how seats are charged, see `reprice`.
    charge : (n_placements * n_starts,) int32
        What the next person would pay by start, see `Layout`.
    summed : (n_periods + 1,) int64
        Scratch memory.
    disputed : (n,) int64
        How many places and periods were claimed by too many, then which.
    under : int
        Price of a seat under the floor.
    stage, duration : (n_placements,) int32
    """

    option: np.ndarray
    start: np.ndarray
    old_option: np.ndarray
    old_start: np.ndarray
    changed: np.ndarray
    moved: np.ndarray
    seats: np.ndarray
    floor: np.ndarray
    used: np.ndarray
    toll: np.ndarray
    claim: np.ndarray
    extra: np.ndarray
    charge: np.ndarray
    summed: np.ndarray
    disputed: np.ndarray
    under: int
    stage: np.ndarray
    duration: np.ndarray


def town_of(dual: Dual, duals: Duals, option: np.ndarray, start: np.ndarray) -> Town:
    """Prepare itineraries, whose rows are by start, for negotiation."""
    itineraries, pricing = dual.problem.itineraries, dual.pricing
    booked = option >= 0
    under = min(itineraries.understaffed_price, pricing.price_cap)
    return Town(
        option,
        start,
        option.copy(),
        start.copy(),
        np.zeros(itineraries.n_people + 1, np.int64),
        np.zeros(itineraries.n_people, np.bool_),
        itineraries.seats.astype(np.int64),
        itineraries.min_seats.astype(np.int64),
        np.ascontiguousarray(measure.seats_used(itineraries, option[booked], start[booked])),
        pricing.price_units(duals.seats),
        np.zeros(itineraries.seats.shape, np.int64),
        np.zeros(2, np.int64),
        np.full(itineraries.n_placements * pricing.layout.n_starts, CLOSED, np.int32),
        np.zeros(itineraries.n_periods + 1, np.int64),
        np.zeros(itineraries.seats.size + 1, np.int64),
        round(under * pricing.scale),
        itineraries.placement_stage,
        itineraries.placement_duration,
    )


@compiled
def reprice(placement: int, share: int, town: Town) -> None:
    """Find what one more person would pay at a placement.

    `FULL_ONLY`: full seats cost `share` of `FULL_TOLL` of their tolls, claims and extras, others
    nothing. `CLOSED_FULL`: others cost their tolls. `CROWDED`: all cost their tolls, full
    seats an extra for each person too many.
    """
    how, n_periods = town.extra[1], town.used.shape[1]
    town.summed[0] = 0
    for t in range(n_periods):
        over = town.used[placement, t] + 1 - town.seats[placement, t]
        toll = max(0, town.toll[placement, t])
        cost = town.claim[placement, t]
        if town.seats[placement, t] == 0 or (over > 0 and how == CLOSED_FULL):
            cost = CLOSED
        elif over > 0 and how == CROWDED:
            cost += toll + over * town.extra[0]
        elif over > 0:
            cost += toll * share // FULL_TOLL + town.extra[0]
        elif town.used[placement, t] < town.floor[placement, t]:
            cost -= town.under
        elif how != FULL_ONLY:
            cost += toll
        town.summed[t + 1] = town.summed[t] + cost
    duration = town.duration[placement]
    row = placement * (len(town.charge) // len(town.seats))
    for t in range(n_periods + 1 - duration):
        town.charge[row + t] = min(CLOSED, town.summed[t + duration] - town.summed[t])


@compiled
def _count(person: int, by: int, share: int, layout: Layout, town: Town) -> int:
    """Take (1) or give back (-1) the seats of a person; return seats under floors that ends."""
    filled = 0
    for i in range(town.option.shape[1]):
        option = town.option[person, i]
        if option < 0:
            break
        k = layout.option_placement[option]
        first = town.start[person, i]
        for t in range(first, first + layout.placement_duration[k]):
            if by > 0 and town.used[k, t] < town.floor[k, t]:
                filled += 1
            if by < 0 and town.used[k, t] <= town.floor[k, t]:
                filled -= 1
            town.used[k, t] += by
        reprice(k, share, town)
    return filled


@compiled
def _worth(
    person: int,
    options: np.ndarray,
    starts: np.ndarray,
    layout: Layout,
    worth: np.ndarray,
    town: Town,
) -> int:
    """Points of one itinerary of a person, ``options`` (longest,) by ``starts``."""
    total, end, busy = 0, 0, 0
    place = layout.home[person]
    blank = layout.n_places - 1 if layout.has_blank else layout.n_places
    held = np.zeros(layout.stage_min.shape[1], np.int64)
    idle_from = layout.idle_from[person]
    for i in range(len(options)):
        option, start = options[i], starts[i]
        if option < 0:
            break
        k = layout.option_placement[option]
        total += worth[option]
        if layout.option_fixed[option]:
            total += layout.fixed_bonus
        if layout.kept_start[option] == start:
            total += layout.kept_points[option]
        there = layout.placement_place[k]
        if place >= 0 and place != there and max(place, there) != blank:
            total -= layout.move_price[person]
        place = there
        end = start + layout.placement_duration[k]
        busy += max(0, end - max(start, idle_from))
        held[town.stage[k]] += 1
    for stage in range(len(held)):
        short = max(0, layout.stage_min[person, stage] - held[stage])
        total -= short * layout.stage_missing[person, stage]
    if end > 0:
        total -= max(0, end - idle_from - busy) * layout.idle_price[person]
    return total


@compiled
def reroute(
    person: int,
    share: int,
    layout: Layout,
    worth: np.ndarray,
    town: Town,
    work: Work,
    path: np.ndarray,
) -> int:
    """Give a person the best itinerary at the present costs; return the change under floors."""
    if not town.moved[person]:
        town.moved[person] = True
        town.changed[0] += 1
        town.changed[town.changed[0]] = person
        town.old_option[person] = town.option[person]
        town.old_start[person] = town.start[person]
    filled = _count(person, -1, share, layout, town)
    _, count, _ = best_itinerary(person, layout, worth, town.charge, work, ATTEMPTS, path)
    town.option[person] = -1
    town.start[person] = -1
    for i in range(count):
        town.option[person, i] = path[i, 0]
        town.start[person, i] = path[i, 1]
    return filled + _count(person, 1, share, layout, town)


@compiled
def _dispute(person: int, layout: Layout, town: Town) -> None:
    """List the places and periods of a person's itinerary that too many claim."""
    n_periods = town.used.shape[1]
    for i in range(town.option.shape[1]):
        option = town.option[person, i]
        if option < 0:
            break
        k = layout.option_placement[option]
        first = town.start[person, i]
        for t in range(first, first + layout.placement_duration[k]):
            count = town.disputed[0]
            if town.used[k, t] > town.seats[k, t] and count + 1 < len(town.disputed):
                town.disputed[count + 1] = k * n_periods + t
                town.disputed[0] = count + 1


@compiled
def _holds(person: int, placement: int, t: int, layout: Layout, town: Town) -> bool:
    """Whether a person is at a placement in a period."""
    for i in range(town.option.shape[1]):
        option = town.option[person, i]
        if option < 0:
            return False
        if layout.option_placement[option] == placement:
            first = town.start[person, i]
            return bool(first <= t < first + layout.placement_duration[placement])
    return False


@compiled
def _settle_disputes(
    share: int,
    rise: int,
    longest: int,
    layout: Layout,
    worth: np.ndarray,
    town: Town,
    work: Work,
    path: np.ndarray,
) -> tuple[bool, int]:
    """Make disputed seats dearer until nobody claims too many.

    Returns
    -------
    settled : bool
        False when `longest` reroutes did not suffice.
    filled : int
        Change of seats filled under floors.
    """
    n_people, n_periods = len(town.option), town.used.shape[1]
    filled, moves, done = 0, 0, 0
    while done < town.disputed[0]:
        done += 1
        cell = town.disputed[done]
        k, t = cell // n_periods, cell % n_periods
        if town.used[k, t] <= town.seats[k, t]:
            continue
        town.claim[k, t] += rise * done
        town.extra[0] += rise
        for placement in range(len(town.seats)):
            reprice(placement, share, town)
        # A different first one each time, without a random number.
        first = (cell + 1) * done * 7919 % n_people
        for i in range(n_people):
            person = (first + i) % n_people
            if not _holds(person, k, t, layout, town):
                continue
            filled += reroute(person, share, layout, worth, town, work, path)
            moves += 1
            _dispute(person, layout, town)
            if town.used[k, t] <= town.seats[k, t]:
                break
            if moves > longest:
                return False, filled
        if town.disputed[0] + 1 >= len(town.disputed):
            return False, filled
    return True, filled


@compiled
def _undo(share: int, layout: Layout, town: Town) -> None:
    """Give everybody who changed the old itinerary."""
    for i in range(1, town.changed[0] + 1):
        _count(town.changed[i], -1, share, layout, town)
    for i in range(1, town.changed[0] + 1):
        person = town.changed[i]
        town.option[person] = town.old_option[person]
        town.start[person] = town.old_start[person]
        _count(person, 1, share, layout, town)


@compiled
def _gain(filled: int, layout: Layout, worth: np.ndarray, town: Town) -> int:
    """Points gained by those who changed."""
    gain = filled * town.under
    for i in range(1, town.changed[0] + 1):
        person = town.changed[i]
        now, start = town.option[person], town.start[person]
        old, old_start = town.old_option[person], town.old_start[person]
        gain += _worth(person, now, start, layout, worth, town)
        gain -= _worth(person, old, old_start, layout, worth, town)
    return gain


@compiled
def forget_changes(town: Town) -> None:
    """Begin a new list of changes and disputes."""
    n_periods = town.used.shape[1]
    for i in range(1, town.changed[0] + 1):
        town.moved[town.changed[i]] = False
    for i in range(1, town.disputed[0] + 1):
        town.claim[town.disputed[i] // n_periods, town.disputed[i] % n_periods] = 0
    town.changed[0] = 0
    town.disputed[0] = 0


@compiled
def negotiate(
    kicks: np.ndarray,
    shares: np.ndarray,
    rise: int,
    longest: int,
    layout: Layout,
    worth: np.ndarray,
    town: Town,
) -> int:
    """Let some people choose again, one after the other.

    Parameters
    ----------
    kicks : (n,) int64
        Who chooses.
    shares : (n,) int64
        Parts of `FULL_TOLL` of the tolls that full seats cost.
    rise : int
        How much dearer a disputed seat becomes at a time.
    longest : int
        Most reroutes after one choice.
    layout : Layout
    worth : (n_options,) int32
    town : Town
        Changed in place; never for the worse.

    Returns
    -------
    int
        Whole units gained.
    """
    work = allocate(layout)
    path = np.empty((town.option.shape[1], 2), np.int64)
    total = 0
    for kick in range(len(kicks)):
        share = shares[kick]
        town.extra[0] = 0
        for k in range(len(town.seats)):
            reprice(k, share, town)
        filled = reroute(kicks[kick], share, layout, worth, town, work, path)
        _dispute(kicks[kick], layout, town)
        settled, more = _settle_disputes(share, rise, longest, layout, worth, town, work, path)
        gain = _gain(filled + more, layout, worth, town) if settled else -1
        if gain >= 0:
            total += gain
        else:
            _undo(share, layout, town)
        forget_changes(town)
    return total
