"""Compiled: finding the nodes of one automaton, breadth first.

A node is a row of whole numbers: last stage, fixed bookings made in order,
others made (bits), facts (bits), then counts and distinct values (bits) of
each stage, or of the last stage only where stages are ordered. Nodes are
numbered in topological order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from talentopt.solve.compiled import compiled

if TYPE_CHECKING:
    from collections.abc import Sequence

NEVER = 1 << 20
"""Periods until nothing is missing, where something will always be."""

STAGE, CHAIN, MADE, FACTS, COUNTS = range(5)
"""Places in a node's row; counts and values fill the rest."""


class Effects(NamedTuple):
    """What placements of each kind do; fixed bookings are kinds at the end.

    Attributes
    ----------
    stage, value : (n_kinds,) int64
    gives, needs : (n_kinds,) int64
        Facts, as bits.
    soonest, shortest : (n_kinds,) int64
        First start, and fewest periods.
    link : (n_kinds,) int64
        Position in the order of fixed bookings; -1 = any time.
    must : (n_kinds,) int64
        Number of the fixed booking; -1 = none.
    """

    stage: np.ndarray
    value: np.ndarray
    gives: np.ndarray
    needs: np.ndarray
    soonest: np.ndarray
    shortest: np.ndarray
    link: np.ndarray
    must: np.ndarray


class Stages(NamedTuple):
    """One person's stages: fewest, most, price of a missing one (0 where not exclusive)."""

    least: np.ndarray
    most: np.ndarray
    missing: np.ndarray
    needed: np.ndarray


@compiled
def _step(
    node: np.ndarray, kind: int, e: Effects, stages: Stages, ordered: bool, tracked: int,
    after: np.ndarray,
) -> float:  # fmt: skip
    """Fill ``after`` with the node after a placement; returns its charge, 1 = not allowed."""
    after[:] = node
    must = e.must[kind]
    if e.link[kind] >= 0:
        if e.link[kind] != node[CHAIN]:
            return 1.0
        after[CHAIN] += 1
    elif must >= 0:
        if node[MADE] >> must & 1:
            return 1.0
        after[MADE] |= 1 << must
    if e.needs[kind] & ~node[FACTS]:
        return 1.0
    stage, charge = e.stage[kind], 0.0
    at = COUNTS
    if ordered:
        if stage < node[STAGE]:
            return 1.0
        if stage > node[STAGE]:
            if node[STAGE] >= 0:
                charge -= _short(stages, node[STAGE], node[COUNTS])
            for between in range(node[STAGE] + 1, stage):
                charge -= _short(stages, between, 0)
            after[COUNTS], after[COUNTS + 1] = 0, 0
        after[STAGE] = stage
    else:
        at += 2 * stage
    after[at] += 1
    if after[at] > stages.most[stage]:
        return 1.0
    value = e.value[kind]
    if value >= 0 and tracked >> value & 1:
        if after[at + 1] >> value & 1:
            return 1.0
        after[at + 1] |= 1 << value
    if after[at] >= stages.most[stage]:
        after[at + 1] = 0
    after[FACTS] = (node[FACTS] | e.gives[kind]) & stages.needed[max(after[STAGE], 0)]
    return charge


@compiled
def _short(stages: Stages, stage: int, held: int) -> float:
    short: float = stages.missing[stage] * max(0, stages.least[stage] - held)
    return short


@compiled
def _hash(row: np.ndarray) -> np.int64:
    mixed = np.uint64(1469598103934665603)
    for number in row:
        mixed = (mixed ^ np.uint64(number)) * np.uint64(1099511628211)
        mixed ^= mixed >> np.uint64(29)
    return np.int64(mixed & np.uint64(0x7FFFFFFFFFFFFFFF))


@compiled
def _enter(table: np.ndarray, rows: np.ndarray, row: np.ndarray) -> np.int64:
    """Find a row's place in the table of node numbers."""
    mask = len(table) - 1
    spot = _hash(row) & mask
    while table[spot] >= 0:
        same = True
        for column in range(len(row)):
            if rows[table[spot], column] != row[column]:
                same = False
                break
        if same:
            break
        spot = (spot + 1) & mask
    return spot


