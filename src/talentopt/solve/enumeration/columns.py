"""Itineraries of many people side by side, as columns of a linear model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csc_array, csr_array, vstack

from talentopt.solve.enumeration.events import happening

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talentopt.problem.encode import LinearModel
    from talentopt.solve.enumeration.structure import Structure


class Found(NamedTuple):
    """Itineraries of one part as `paths.itineraries` enumerates them."""

    part: int
    ptr: np.ndarray
    members: np.ndarray
    facts: np.ndarray


@dataclass(frozen=True, slots=True)
class Columns:
    """Itineraries.

    Attributes
    ----------
    part : (n,) int64
    chosen : (n, n_columns) csr_array of float64
        The model's columns that each itinerary contains: starts, and events that happen.
    lost : (n,) float64
        Points lost to idle periods, moves and shortages of its own.
    missing : (n,) float64
        Placements missing.
    """

    part: np.ndarray
    chosen: csr_array
    lost: np.ndarray
    missing: np.ndarray

    def __len__(self) -> int:
        """Count the itineraries."""
        return len(self.part)

    def subset(self, which: np.ndarray) -> Columns:
        """Keep some, in the order given."""
        return Columns(self.part[which], self.chosen[which], self.lost[which], self.missing[which])

    def joined(self, other: Columns) -> Columns:
        """Put others behind these."""
        return Columns(
            np.append(self.part, other.part),
            csr_array(vstack([self.chosen, other.chosen])),
            np.append(self.lost, other.lost),
            np.append(self.missing, other.missing),
        )

    def keys(self) -> list[tuple[int, bytes]]:
        """Name each itinerary by its part and its columns."""
        ptr, inside = self.chosen.indptr, self.chosen.indices
        return [
            (part, np.sort(inside[ptr[row] : ptr[row + 1]]).astype(np.int32).tobytes())
            for row, part in enumerate(self.part.tolist())
        ]


def collect(structure: Structure, n_columns: int, found: Sequence[Found]) -> Columns:
    """Put what was enumerated side by side, without what lacks something required."""
    counts = [len(one.facts) for one in found]
    lengths = [np.diff(one.ptr) for one in found]
    members = [structure.parts[one.part].columns[one.members] for one in found]
    indptr = np.concatenate([[0], np.cumsum(_joined(lengths, np.int64))])
    inside = _joined(members, np.int64)
    chosen = csr_array((np.ones(len(inside)), inside, indptr), shape=(sum(counts), n_columns))
    facts = np.concatenate([np.zeros((0, 3)), *(one.facts for one in found)])
    lost, allowed = facts[:, 1].copy(), np.ones(len(facts), dtype=bool)
    part = np.repeat([one.part for one in found], counts).astype(np.int64)
    first = 0
    for one, count in zip(found, counts, strict=True):
        here = slice(first, first + count)
        first += count
        mine = structure.parts[one.part]
        if not mine.demanding or count == 0:
            continue
        used = csr_array(chosen[here])[:, mine.columns] @ mine.choices.use.T
        allowed[here] = (used >= mine.required - 1e-6).all(axis=1)
        below = np.where(mine.shortage > 0, mine.lower - used, 0.0)
        lost[here] += np.maximum(below, 0.0) @ mine.shortage
    chosen = csr_array(chosen + happening(chosen, structure.made))
    everything = Columns(part, chosen, lost, facts[:, 2])
    return everything if allowed.all() else everything.subset(np.flatnonzero(allowed))


def _joined(arrays: Sequence[np.ndarray], kind: type) -> np.ndarray:
    return np.concatenate([np.zeros(0, kind), *arrays]).astype(kind)


class Coefficients:
    """What itineraries are worth and use in the model's shared rows.

    Parameters
    ----------
    model : LinearModel
    structure : Structure
    """

    def __init__(self, model: LinearModel, structure: Structure) -> None:
        """Cut the shared rows out."""
        self.model, self.structure = model, structure
        self.rows = structure.shared_rows
        self.matrix = csr_array(model.matrix[self.rows])
        where = np.full(model.n_rows, -1)
        where[self.rows] = np.arange(len(self.rows))
        self._worst = where[structure.worst_row]

    def points(self, columns: Columns) -> np.ndarray:
        """(n,) float64: points of each itinerary."""
        return np.asarray(columns.chosen @ self.model.objective - columns.lost)

    def uses(self, columns: Columns) -> csc_array:
        """(n_shared_rows, n) float64: use of the shared rows."""
        uses = csc_array(self.matrix @ csr_array(columns.chosen).T)
        if not len(self._worst):
            return uses
        people = np.array([part.person for part in self.structure.parts])
        row = self._worst[people[columns.part]]
        lost = csc_array((columns.lost, (row, np.arange(len(columns)))), shape=uses.shape)
        return csc_array(uses + lost)
