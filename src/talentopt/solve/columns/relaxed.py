"""The backward recursion of one person's pricing problem, with rules relaxed by multipliers.

States are (period, node, place of the last placement). Distinct values,
critical limits and the same placement twice are relaxed: each use of such a
resource pays its multiplier. The value is an upper bound, and bounds every
completion in the exact label search (`labels.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.compiled import compiled

if TYPE_CHECKING:
    from talentopt.solve.columns.automaton import Automata
    from talentopt.solve.columns.structure import Structure
    from talentopt.solve.columns.tables import Table

LANES = 8
"""Most people whose recursions run side by side, in vector registers."""


@compiled
def value_slots(
    person: int,
    s: Structure,
    table: Table,
    values: np.ndarray,
    toll: np.ndarray,
    tolls: np.ndarray,
) -> float:
    """Value every (slot, start) of a person at current prices, and each slot's toll.

    ``values[i, t]`` includes, optimistically, every reward that is paid once.

    Returns
    -------
    float
        Sum of all tolls a path may leave unpaid: added to relaxed values.
    """
    first = s.group_start[s.group_ptr[person]]
    last = s.group_start[s.group_ptr[person + 1]]
    scale = table.scale[person]
    n_periods = s.n_periods
    for slot in range(first, last):
        i = slot - first
        placement = s.slot_placement[slot]
        length = s.duration[placement]
        worth = scale * s.slot_points[slot] + table.adjust[slot]
        for t in range(n_periods):
            values[i, t] = -np.inf
            if t + length > n_periods or not (
                s.words[slot, t >> 6] >> np.uint64(t & 63)
            ) & np.uint64(1):
                continue
            if table.blocked[placement, t + length] != table.blocked[placement, t]:
                continue
            paid = table.price[placement, t + length] - table.price[placement, t]
            values[i, t] = worth - paid
        if s.kept_start[slot] >= 0:
            values[i, s.kept_start[slot]] += s.kept_points[slot]
        for entry in range(s.once_ptr[slot], s.once_ptr[slot + 1]):
            amount = table.once[entry]
            if amount > 0.0:
                for t in range(min(n_periods, s.once_latest[entry] + 1)):
                    values[i, t] += amount
    return toll_slots(person, s, table, toll, tolls)


@compiled
def toll_slots(
    person: int, s: Structure, table: Table, toll: np.ndarray, tolls: np.ndarray
) -> float:
    """Sum the multipliers of the resources that each slot uses; return what may be unpaid."""
    first = s.group_start[s.group_ptr[person]]
    last = s.group_start[s.group_ptr[person + 1]]
    n_limits, n_values = s.limit_left.shape[0], s.limit_left.shape[2]
    unpaid = 0.0
    for value in range(s.n_distinct):
        unpaid += tolls[value]
    for limit in range(n_limits):
        for value in range(n_values):
            r = s.n_distinct + limit * n_values + value
            if tolls[r] > 0.0:
                unpaid += tolls[r] * max(0, s.limit_left[limit, person, value])
    for slot in range(first, last):
        placement = s.slot_placement[slot]
        total = table.slot_toll[slot]
        unpaid += total
        if s.distinct[placement] >= 0:
            total += tolls[s.distinct[placement]]
        for limit in range(n_limits):
            value = s.limit_value[limit, placement]
            if value >= 0:
                total += tolls[s.n_distinct + limit * n_values + value]
        toll[slot - first] = total
    return unpaid


@compiled
def best_starts(
    person: int, s: Structure, values: np.ndarray, toll: np.ndarray, best: np.ndarray
) -> None:
    """Fill ``best[group, t]``: the best tolled value of a group's slots at each start."""
    g0, g1 = s.group_ptr[person], s.group_ptr[person + 1]
    first = s.group_start[g0]
    for g in range(g1 - g0):
        best[g, :] = -np.inf
        for slot in range(s.group_start[g0 + g], s.group_start[g0 + g + 1]):
            i = slot - first
            for t in range(s.n_periods):
                best[g, t] = max(best[g, t], values[i, t] - toll[i])


@compiled
def gather(
    people: np.ndarray,
    s: Structure,
    best: np.ndarray,
    groups: np.ndarray,
    gains: np.ndarray,
    windows: np.ndarray,
    where: np.ndarray,
) -> int:
    """Bring the groups of up to `LANES` people side by side.

    Returns
    -------
    int
        Number of different groups: ``groups[k]`` is one person's group of that
        sort, ``gains[k, t * len(people) + lane]`` the value of starting it.
    """
    count = 0
    for lane in range(len(people)):
        g0, g1 = s.group_ptr[people[lane]], s.group_ptr[people[lane] + 1]
        for g in range(g0, g1):
            sort = s.group_combination[g]
            k = where[sort]
            if k < 0:
                k = where[sort] = count
                groups[k] = g
                gains[k, : s.n_periods * len(people)] = -np.inf
                windows[k, 0], windows[k, 1] = s.n_periods, -1
                count += 1
            for t in range(s.n_periods):
                if best[lane, g - g0, t] > -np.inf:
                    gains[k, t * len(people) + lane] = best[lane, g - g0, t]
                    windows[k, 0] = min(windows[k, 0], t)
                    windows[k, 1] = max(windows[k, 1], t)
    for k in range(count):
        where[s.group_combination[groups[k]]] = -1
    return count


