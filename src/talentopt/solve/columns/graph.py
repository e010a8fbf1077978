"""One person's relaxed itineraries as a graph: what is left when nothing better is left out.

The backward recursion (`relaxed.py`) values all states of a person side by side. Here the
states and arcs on paths worth more than some threshold are written down one by one, so that
arcs on no such path can be left out, and states told apart by more than the recursion knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from talentopt.solve.columns.relaxed import moving
from talentopt.solve.compiled import compiled

if TYPE_CHECKING:
    from talentopt.solve.columns.automaton import Automata
    from talentopt.solve.columns.structure import Structure
    from talentopt.solve.columns.tables import Table

WAITS = -1
"""Slot of an arc on which a period passes."""


class Graph(NamedTuple):
    """States and arcs, both in order of time; state 0 is where a person begins.

    Attributes
    ----------
    ending : (n_states,) float64
        Points for what is missing when nothing follows.
    period : (n_states,) int32
    tail, head : (n_arcs,) int32
        States; arcs are sorted by tail.
    slot : (n_arcs,) int32
        Counted from the person's first; `WAITS` when a period passes.
    gain : (n_arcs,) float64
        Without multipliers.
    """

    ending: np.ndarray
    period: np.ndarray
    tail: np.ndarray
    head: np.ndarray
    slot: np.ndarray
    gain: np.ndarray


@compiled
def _nothing() -> Graph:
    """Stand for a graph that was given up."""
    none, number = np.empty(0), np.empty(0, np.int32)
    return Graph(none, number, number, number, number, none)


@compiled
def _longer(
    tail: np.ndarray, head: np.ndarray, slot: np.ndarray, gain: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Make room for as many arcs again."""
    return (
        np.concatenate((tail, np.empty_like(tail))),
        np.concatenate((head, np.empty_like(head))),
        np.concatenate((slot, np.empty_like(slot))),
        np.concatenate((gain, np.empty_like(gain))),
    )


