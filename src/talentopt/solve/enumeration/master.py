"""The linear model with whole itineraries in the place of single bookings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_array, csr_array, hstack, vstack

from talentopt.problem.encode.linear import ABSENT

if TYPE_CHECKING:
    from talentopt.problem import Assignment, Problem
    from talentopt.problem.encode import LinearModel
    from talentopt.solve.enumeration.structure import Part, Structure


@dataclass(frozen=True, slots=True)
class Pool:
    """Itineraries of one part.

    Attributes
    ----------
    chosen : (n_itineraries, n_choices) csr_array of float64
        Which choices each itinerary contains.
    loss : (n_itineraries,) float64
        Points lost to idle periods, moves and shortages of its own.
    """

    chosen: csr_array
    loss: np.ndarray

    def subset(self, which: np.ndarray) -> Pool:
        """Keep some itineraries."""
        return Pool(self.chosen[which], self.loss[which])

    def joined(self, other: Pool) -> Pool:
        """Put another pool's itineraries behind these."""
        chosen = csr_array(vstack([self.chosen, other.chosen]))
        return Pool(chosen, np.append(self.loss, other.loss))


def pool(problem: Problem, part: Part, ptr: np.ndarray, members: np.ndarray) -> Pool:
    """Make a pool of enumerated itineraries, without those that lack what is required."""
    chosen = csr_array(
        (np.ones(len(members)), members, ptr), shape=(len(ptr) - 1, len(part.columns))
    )
    used = chosen @ part.choices.use.T
    allowed = (used >= part.required - 1e-6).all(axis=1)
    short = np.maximum(np.where(part.shortage > 0, part.lower - used, 0.0), 0.0) @ part.shortage
    loss = short + _sequence_losses(problem, part, ptr, members)
    loss += _stage_losses(part, ptr, members)
    return Pool(chosen, loss).subset(np.flatnonzero(allowed))


def _stage_losses(part: Part, ptr: np.ndarray, members: np.ndarray) -> np.ndarray:
    """Points lost to shortages of the stages, by walking through the states."""
    choices = part.choices
    state = np.full(len(ptr) - 1, choices.empty[0])
    lost = np.zeros(len(ptr) - 1)
    for depth in range(int(np.diff(ptr).max(initial=0))):
        on = np.flatnonzero(np.diff(ptr) > depth)
        choice = members[ptr[on] + depth]
        level, before = choices.level[choice], state[on]
        rises = level > choices.level_of[before]
        lost[on] += np.where(rises, choices.left[before, level], 0.0)
        state[on] = choices.grow[
            np.where(rises, choices.empty[level], before), choices.item[choice]
        ]
    return np.asarray(lost + choices.left[state, len(choices.empty)])


def _sequence_losses(
    problem: Problem, part: Part, ptr: np.ndarray, members: np.ndarray
) -> np.ndarray:
    choices, itineraries = part.choices, problem.itineraries
    first = np.zeros(len(members), dtype=bool)
    first[ptr[:-1][np.diff(ptr) > 0]] = True
    free_from, place_before = np.zeros(len(members)), np.full(len(members), choices.home)
    free_from[1:] = choices.end[members[:-1]]
    place_before[1:] = choices.place[members[:-1]]
    free_from[first], place_before[first] = 0, choices.home
    waited = choices.start[members] - np.maximum(free_from, choices.idle_from)
    there = choices.place[members]
    moved = (place_before != 0) & (there != 0) & (there != place_before)
    lost = np.maximum(waited, 0) * itineraries.idle_price[part.person]
    lost = lost + moved * itineraries.move_price[part.person]
    owner = np.repeat(np.arange(len(ptr) - 1), np.diff(ptr))
    return np.bincount(owner, lost, len(ptr) - 1)


