"""What an assignment does: loads, shortages, idle periods, moves, links.

Vectorised over the whole assignment. `evaluate` prices these measures and
checks them against the limits; `plan` turns them into tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.problem.itineraries import Itineraries
    from talentopt.problem.matchings import Matchings
    from talentopt.problem.problem import Assignment, Problem


def demand_of(matchings: Matchings, arcs: np.ndarray) -> np.ndarray:
    """(n,) int64: the demand of each arc."""
    return np.searchsorted(matchings.arc_ptr, arcs, side="right") - 1


def person_of(itineraries: Itineraries, options: np.ndarray) -> np.ndarray:
    """(n,) int64: the person of each option."""
    return np.searchsorted(itineraries.option_ptr, options, side="right") - 1


def providers_missing(matchings: Matchings, arcs: np.ndarray) -> np.ndarray:
    """(n_demands,) int64: providers short of the need; negative where there are too many."""
    held = np.bincount(demand_of(matchings, arcs), minlength=matchings.n_demands)
    return np.asarray(matchings.demand_need - held)


def provider_loads(matchings: Matchings, arcs: np.ndarray) -> np.ndarray:
    """(n_matchings, n_providers) float64: load of each provider in each matching."""
    loads = np.zeros((matchings.n_matchings, matchings.n_providers))
    role = matchings.demand_matching[demand_of(matchings, arcs)]
    np.add.at(loads, (role, matchings.arc_provider[arcs]), matchings.arc_load[arcs])
    return loads


def placements_held(itineraries: Itineraries, options: np.ndarray) -> np.ndarray:
    """(n_people, n_stages) int64: bookings of each person in each stage."""
    held = np.zeros((itineraries.n_people, itineraries.n_stages), dtype=np.int64)
    stage = itineraries.placement_stage[itineraries.option_placement[options]]
    np.add.at(held, (person_of(itineraries, options), stage), 1)
    return held


def hours_missing(itineraries: Itineraries, options: np.ndarray) -> np.ndarray:
    """(n_people, n_hours) float64: hours short of each requirement, at least 0."""
    placement = itineraries.option_placement[options]
    requirement = itineraries.placement_hours_of[placement]
    counted = requirement >= 0
    held = np.zeros(itineraries.hours_min.shape)
    person = person_of(itineraries, options)
    np.add.at(
        held,
        (person[counted], requirement[counted]),
        itineraries.placement_hours[placement[counted]],
    )
    return np.maximum(itineraries.hours_min - held, 0.0)


def seats_used(itineraries: Itineraries, options: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """(n_placements, n_periods) int64: people at each placement in each period."""
    placement = itineraries.option_placement[options]
    ends = starts + itineraries.placement_duration[placement]
    change = np.zeros((itineraries.n_placements, itineraries.n_periods + 1), dtype=np.int64)
    np.add.at(change, (placement, np.clip(starts, 0, itineraries.n_periods)), 1)
    np.add.at(change, (placement, np.clip(ends, 0, itineraries.n_periods)), -1)
    return np.asarray(np.cumsum(change, axis=1)[:, :-1])


def seats_empty(itineraries: Itineraries, used: np.ndarray) -> np.ndarray:
    """(n_placements, n_periods) int64: seats under the minimum, at least 0."""
    return np.asarray(np.maximum(itineraries.min_seats - used, 0))


class Exclusive:
    """The exclusive bookings of an assignment, by person and then by start.

    Attributes
    ----------
    person, placement, start, end : (n,) int64
        `end` is the first period after the booking.
    first : (n,) bool
        The person's first exclusive booking.
    """

    def __init__(self, itineraries: Itineraries, options: np.ndarray, starts: np.ndarray) -> None:
        """Sort the exclusive bookings."""
        placement = itineraries.option_placement[options].astype(np.int64)
        exclusive = itineraries.placement_exclusive[placement]
        placement, start = placement[exclusive], starts[exclusive].astype(np.int64)
        person = person_of(itineraries, options[exclusive])
        order = np.lexsort((start, person))
        self.person, self.placement, self.start = person[order], placement[order], start[order]
        self.end = self.start + itineraries.placement_duration[self.placement]
        self.first = np.ones(len(order), dtype=bool)
        self.first[1:] = self.person[1:] != self.person[:-1]


def idle_periods(itineraries: Itineraries, exclusive: Exclusive) -> np.ndarray:
    """(n_people,) int64: idle periods up to the end of the last exclusive booking."""
    last = np.zeros(itineraries.n_people, dtype=np.int64)
    np.maximum.at(last, exclusive.person, exclusive.end)
    busy = np.zeros(itineraries.n_people, dtype=np.int64)
    counted = exclusive.end - np.maximum(exclusive.start, itineraries.idle_from[exclusive.person])
    np.add.at(busy, exclusive.person, np.maximum(counted, 0))
    return np.asarray(np.maximum(last - itineraries.idle_from - busy, 0) * (last > 0))


def moved(itineraries: Itineraries, exclusive: Exclusive) -> np.ndarray:
    """(n,) bool: whether each exclusive booking begins with a change of place."""
    place = itineraries.placement_place[exclusive.placement]
    before = np.empty_like(place)
    before[1:] = place[:-1]
    before[exclusive.first] = itineraries.home[exclusive.person[exclusive.first]]
    return np.asarray((place >= 0) & (before >= 0) & (place != before))


def events_met(problem: Problem, assignment: Assignment) -> np.ndarray:
    """(n_events,) bool: events that happen."""
    events = problem.events
    if len(events) == 0:
        return np.zeros(0, dtype=bool)
    start_of = np.full(problem.itineraries.n_options, np.iinfo(np.int32).max, dtype=np.int32)
    start_of[assignment.options] = assignment.starts
    hits = start_of[events.options] <= events.latest_start
    counted = np.concatenate([[0], np.cumsum(hits)])
    return np.asarray(counted[events.ptr[1:]] > counted[events.ptr[:-1]])


def columns_chosen(problem: Problem, assignment: Assignment) -> np.ndarray:
    """(n_arcs + n_options + n_events,) float64: 1 for each column of rows that is chosen."""
    n_arcs, n_options = problem.matchings.n_arcs, problem.itineraries.n_options
    values = np.zeros(n_arcs + n_options + len(problem.events))
    values[assignment.arcs] = 1.0
    values[n_arcs + assignment.options] = 1.0
    values[n_arcs + n_options :] = events_met(problem, assignment)
    return values


def row_activity(problem: Problem, assignment: Assignment) -> np.ndarray:
    """(n_rows,) float64: matrix @ (arcs, options, events)."""
    return np.asarray(problem.rows.matrix @ columns_chosen(problem, assignment))


def links_met(problem: Problem, assignment: Assignment) -> np.ndarray:
    """(n_links, n_people) bool: links that pay."""
    links, matchings = problem.links, problem.matchings
    itineraries = problem.itineraries
    met = np.zeros((len(links), itineraries.n_people), dtype=bool)
    demand = demand_of(matchings, assignment.arcs)
    seeker, role = matchings.demand_person[demand], matchings.demand_matching[demand]
    person = person_of(itineraries, assignment.options)
    placement = itineraries.option_placement[assignment.options]
    for link in range(len(links)):
        mine = (role == links.matching[link]) & (seeker >= 0)
        offered = links.provider_value[link, matchings.arc_provider[assignment.arcs[mine]]]
        visited = links.placement_value[link, placement]
        pairs = _keys(seeker[mine], offered)
        bookings = _keys(person, visited)
        both = np.intersect1d(pairs, bookings)
        met[link, both >> 32] = True
    return met


def _keys(person: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Pack (person, value) of the filled values into one integer each."""
    filled = value >= 0
    return (person[filled].astype(np.int64) << 32) | value[filled].astype(np.int64)
