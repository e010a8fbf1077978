"""Compiled: one person's best itinerary by dynamic programming over states, periods and places.

Everything is in whole units (see `pricing`), so that sums are exact. The
values of a node are laid out by period, then place of the last placement;
a node takes the best over its edges in one pass over that layout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.compiled import compiled
from talentopt.solve.lagrangian.layout import NEVER
from talentopt.solve.lagrangian.states import (
    MANY_FLAGS,
    MANY_KEPT,
    forget,
    prepare,
    refine,
    resource,
    walk,
)
from talentopt.solve.lagrangian.tables import fill_tables
from talentopt.solve.lagrangian.vectors import largest_of_row, raise_by_sums, raise_row

if TYPE_CHECKING:
    from talentopt.solve.lagrangian.layout import Layout, Work

MOST_RESETS = 4
"""How often what is kept apart may be reduced to one itinerary's to make room, in one pricing."""

UNKEPT = -1
"""A rule is broken that there was no room to keep apart."""


@compiled
def _settle(person: int, node: int, reached: int, layout: Layout, work: Work) -> None:
    """Turn the best next bookings by place into the values of waiting, moving and leaving."""
    width = layout.width
    value = work.value
    here = node * work.node_cells
    left = work.node_of[work.skip[node]] * work.node_cells
    cost = work.cost[node]
    move = layout.move_price[person]
    idle_price, idle_from = layout.idle_price[person], layout.idle_from[person]
    end = layout.n_periods
    for t in range(end, reached - 1, -1):
        cell = here + t * width
        after = cell + width if t < end else cell
        idle = idle_price if idle_from <= t < end else 0
        if width == 1:
            best = max(value[cell], value[left + t] - cost)
            value[cell] = max(best, value[after] - idle)
            continue
        most = largest_of_row(value, cell, width)
        moved = most - move
        if layout.has_blank:
            blank = cell + layout.n_places - 1
            moved = max(moved, value[blank])
            value[blank] = most
        raise_row(value, cell, width, moved, left + t * width, cost, after, idle)


@compiled
def _first_place(person: int, layout: Layout, work: Work) -> int:
    """Where a person starts: at home, or, when that is unknown, wherever is best."""
    if layout.home[person] >= 0:
        return int(layout.home[person])
    return int(np.argmax(work.value[: layout.n_places]))


@compiled
def _recur(person: int, layout: Layout, work: Work, begin: np.ndarray) -> int:
    """Fill the values of all nodes; return the value of the whole itinerary."""
    width, cells = layout.width, work.node_cells
    end = walk(person, layout, work, begin) - 1
    work.value[end * cells : (end + 1) * cells] = 0
    for slot in range(begin[len(begin) - 2] - 1, -1, -1):
        reached = work.reached[slot]
        if reached > layout.n_periods:
            continue
        node = work.node_of[slot]
        work.value[node * cells + reached * width : (node + 1) * cells] = NEVER
        for e in range(work.edge_ptr[node], work.edge_ptr[node + 1]):
            table = work.edge_table[e]
            low = max(reached, work.first[table])
            starts = work.last[table] + 1 - low
            if starts <= 0:
                continue
            raise_by_sums(
                work.value,
                node * cells + low * width,
                work.node_of[work.edge_after[e]] * cells + (low + work.duration[table]) * width,
                work.best,
                table * work.table_cells + low * width,
                starts * width,
            )
        _settle(person, node, reached, layout, work)
    total = work.value[_first_place(person, layout, work)]
    for stage in range(len(begin) - 2):
        never_held = layout.stage_min[person, stage] - layout.stage_cap[person, stage]
        total -= max(0, never_held) * layout.stage_missing[person, stage]
    return int(total)