@compiled
def lay_out(
    person: int,
    lane: int,
    lanes: int,
    s: Structure,
    a: Automata,
    table: Table,
    values: np.ndarray,
    toll: np.ndarray,
    upper: np.ndarray,
    least: float,
    most: int,
) -> tuple[Graph, bool]:
    """Write down the states on relaxed paths worth more than ``least``, tolls included.

    Parameters
    ----------
    values, toll, upper
        As in `relaxed.recur` and its companions.
    least : float
    most : int
        Give up with more arcs.

    Returns
    -------
    Graph
    bool
        Whether it is complete.
    """
    g0, g1 = s.group_ptr[person], s.group_ptr[person + 1]
    first = s.group_start[g0]
    node0 = a.node_ptr[s.automaton[person]]
    n_nodes = a.node_ptr[s.automaton[person] + 1] - node0
    places = s.n_places + 1
    scale = table.scale[person]
    move = scale * s.move_price[person]
    number = np.full((s.n_periods + 1) * n_nodes * places, -1, np.int32)
    room = 1 << 10
    at = np.empty(room, np.int64)
    worth = np.empty(room)
    following = np.empty(room, np.int32)
    newest = np.full(s.n_periods + 1, -1, np.int32)
    arcs = 1 << 12
    tail, head = np.empty(arcs, np.int32), np.empty(arcs, np.int32)
    slots, gain = np.empty(arcs, np.int32), np.empty(arcs)
    at[0], worth[0], following[0] = s.home[person], 0.0, -1
    number[at[0]] = 0
    newest[0] = 0
    count, n_arcs = 1, 0
    for t in range(s.n_periods):
        state = newest[t]
        while state >= 0:
            node = (at[state] // places) % n_nodes
            place = at[state] % places
            idle = scale * s.idle_price[person] if t >= s.idle_from[person] else 0.0
            for g in range(g0 - 1, g1):
                if g < g0:
                    after, there, end, base = node, place, t + 1, -idle
                    begin, stop = first + WAITS, first
                    rest = upper[after, there, end * lanes + lane]
                else:
                    after = a.following[node0 + node, s.group_kind[g]]
                    if after < 0:
                        continue
                    there, end = s.group_place[g], t + s.group_duration[g]
                    if end > s.n_periods:
                        continue
                    base = scale * a.charge[node0 + node, s.group_kind[g]]
                    base -= moving(s, move, place, there)
                    begin, stop = s.group_start[g], s.group_start[g + 1]
                    rest = upper[after, there, end * lanes + lane]
                    rest = max(rest, scale * a.terminal[node0 + after])
                for slot in range(begin, stop):
                    i = slot - first
                    own = base if i < 0 else base + values[i, t]
                    tolled = worth[state] + own - (0.0 if i < 0 else toll[i])
                    if not tolled + rest > least:
                        continue
                    if n_arcs == len(tail):
                        if n_arcs >= most:
                            return _nothing(), False
                        tail, head, slots, gain = _longer(tail, head, slots, gain)
                    cell = (end * n_nodes + after) * places + there
                    to = number[cell]
                    if to < 0:
                        if count == len(at):
                            at = np.concatenate((at, np.empty_like(at)))
                            worth = np.concatenate((worth, np.empty_like(worth)))
                            following = np.concatenate((following, np.empty_like(following)))
                        to = number[cell] = count
                        at[to], worth[to] = cell, -np.inf
                        following[to] = newest[end]
                        newest[end] = to
                        count += 1
                    worth[to] = max(worth[to], tolled)
                    tail[n_arcs], head[n_arcs] = state, to
                    slots[n_arcs], gain[n_arcs] = i, own
                    n_arcs += 1
            state = following[state]
    ending = np.empty(count)
    period = np.empty(count, np.int32)
    for state in range(count):
        period[state] = at[state] // places // n_nodes
        ending[state] = scale * a.terminal[node0 + (at[state] // places) % n_nodes]
    return Graph(ending, period, tail[:n_arcs], head[:n_arcs], slots[:n_arcs], gain[:n_arcs]), True


@compiled
def first_arcs(graph: Graph) -> np.ndarray:
    """(n_states + 1,) int64: where the arcs from each state begin; states without any at the end.

    Parameters
    ----------
    graph : Graph
    """
    first = np.full(len(graph.ending) + 1, len(graph.tail), np.int64)
    for arc in range(len(graph.tail) - 1, -1, -1):
        first[graph.tail[arc]] = arc
    return first


@compiled
def look_back(graph: Graph, toll: np.ndarray, upper: np.ndarray) -> None:
    """Fill ``upper[state]``: the best that follows, tolls included."""
    upper[:] = -np.inf
    for arc in range(len(graph.tail) - 1, -1, -1):
        head = graph.head[arc]
        if graph.slot[arc] < 0:
            worth = graph.gain[arc] + upper[head]
        else:
            worth = graph.gain[arc] - toll[graph.slot[arc]]
            worth += max(upper[head], graph.ending[head])
        upper[graph.tail[arc]] = max(upper[graph.tail[arc]], worth)


@compiled
def prune(
    graph: Graph, toll: np.ndarray, upper: np.ndarray, least: float, worth: np.ndarray
) -> Graph:
    """Leave out the arcs on no path worth more than ``least``; fills ``worth`` of arriving."""
    worth[:] = -np.inf
    worth[0] = 0.0
    count = 0
    for arc in range(len(graph.tail)):
        tail, head, slot = graph.tail[arc], graph.head[arc], graph.slot[arc]
        if slot < 0:
            here = worth[tail] + graph.gain[arc]
            rest = upper[head]
        else:
            here = worth[tail] + graph.gain[arc] - toll[slot]
            rest = max(upper[head], graph.ending[head])
        if here + rest > least:
            worth[head] = max(worth[head], here)
            graph.tail[count], graph.head[count] = tail, head
            graph.slot[count], graph.gain[count] = slot, graph.gain[arc]
            count += 1
    return Graph(
        graph.ending, graph.period, graph.tail[:count], graph.head[:count], graph.slot[:count],
        graph.gain[:count],
    )  # fmt: skip


@compiled
def follow(
    graph: Graph, toll: np.ndarray, upper: np.ndarray, path: np.ndarray, starts: np.ndarray
) -> int:
    """Write down the best path; returns its number of slots."""
    state, count, arc, n_arcs = 0, 0, 0, len(graph.tail)
    while arc < n_arcs and count < len(path):
        if graph.tail[arc] != state:
            arc += 1
            continue
        chosen, top = -1, -np.inf
        while arc < n_arcs and graph.tail[arc] == state:
            head = graph.head[arc]
            if graph.slot[arc] < 0:
                here = graph.gain[arc] + upper[head]
            else:
                here = graph.gain[arc] - toll[graph.slot[arc]]
                here += max(upper[head], graph.ending[head])
            if here > top:
                chosen, top = arc, here
            arc += 1
        if chosen < 0:
            break
        state = graph.head[chosen]
        if graph.slot[chosen] >= 0:
            path[count], starts[count] = graph.slot[chosen], graph.period[graph.tail[chosen]]
            count += 1
            if graph.ending[state] >= upper[state]:
                break
    return count


@compiled
def split(
    graph: Graph,
    bit: np.ndarray,
    window: np.ndarray,
    toll: np.ndarray,
    upper: np.ndarray,
    least: float,
    most: int,
) -> tuple[Graph, bool]:
    """Tell states apart by the values that have been held, and leave out what repeats one.

    Parameters
    ----------
    graph : Graph
    bit : (n_slots,) int64
        What a slot's value adds to the memory; 0 = nothing.
    window : (n_periods + 1,) int64
        Values remembered in each period, as bits.
    toll, upper, least
        As in `prune`.
    most : int
        Give up with more arcs.

    Returns
    -------
    Graph
    bool
        Whether it is complete.
    """
    first = first_arcs(graph)
    room = 1 << 10
    origin, memory = np.empty(room, np.int32), np.empty(room, np.int64)
    worth, following = np.empty(room), np.empty(room, np.int32)
    buckets = np.full(4 * room, -1, np.int32)
    arcs = 1 << 12
    tail, head = np.empty(arcs, np.int32), np.empty(arcs, np.int32)
    slots, gain = np.empty(arcs, np.int32), np.empty(arcs)
    newest = np.full(len(window), -1, np.int32)
    origin[0], memory[0], worth[0], following[0] = 0, 0, 0.0, -1
    newest[0] = 0
    buckets[_spot(buckets, origin, memory, 0, 0)] = 0
    count, n_arcs = 1, 0
    for t in range(len(window)):
        state = newest[t]
        while state >= 0:
            old = origin[state]
            arc = first[old]
            while arc < len(graph.tail) and graph.tail[arc] == old:
                slot, goal = graph.slot[arc], graph.head[arc]
                held = memory[state]
                if slot < 0:
                    here, rest = worth[state] + graph.gain[arc], upper[goal]
                else:
                    here = worth[state] + graph.gain[arc] - toll[slot]
                    rest = max(upper[goal], graph.ending[goal])
                if not here + rest > least or (slot >= 0 and held & bit[slot]):
                    arc += 1
                    continue
                if slot >= 0:
                    held |= bit[slot]
                held &= window[graph.period[goal]]
                if n_arcs == len(tail):
                    if n_arcs >= most:
                        return _nothing(), False
                    tail, head, slots, gain = _longer(tail, head, slots, gain)
                spot = _spot(buckets, origin, memory, goal, held)
                to = buckets[spot]
                if to < 0:
                    if count == len(origin):
                        origin = np.concatenate((origin, np.empty_like(origin)))
                        memory = np.concatenate((memory, np.empty_like(memory)))
                        worth = np.concatenate((worth, np.empty_like(worth)))
                        following = np.concatenate((following, np.empty_like(following)))
                        buckets = np.full(4 * len(origin), -1, np.int32)
                        for known in range(count):
                            buckets[
                                _spot(buckets, origin, memory, origin[known], memory[known])
                            ] = known
                        spot = _spot(buckets, origin, memory, goal, held)
                    to = buckets[spot] = count
                    origin[to], memory[to], worth[to] = goal, held, -np.inf
                    following[to] = newest[graph.period[goal]]
                    newest[graph.period[goal]] = to
                    count += 1
                worth[to] = max(worth[to], here)
                tail[n_arcs], head[n_arcs] = state, to
                slots[n_arcs], gain[n_arcs] = slot, graph.gain[arc]
                n_arcs += 1
                arc += 1
            state = following[state]
    ending = graph.ending[origin[:count]]
    period = graph.period[origin[:count]]
    return Graph(ending, period, tail[:n_arcs], head[:n_arcs], slots[:n_arcs], gain[:n_arcs]), True


@compiled
def _spot(
    buckets: np.ndarray, origin: np.ndarray, memory: np.ndarray, state: int, held: int
) -> np.int64:
    """Find where a state with a memory is entered, or a free place."""
    mask = len(buckets) - 1
    mixed = (np.uint64(held) * np.uint64(0x9E3779B97F4A7C15)) ^ np.uint64(state)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(29)
    spot = np.int64(mixed & np.uint64(mask))
    while buckets[spot] >= 0 and (origin[buckets[spot]] != state or memory[buckets[spot]] != held):
        spot = (spot + 1) & mask
    return spot
