"""Compiled: one person's best itinerary by dynamic programming over nodes, periods and places.

Everything is in whole units (see `pricing`), so that sums are exact. The
values of a node are laid out by period, then place of the last placement;
a node takes the best over its edges in one pass over that layout.
"""

from __future__ import annotations

import numpy as np

from talentopt.solve.compiled import compiled
from talentopt.solve.lagrangian.layout import Layout, Work
from talentopt.solve.lagrangian.vectors import LANES, largest_of_row, raise_by_sums, raise_row

NEVER = -1_000_000_000
WORST = -500_000_000
"""Candidates below this are not worth booking under any prices."""


@compiled
def fill_tables(
    person: int,
    layout: Layout,
    worth: np.ndarray,
    price: np.ndarray,
    ban: np.ndarray,
    n_bans: int,
    work: Work,
) -> None:
    """Find the best candidate of every table, start and place.

    ``worth`` (n_options,) are points, ``price`` (n_placements, n_periods + 1)
    sums of prices; ``ban[:n_bans]`` (option, level) are left out, at every
    level where it is -1.
    """
    width, cells = layout.width, work.table_cells
    work.best[:] = NEVER
    work.first[:] = layout.n_periods
    work.last[:] = -1
    for o in range(layout.option_ptr[person], layout.option_ptr[person + 1]):
        k = layout.option_placement[o]
        if layout.placement_ptr[k] == layout.placement_ptr[k + 1]:
            continue
        banned = np.uint64(0)
        for b in range(n_bans):
            if ban[b, 0] == o:
                if ban[b, 1] < 0:
                    banned = ~np.uint64(0)
                else:
                    banned |= np.uint64(1) << np.uint64(ban[b, 1])
        if banned == ~np.uint64(0):
            continue
        base = worth[o]
        if layout.option_fixed[o]:
            base += layout.fixed_bonus
        duration = layout.placement_duration[k]
        kept = layout.kept_start[o]
        for which in range(layout.placement_ptr[k], layout.placement_ptr[k + 1]):
            table = layout.placement_tables[which]
            level = np.uint64(layout.table_level[table])
            if (banned >> level) & np.uint64(1) == np.uint64(1):
                continue
            offset = table * cells + layout.placement_place[k]
            first, last = layout.n_periods, -1
            for t in range(layout.n_periods - duration + 1):
                word = layout.option_words[o, t >> 6] >> np.uint64(t & 63)
                if word & np.uint64(1) == np.uint64(0):
                    continue
                value = base - price[k, t + duration] + price[k, t]
                if kept == t:
                    value += layout.kept_points[o]
                if value >= WORST and value > work.best[offset + t * width]:
                    work.best[offset + t * width] = value
                    work.option[offset + t * width] = o
                    first = min(first, t)
                    last = t
            work.first[table] = min(work.first[table], first)
            work.last[table] = max(work.last[table], last)


@compiled
def _reach(base: int, n_nodes: int, layout: Layout, work: Work) -> None:
    """Earliest period of every node."""
    work.reached[:n_nodes] = layout.n_periods + 1
    work.reached[0] = 0
    for node in range(n_nodes):
        when = work.reached[node]
        if when > layout.n_periods:
            continue
        skip = layout.node_skip[base + node]
        if skip >= 0:
            work.reached[skip] = min(work.reached[skip], when)
        for e in range(layout.edge_ptr[base + node], layout.edge_ptr[base + node + 1]):
            table = layout.edge_table[e]
            if work.last[table] >= when:
                arrival = max(when, work.first[table]) + layout.table_duration[table]
                after = layout.edge_next[e]
                work.reached[after] = min(work.reached[after], arrival)


@compiled
def _skip_cost(person: int, node: int, layout: Layout) -> int:
    """Loss of leaving a node's stage with what it holds."""
    stage = layout.node_stage[node]
    short = layout.stage_min[person, stage] - layout.node_count[node]
    return int(max(0, short) * layout.stage_missing[person, stage])


@compiled
def _settle(person: int, node: int, base: int, layout: Layout, work: Work) -> None:
    """Turn the best next bookings by place into the values of waiting, moving and leaving."""
    width = layout.width
    value = work.value
    here = node * work.node_cells
    left = layout.node_skip[base + node] * work.node_cells
    cost = _skip_cost(person, base + node, layout)
    move = layout.move_price[person]
    idle_price, idle_from = layout.idle_price[person], layout.idle_from[person]
    end = layout.n_periods
    for t in range(end, work.reached[node] - 1, -1):
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
def _recur(person: int, layout: Layout, work: Work) -> int:
    """Fill the values of all nodes; return the value of the whole itinerary."""
    kind = layout.type_of[person]
    base = layout.node_ptr[kind]
    n_nodes = layout.node_ptr[kind + 1] - base
    width, cells = layout.width, work.node_cells
    _reach(base, n_nodes, layout, work)
    for node in range(n_nodes - 1, -1, -1):
        reached = work.reached[node]
        if reached > layout.n_periods:
            continue
        if layout.node_skip[base + node] < 0:
            work.value[node * cells : (node + 1) * cells] = 0
            continue
        work.value[node * cells + reached * width : (node + 1) * cells] = NEVER
        for e in range(layout.edge_ptr[base + node], layout.edge_ptr[base + node + 1]):
            table = layout.edge_table[e]
            low = max(reached, work.first[table])
            starts = work.last[table] + 1 - low
            if starts <= 0:
                continue
            raise_by_sums(
                work.value,
                node * cells + low * width,
                layout.edge_next[e] * cells + (low + layout.table_duration[table]) * width,
                work.best,
                table * work.table_cells + low * width,
                starts * width,
            )
        _settle(person, node, base, layout, work)
    return int(work.value[_first_place(person, layout, work)])