@compiled
def _step(person: int, node: int, t: int, q: int, layout: Layout, work: Work) -> tuple[int, int]:
    """Find an (edge, place) that attains the value of a state; -1 when it is waiting."""
    n_places, width = layout.n_places, layout.width
    blank = n_places - 1 if layout.has_blank else n_places
    target = work.value[node * work.node_cells + t * width + q]
    for e in range(work.edge_ptr[node], work.edge_ptr[node + 1]):
        table = work.edge_table[e]
        if t < work.first[table] or t > work.last[table]:
            continue
        offered = table * work.table_cells + t * width
        later = (t + work.duration[table]) * width
        after = work.node_of[work.edge_after[e]] * work.node_cells + later
        for place in range(n_places):
            best = work.best[offered + place]
            if best == NEVER:
                continue
            stays = place == q
            move = 0 if stays or max(place, q) == blank else layout.move_price[person]
            if best + work.value[after + place] - move == target:
                return e, place
    return -1, -1


@compiled
def _trace(person: int, end: int, layout: Layout, work: Work, path: np.ndarray) -> int:
    """Write the best itinerary as rows (option, start); return their number."""
    width, cells = layout.width, work.node_cells
    node, t, q, count = 0, 0, _first_place(person, layout, work), 0
    while node < end:
        target = work.value[node * cells + t * width + q]
        skip = work.node_of[work.skip[node]]
        if work.value[skip * cells + t * width + q] - work.cost[node] == target:
            node = skip
            continue
        e, place = _step(person, node, t, q, layout, work)
        if e < 0:
            t += 1
            continue
        table = work.edge_table[e]
        path[count, 0] = work.option[(table * width + place) * layout.n_starts + t]
        path[count, 1] = t
        count += 1
        node, q = work.node_of[work.edge_after[e]], place
        t += work.duration[table]
    return count


@compiled
def _best_without(
    person: int,
    layout: Layout,
    worth: np.ndarray,
    charge: np.ndarray,
    ban: np.ndarray,
    n_bans: int,
    lazily: bool,
    begin: np.ndarray,
    work: Work,
    path: np.ndarray,
) -> tuple[int, int]:
    """Find the best itinerary without some options, keeping apart what it has to.

    Lazily, what has to be kept apart serves from the next time on only.

    Returns
    -------
    value : int
    count : int
        Length of the path, which may hold something twice only when found lazily, or when
        there was no room left to keep more apart.
    """
    resets = 0
    while True:
        fill_tables(person, layout, worth, charge, ban, n_bans, work)
        value = _recur(person, layout, work, begin)
        end = work.node_of[begin[len(begin) - 2]]
        count = _trace(person, end, layout, work, path)
        old, old_flags = layout.kept[person].copy(), layout.kept_flags[person]
        if refine(person, layout, path, count) == 0:
            return value, count
        if prepare(person, layout, work, begin):
            if lazily:
                return value, count
            continue
        resets += 1
        forget(person, layout, path, count, 0, 0)
        if resets > MOST_RESETS or not prepare(person, layout, work, begin):
            layout.kept[person] = old
            layout.kept_flags[person] = old_flags
            prepare(person, layout, work, begin)
            return value, count


@compiled
def _conflict(person: int, layout: Layout, path: np.ndarray, count: int, found: np.ndarray) -> int:
    """Find bookings of which one must be left out: too many of a limit.

    ``found`` receives their options. Returns their number, or `UNKEPT`.
    """
    flags = layout.flags_done[person]
    for i in range(count):
        kind = layout.kind_of[layout.option_placement[path[i, 0]]]
        if layout.kind_needs[kind] & ~flags:
            return UNKEPT
        flags |= layout.kind_meets[kind]
        for j in range(i):
            if resource(path[i, 0], layout) == resource(path[j, 0], layout):
                return UNKEPT
    for limit in range(len(layout.limit_value)):
        for i in range(count):
            value = layout.limit_value[limit, layout.option_placement[path[i, 0]]]
            if value < 0:
                continue
            held = 0
            for j in range(i + 1):
                if layout.limit_value[limit, layout.option_placement[path[j, 0]]] == value:
                    found[held] = path[j, 0]
                    held += 1
            if held > max(0, layout.limit_left[limit, person, value]):
                return held
    return 0


