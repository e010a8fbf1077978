"""The parts of a problem, each reduced to chosen people, demands, arcs and options."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from talentopt.problem import Assignment, Events, Itineraries, Links, Matchings, Rows, measure
from talentopt.problem.starts import free_runs, only, pack

if TYPE_CHECKING:
    from talentopt.problem import Problem


@dataclass(frozen=True, slots=True)
class Choice:
    """What a part knows of the whole; all numbers are the whole's, ascending.

    Attributes
    ----------
    has_person : (n_people,) bool
    has_demand : (n_demands,) bool
    people, demands, arcs, options : (n,) int64
    demand_of_arc : (n_arcs,) int64
    person_of_option : (n_options,) int32
    bound_arcs : (n,) int64
        Arcs that are known but not free: they stay chosen.
    bound_options, bound_starts : (n,) int64 and int32
        Bookings that are known but not free.
    """

    has_person: np.ndarray
    has_demand: np.ndarray
    people: np.ndarray
    demands: np.ndarray
    arcs: np.ndarray
    options: np.ndarray
    demand_of_arc: np.ndarray
    person_of_option: np.ndarray
    bound_arcs: np.ndarray
    bound_options: np.ndarray
    bound_starts: np.ndarray


def cut_matchings(matchings: Matchings, choice: Choice, staying: np.ndarray) -> Matchings:
    """Keep the chosen demands and arcs; arcs that stay use up capacity."""
    loads = measure.provider_loads(matchings, staying)
    person = matchings.demand_person[choice.demands]
    new_person = np.full(len(choice.has_person) + 1, -1)
    new_person[choice.people] = np.arange(len(choice.people))
    demand = np.searchsorted(choice.demands, choice.demand_of_arc[choice.arcs])
    fixed = np.union1d(
        _positions(choice.arcs, matchings.fixed_arcs),
        np.searchsorted(choice.arcs, choice.bound_arcs),
    )
    kept = np.isin(matchings.kept_arcs, choice.arcs)
    arc_load = matchings.arc_load[choice.arcs]
    if matchings.unit_loads:
        arc_load = np.broadcast_to(np.ones(1), (len(choice.arcs),))
    return replace(
        matchings,
        demand_matching=matchings.demand_matching[choice.demands],
        demand_seeker=matchings.demand_seeker[choice.demands],
        demand_person=np.where(person >= 0, new_person[person], -1).astype(np.int32),
        demand_need=matchings.demand_need[choice.demands],
        demand_missing=matchings.demand_missing[choice.demands],
        arc_ptr=np.searchsorted(demand, np.arange(len(choice.demands) + 1)).astype(np.int64),
        arc_provider=matchings.arc_provider[choice.arcs],
        arc_points=matchings.arc_points[choice.arcs],
        arc_load=arc_load,
        fixed_arcs=fixed.astype(np.int64),
        kept_arcs=np.searchsorted(choice.arcs, matchings.kept_arcs[kept]).astype(np.int64),
        kept_arc_points=matchings.kept_arc_points[kept],
        capacity=np.maximum(matchings.capacity - loads.sum(axis=0), 0.0),
        role_capacity=np.maximum(matchings.role_capacity - loads, 0.0),
    )


def cut_itineraries(itineraries: Itineraries, choice: Choice, rest: Assignment) -> Itineraries:
    """Keep the chosen people and options; bookings that stay take seats."""
    people, options = choice.people, choice.options
    used = measure.seats_used(itineraries, rest.options, rest.starts)
    seats = np.maximum(itineraries.seats - used, 0)
    needed = np.maximum(itineraries.min_seats - used, 0)
    reached = np.zeros(itineraries.n_placements, dtype=bool)
    reached[itineraries.option_placement[options]] = True
    # Where nobody of the part can come, staffing is the same in every answer.
    needed[~reached] = 0
    owner = choice.person_of_option[options]
    fixed = np.union1d(
        _positions(options, itineraries.fixed_options),
        np.searchsorted(options, choice.bound_options),
    )
    kept = np.isin(itineraries.kept_options, options)
    return replace(
        itineraries,
        n_people=len(people),
        stage_min=itineraries.stage_min[people],
        stage_max=itineraries.stage_max[people],
        stage_missing=itineraries.stage_missing[people],
        idle_price=itineraries.idle_price[people],
        idle_from=itineraries.idle_from[people],
        move_price=itineraries.move_price[people],
        home=itineraries.home[people],
        seats=seats.astype(np.int32),
        min_seats=needed.astype(np.int32),
        option_ptr=np.searchsorted(
            np.searchsorted(people, owner), np.arange(len(people) + 1)
        ).astype(np.int64),
        option_placement=itineraries.option_placement[options],
        option_points=itineraries.option_points[options],
        option_starts=_starts(itineraries, choice, seats),
        fixed_options=fixed.astype(np.int64),
        kept_options=np.searchsorted(options, itineraries.kept_options[kept]).astype(np.int64),
        kept_starts=itineraries.kept_starts[kept],
        kept_booking_points=itineraries.kept_booking_points[kept],
        limit_left=itineraries.limit_left[:, people],
        clause_done=itineraries.clause_done[people],
        hours_min=itineraries.hours_min[people],
        hours_missing=itineraries.hours_missing[people],
    )


def _starts(itineraries: Itineraries, choice: Choice, seats: np.ndarray) -> np.ndarray:
    """(n_options, n_words) uint64: starts that the remaining seats allow."""
    free = np.zeros(seats.shape, dtype=bool)
    for duration in np.unique(itineraries.placement_duration):
        alike = itineraries.placement_duration == duration
        free[alike] = free_runs(seats[alike] > 0, int(duration))
    masks = itineraries.option_starts[choice.options]
    masks = masks & pack(free)[itineraries.option_placement[choice.options]]
    for option, start in zip(choice.bound_options, choice.bound_starts, strict=True):
        masks[np.searchsorted(choice.options, option)] = only(int(start), masks.shape[1])
    return np.asarray(masks)


def cut_events(events: Events, choice: Choice) -> tuple[Events, np.ndarray]:
    """Keep the chosen people's events.

    Returns
    -------
    events : Events
    numbers : (n,) int64
        Event of the whole behind each.
    """
    numbers = np.flatnonzero(choice.has_person[events.person])
    owner = np.repeat(np.arange(len(events)), np.diff(events.ptr))
    mine = np.isin(owner, numbers) & np.isin(events.options, choice.options)
    return Events(
        np.searchsorted(choice.people, events.person[numbers]).astype(np.int32),
        np.searchsorted(np.searchsorted(numbers, owner[mine]), np.arange(len(numbers) + 1)).astype(
            np.int64
        ),
        np.searchsorted(choice.options, events.options[mine]).astype(np.int64),
        events.latest_start[mine],
    ), numbers


def cut_rows(problem: Problem, choice: Choice, events: np.ndarray, rest: Assignment) -> Rows:
    """Keep the chosen columns; what stays is already counted in the bounds."""
    rows = problem.rows
    n_arcs, n_options = problem.matchings.n_arcs, problem.itineraries.n_options
    columns = np.concatenate([choice.arcs, n_arcs + choice.options, n_arcs + n_options + events])
    activity = measure.row_activity(problem, rest) if len(rows) else np.zeros(0)
    return Rows(
        csr_array(rows.matrix[:, columns]) if len(rows) else csr_array((0, len(columns))),
        rows.lower - activity,
        rows.upper - activity,
        rows.price,
    )


def cut_links(links: Links, choice: Choice) -> Links:
    """Keep the chosen people's links."""
    return replace(links, points=links.points[:, choice.people])


def _positions(numbers: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Positions in an ascending array of those wanted numbers that are in it."""
    return np.searchsorted(numbers, wanted[np.isin(wanted, numbers)])
