"""Multipliers of the rules that a person's relaxed recursion forgets, and paths that are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.compiled import compiled

if TYPE_CHECKING:
    from talentopt.solve.columns.structure import Structure
    from talentopt.solve.columns.tables import Paths, Table


@compiled
def learn_limits(person: int, path: np.ndarray, count: int, s: Structure, table: Table) -> bool:
    """Mark the limits that a path exceeds as critical; returns whether there are any."""
    first = s.group_start[s.group_ptr[person]]
    n_values = s.limit_left.shape[2]
    found = False
    for limit in range(s.limit_left.shape[0]):
        for k in range(count):
            value = s.limit_value[limit, s.slot_placement[first + path[k]]]
            if value < 0 or table.critical[person, limit * n_values + value]:
                continue
            used = 0
            for other in range(count):
                used += s.limit_value[limit, s.slot_placement[first + path[other]]] == value
            if used > max(0, s.limit_left[limit, person, value]):
                table.critical[person, limit * n_values + value] = True
                found = True
    return found


@compiled
def charge_tolls(
    person: int,
    path: np.ndarray,
    count: int,
    surplus: float,
    longest_step: float,
    s: Structure,
    table: Table,
    used: np.ndarray,
) -> None:
    """Polyak step on the multipliers, for a relaxed path worth ``surplus`` too much."""
    first = s.group_start[s.group_ptr[person]]
    last = s.group_start[s.group_ptr[person + 1]]
    n_values = s.limit_left.shape[2]
    tolls = table.tolls[person]
    used[:] = 0
    for k in range(count):
        placement = s.slot_placement[first + path[k]]
        if s.distinct[placement] >= 0:
            used[s.distinct[placement]] += 1
        for limit in range(s.limit_left.shape[0]):
            value = s.limit_value[limit, placement]
            if value >= 0:
                used[s.n_distinct + limit * n_values + value] += 1
    norm = 0.0
    for r in range(len(tolls)):
        spare = 1
        if r >= s.n_distinct:
            at = r - s.n_distinct
            if not table.critical[person, at]:
                used[r] = 0
                continue
            spare = max(0, s.limit_left[at // n_values, person, at % n_values])
        used[r] -= spare
        if used[r] > 0 or tolls[r] > 0.0:
            norm += used[r] * used[r]
    for slot in range(first, last):
        if s.slot_alone[slot]:
            over = -1
            for k in range(count):
                over += path[k] == slot - first
            if over > 0 or table.slot_toll[slot] > 0.0:
                norm += over * over
    if norm == 0.0:
        return
    step = min(surplus / norm, longest_step)
    for r in range(len(tolls)):
        if used[r] > 0 or tolls[r] > 0.0:
            tolls[r] = max(0.0, tolls[r] + step * used[r])
    for slot in range(first, last):
        if s.slot_alone[slot]:
            over = -1
            for k in range(count):
                over += path[k] == slot - first
            if over > 0 or table.slot_toll[slot] > 0.0:
                table.slot_toll[slot] = max(0.0, table.slot_toll[slot] + step * over)


@compiled
def spread_of(person: int, s: Structure, values: np.ndarray) -> float:
    """Typical difference in value between placements: of their best starts, mean deviation."""
    first = s.group_start[s.group_ptr[person]]
    last = s.group_start[s.group_ptr[person + 1]]
    total, count = 0.0, 0
    for i in range(last - first):
        top = -np.inf
        for t in range(s.n_periods):
            top = max(top, values[i, t])
        if top > -np.inf:
            total += abs(top)
            count += 1
    return total / max(1, count)


@compiled
def keep_path(
    person: int, worth: float, path: np.ndarray, starts: np.ndarray, count: int, paths: Paths
) -> None:
    """Make a path a person's best."""
    paths.worth[person] = worth
    paths.length[person] = count
    for k in range(count):
        paths.slot[person, k], paths.start[person, k] = path[k], starts[k]