@compiled
def _best_allowed(
    layout: Layout,
    person: int,
    values: np.ndarray,
    paths: np.ndarray,
    counts: np.ndarray,
    used: int,
    found: np.ndarray,
) -> tuple[int, int]:
    """Find the best path that breaks no rule, or the beginning of the best of all."""
    best, top = -1, int(np.argmax(values[:used]))
    for child in range(used):
        if values[child] == NEVER or (best >= 0 and values[child] <= values[best]):
            continue
        if _conflict(person, layout, paths[child], counts[child], found) == 0:
            best = child
    if best >= 0:
        return best, int(counts[best])
    count = 0
    while _conflict(person, layout, paths[top], count + 1, found) == 0:
        count += 1
    return top, count


@compiled
def best_itinerary(
    person: int,
    layout: Layout,
    worth: np.ndarray,
    charge: np.ndarray,
    work: Work,
    most: int,
    path: np.ndarray,
) -> tuple[int, int, bool]:
    """Find the best itinerary that breaks no rule, by branching on what to leave out.

    Returns
    -------
    bound : int
        No allowed itinerary is worth more.
    count : int
        Length of the path.
    allowed : bool
        Whether the path is whole and breaks no rule. When the attempts did
        not suffice, the path is the best found that breaks none, or else the
        best of all up to where it breaks one; with a single attempt, or
        lazily (none), it is left as it is.
    """
    longest, lazily, most = len(path), most < 1, max(1, most)
    ban = np.empty((most, longest * 3), np.int64)
    n_bans = np.zeros(most, np.int64)
    values = np.full(most, NEVER, np.int64)
    paths = np.empty((most, longest, 2), np.int64)
    counts = np.zeros(most, np.int64)
    found = np.empty(longest + 1, np.int64)
    begin = np.empty(layout.stage_min.shape[1] + 2, np.int64)
    prepare(person, layout, work, begin)
    fresh, used = 0, 1
    while True:
        for child in range(fresh, used):
            values[child], counts[child] = _best_without(
                person,
                layout,
                worth,
                charge,
                ban[child],
                n_bans[child],
                lazily,
                begin,
                work,
                paths[child],
            )
        top = int(np.argmax(values[:used]))
        held = _conflict(person, layout, paths[top], counts[top], found)
        if held <= 0 or used + held > most or n_bans[top] + 1 >= ban.shape[1]:
            break
        for b in range(held):
            n = n_bans[top]
            ban[used + b, :n] = ban[top, :n]
            ban[used + b, n] = found[b]
            n_bans[used + b] = n + 1
        values[top] = NEVER
        fresh, used = used, used + held
    chosen, count = top, counts[top]
    if held != 0 and most > 1:
        chosen, count = _best_allowed(layout, person, values, paths, counts, used, found)
    path[:count] = paths[chosen, :count]
    forget(person, layout, paths[top], counts[top], MANY_KEPT, MANY_FLAGS)
    whole = held == 0 or (most > 1 and count == counts[chosen])
    return int(values[top]), count, whole


@compiled
def price_people(
    people: np.ndarray,
    layout: Layout,
    worth: np.ndarray,
    charge: np.ndarray,
    most: int,
    work: Work,
    bound: np.ndarray,
    option: np.ndarray,
    start: np.ndarray,
    allowed: np.ndarray,
) -> None:
    """Price some people.

    ``bound`` (n_people,) receives an upper bound on each one's itineraries;
    ``option`` and ``start`` (n_people, longest) an itinerary, -1 where it is
    shorter; ``allowed`` (n_people,) whether it is whole and breaks no rule.
    Otherwise see `best_itinerary`.
    """
    path = np.empty((option.shape[1], 2), np.int64)
    for person in people:
        bound[person], count, allowed[person] = best_itinerary(
            person, layout, worth, charge, work, most, path
        )
        option[person] = -1
        start[person] = -1
        for i in range(count):
            option[person, i] = path[i, 0]
            start[person, i] = path[i, 1]