@compiled
def _step(
    person: int, node: int, t: int, q: int, base: int, layout: Layout, work: Work
) -> tuple[int, int]:
    """Find an (edge, place) that attains the value of a state; -1 when it is waiting."""
    n_places, width = layout.n_places, layout.width
    blank = n_places - 1 if layout.has_blank else n_places
    target = work.value[node * work.node_cells + t * width + q]
    for e in range(layout.edge_ptr[base + node], layout.edge_ptr[base + node + 1]):
        table = layout.edge_table[e]
        if t < work.first[table] or t > work.last[table]:
            continue
        offered = table * work.table_cells + t * width
        after = layout.edge_next[e] * work.node_cells + (t + layout.table_duration[table]) * width
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
def _trace(person: int, layout: Layout, work: Work, path: np.ndarray) -> int:
    """Write the best itinerary as rows (option, start, level); return their number."""
    base = layout.node_ptr[layout.type_of[person]]
    width, cells = layout.width, work.node_cells
    node, t, q, count = 0, 0, _first_place(person, layout, work), 0
    while layout.node_skip[base + node] >= 0:
        target = work.value[node * cells + t * width + q]
        skip = layout.node_skip[base + node]
        cost = _skip_cost(person, base + node, layout)
        if work.value[skip * cells + t * width + q] - cost == target:
            node = skip
            continue
        e, place = _step(person, node, t, q, base, layout, work)
        if e < 0:
            t += 1
            continue
        table = layout.edge_table[e]
        path[count, 0] = work.option[table * work.table_cells + t * width + place]
        path[count, 1] = t
        path[count, 2] = layout.table_level[table]
        count += 1
        node, q = layout.edge_next[e], place
        t += layout.table_duration[table]
    return count


@compiled
def _conflict(person: int, layout: Layout, path: np.ndarray, count: int, found: np.ndarray) -> int:
    """Find bookings that cannot all stay: one placement twice, or too many of a limit.

    ``found`` receives (option, level) of each; leaving any one of them out is
    the only way on. Returns their number.
    """
    for i in range(count):
        for j in range(i):
            if path[i, 0] == path[j, 0]:
                found[0, 0], found[0, 1] = path[i, 0], path[i, 2]
                found[1, 0], found[1, 1] = path[j, 0], path[j, 2]
                return 2
    for limit in range(len(layout.limit_value)):
        for i in range(count):
            value = layout.limit_value[limit, layout.option_placement[path[i, 0]]]
            if value < 0:
                continue
            held = 0
            for j in range(i + 1):
                if layout.limit_value[limit, layout.option_placement[path[j, 0]]] == value:
                    found[held, 0], found[held, 1] = path[j, 0], -1
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
    price: np.ndarray,
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
        best of all up to where it breaks one; with a single attempt it is
        left as it is.
    """
    longest = len(path)
    ban = np.empty((most, longest * 3, 2), np.int64)
    n_bans = np.zeros(most, np.int64)
    values = np.full(most, NEVER, np.int64)
    paths = np.empty((most, longest, 3), np.int64)
    counts = np.zeros(most, np.int64)
    found = np.empty((longest + 1, 2), np.int64)
    fresh, used = 0, 1
    while True:
        for child in range(fresh, used):
            fill_tables(person, layout, worth, price, ban[child], n_bans[child], work)
            values[child] = _recur(person, layout, work)
            counts[child] = _trace(person, layout, work, paths[child])
        top = int(np.argmax(values[:used]))
        held = _conflict(person, layout, paths[top], counts[top], found)
        bound = int(values[top])
        if held == 0 or used + held > most or n_bans[top] + 1 >= ban.shape[1]:
            chosen, count = top, counts[top]
            if held > 0 and most > 1:
                chosen, count = _best_allowed(layout, person, values, paths, counts, used, found)
            path[:count] = paths[chosen, :count]
            whole = held == 0 or (most > 1 and count == counts[chosen])
            return bound, count, whole
        for b in range(held):
            n = n_bans[top]
            for i in range(n):
                ban[used + b, i, 0], ban[used + b, i, 1] = ban[top, i, 0], ban[top, i, 1]
            ban[used + b, n, 0], ban[used + b, n, 1] = found[b, 0], found[b, 1]
            n_bans[used + b] = n + 1
        values[top] = NEVER
        fresh, used = used, used + held


@compiled
def allocate(layout: Layout) -> Work:
    """Take the memory that one thread needs."""
    n_tables = len(layout.table_duration)
    n_nodes = int((layout.node_ptr[1:] - layout.node_ptr[:-1]).max())
    table_cells = layout.n_periods * layout.width + LANES
    node_cells = (layout.n_periods + 1) * layout.width + LANES
    return Work(
        np.empty(n_tables * table_cells, np.int32),
        np.empty(n_tables * table_cells, np.int32),
        table_cells,
        np.empty(n_tables, np.int64),
        np.empty(n_tables, np.int64),
        np.empty(n_nodes * node_cells, np.int32),
        node_cells,
        np.empty(n_nodes, np.int64),
    )


@compiled
def price_people(
    people: np.ndarray,
    layout: Layout,
    worth: np.ndarray,
    price: np.ndarray,
    most: int,
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
    work = allocate(layout)
    path = np.empty((option.shape[1], 3), np.int64)
    for person in people:
        bound[person], count, allowed[person] = best_itinerary(
            person, layout, worth, price, work, most, path
        )
        option[person] = -1
        start[person] = -1
        for i in range(count):
            option[person, i] = path[i, 0]
            start[person, i] = path[i, 1]
