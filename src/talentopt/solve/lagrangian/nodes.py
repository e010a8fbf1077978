"""How far an itinerary may have come: the nodes that pricing walks over.

A node says in which stage a person is, how many placements of it they hold,
which distinct values of that stage are used, and which prerequisites are met.
People with the same maxima and history share one *type* of nodes.

Where a stage without distinct values holds at most two placements, these
differ because their numbers differ in some bit: after the first, a node says
which bit is meant and what it was, and the second must have it otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from talentopt.problem import Itineraries

MOST_NODES = 6000
"""Nodes of one type above which pricing would be too slow."""


PAIRS_WORTH = 1.5
"""Growth of the edges up to which stages of pairs get nodes of their own."""


class Kind(NamedTuple):
    """What booking a placement does: its stage, distinct value and prerequisites (bits)."""

    stage: int
    distinct: int
    needs: int
    meets: int


class Tables(NamedTuple):
    """Where the candidates of each placement are collected.

    A table holds the placements of one kind and duration. Without a distinct
    value it exists once per number of placements already held (its *level*),
    so that the same placement can be kept from being booked twice, and in
    stages of pairs also once per bit and its value (its *side*).

    Attributes
    ----------
    kinds : tuple of Kind
    duration, level : (n_tables,) int32
    ptr : (n_placements + 1,) int64
    of_placement : (ptr[-1],) int32
        The tables of each placement; none when it is not exclusive.
    repeatable : (n_placements,) bool
        Whether nodes allow it twice.
    sides : (n_stages,) int64
        Twice the bits of a stage of pairs; 0 = another stage.
    of_kind : dict
        The tables of each (kind, level, side).
    """

    kinds: tuple[Kind, ...]
    duration: np.ndarray
    level: np.ndarray
    ptr: np.ndarray
    of_placement: np.ndarray
    repeatable: np.ndarray
    sides: np.ndarray
    of_kind: dict[tuple[int, int, int], list[int]]


class Nodes(NamedTuple):
    """The nodes of all types, each type's in topological order, its start first.

    Attributes
    ----------
    ptr : (n_types + 1,) int64
    stage, held : (n_nodes,) int32
        Stage -1 = the end.
    skip : (n_nodes,) int32
        Node after leaving the stage, counted from the type's first; -1 at the end.
    edge_ptr : (n_nodes + 1,) int64
    edge_table, edge_next : (n_edges,) int32
        `edge_next` is counted from the type's first node.
    of_person : (n_people,) int32
    """

    ptr: np.ndarray
    stage: np.ndarray
    held: np.ndarray
    skip: np.ndarray
    edge_ptr: np.ndarray
    edge_table: np.ndarray
    edge_next: np.ndarray
    of_person: np.ndarray


class TooManyNodes(Exception):
    """The structure has more nodes than pricing can walk over."""


def stage_caps(itineraries: Itineraries) -> np.ndarray:
    """(n_people, n_stages) int64: the most exclusive placements that fit."""
    shortest = np.full(itineraries.n_stages, itineraries.n_periods + 1, dtype=np.int64)
    np.minimum.at(shortest, itineraries.placement_stage, itineraries.placement_duration)
    caps = np.minimum(itineraries.stage_max, itineraries.n_periods // np.maximum(shortest, 1))
    stage = itineraries.placement_stage[itineraries.option_placement]
    options = np.zeros(caps.shape, dtype=np.int64)
    np.add.at(options, (itineraries.option_person(), stage), 1)
    caps = np.minimum(np.maximum(caps, 0), options)
    return np.asarray(caps * itineraries.stage_exclusive)


def build(itineraries: Itineraries) -> tuple[Tables, Nodes]:
    """Find the tables and the nodes of a problem.

    Raises
    ------
    TooManyNodes
    """
    plain = _build(itineraries, np.zeros(itineraries.n_stages, dtype=np.int64))
    sides = _sides(itineraries, stage_caps(itineraries))
    if not sides.any():
        return plain
    try:
        paired = _build(itineraries, sides)
    except TooManyNodes:
        return plain
    larger = len(paired[1].edge_table) > PAIRS_WORTH * len(plain[1].edge_table)
    return plain if larger else paired


def _build(itineraries: Itineraries, sides: np.ndarray) -> tuple[Tables, Nodes]:
    caps = stage_caps(itineraries)
    kinds, kind_of, done = _kinds(itineraries)
    tables = _tables(itineraries, kinds, kind_of, caps, sides)
    keys = np.column_stack([caps, done])
    types, of_person = np.unique(keys, axis=0, return_inverse=True)
    parts = [_Type(tables, key[:-1].tolist(), int(key[-1])) for key in types]
    if sum(len(part.order) for part in parts) > 20 * MOST_NODES:
        raise TooManyNodes
    return tables, _join(parts, of_person.ravel().astype(np.int32))


def _kinds(itineraries: Itineraries) -> tuple[tuple[Kind, ...], np.ndarray, np.ndarray]:
    """Kinds, the kind of each placement (-1 = concurrent), and flags met by history."""
    clause_flag: list[int] = []
    flags: dict[bytes, int] = {}
    needs = np.zeros(itineraries.n_placements, dtype=np.int64)
    meets = np.zeros(itineraries.n_placements, dtype=np.int64)
    for clause, placement in enumerate(itineraries.clause_placement):
        met_by = itineraries.clause_met_by[
            itineraries.clause_ptr[clause] : itineraries.clause_ptr[clause + 1]
        ]
        # History may meet a clause, so clauses met by the same placements share a
        # flag only when they are met for the same people.
        key = np.sort(met_by).tobytes() + itineraries.clause_done[:, clause].tobytes()
        flag = flags.setdefault(key, len(flags))
        clause_flag.append(flag)
        needs[placement] |= 1 << flag
        meets[met_by] |= 1 << flag
    if len(flags) > 62:
        raise TooManyNodes
    done = np.zeros(itineraries.n_people, dtype=np.int64)
    for clause, flag in enumerate(clause_flag):
        done |= itineraries.clause_done[:, clause].astype(np.int64) << flag
    kinds: dict[Kind, int] = {}
    kind_of = np.full(itineraries.n_placements, -1, dtype=np.int32)
    for k in np.flatnonzero(itineraries.placement_exclusive):
        distinct = int(itineraries.placement_distinct[k])
        kind = Kind(int(itineraries.placement_stage[k]), distinct, int(needs[k]), int(meets[k]))
        kind_of[k] = kinds.setdefault(kind, len(kinds))
    return tuple(kinds), kind_of, done


def _tables(
    itineraries: Itineraries,
    kinds: tuple[Kind, ...],
    kind_of: np.ndarray,
    caps: np.ndarray,
    sides: np.ndarray,
) -> Tables:
    most = caps.max(axis=0, initial=0)
    number = np.zeros(itineraries.n_placements, dtype=np.int64)
    for stage in range(itineraries.n_stages):
        mine = np.flatnonzero(itineraries.placement_stage == stage)
        number[mine] = np.arange(len(mine))
    rows: dict[tuple[int, int, int, int], int] = {}
    of_placement: list[list[int]] = []
    for k, of in enumerate(kind_of):
        mine_too: list[int] = []
        if of >= 0:
            kind = kinds[of]
            levels = max(1, int(most[kind.stage])) if kind.distinct < 0 else 1
            bits = int(sides[kind.stage]) // 2
            held = [2 * bit + int(number[k] >> bit & 1) for bit in range(bits)] or [0]
            keys = [
                (int(of), int(itineraries.placement_duration[k]), level, side)
                for level in range(levels)
                for side in held
            ]
            mine_too = [rows.setdefault(key, len(rows)) for key in keys]
        of_placement.append(mine_too)
    of_kind: dict[tuple[int, int, int], list[int]] = {}
    for (of, _, level, side), table in rows.items():
        of_kind.setdefault((of, level, side), []).append(table)
    columns = np.asarray(list(rows), dtype=np.int32).reshape(len(rows), 4)
    shared = np.array([of >= 0 and kinds[of].distinct < 0 for of in kind_of], dtype=np.bool_)
    return Tables(
        kinds,
        np.ascontiguousarray(columns[:, 1]),
        np.ascontiguousarray(columns[:, 2]),
        np.concatenate([[0], np.cumsum([len(mine) for mine in of_placement])]).astype(np.int64),
        np.asarray([table for mine in of_placement for table in mine], dtype=np.int32),
        shared
        & (most[itineraries.placement_stage] > 1)
        & (sides[itineraries.placement_stage] == 0),
        sides,
        of_kind,
    )


def _sides(itineraries: Itineraries, caps: np.ndarray) -> np.ndarray:
    """(n_stages,) int64: see `Tables`."""
    sides = np.zeros(itineraries.n_stages, dtype=np.int64)
    for stage in range(itineraries.n_stages):
        mine = (itineraries.placement_stage == stage) & itineraries.placement_exclusive
        plain = (itineraries.placement_distinct[mine] < 0).all()
        if plain and mine.any() and caps[:, stage].max(initial=0) == 2:
            last = int((itineraries.placement_stage == stage).sum()) - 1
            sides[stage] = 2 * max(1, last.bit_length())
    return sides


class _Type:
    """The nodes that people with the same maxima and history can reach."""

    def __init__(self, tables: Tables, caps: list[int], done: int) -> None:
        self.tables = tables
        self.caps = caps
        n_stages = len(caps)
        self.by_stage = [
            [(number, kind) for number, kind in enumerate(tables.kinds) if kind.stage == stage]
            for stage in range(n_stages)
        ]
        self.needed = [0] * (n_stages + 1)
        for stage in reversed(range(n_stages)):
            wanted = [kind.needs for _, kind in self.by_stage[stage]]
            self.needed[stage] = self.needed[stage + 1] | int(np.bitwise_or.reduce([0, *wanted]))
        values = [
            sorted({kind.distinct for _, kind in mine if kind.distinct >= 0})
            for mine in self.by_stage
        ]
        self.bit = {value: 1 << i for mine in values for i, value in enumerate(mine)}
        self._walk(self._enter(0, done))

    def _enter(self, stage: int, flags: int) -> tuple[int, int, int, int]:
        """Node at the beginning of a stage, or the end: (stage, count, used, flags)."""
        if stage == len(self.caps):
            return (stage, 0, 0, 0)
        return (stage, 0, 0, flags & self.needed[stage])

    def _walk(self, start: tuple[int, int, int, int]) -> None:
        self.skips: dict[tuple[int, int, int, int], tuple[int, int, int, int]] = {}
        self.edges: dict[
            tuple[int, int, int, int], list[tuple[int, tuple[int, int, int, int]]]
        ] = {start: []}
        waiting = [start]
        while waiting:
            node = waiting.pop()
            if node[0] == len(self.caps):
                continue
            self.skips[node] = self._enter(node[0] + 1, node[3])
            self.edges[node] = self._edges(node)
            for after in (self.skips[node], *(after for _, after in self.edges[node])):
                if after not in self.edges:
                    self.edges[after] = []
                    waiting.append(after)
            if len(self.edges) > MOST_NODES:
                raise TooManyNodes
        self.order = sorted(self.edges)

    def _edges(
        self, node: tuple[int, int, int, int]
    ) -> list[tuple[int, tuple[int, int, int, int]]]:
        stage, count, used, flags = node
        if count >= self.caps[stage]:
            return []
        last = count + 1 == self.caps[stage]
        later = self.needed[stage + 1] if last else self.needed[stage]
        found = []
        for number, kind in self.by_stage[stage]:
            bit = self.bit.get(kind.distinct, 0)
            if used & bit or kind.needs & ~flags:
                continue
            level = count if kind.distinct < 0 else 0
            for side, marked in self._sides(stage, count, used):
                now = 0 if last else marked or used | bit
                after = (stage, count + 1, now, (flags | kind.meets) & later)
                tables = self.tables.of_kind.get((number, level, side), [])
                found += [(table, after) for table in tables]
        return found

    def _sides(self, stage: int, count: int, used: int) -> list[tuple[int, int]]:
        """Sides from which a placement may come, and the mark that it leaves (0 = none)."""
        sides = int(self.tables.sides[stage])
        if not sides:
            return [(0, 0)]
        if self.caps[stage] == 1:
            return [(0, 0), (1, 0)]
        if count == 0:
            return [(side, side + 1) for side in range(sides)]
        return [((used - 1) ^ 1, 0)]


def _join(parts: list[_Type], of_person: np.ndarray) -> Nodes:
    ptr, stage, count, skip, edge_ptr, edge_table, edge_next = [0], [], [], [], [0], [], []
    for part in parts:
        place = {node: i for i, node in enumerate(part.order)}
        for node in part.order:
            end = node not in part.skips
            stage.append(-1 if end else node[0])
            count.append(node[1])
            skip.append(-1 if end else place[part.skips[node]])
            for table, after in part.edges[node]:
                edge_table.append(table)
                edge_next.append(place[after])
            edge_ptr.append(len(edge_table))
        ptr.append(len(stage))
    return Nodes(
        np.asarray(ptr, dtype=np.int64),
        np.asarray(stage, dtype=np.int32),
        np.asarray(count, dtype=np.int32),
        np.asarray(skip, dtype=np.int32),
        np.asarray(edge_ptr, dtype=np.int64),
        np.asarray(edge_table, dtype=np.int32),
        np.asarray(edge_next, dtype=np.int32),
        of_person,
    )
