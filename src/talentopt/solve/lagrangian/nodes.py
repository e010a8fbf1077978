"""How far an itinerary may have come: the nodes that pricing walks over.

A node says in which stage a person is, how many placements of it they hold,
which distinct values of that stage are used, and which prerequisites are met.
People with the same maxima and history share one *type* of nodes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from talentopt.problem import Itineraries

MOST_NODES = 6000
"""Nodes of one type above which pricing would be too slow."""


class Kind(NamedTuple):
    """What booking a placement does: its stage, distinct value and prerequisites (bits)."""

    stage: int
    distinct: int
    needs: int
    meets: int


class Tables(NamedTuple):
    """Where the candidates of each placement are collected.

    A table holds the placements of one kind and duration. Without a distinct
    value it exists once per number of placements already held (its *levels*),
    so that the same placement can be kept from being booked twice.

    Attributes
    ----------
    kinds : tuple of Kind
    kind, duration, level : (n_tables,) int32
    of_placement : (n_placements,) int32
        First table; -1 = not exclusive.
    levels : (n_placements,) int32
    of_kind : tuple of tuple of int
        Per kind, the first table of each duration.
    """

    kinds: tuple[Kind, ...]
    kind: np.ndarray
    duration: np.ndarray
    level: np.ndarray
    of_placement: np.ndarray
    levels: np.ndarray
    of_kind: tuple[tuple[int, ...], ...]


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
    caps = stage_caps(itineraries)
    kinds, kind_of, done = _kinds(itineraries)
    tables = _tables(itineraries, kinds, kind_of, caps)
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
    itineraries: Itineraries, kinds: tuple[Kind, ...], kind_of: np.ndarray, caps: np.ndarray
) -> Tables:
    most = caps.max(axis=0, initial=0)
    first: dict[tuple[int, int], int] = {}
    rows: list[tuple[int, int, int]] = []
    of_placement = np.full(itineraries.n_placements, -1, dtype=np.int32)
    levels = np.ones(itineraries.n_placements, dtype=np.int32)
    for k in np.flatnonzero(kind_of >= 0):
        number, duration = int(kind_of[k]), int(itineraries.placement_duration[k])
        kind = kinds[number]
        if kind.distinct < 0:
            levels[k] = max(1, int(most[kind.stage]))
        if (number, duration) not in first:
            first[number, duration] = len(rows)
            rows += [(number, duration, level) for level in range(int(levels[k]))]
        of_placement[k] = first[number, duration]
    columns = np.asarray(rows, dtype=np.int32).reshape(len(rows), 3)
    of_kind = tuple(
        tuple(table for (number, _), table in first.items() if number == kind)
        for kind in range(len(kinds))
    )
    of_table = [np.ascontiguousarray(column) for column in columns.T]
    return Tables(kinds, of_table[0], of_table[1], of_table[2], of_placement, levels, of_kind)


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
        found = []
        for number, kind in self.by_stage[stage]:
            bit = self.bit.get(kind.distinct, 0)
            if used & bit or kind.needs & ~flags:
                continue
            last = count + 1 == self.caps[stage]
            later = self.needed[stage + 1] if last else self.needed[stage]
            after = (stage, count + 1, 0 if last else used | bit, (flags | kind.meets) & later)
            level = count if kind.distinct < 0 else 0
            found += [(table + level, after) for table in self.tables.of_kind[number]]
        return found


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
