"""Proofs for one person: multipliers, pruning and refinement of a graph of states, in turn.

What the backward recursion (`relaxed.py`) leaves open is written down as a graph
(`graph.py`). Its multipliers are moved until they prove little more, and arcs that no
better itinerary uses are left out; then the states that are left are told apart by whether
the values have been held that relaxed paths repeat most, and so on (successive sublimation
dynamic programming: Ibaraki, "Successive sublimation methods for dynamic programming
computation", 1987; Tanaka, Fujikuma and Araki, "An exact algorithm for single-machine
scheduling without machine idle time", 2009). Where a graph is too large, less is proven.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.columns.graph import follow, lay_out, look_back, prune, split
from talentopt.solve.columns.labels import worth_of
from talentopt.solve.columns.multipliers import charge_tolls, keep_path, learn_limits
from talentopt.solve.columns.refined import search_graph
from talentopt.solve.columns.relaxed import toll_slots
from talentopt.solve.compiled import compiled

if TYPE_CHECKING:
    from talentopt.solve.columns.automaton import Automata
    from talentopt.solve.columns.graph import Graph
    from talentopt.solve.columns.structure import Structure
    from talentopt.solve.columns.tables import Paths, Table, Work

LEVELS = 12
"""Most times that states are told apart by more values."""

AT_ONCE = 2
"""Values by which they are told apart at once."""

STEPS = 60
"""Most steps of the multipliers on one graph."""

FIRST_STEP, NEXT_STEP, LAST_STEP = 1.0, 0.25, 0.02
"""Polyak steps on the first graph and on later ones to begin with, and the shortest."""

PATIENCE = 4
"""Steps without a better bound after which they are halved."""

CEDED = 6
"""Most times that half of what is open is ceded, when a graph would be too large."""

VISITS = 40
"""Of arcs, at most, for each that a graph may have."""

SMALLEST = 1e-9


@compiled
def sublimate(
    person: int,
    lane: int,
    lanes: int,
    s: Structure,
    a: Automata,
    table: Table,
    values: np.ndarray,
    toll: np.ndarray,
    upper: np.ndarray,
    unpaid: float,
    paths: Paths,
    eps: float,
    most: int,
    work: Work,
) -> float:
    """Lower a person's bound, and raise the worth of the itinerary in hand.

    Parameters
    ----------
    values, toll, upper, unpaid
        Of the last relaxed recursion; tolls are changed.
    paths : Paths
        Takes bound and itinerary.
    eps : float
        Points by which the itinerary may miss its bound.
    most : int
        Most arcs of a graph.
    work : Work
        For the search in graphs.

    Returns
    -------
    float
        What the tolls may leave unpaid, after their changes.
    """
    longest = paths.slot.shape[1]
    path, starts = np.empty(longest, np.int64), np.empty(longest, np.int64)
    used = np.empty(table.tolls.shape[1], np.int64)
    # Nothing below is left out; a person's worth, or more when the graph is too large.
    floor, ceded = paths.worth[person], 0
    graph, whole = lay_out(
        person, lane, lanes, s, a, table, values, toll, upper, floor + eps - unpaid, most
    )
    while not whole and ceded < CEDED:
        floor, ceded = 0.5 * (floor + paths.bound[person]), ceded + 1
        graph, whole = lay_out(
            person, lane, lanes, s, a, table, values, toll, upper, floor + eps - unpaid, most
        )
    kept = table.tolls[person].copy()
    repeats = np.zeros(s.n_distinct)
    length, visits = FIRST_STEP, 0
    for level in range(LEVELS):
        if (
            not whole
            or visits > VISITS * most
            or paths.bound[person] <= max(floor, paths.worth[person]) + eps
        ):
            break
        repeats[:] = 0.0
        rest = np.empty(len(graph.ending))
        graph, unpaid, visited = _move_tolls(
            person, graph, s, a, table, values, toll, unpaid, paths, eps, floor, length, rest,
            used, path, starts, repeats, VISITS * most - visits,
        )  # fmt: skip
        visits += visited
        if level == 0:
            # These suit the recursion when it begins anew.
            kept[:] = table.tolls[person]
            length = NEXT_STEP
        if paths.bound[person] <= max(floor, paths.worth[person]) + eps:
            break
        bound, found, count = search_graph(
            person, graph, s, table, toll, rest, unpaid, max(floor, paths.worth[person]), eps,
            work, path, starts,
        )  # fmt: skip
        if count >= 0 and learn_limits(person, path, count, s, table):
            continue
        if count >= 0:
            keep_path(person, found, path, starts, count, paths)
        paths.bound[person] = min(paths.bound[person], bound)
        floor = max(floor, paths.worth[person])
        bit, memory = _choose_values(person, s, repeats)
        if memory == 0 or paths.bound[person] <= floor + eps:
            break
        window = np.full(s.n_periods + 1, memory)
        finer, whole = split(graph, bit, window, toll, rest, floor + eps - unpaid, most)
        while not whole and ceded < CEDED:
            floor, ceded = 0.5 * (floor + paths.bound[person]), ceded + 1
            finer, whole = split(graph, bit, window, toll, rest, floor + eps - unpaid, most)
        graph = finer
    table.tolls[person] = kept
    return toll_slots(person, s, table, toll, table.tolls[person])


@compiled
def _move_tolls(
    person: int,
    graph: Graph,
    s: Structure,
    a: Automata,
    table: Table,
    values: np.ndarray,
    toll: np.ndarray,
    unpaid: float,
    paths: Paths,
    eps: float,
    floor: float,
    length: float,
    rest: np.ndarray,
    used: np.ndarray,
    path: np.ndarray,
    starts: np.ndarray,
    repeats: np.ndarray,
    most: int,
) -> tuple[Graph, float, int]:
    """Move multipliers by Polyak steps, halved where they stall, and leave out arcs.

    Adds to ``repeats`` how often relaxed paths held each value once more than they may, the
    better the multipliers the more it counts; fills ``rest`` as `graph.look_back` does.
    ``most`` visits of arcs are allowed.

    Returns
    -------
    Graph
    float
        What the tolls may leave unpaid.
    int
        Visits of arcs.
    """
    tolls = table.tolls[person]
    best, kept, stalled = np.inf, tolls.copy(), 0
    arrival, visits = np.empty(len(graph.ending)), 0
    for _ in range(STEPS):
        visits += len(graph.tail)
        look_back(graph, toll, rest)
        relaxed = max(rest[0], graph.ending[0]) + unpaid
        if relaxed < best - SMALLEST:
            best, stalled = relaxed, 0
            kept[:] = tolls
        else:
            stalled += 1
        if stalled >= PATIENCE:
            length, stalled = length / 2, 0
        goal = max(floor, paths.worth[person])
        paths.bound[person] = min(paths.bound[person], max(relaxed, goal))
        if visits > most or length < LAST_STEP or paths.bound[person] <= goal + eps:
            break
        count = follow(graph, toll, rest, path, starts)
        found = worth_of(person, path, starts, count, s, a, table, values, table.critical[person])
        if found > paths.worth[person] and not learn_limits(person, path, count, s, table):
            keep_path(person, found, path, starts, count, paths)
        _count_repeats(person, path, count, s, 1.0 / (1.0 + length), repeats)
        goal = max(floor, paths.worth[person])
        graph = prune(graph, toll, rest, goal + eps - unpaid, arrival)
        surplus = length * max(0.0, relaxed - paths.worth[person])
        charge_tolls(person, path, count, surplus, np.inf, s, table, used)
        unpaid = toll_slots(person, s, table, toll, tolls)
    tolls[:] = kept
    unpaid = toll_slots(person, s, table, toll, tolls)
    look_back(graph, toll, rest)
    return graph, unpaid, visits


@compiled
def _count_repeats(
    person: int, path: np.ndarray, count: int, s: Structure, share: float, repeats: np.ndarray
) -> None:
    """Add `share` to each value for every time that a path holds it again."""
    first = s.group_start[s.group_ptr[person]]
    held = np.zeros(s.n_distinct, np.bool_)
    for k in range(count):
        value = s.distinct[s.slot_placement[first + path[k]]]
        if value >= 0:
            if held[value]:
                repeats[value] += share
            held[value] = True


@compiled
def _choose_values(person: int, s: Structure, repeats: np.ndarray) -> tuple[np.ndarray, int]:
    """Give the values repeated most a bit each: of each slot, and all of them."""
    first = s.group_start[s.group_ptr[person]]
    last = s.group_start[s.group_ptr[person + 1]]
    bit, memory = np.zeros(last - first, np.int64), 0
    order = np.argsort(-repeats)
    for rank in range(min(AT_ONCE, len(order))):
        if repeats[order[rank]] <= 0.0:
            break
        memory |= 1 << rank
        for slot in range(first, last):
            if s.distinct[s.slot_placement[slot]] == order[rank]:
                bit[slot - first] = 1 << rank
    return bit, memory