@compiled
def grow(
    e: Effects, stages: Stages, ordered: bool, start: np.ndarray, tracked: int, n_musts: int,
    most: int,
) -> tuple[int, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Find all nodes.

    Parameters
    ----------
    e : Effects
    stages : Stages
    ordered : bool
    start : (n,) int64
        The first node.
    tracked : int
        Distinct values that nodes remember, as bits.
    n_musts : int
    most : int
        Give up with more nodes.

    Returns
    -------
    count : int
        Of nodes; more than `most` when given up.
    following, charge, terminal, earliest, remaining
        As in `Automata`.
    """
    n_kinds = len(e.stage)
    room = 256
    rows = np.empty((room, len(start)), np.int64)
    following = np.empty((room, n_kinds), np.int32)
    charge = np.zeros((room, n_kinds))
    table = np.full(4 * room, -1, np.int64)
    row = np.empty(len(start), np.int64)
    rows[0] = start
    table[_enter(table, rows, rows[0])] = 0
    count, node = 1, 0
    while node < count and count <= most:
        for kind in range(n_kinds):
            following[node, kind] = -1
            points = _step(rows[node], kind, e, stages, ordered, tracked, row)
            if points > 0.0:
                continue
            spot = _enter(table, rows, row)
            if table[spot] < 0:
                rows[count] = row
                table[spot] = count
                count += 1
            following[node, kind], charge[node, kind] = table[spot], points
        node += 1
        if count + n_kinds > room:
            rows = np.concatenate((rows, np.empty_like(rows)))
            following = np.concatenate((following, np.empty_like(following)))
            charge = np.concatenate((charge, np.zeros_like(charge)))
            room *= 2
            table = np.full(4 * room, -1, np.int64)
            for known in range(count):
                table[_enter(table, rows, rows[known])] = known
    if count > most:
        nothing = np.zeros(0, np.int32)
        return count, following[:0], charge[:0], np.zeros(0), nothing, nothing
    if ordered:
        order = _by_stage(rows[:count])
        position = np.empty(count + 1, np.int32)
        position[order] = np.arange(count)
        position[-1] = -1
        rows, charge = rows[order], charge[order]
        following = position[following[order].ravel()].reshape(count, n_kinds)
    terminal = np.empty(count)
    earliest = np.full(count, np.iinfo(np.int32).max, np.int32)
    earliest[0] = 0
    for at in range(count):
        terminal[at] = _final(rows[at], stages, ordered, n_musts)
        for kind in range(n_kinds):
            if following[at, kind] >= 0:
                arrival = max(earliest[at], e.soonest[kind]) + e.shortest[kind]
                earliest[following[at, kind]] = min(earliest[following[at, kind]], arrival)
    remaining = np.full(count, NEVER, np.int32)
    for at in range(count - 1, -1, -1):
        if terminal[at] == 0.0:
            remaining[at] = 0
        for kind in range(n_kinds):
            after = following[at, kind]
            if after >= 0 and charge[at, kind] == 0.0:
                remaining[at] = min(remaining[at], e.shortest[kind] + remaining[after])
    return count, following[:count], charge[:count], terminal, earliest, remaining


@compiled
def _by_stage(rows: np.ndarray) -> np.ndarray:
    """(n_nodes,) int64: nodes by stage, then by placements held in it: every arc goes forward.

    Breadth first they need not: a node of a late stage may be reached by few
    placements, when much is missing, and by many. (Where stages are not
    ordered, a node says how many placements lead to it.)
    """
    most = rows[:, COUNTS].max() + 1
    return np.argsort(rows[:, STAGE] * most + rows[:, COUNTS], kind="mergesort")


@compiled
def _final(node: np.ndarray, stages: Stages, ordered: bool, n_musts: int) -> float:
    """Points for what is missing when nothing follows; -inf without a fixed booking."""
    made = node[CHAIN]
    for must in range(n_musts):
        made += node[MADE] >> must & 1
    if made < n_musts:
        return -np.inf
    lost = 0.0
    n_stages = len(stages.least)
    if not ordered:
        for stage in range(n_stages):
            lost += _short(stages, stage, node[COUNTS + 2 * stage])
        return -lost
    if node[STAGE] >= 0:
        lost += _short(stages, node[STAGE], node[COUNTS])
    for stage in range(node[STAGE] + 1, n_stages):
        lost += _short(stages, stage, 0)
    return -lost


def needed_later(stage: np.ndarray, needs: np.ndarray, n_stages: int) -> np.ndarray:
    """(n_stages + 1,) int64: facts that placements of a stage or a later one need."""
    needed = np.zeros(n_stages + 1, np.int64)
    for kind in range(len(stage)):
        needed[: stage[kind] + 1] |= needs[kind]
    return needed


def as_bits(flags: Sequence[int]) -> np.ndarray:
    """Keep the first 62 bits of each number."""
    return np.array([flag & (1 << 62) - 1 for flag in flags], dtype=np.int64)
