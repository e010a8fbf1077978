"""Search over one person's itineraries, period by period, guided by the relaxed recursion.

A label is a partial itinerary that ends in some period. Its priority is an
upper bound on every completion; each period keeps the labels of the highest
priority, and the highest that was dropped bounds what the search has missed,
so that it is exact once that is no more than the best itinerary found. What a label may still
do is read from its ancestors; two labels are interchangeable when period, node,
place and a 64-bit sum of hashes of everything else that matters agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.columns.memory import begin, crowded_out, keep, retrace, scramble
from talentopt.solve.columns.relaxed import moving
from talentopt.solve.compiled import compiled

if TYPE_CHECKING:
    from talentopt.solve.columns.automaton import Automata
    from talentopt.solve.columns.structure import Structure
    from talentopt.solve.columns.tables import Table, Work


@compiled
def fingerprint(person: int, slot: int, start: int, s: Structure) -> np.uint64:
    """Hash of what a placement adds to the state beyond node, place and limits."""
    placement = s.slot_placement[slot]
    mark = np.uint64(0)
    if s.distinct[placement] >= 0:
        mark += scramble(1 + 8 * s.distinct[placement])
    if s.slot_alone[slot]:
        mark += scramble(2 + 8 * placement)
    for clause in range(s.clause_met.shape[0]):
        if s.clause_met[clause, placement] and not s.clause_done[person, clause]:
            mark += scramble(4 + 8 * clause)
    for entry in range(s.once_ptr[slot], s.once_ptr[slot + 1]):
        if start <= s.once_latest[entry]:
            mark += scramble(5 + 8 * s.once_feature[entry])
    return mark


@compiled
def limits_used(
    person: int, slot: int, placements: np.ndarray, count: int, s: Structure, critical: np.ndarray
) -> np.uint64:
    """Hash of the limits that what may still follow a path and one more could exceed."""
    n_values = s.limit_left.shape[2]
    placements[count] = s.slot_placement[slot]
    rest = s.most_held[person] - count - 1
    mark = np.uint64(0)
    for limit in range(s.limit_left.shape[0]):
        for value in range(n_values):
            at = limit * n_values + value
            if not critical[at]:
                continue
            used = 0
            for k in range(count + 1):
                used += s.limit_value[limit, placements[k]] == value
            if used > 0 and used + rest > s.limit_left[limit, person, value]:
                mark += scramble(3 + 8 * (at * 1024 + used))
    return mark


@compiled
def joins(
    person: int, slot: int, placements: np.ndarray, count: int, s: Structure, critical: np.ndarray
) -> bool:
    """Whether a placement may follow the first ``count`` of a path (rules off the nodes)."""
    placement = s.slot_placement[slot]
    value = s.distinct[placement]
    for k in range(count):
        if placements[k] == placement or (value >= 0 and s.distinct[placements[k]] == value):
            return False
    n_values = s.limit_left.shape[2]
    for limit in range(s.limit_left.shape[0]):
        value = s.limit_value[limit, placement]
        if value < 0 or not critical[limit * n_values + value]:
            continue
        used = 1
        for k in range(count):
            used += s.limit_value[limit, placements[k]] == value
        if used > max(0, s.limit_left[limit, person, value]):
            return False
    for at in range(s.clause_ptr[placement], s.clause_ptr[placement + 1]):
        clause = s.clause_of[at]
        met = s.clause_done[person, clause]
        for k in range(count):
            met = met or s.clause_met[clause, placements[k]]
        if not met:
            return False
    return True


@compiled
def correction(
    slot: int,
    start: int,
    slots: np.ndarray,
    starts: np.ndarray,
    count: int,
    s: Structure,
    table: Table,
) -> float:
    """Subtract optimistic from true once-only rewards of a placement after ``count`` others."""
    total = 0.0
    for entry in range(s.once_ptr[slot], s.once_ptr[slot + 1]):
        if start > s.once_latest[entry]:
            continue
        amount, before, found = table.once[entry], 0.0, False
        for k in range(count):
            for other in range(s.once_ptr[slots[k]], s.once_ptr[slots[k] + 1]):
                if s.once_family[other] != s.once_family[entry]:
                    continue
                if starts[k] <= s.once_latest[other]:
                    before = max(before, table.once[other]) if found else table.once[other]
                    found = True
        total += max(amount, before) - before if found else amount
        total -= max(amount, 0.0)
    return total


@compiled
def worth_of(
    person: int,
    path: np.ndarray,
    starts: np.ndarray,
    count: int,
    s: Structure,
    a: Automata,
    table: Table,
    values: np.ndarray,
    critical: np.ndarray,
) -> float:
    """Exact value of a path at current prices; -inf when it breaks a rule."""
    g0, g1 = s.group_ptr[person], s.group_ptr[person + 1]
    first = s.group_start[g0]
    node0 = a.node_ptr[s.automaton[person]]
    scale = table.scale[person]
    move = scale * s.move_price[person]
    slots = np.empty(count, np.int64)
    placements = np.empty(count, np.int64)
    node, place, end, total = 0, s.home[person], 0, 0.0
    for k in range(count):
        slot = path[k] + first
        if starts[k] < end or values[path[k], starts[k]] == -np.inf:
            return -np.inf
        g = np.searchsorted(s.group_start[g0 : g1 + 1], slot, side="right") - 1 + g0
        kind = s.group_kind[g]
        after = a.following[node0 + node, kind]
        if after < 0 or not joins(person, slot, placements, k, s, critical):
            return -np.inf
        idle = max(0, starts[k] - max(end, s.idle_from[person]))
        total += values[path[k], starts[k]] + scale * a.charge[node0 + node, kind]
        total -= moving(s, move, place, s.group_place[g]) + idle * scale * s.idle_price[person]
        total += correction(slot, starts[k], slots, starts, k, s, table)
        slots[k], placements[k] = slot, s.slot_placement[slot]
        node, place, end = after, s.group_place[g], starts[k] + s.group_duration[g]
    worth: float = total + scale * a.terminal[node0 + node]
    return worth


@compiled
def search(
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
    unpaid: float,
    critical: np.ndarray,
    least: float,
    eps: float,
    work: Work,
    path: np.ndarray,
    starts: np.ndarray,
) -> tuple[float, float, int]:
    """Find an itinerary worth more than ``least``, as good as possible.

    Parameters
    ----------
    unpaid : float
        Added to a label's tolled value to bound its completions.
    least : float
        Worth of an itinerary in hand.
    eps : float
        Leave out what is better by less.
    work : Work
        Its memory says how many labels each period keeps.

    Returns
    -------
    bound : float
        No allowed itinerary is worth more.
    worth : float
        Of the itinerary found; `least` when none is better.
    count : int
        Placements in `path`; -1 when none is better than `least`.
    """
    g0, g1 = s.group_ptr[person], s.group_ptr[person + 1]
    first = s.group_start[g0]
    node0 = a.node_ptr[s.automaton[person]]
    scale = table.scale[person]
    move = scale * s.move_price[person]
    slots = np.empty(len(path), np.int64)
    at_slot = np.empty(len(path), np.int64)
    placements = np.empty(len(path) + 1, np.int64)
    when = np.empty(len(path), np.int64)
    winner, winner_slot, winner_start = -1, -1, -1
    begin(work, s.home[person], unpaid)
    worth, dropped = least, -np.inf
    last = s.group_start[g1]
    plain = s.once_ptr[first:last] == s.once_ptr[first + 1 : last + 1]
    for t in range(s.n_periods):
        for rank in range(work.size[t]):
            label = work.label[t, rank]
            if work.dead[label]:
                continue
            node, place = work.node[label], work.place[label]
            onward = work.tolled[label] + upper[node, place, t * lanes + lane] + unpaid
            if onward <= worth + eps:
                continue
            count = 0
            up = label
            while up >= 0:
                if work.slot[up] >= 0:
                    slots[count], when[count] = work.slot[up], work.start[up]
                    count += 1
                up = work.parent[up]
            for k in range(count):
                at_slot[k] = first + slots[k]
                placements[k] = s.slot_placement[at_slot[k]]
            idle = scale * s.idle_price[person] if t >= s.idle_from[person] else 0.0
            spare = work.spare[label]
            later = work.tolled[label] - idle + upper[node, place, (t + 1) * lanes + lane] + unpaid
            if later > worth + eps:
                lost = keep(
                    work, t + 1, node, place, label, -1, t, later, work.tolled[label] - idle,
                    spare, work.mark[label], work.limits[label],
                )  # fmt: skip
                dropped = max(dropped, lost)
            for g in range(g0, g1):
                kind = s.group_kind[g]
                after = a.following[node0 + node, kind]
                if after < 0 or best[g - g0, t] == -np.inf or count == len(path):
                    continue
                end, there = t + s.group_duration[g], s.group_place[g]
                base = work.tolled[label] + scale * a.charge[node0 + node, kind]
                base -= moving(s, move, place, there)
                rest = upper[after, there, end * lanes + lane]
                ending = scale * a.terminal[node0 + after]
                if base + best[g - g0, t] + max(rest, ending) + unpaid <= worth + eps:
                    continue
                for slot in range(s.group_start[g], s.group_start[g + 1]):
                    i = slot - first
                    gained = base + values[i, t] - toll[i]
                    if gained + max(rest, ending) + unpaid <= worth + eps:
                        continue
                    key = gained + rest + unpaid
                    finished = gained + ending + unpaid - spare + toll[i]
                    if finished <= worth and crowded_out(work, end, key) and plain[i]:
                        # Most are, and looking at rules takes longer; allowed or not.
                        dropped = max(dropped, key)
                        continue
                    if not joins(person, slot, placements, count, s, critical):
                        continue
                    gained += correction(slot, t, at_slot, when, count, s, table)
                    left = spare - toll[i]
                    complete = gained + ending + unpaid - left
                    if complete > worth:
                        worth, winner, winner_slot, winner_start = complete, label, i, t
                    if gained + rest + unpaid <= worth + eps:
                        continue
                    mark = work.mark[label] - work.limits[label]
                    mark += fingerprint(person, slot, t, s)
                    limits = limits_used(person, slot, placements, count, s, critical)
                    lost = keep(
                        work, end, after, there, label, i, t, gained + rest + unpaid, gained,
                        left, mark + limits, limits,
                    )  # fmt: skip
                    dropped = max(dropped, lost)
    bound = max(worth, dropped)
    if winner_slot < 0:
        return bound, worth, -1
    return bound, worth, retrace(work, winner, winner_slot, winner_start, path, starts)
