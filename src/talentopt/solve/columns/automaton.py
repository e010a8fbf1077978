"""Automata over what a person has done so far: the nodes of the pricing recursion.

A node says how many placements of each exclusive stage are held, which facts
(prerequisites) are established and which fixed bookings are made. People with
equal counts and prices share one automaton.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from talentopt.solve.columns.growth import (
    COUNTS,
    FACTS,
    STAGE,
    Effects,
    Stages,
    as_bits,
    grow,
    needed_later,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talentopt.problem import Itineraries

MOST_NODES = 1500
"""Above this, facts are left to the exact search instead of to the nodes."""

MOST_BITS = 62
"""Facts and values beyond are left to the exact search."""

EVERYTHING = (1 << MOST_BITS) - 1
ANY_NUMBER = 1 << 40

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
    remaining : (n_nodes,) int32
        Fewest periods until nothing is missing.
    slightest : (n_automata,) float64
        Least points that are lost when something is missing; inf when nothing can be.
    """

    node_ptr: np.ndarray
    following: np.ndarray
    charge: np.ndarray
    terminal: np.ndarray
    earliest: np.ndarray
    remaining: np.ndarray
    slightest: np.ndarray


class Counts(NamedTuple):
    """One person's exclusive stages: fewest, most, price of a missing one; by stage."""

    least: tuple[int, ...]
    most: tuple[int, ...]
    missing: tuple[float, ...]
    ordered: bool


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
        self.n_base, self.n_kinds = len(kinds), len(kinds) + most_musts
        self.stage = np.array([kind.stage for kind in kinds], dtype=np.int64)
        self.value = np.array([kind.value for kind in kinds], dtype=np.int64)
        self.value[self.value >= MOST_BITS] = -1
        self.gives = as_bits([kind.gives for kind in kinds])
        self.needs = as_bits([kind.needs for kind in kinds])
        self.windows = windows
        self._known: dict[object, int] = {}
        self._tables: list[tuple[np.ndarray, ...]] = []

    def number(
        self, counts: Counts, established: int, musts: tuple[Must, ...], own: tuple[int, ...]
    ) -> int:
        """Find the automaton for a person; `established` are facts of the past."""
        key: object = (counts, established, musts, own)
        if key not in self._known:
            for facts, values in ((True, EVERYTHING), (True, 0), (False, 0)):
                most = MOST_NODES if facts else ANY_NUMBER
                number = self._grow(counts, established, musts, own, facts, values, most)
                if number is not None:
                    self._known[key] = number
                    break
        return self._known[key]

    def _grow(
        self,
        counts: Counts,
        established: int,
        musts: tuple[Must, ...],
        own: tuple[int, ...],
        facts: bool,
        values: int,
        most: int,
    ) -> int | None:
        """Add an automaton; None when it has too many nodes."""
        base = np.array([*own, *(base for base, _ in musts)], dtype=np.int64)
        in_order = np.cumsum([0, *(chained for _, chained in musts)])[:-1]
        links = [at if chained else -1 for at, (_, chained) in zip(in_order, musts, strict=True)]
        nothing = np.full(len(own), -1, np.int64)
        n_stages = len(counts.least)
        needs = self.needs[base] if facts else np.zeros(len(base), np.int64)
        window = np.append(base[: len(own)], np.full(len(musts), self.n_base))
        effects = Effects(
            self.stage[base],
            self.value[base],
            self.gives[base] if facts else needs,
            needs,
            np.ascontiguousarray(self.windows[window, 0]),
            np.ascontiguousarray(self.windows[window, 1]),
            np.append(nothing, np.array(links, dtype=np.int64)),
            np.append(nothing, np.arange(len(musts))),
        )
        stages = Stages(
            np.array(counts.least, dtype=np.int64),
            np.array(counts.most, dtype=np.int64),
            np.array(counts.missing),
            needed_later(effects.stage, needs, n_stages),
        )
        start = np.zeros(COUNTS + 2 * (1 if counts.ordered else n_stages), np.int64)
        start[STAGE] = -1
        start[FACTS] = established & EVERYTHING if facts else 0
        count, following, charge, terminal, earliest, remaining = grow(
            effects, stages, counts.ordered, start, values, len(musts), most
        )
        if count > most:
            return None
        table = np.full((count, self.n_kinds), -1, np.int32)
        number = np.append(base[: len(own)], self.n_base + np.arange(len(musts)))
        table[:, number] = following
        charges = np.zeros((count, self.n_kinds))
        charges[:, number] = charge
        losses = np.concatenate([terminal[np.isfinite(terminal)], charge.ravel()])
        slightest = np.min(-losses[losses < 0], initial=np.inf)
        self._tables.append((table, charges, terminal, earliest, remaining, np.array([slightest])))
        return len(self._tables) - 1

    def tables(self) -> Automata:
        """Concatenate all automata built so far."""
        sizes = [len(table[2]) for table in self._tables]
        ptr = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64)
        if not self._tables:
            none, nothing = np.zeros((0, 1)), np.zeros(0, np.int32)
            return Automata(
                ptr, none.astype(np.int32), none, np.zeros(0), nothing, nothing, np.zeros(0)
            )
        return Automata(ptr, *(np.concatenate(part) for part in zip(*self._tables, strict=True)))


def counts_of(itineraries: Itineraries, person: int, ceiling: int) -> Counts:
    """One person's counts; no stage can hold more than `ceiling`."""
    missing = np.where(itineraries.stage_exclusive, itineraries.stage_missing[person], 0.0)
    return Counts(
        tuple(itineraries.stage_min[person].tolist()),
        tuple(np.minimum(itineraries.stage_max[person], ceiling).tolist()),
        tuple(missing.tolist()),
        itineraries.ordered,
    )
