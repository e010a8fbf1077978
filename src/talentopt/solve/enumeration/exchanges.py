"""Improvement by exchanges of itineraries that are worth nearly most, from the best plan on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from talentopt.solve.enumeration.columns import collect
from talentopt.solve.enumeration.exchange import Cells, Pool, anneal
from talentopt.solve.enumeration.proof import search
from talentopt.solve.enumeration.reduced import itineraries_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.solve.control import Control
    from talentopt.solve.enumeration.columns import Columns
    from talentopt.solve.enumeration.generation import Generation
    from talentopt.solve.enumeration.work import Work

MOST, MOST_IN_ALL = 2_500, 100_000
"""Itineraries per person, and of everybody together."""

AT_ONCE = 4
"""People who exchange in one turn."""

PIECES, TURNS = 20, 2_000
"""Pieces of a round, between which it may be given up, and turns of each."""

HEATS = 1.0, 0.2
"""Points by which chance counts at first and at last in a round."""

PATIENCE = 2
"""Rounds without a gain after which exchanging gives up."""

PAIR_NODES = 500
"""Nodes of the search for the best pairs beside itineraries."""

UNLIMITED = 1 << 30
FORBIDDEN = 1e5
"""Points that stand for what must not be."""


def exchange(generation: Generation, control: Control, until: Callable[[], bool]) -> None:
    """Exchange itineraries while that gains.

    Parameters
    ----------
    generation : Generation
        With prices.
    control : Control
        With a plan.
    until : callable
        Whether to give up.
    """
    if until():
        return
    listed, idle = _lay_out(generation, _listed(generation)), 0
    random = np.random.default_rng(control.limits.seed)
    together = 1 if control.limits.reproducible else max(1, control.limits.workers)
    with ThreadPoolExecutor(together) as threads:
        while not until() and idle < PATIENCE and control.best is not None:
            present = itineraries_of(generation, control.best)
            if present is None:
                return
            absent = listed.absent(present)
            if len(absent):
                listed = _lay_out(generation, listed.columns.joined(present.subset(absent)))
            value, held = control.value, listed.places(present)
            one = partial(_round, generation.work, listed, held, until)
            for best in threads.map(one, random.spawn(together)):
                if (best != held).any():
                    _offer(generation, control, listed.columns.subset(best))
            idle = 0 if control.value != value else idle + 1


@dataclass(frozen=True, slots=True)
class _Listed:
    """Itineraries in the order of the pool, and where each one stands."""

    columns: Columns
    pool: Pool
    cells: Cells
    place: dict[tuple[int, bytes], int]

    def absent(self, present: Columns) -> np.ndarray:
        """(n,) int64: the itineraries of a plan that are not listed."""
        rows = [row for row, key in enumerate(present.keys()) if key not in self.place]
        return np.array(rows, dtype=np.int64)

    def places(self, present: Columns) -> np.ndarray:
        """(n_parts,) int64: where the itineraries of a plan stand."""
        keys = present.keys()
        return np.array([self.place[key] for key in keys])


def _round(
    work: Work,
    listed: _Listed,
    held: np.ndarray,
    until: Callable[[], bool],
    random: np.random.Generator,
) -> np.ndarray:
    """Anneal from a plan on; returns the best, (n_parts,) int64."""
    best, most = held, -np.inf
    heats = np.geomspace(*HEATS, PIECES + 1).tolist()
    for pair in pairwise(heats):
        if until():
            break
        held, found, value = anneal(listed.pool, listed.cells, held, AT_ONCE, TURNS, pair, random)
        work.exchanged(TURNS)
        if value > most:
            best, most = found, value
    return best


def _offer(generation: Generation, control: Control, chosen: Columns) -> None:
    limit = {"mip_max_nodes": PAIR_NODES}
    found = search(generation, chosen, None, limit, lambda: False, lambda _: None)
    if found.values is not None:
        control.offer(generation.model.decode(found.values))


def _listed(generation: Generation) -> Columns:
    """Enumerate itineraries of everybody that are worth nearly most."""
    worth = generation.value(generation.prices).worth
    everybody = generation.everybody
    most = min(MOST, max(1, MOST_IN_ALL // len(everybody)))
    found = generation.pricing.nearly_best(everybody, worth, generation.tops, most)
    return collect(generation.structure, generation.model.n_columns, found)


def _lay_out(generation: Generation, columns: Columns) -> _Listed:
    """Put itineraries in order, with what the search reads of them.

    Rows that are no cells count at their price.
    """
    coefficients = generation.restricted.coefficients
    uses = csr_array(coefficients.uses(columns))
    alone = _alone(generation, uses)
    prices = np.where(alone, 0.0, generation.prices.rows[coefficients.rows])
    worth = np.asarray(coefficients.points(columns) - uses.T @ prices)
    taken = uses.T @ generation.prices.rows[coefficients.rows]
    promise = np.asarray(coefficients.points(columns) - taken)
    order = np.lexsort((-promise, columns.part))
    columns, worth, promise = columns.subset(order), worth[order], promise[order]
    inside = csr_array(csr_array(uses[np.flatnonzero(alone)].T)[order])
    inside.sort_indices()
    cells = inside.indices.astype(np.int64)
    owner = np.repeat(np.arange(len(columns)), np.diff(inside.indptr))
    bits = np.zeros((len(columns), inside.shape[1] // 64 + 1), np.uint64)
    np.bitwise_or.at(bits, (owner, cells >> 6), np.uint64(1) << (cells & 63).astype(np.uint64))
    ptr = np.searchsorted(columns.part, np.arange(len(generation.everybody) + 1))
    pool = Pool(ptr, worth, promise, inside.indptr.astype(np.int64), cells, bits)
    unit = np.asarray(uses.max(axis=1).todense()).ravel()[alone]
    limits = _limits(generation, coefficients.rows[alone], unit, bits.shape[1])
    place = {key: row for row, key in enumerate(columns.keys())}
    return _Listed(columns, pool, limits, place)


def _alone(generation: Generation, uses: csr_array) -> np.ndarray:
    """(n_shared_rows,) bool: rows in which itineraries count alike, and beside them shortages."""
    model, coefficients = generation.model, generation.restricted.coefficients
    others = np.zeros(model.n_columns)
    others[generation.structure.shared_columns] = 1.0
    others[model.slack_column] = 0.0
    most = np.asarray(uses.max(axis=1).todense()).ravel()
    total, size = np.asarray(uses.sum(axis=1)).ravel(), np.diff(uses.indptr)
    alike = (most > 0) & (abs(total - most * size) < 1e-9 * (1.0 + abs(total)))
    return np.asarray(alike & (abs(coefficients.matrix) @ others == 0))


def _limits(generation: Generation, rows: np.ndarray, unit: np.ndarray, n_words: int) -> Cells:
    """Count what rows allow in itineraries, each of which uses a unit."""
    model = generation.model
    price = np.full((2, model.n_rows), FORBIDDEN)
    points = -model.objective[model.slack_column]
    price[(model.slack_sign < 0).astype(np.int64), model.slack_row] = points
    lower, upper = model.row_lower[rows] / unit, model.row_upper[rows] / unit
    least = np.ceil(np.maximum(lower, 0.0) - 1e-9).astype(np.int64)
    much = np.floor(np.minimum(upper, UNLIMITED) + 1e-9).astype(np.int64)
    short, excess = np.ascontiguousarray(price[:, rows] * unit)
    most = np.where(excess < FORBIDDEN, UNLIMITED, much)
    costly = np.flatnonzero((least > 0) | ((much < UNLIMITED) & (most == UNLIMITED)))
    priced = np.zeros(n_words, np.uint64)
    np.bitwise_or.at(priced, costly >> 6, np.uint64(1) << (costly & 63).astype(np.uint64))
    return Cells(most, least, much, short, excess, priced)