@compiled
def recur(
    people: np.ndarray,
    s: Structure,
    a: Automata,
    table: Table,
    count: int,
    groups: np.ndarray,
    gains: np.ndarray,
    windows: np.ndarray,
    upper: np.ndarray,
    reach: np.ndarray,
    scratch: np.ndarray,
    complete: bool,
) -> None:
    """Fill ``upper[node, place, t * lanes + lane]``: best continuation from period t.

    Up to `LANES` people with the same automaton are dealt with side by side;
    as many lanes are used, so that one person alone costs no more than one.
    `upper` counts what follows only; `reach` is the same for somebody who
    just arrived and may also end there. With `complete`, nothing may be missing
    in the end: nodes too late for that are left out.
    """
    n_periods, blank = s.n_periods, s.n_places
    node0 = a.node_ptr[s.automaton[people[0]]]
    n_nodes = a.node_ptr[s.automaton[people[0]] + 1] - node0
    lanes = len(people)
    width = n_periods * lanes
    weight = np.ones(width + lanes)
    leaving, lost = np.zeros(width), np.zeros(width)
    rewarding = False
    for lane in range(len(people)):
        person = people[lane]
        weight[lane::lanes] = table.scale[person]
        rewarding = rewarding or s.move_price[person] < 0
        for t in range(n_periods):
            leaving[t * lanes + lane] = table.scale[person] * s.move_price[person]
            if t >= s.idle_from[person]:
                lost[t * lanes + lane] = table.scale[person] * s.idle_price[person]
    now, gain, later = scratch.reshape(-1), gains.reshape(-1), reach.reshape(-1)
    top, second = np.empty(width), np.empty(width)
    onward = np.empty((blank + 1, width))
    for node in range(n_nodes - 1, -1, -1):
        soonest = a.earliest[node0 + node]
        scratch[:, soonest * lanes : width] = -np.inf
        last = soonest
        for k in range(count):
            g = groups[k]
            after = a.following[node0 + node, s.group_kind[g]]
            if after < 0:
                continue
            place, shift = s.group_place[g], s.group_duration[g] * lanes
            begin = max(soonest, windows[k, 0]) * lanes
            closing = n_periods
            if complete:
                closing -= a.remaining[node0 + after]
            end = min(windows[k, 1] + 1, closing - s.group_duration[g] + 1) * lanes
            charge = a.charge[node0 + node, s.group_kind[g]]
            if begin >= end or (complete and charge < 0.0):
                continue
            last = max(last, end // lanes)
            to = (after * (blank + 1) + place) * reach.shape[2] + begin + shift
            here, offer = place * scratch.shape[1] + begin, k * gains.shape[1] + begin
            if charge == 0.0:
                _raise_by_sums(now, here, gain, offer, later, to, end - begin)
            else:
                _raise_by_charged_sums(
                    now, here, gain, offer, later, to, end - begin, weight, begin, charge
                )
        _choose_place(
            scratch, onward, top, second, leaving, rewarding, soonest * lanes, last * lanes
        )
        ending = a.terminal[node0 + node]
        if complete and ending < 0.0:
            ending = -np.inf
        for place in range(blank + 1):
            row, out, arrive = onward[place], upper[node, place], reach[node, place]
            for x in range(np.uint64(last * lanes), np.uint64(width + lanes)):
                out[x] = -np.inf
                arrive[x] = weight[x] * ending
            for back in range(np.uint64((last - soonest) * lanes)):
                at = np.uint64(last * lanes - 1) - back
                waiting = out[at + np.uint64(lanes)] - lost[at]
                out[at] = waiting if waiting > row[at] else row[at]
            for x in range(np.uint64(soonest * lanes), np.uint64(last * lanes)):
                over = weight[x] * ending
                arrive[x] = out[x] if out[x] > over else over


@compiled
def _raise_by_sums(
    value: np.ndarray, here: int, gain: np.ndarray, offer: int, later: np.ndarray, to: int,
    count: int,
) -> None:  # fmt: skip
    """``value[here + i] = max(value[here + i], gain[offer + i] + later[to + i])``.

    Unsigned indices spare the check for negative ones.
    """
    i0, i1, i2 = np.uint64(here), np.uint64(offer), np.uint64(to)
    for i in range(np.uint64(count)):
        worth = gain[i1 + i] + later[i2 + i]
        value[i0 + i] = worth if worth > value[i0 + i] else value[i0 + i]


@compiled
def _raise_by_charged_sums(
    value: np.ndarray, here: int, gain: np.ndarray, offer: int, later: np.ndarray, to: int,
    count: int, weight: np.ndarray, begin: int, charge: float,
) -> None:  # fmt: skip
    """Do the same with ``weight[begin + i] * charge`` added."""
    i0, i1, i2, i3 = np.uint64(here), np.uint64(offer), np.uint64(to), np.uint64(begin)
    for i in range(np.uint64(count)):
        worth = gain[i1 + i] + later[i2 + i] + weight[i3 + i] * charge
        value[i0 + i] = worth if worth > value[i0 + i] else value[i0 + i]


@compiled
def _choose_place(
    scratch: np.ndarray,
    onward: np.ndarray,
    top: np.ndarray,
    second: np.ndarray,
    leaving: np.ndarray,
    rewarding: bool,
    begin: int,
    end: int,
) -> None:
    """From what starts at each place, the best to do next for somebody who was at each place."""
    blank = len(scratch) - 1
    first, last = np.uint64(begin), np.uint64(end)
    for x in range(first, last):
        top[x] = scratch[0, x] if blank else -np.inf
    for place in range(1, blank):
        row = scratch[place]
        for x in range(first, last):
            top[x] = row[x] if row[x] > top[x] else top[x]
    free = scratch[blank]
    for place in range(blank):
        row, out = scratch[place], onward[place]
        if rewarding:
            second[begin:end] = -np.inf
            for other in range(blank):
                if other != place:
                    for x in range(begin, end):
                        second[x] = max(second[x], scratch[other, x])
        rest = second if rewarding else top
        for x in range(first, last):
            moved = rest[x] - leaving[x]
            stays = row[x] if row[x] > free[x] else free[x]
            out[x] = stays if stays > moved else moved
    out = onward[blank]
    for x in range(first, last):
        out[x] = top[x] if top[x] > free[x] else free[x]


@compiled
def moving(s: Structure, move: float, before: int, place: int) -> float:
    """Points lost by a change of place."""
    blank = s.n_places
    return move if before != blank and place != blank and before != place else 0.0


@compiled
def trace(
    person: int,
    lane: int,
    lanes: int,
    s: Structure,
    a: Automata,
    table: Table,
    values: np.ndarray,
    toll: np.ndarray,
    best: np.ndarray,
    upper: np.ndarray,
    path: np.ndarray,
    starts: np.ndarray,
) -> int:
    """Follow the relaxed optimum; returns the number of placements.

    ``path[k]`` are slots counted from the person's first one.
    """
    g0, g1 = s.group_ptr[person], s.group_ptr[person + 1]
    first = s.group_start[g0]
    node0 = a.node_ptr[s.automaton[person]]
    scale = table.scale[person]
    move = scale * s.move_price[person]
    node, place, t, count = 0, s.home[person], 0, 0
    while t < s.n_periods and count < len(path):
        goal = upper[node, place, t * lanes + lane]
        if goal == -np.inf:
            break
        closest, chosen = np.inf, -1
        for g in range(g0, g1):
            after = a.following[node0 + node, s.group_kind[g]]
            if after < 0 or best[g - g0, t] == -np.inf:
                continue
            end = t + s.group_duration[g]
            worth = best[g - g0, t] + scale * a.charge[node0 + node, s.group_kind[g]]
            worth += max(
                scale * a.terminal[node0 + after],
                upper[after, s.group_place[g], end * lanes + lane],
            )
            worth -= moving(s, move, place, s.group_place[g])
            if abs(goal - worth) < closest:
                closest, chosen = abs(goal - worth), g
        idle = scale * s.idle_price[person] if t >= s.idle_from[person] else 0.0
        if chosen < 0 or abs(upper[node, place, (t + 1) * lanes + lane] - idle - goal) < closest:
            t += 1
            continue
        top = -np.inf
        for slot in range(s.group_start[chosen], s.group_start[chosen + 1]):
            i = slot - first
            if values[i, t] - toll[i] > top:
                top = values[i, t] - toll[i]
                path[count] = i
        starts[count] = t
        count += 1
        node = a.following[node0 + node, s.group_kind[chosen]]
        place = s.group_place[chosen]
        t += s.group_duration[chosen]
        if scale * a.terminal[node0 + node] >= upper[node, place, t * lanes + lane]:
            break
    return count
