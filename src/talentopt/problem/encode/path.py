"""The sequence of exclusive placements: one at a time, in order, with idle and moves.

Each person's sequence is a path through a network over time. A path is *free*
at (level, place, period): the stage it has reached, the place of the last
placement and the period. From there it waits a period (idle points), rises to the
next stage, or departs into a booking, through a *hub* of its level and period when
that changes place (move points). A booking leads to the period after its end, and
the path may end anywhere. Given the bookings, the rest is a flow of one unit
and needs no whole numbers; its linear relaxation prices idle periods, moves and
the order of stages as well as an itinerary's dynamic programme would.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem.encode.columns import expand

if TYPE_CHECKING:
    from talentopt.problem.encode.columns import Decisions
    from talentopt.problem.encode.linear import Builder
    from talentopt.problem.problem import Assignment, Problem

FREE, HUB, DEPART = 0, 1, 2
NOWHERE = 0
"""Place code of blank places and of people whose moves cost nothing."""


@dataclass(frozen=True, slots=True)
class Network:
    """Codes of the exclusive starts and where free paths can be.

    Attributes
    ----------
    shape : tuple of int
        People, levels, places and periods + 1.
    column, person, level, place, start, end : (n,) int64
        Of each exclusive (option, start).
    home : (n_people,) int64
        Place code at which each path begins.
    placed : (n_people,) bool
        People with more than one place, whose moves are counted.
    first, last : (n_people, n_levels, n_places) int64
        Periods in which a path can be free and still depart; none when first > last.
    """

    shape: tuple[int, int, int, int]
    column: np.ndarray
    person: np.ndarray
    level: np.ndarray
    place: np.ndarray
    start: np.ndarray
    end: np.ndarray
    home: np.ndarray
    placed: np.ndarray
    first: np.ndarray
    last: np.ndarray

    def key(
        self,
        kind: int,
        person: np.ndarray,
        level: np.ndarray,
        place: np.ndarray | int,
        period: np.ndarray,
    ) -> np.ndarray:
        """Give each node its number."""
        people, levels, places, periods = self.shape
        state = ((kind * people + person) * levels + level) * places + place
        return np.asarray(state * periods + period)

    def free(
        self, person: np.ndarray, level: np.ndarray, place: np.ndarray, period: np.ndarray
    ) -> np.ndarray:
        """(n,) bool: whether the free node exists."""
        state = (person, level, place)
        return np.asarray((self.first[state] <= period) & (period <= self.last[state]))

    def departure(
        self, person: np.ndarray, level: np.ndarray, place: np.ndarray, period: np.ndarray
    ) -> np.ndarray:
        """Node from which a booking starts: the free node where places don't matter."""
        free = self.key(FREE, person, level, NOWHERE, period)
        return np.where(self.placed[person], self.key(DEPART, person, level, place, period), free)


def lay_out(problem: Problem, decisions: Decisions) -> Network:
    """Find the levels, places and periods that each person's path can visit."""
    itineraries = problem.itineraries
    exclusive = np.flatnonzero(itineraries.placement_exclusive[decisions.placement])
    person, placement = decisions.person[exclusive], decisions.placement[exclusive]
    stages = np.unique(decisions.stage[exclusive])
    level = np.searchsorted(stages, decisions.stage[exclusive])
    if not itineraries.ordered:
        level = np.zeros_like(level)
    place, home = itineraries.placement_place[placement] + 1, itineraries.home + 1
    seen = np.zeros((itineraries.n_people, max(place.max(initial=0), home.max(initial=0)) + 1))
    seen[person, place] = seen[np.arange(itineraries.n_people), home] = 1
    placed = (seen.sum(axis=1) > 1) & (itineraries.move_price > 0)
    place = np.where(placed[person], place, NOWHERE).astype(np.int64)
    home = np.where(placed, home, NOWHERE).astype(np.int64)
    shape = (
        itineraries.n_people,
        max(len(stages), 1) if itineraries.ordered else 1,
        seen.shape[1],
        itineraries.n_periods + 1,
    )
    start, end = decisions.start[exclusive], decisions.end[exclusive]
    never = itineraries.n_periods + 1
    first = np.full(shape[:3], never)
    np.minimum.at(first, (person, level, place), end)
    first[np.arange(shape[0]), 0, home] = 0
    first = np.minimum.accumulate(first, axis=1)
    last = np.full(shape[:2], -1)
    np.maximum.at(last, (person, level), start)
    last = np.maximum.accumulate(last[:, ::-1], axis=1)[:, ::-1]
    return Network(
        shape,
        decisions.column[exclusive],
        person,
        level,
        place,
        start,
        end,
        home,
        placed,
        first,
        np.broadcast_to(last[:, :, None], shape[:3]),
    )


class Arcs:
    """The auxiliary arcs of the network, findable by what they connect."""

    def __init__(self) -> None:
        self.tails: list[np.ndarray] = []
        self.heads: list[np.ndarray] = []
        self.points: list[np.ndarray] = []
        self.people: list[np.ndarray] = []

    def add(
        self,
        tail: np.ndarray,
        head: np.ndarray,
        person: np.ndarray,
        points: np.ndarray | float = 0.0,
    ) -> None:
        """Add arcs from tails to heads."""
        self.tails.append(tail)
        self.heads.append(head)
        self.people.append(person)
        self.points.append(np.broadcast_to(np.asarray(points, dtype=np.float64), tail.shape))