@dataclass(frozen=True, slots=True)
class Master:
    """A model over shared columns, then the itineraries of each part.

    Attributes
    ----------
    model : LinearModel
        Rows are the shared rows, then one per part: exactly one itinerary.
    structure : Structure
    pools : tuple of Pool
    full : LinearModel
        The model that was divided.
    """

    model: LinearModel
    structure: Structure
    pools: tuple[Pool, ...]
    full: LinearModel

    def decode(self, values: np.ndarray) -> Assignment:
        """Read the assignment from a solution of the master."""
        return self.full.decode(self.expand(values))

    def itineraries(self, values: np.ndarray) -> list[tuple[int, ...]]:
        """Read each part's choices from a solution of the master."""
        at, chosen = len(self.structure.shared_columns), []
        for itineraries in self.pools:
            best = int(np.argmax(values[at : at + len(itineraries.loss)]))
            row = itineraries.chosen
            inside = row.indices[row.indptr[best] : row.indptr[best + 1]]
            chosen.append(tuple(inside.tolist()))
            at += len(itineraries.loss)
        return chosen

    def vector(self, assignment: Assignment) -> np.ndarray | None:
        """(n_columns,) float64: the solution of an assignment; None if a pool lacks it."""
        everything = self.full.vector(assignment)
        values = [everything[self.structure.shared_columns]]
        for part, itineraries in zip(self.structure.parts, self.pools, strict=True):
            held = everything[part.columns] > 0.5
            same = itineraries.chosen @ held == held.sum()
            same &= np.diff(itineraries.chosen.indptr) == held.sum()
            if not same.any():
                return None
            share = np.zeros(len(itineraries.loss))
            share[np.argmax(same)] = 1.0
            values.append(share)
        return np.concatenate(values)

    def expand(self, values: np.ndarray) -> np.ndarray:
        """(n_columns,) float64: values of the full model's columns, those of paths aside."""
        everything = np.zeros(self.full.n_columns)
        at = len(self.structure.shared_columns)
        everything[self.structure.shared_columns] = values[:at]
        for part, itineraries in zip(self.structure.parts, self.pools, strict=True):
            share = values[at : at + len(itineraries.loss)]
            everything[part.columns] = itineraries.chosen.T @ share
            at += len(itineraries.loss)
        return everything


def assemble(model: LinearModel, structure: Structure, pools: tuple[Pool, ...]) -> Master:
    """Replace single bookings by whole itineraries."""
    shared = structure.shared_columns
    rows = model.matrix[structure.shared_rows]
    columns = csc_array(rows)
    blocks, points = [columns[:, shared]], [model.objective[shared]]
    where = {row: at for at, row in enumerate(structure.shared_rows.tolist())}
    for part, itineraries in zip(structure.parts, pools, strict=True):
        block = csr_array(columns[:, part.columns] @ itineraries.chosen.T)
        if len(structure.worst_row):
            at = where[int(structure.worst_row[part.person])]
            lost = csr_array(
                (
                    itineraries.loss,
                    (np.full(len(itineraries.loss), at), np.arange(len(itineraries.loss))),
                ),
                shape=block.shape,
            )
            block = block + lost
        blocks.append(csc_array(block))
        points.append(itineraries.chosen @ model.objective[part.columns] - itineraries.loss)
    counts = [len(itineraries.loss) for itineraries in pools]
    one_each = csr_array(
        (
            np.ones(sum(counts)),
            (np.repeat(np.arange(len(pools)), counts), len(shared) + np.arange(sum(counts))),
        ),
        shape=(len(pools), len(shared) + sum(counts)),
    )
    n_itineraries = sum(counts)
    kinds = (*model.kinds, "itinerary/person")
    people = np.array([part.person for part in structure.parts], dtype=np.int64)
    kept = np.full(model.n_columns, -1)
    kept[shared] = np.arange(len(shared))
    slack = np.flatnonzero(kept[model.slack_column] >= 0)
    row_at = np.full(model.n_rows, -1)
    row_at[structure.shared_rows] = np.arange(len(structure.shared_rows))
    reduced = replace(
        model,
        objective=np.concatenate(points),
        column_lower=np.append(model.column_lower[shared], np.zeros(n_itineraries)),
        column_upper=np.append(model.column_upper[shared], np.ones(n_itineraries)),
        integral=np.append(model.integral[shared], np.ones(n_itineraries, dtype=bool)),
        shortage=np.append(model.shortage[shared], np.zeros(n_itineraries, dtype=bool)),
        matrix=csr_array(vstack([csr_array(hstack(blocks)), one_each])),
        row_lower=np.append(model.row_lower[structure.shared_rows], np.ones(len(pools))),
        row_upper=np.append(model.row_upper[structure.shared_rows], np.ones(len(pools))),
        row_kind=np.append(
            model.row_kind[structure.shared_rows], np.full(len(pools), len(kinds) - 1)
        ),
        row_ids=np.concatenate(
            [
                model.row_ids[structure.shared_rows],
                np.stack([people, np.full(len(people), ABSENT)], axis=1),
            ]
        ),
        kinds=kinds,
        slack_row=row_at[model.slack_row[slack]],
        slack_column=kept[model.slack_column[slack]],
        slack_sign=model.slack_sign[slack],
        worst=int(kept[model.worst]) if model.worst >= 0 else -1,
        completions=(),
    )
    return Master(reduced, structure, pools, model)
