"""Automata over what a person has done so far: the nodes of the pricing recursion.

A node says how many placements of each exclusive stage are held, which facts
(prerequisites) are established and which fixed bookings are made. People with
equal counts and prices share one automaton.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talentopt.problem import Itineraries

MOST_NODES = 2000
"""Above this, facts are left to the exact search instead of to the nodes."""

Must = tuple[int, bool]
"""A fixed booking: its base kind, and whether its start is fixed as well."""


class Kind(NamedTuple):
    """What a placement does to the node: its stage, facts it establishes and needs (bit sets).

    `value` numbers its distinct value within the stage; -1 = none.
    """

    stage: int
    gives: int
    needs: int
    value: int


class Automata(NamedTuple):
    """All automata in flat arrays; node numbers are local to an automaton.

    Attributes
    ----------
    node_ptr : (n_automata + 1,) int64
    following : (n_nodes, n_kinds) int32
        Node after a placement of each kind; -1 = not allowed.
    charge : (n_nodes, n_kinds) float64
        Points (negative) for placements missing in stages that are left.
    terminal : (n_nodes,) float64
        Points (negative) for what is missing when nothing follows; -inf
        where a fixed booking is missing.
    earliest : (n_nodes,) int32
        No path is at the node before.
    """

    node_ptr: np.ndarray
    following: np.ndarray
    charge: np.ndarray
    terminal: np.ndarray
    earliest: np.ndarray


class Counts(NamedTuple):
    """One person's exclusive stages: fewest, most, price of a missing one; by stage."""

    least: tuple[int, ...]
    most: tuple[int, ...]
    missing: tuple[float, ...]
    exclusive: tuple[bool, ...]
    ordered: bool

    def shortage(self, stage: int, held: int) -> float:
        """Points lost for one stage."""
        if not self.exclusive[stage]:
            return 0.0
        short = self.least[stage] - held
        return self.missing[stage] * short if short > 0 else 0.0

    def after(self, stage: int, held: int) -> int:
        """Count one placement more; -1 = too many."""
        if held + 1 > self.most[stage]:
            return -1
        return held + 1


class _Node(NamedTuple):
    """Last stage (-1 = none), counts, facts, distinct values used, fixed bookings made."""

    stage: int
    held: tuple[int, ...]
    facts: int
    values: tuple[int, ...]
    chain: int
    made: int


class AutomatonCache:
    """Builds each different automaton once.

    Parameters
    ----------
    kinds : sequence of Kind
    windows : (n_kinds, 2) int64
        First period in which any placement of a kind can start, and its
        fewest periods.
    most_musts : int
        Largest number of fixed bookings of one person.
    """

    def __init__(self, kinds: Sequence[Kind], windows: np.ndarray, most_musts: int) -> None:
        """Start empty."""
        self.kinds = kinds
        self.windows = windows
        self.n_kinds = len(kinds) + most_musts
        self._known: dict[object, int] = {}
        self._tables: list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]] = []

    def number(self, counts: Counts, established: int, musts: tuple[Must, ...]) -> int:
        """Find the automaton for a person; `established` are facts of the past."""
        key = (counts, established, musts)
        if key not in self._known:
            self._known[key] = len(self._tables)
            for facts, values in ((True, True), (True, False), (False, False)):
                growth = _Growth(self.kinds, self.n_kinds, counts, musts, facts, values)
                if growth.grow(established, None if not facts else MOST_NODES):
                    self._tables.append(growth.tables(self.windows))
                    break
        return self._known[key]

    def tables(self) -> Automata:
        """Concatenate all automata built so far."""
        sizes = [len(table[2]) for table in self._tables]
        ptr = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64)
        if not self._tables:
            none = np.zeros((0, 1))
            return Automata(ptr, none.astype(np.int32), none, np.zeros(0), np.zeros(0, np.int32))
        return Automata(ptr, *(np.concatenate(part) for part in zip(*self._tables, strict=True)))