def encode_paths(builder: Builder, problem: Problem, decisions: Decisions) -> None:
    """Add each person's network and its conservation of flow."""
    network = lay_out(problem, decisions)
    if len(network.column) == 0:
        return
    arcs = _arcs(problem, network)
    tail, head = np.concatenate(arcs.tails), np.concatenate(arcs.heads)
    person = np.concatenate(arcs.people)
    columns = builder.columns(np.concatenate(arcs.points), person)
    left = network.departure(network.person, network.level, network.place, network.start)
    arrival = (network.person, network.level, network.place, network.end)
    entered = network.key(FREE, *arrival)
    lands = network.free(*arrival)
    nodes, where = np.unique(np.concatenate([tail, left]), return_inverse=True)
    people, levels, places, periods = network.shape
    begin = network.key(
        FREE, np.arange(people), np.zeros(people, np.int64), network.home, np.zeros(people)
    ).astype(np.int64)
    rows = builder.rows(
        "path/person",
        (nodes // (levels * places * periods) % people,),
        -np.inf,
        np.isin(nodes, begin).astype(np.float64),
    )
    builder.entries(rows[where], np.concatenate([columns, network.column]))
    for nodes_entered, entering in ((head, columns), (entered[lands], network.column[lands])):
        row = np.searchsorted(nodes, nodes_entered)
        builder.entries(rows[row], entering, -1.0)
    walk = Walk(problem, network, tail, head, columns)
    builder.on_completion(walk.complete)


def _arcs(problem: Problem, network: Network) -> Arcs:
    itineraries = problem.itineraries
    arcs = Arcs()
    state = np.nonzero(network.first <= network.last)
    which, period = expand(network.first[state], network.last[state] + 1)
    person, level, place = (code[which] for code in state)
    here = network.key(FREE, person, level, place, period)
    waits = period < network.last[person, level, place]
    idle = (period >= itineraries.idle_from[person]) * itineraries.idle_price[person]
    arcs.add(here[waits], here[waits] + 1, person[waits], -idle[waits])
    above = np.minimum(level + 1, network.shape[1] - 1)
    rises = (above > level) & network.free(person, above, place, period)
    arcs.add(
        here[rises],
        network.key(FREE, person, above, place, period)[rises],
        person[rises],
    )
    _departures(problem, network, arcs)
    return arcs


def _departures(problem: Problem, network: Network, arcs: Arcs) -> None:
    """Connect free nodes with departures, at a price where the place changes."""
    counted = network.placed[network.person]
    states = np.unique(
        np.stack([network.person, network.level, network.start, network.place])[:, counted], axis=1
    )
    person, level, period, place = states
    leave = network.key(DEPART, person, level, place, period)
    for origin in range(network.shape[2]):
        same = np.full(len(person), origin)
        can = network.free(person, level, same, period)
        free = can & ((place == origin) | (place == NOWHERE) | (origin == NOWHERE))
        tail = network.key(FREE, person, level, same, period)
        arcs.add(tail[free], leave[free], person[free])
    to_place = place != NOWHERE
    hub = network.key(HUB, person, level, NOWHERE, period)
    arcs.add(hub[to_place], leave[to_place], person[to_place])
    person, level, period = np.unique(states[:3, to_place], axis=1)
    hub = network.key(HUB, person, level, NOWHERE, period)
    for origin in range(1, network.shape[2]):
        same = np.full(len(person), origin)
        can = network.free(person, level, same, period)
        tail = network.key(FREE, person, level, same, period)
        price = problem.itineraries.move_price[person]
        arcs.add(tail[can], hub[can], person[can], -price[can])


class Walk:
    """Fills the arcs that a given sequence of bookings uses in."""

    def __init__(
        self,
        problem: Problem,
        network: Network,
        tail: np.ndarray,
        head: np.ndarray,
        columns: np.ndarray,
    ) -> None:
        self.problem, self.network = problem, network
        order = np.lexsort((head, tail))
        self.tail, self.head, self.columns = tail[order], head[order], columns[order]

    def complete(self, values: np.ndarray, assignment: Assignment) -> None:
        """Set the arcs of every person's path to 1."""
        network = self.network
        booked = np.flatnonzero(values[network.column] > 0.5)
        booked = booked[np.lexsort((network.start[booked], network.person[booked]))]
        at = {
            person: (0, int(network.home[person]), 0)
            for person in np.unique(network.person[booked]).tolist()
        }
        steps: list[tuple[int, int]] = []
        for booking in booked.tolist():
            person = int(network.person[booking])
            steps.extend(self._steps(person, *at[person], booking))
            arrived = network.level[booking], network.place[booking], network.end[booking]
            at[person] = (int(arrived[0]), int(arrived[1]), int(arrived[2]))
        for tail, head in steps:
            first = np.searchsorted(self.tail, tail, side="left")
            last = np.searchsorted(self.tail, tail, side="right")
            arc = first + np.searchsorted(self.head[first:last], head)
            if arc < last and self.head[arc] == head:
                values[self.columns[arc]] = 1.0

    def _steps(
        self, person: int, level: int, place: int, period: int, booking: int
    ) -> list[tuple[int, int]]:
        """Nodes along the way from being free to the next booking's departure."""
        network = self.network

        def node(kind: int, level: int, place: int, period: int) -> int:
            return int(network.key(kind, *(np.array(x) for x in (person, level, place, period))))

        there = int(network.level[booking]), int(network.place[booking])
        start = int(network.start[booking])
        nodes = [node(FREE, level, place, when) for when in range(period, start + 1)]
        nodes += [node(FREE, up, place, start) for up in range(level + 1, there[0] + 1)]
        if network.placed[person]:
            if NOWHERE not in (place, there[1]) and place != there[1]:
                nodes.append(node(HUB, there[0], NOWHERE, start))
            nodes.append(node(DEPART, *there, start))
        return list(pairwise(nodes))