class _Growth:
    """One automaton while its nodes are being found, breadth first."""

    def __init__(
        self,
        kinds: Sequence[Kind],
        n_kinds: int,
        counts: Counts,
        musts: tuple[Must, ...],
        facts: bool,
        values: bool,
    ) -> None:
        self.kinds = [*kinds, *(kinds[base] for base, _ in musts)]
        self.n_base = len(kinds)
        self.n_kinds = n_kinds
        self.counts = counts
        self.track_facts, self.track_values = facts, values
        self.chained = [must for must in range(len(musts)) if musts[must][1]]
        self.n_musts = len(musts)
        self.needed = [0] * (len(counts.least) + 1)
        for stage in range(len(counts.least) - 1, -1, -1):
            self.needed[stage] = self.needed[stage + 1]
            for kind in kinds:
                if kind.stage == stage:
                    self.needed[stage] |= kind.needs
        self.arcs: list[list[tuple[int, int, float]]] = []
        self.nodes: list[_Node] = []

    def grow(self, established: int, most: int | None) -> bool:
        """Find all nodes; False when there are more than `most`."""
        counts = self.counts
        n_stages = len(counts.least)
        held = (0,) * (1 if counts.ordered else n_stages)
        used = (0,) * (1 if counts.ordered else n_stages)
        start = _Node(-1, held, established if self.track_facts else 0, used, 0, 0)
        numbers = {start: 0}
        self.nodes = [start]
        for node in self.nodes:
            arcs = []
            for number in range(len(self.kinds)):
                step = self._step(node, number)
                if step is None:
                    continue
                after, charge = step
                if after not in numbers:
                    numbers[after] = len(self.nodes)
                    self.nodes.append(after)
                    if most is not None and len(self.nodes) > most:
                        return False
                arcs.append((number, numbers[after], charge))
            self.arcs.append(arcs)
        return True

    def _step(self, node: _Node, number: int) -> tuple[_Node, float] | None:
        kind, must = self.kinds[number], number - self.n_base
        chain, made = node.chain, node.made
        if must in self.chained:
            if self.chained.index(must) != chain:
                return None
            chain += 1
        elif must >= 0:
            if made >> must & 1:
                return None
            made |= 1 << must
        if self.track_facts and kind.needs & ~node.facts:
            return None
        advanced = _advance(self.counts, node, kind.stage)
        if advanced is None:
            return None
        stage, held, charge = advanced
        values = node.values
        at = 0 if self.counts.ordered else kind.stage
        if self.counts.ordered and stage != node.stage:
            values = (0,)
        if self.track_values and kind.value >= 0:
            if values[at] >> kind.value & 1:
                return None
            values = (*values[:at], values[at] | 1 << kind.value, *values[at + 1 :])
        if held[at] >= self.counts.most[kind.stage]:
            values = (*values[:at], 0, *values[at + 1 :])
        facts = 0
        if self.track_facts:
            needed = self.needed[max(stage, 0)]
            facts = (node.facts | kind.gives) & needed
        return _Node(stage, held, facts, values, chain, made), charge

    def tables(self, windows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Tables with nodes in topological order: everything that follows has a higher number."""
        order = self._topological()
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        following = np.full((len(order), self.n_kinds), -1, np.int32)
        charge = np.zeros((len(order), self.n_kinds))
        terminal = np.empty(len(order))
        earliest = np.full(len(order), np.iinfo(np.int32).max, np.int32)
        earliest[0] = 0
        for node in order:
            at = rank[node]
            done = self.nodes[node].chain + self.nodes[node].made.bit_count() == self.n_musts
            terminal[at] = _final(self.counts, self.nodes[node]) if done else -np.inf
            for number, after, points in self.arcs[node]:
                following[at, number], charge[at, number] = rank[after], points
                soonest, shortest = windows[min(number, self.n_base)]
                arrival = max(int(earliest[at]), soonest) + shortest
                earliest[rank[after]] = min(int(earliest[rank[after]]), arrival)
        return following, charge, terminal, earliest

    def _topological(self) -> list[int]:
        order: list[int] = []
        missing = [0] * len(self.nodes)
        for arcs in self.arcs:
            for _, after, _ in arcs:
                missing[after] += 1
        ready = [0]
        while ready:
            node = ready.pop()
            order.append(node)
            for _, after, _ in self.arcs[node]:
                missing[after] -= 1
                if missing[after] == 0:
                    ready.append(after)
        return order


def _advance(counts: Counts, node: _Node, stage: int) -> tuple[int, tuple[int, ...], float] | None:
    """Last stage, counts and charge after one more placement of a stage."""
    if not counts.ordered:
        held = counts.after(stage, node.held[stage])
        if held < 0:
            return None
        return -1, (*node.held[:stage], held, *node.held[stage + 1 :]), 0.0
    if stage < node.stage:
        return None
    before = node.held[0] if stage == node.stage else 0
    held = counts.after(stage, before)
    if held < 0:
        return None
    charge = 0.0
    if stage > node.stage:
        if node.stage >= 0:
            charge -= counts.shortage(node.stage, node.held[0])
        charge -= sum(counts.shortage(between, 0) for between in range(node.stage + 1, stage))
    return stage, (held,), charge


def _final(counts: Counts, node: _Node) -> float:
    """Points for what is missing when nothing follows."""
    if not counts.ordered:
        return -sum(counts.shortage(stage, held) for stage, held in enumerate(node.held))
    lost = counts.shortage(node.stage, node.held[0]) if node.stage >= 0 else 0.0
    later = range(node.stage + 1, len(counts.least))
    return -(lost + sum(counts.shortage(stage, 0) for stage in later))


def counts_of(itineraries: Itineraries, person: int, ceiling: int) -> Counts:
    """One person's counts; no stage can hold more than `ceiling`."""
    exclusive = tuple(bool(flag) for flag in itineraries.stage_exclusive)
    return Counts(
        tuple(itineraries.stage_min[person].tolist()),
        tuple(np.minimum(itineraries.stage_max[person], ceiling).tolist()),
        tuple(itineraries.stage_missing[person].tolist()),
        exclusive,
        itineraries.ordered,
    )
