"""Events that one person's exclusive bookings decide: these belong to itineraries.

Rows across people, such as quotas, count events. In a mixture of itineraries an event's
share is that of the itineraries in which it happens, which bounds far better than the
model's rows: of two bookings in different itineraries only the larger share counts there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from talentopt.solve.enumeration.states import TooManyStates

if TYPE_CHECKING:
    from talentopt.problem.encode import LinearModel

ROWS = "event/event"

MOST = 62
"""Events of one person: they are bits of a number."""


def made_by(model: LinearModel, owner: np.ndarray) -> csr_array:
    """Find the events that exclusive starts decide.

    Parameters
    ----------
    model : LinearModel
    owner : (n_columns,) int64
        The person of each exclusive start; -1 for other columns.

    Returns
    -------
    (n_columns, n_columns) csr_array
        1 from each start to the events that it makes happen.
    """
    shape = (model.n_columns, model.n_columns)
    if ROWS not in model.kinds:
        return csr_array(shape)
    mine = model.row_kind == model.kinds.index(ROWS)
    rows = np.flatnonzero(mine)
    # The first row of each event has all its starts; the others bound it from below.
    _, first = np.unique(model.row_ids[rows, 0], return_index=True)
    entries = csr_array(model.matrix)[rows[first]].tocoo()
    row, column = entries.coords
    is_event = entries.data > 0
    event = np.full(len(first), -1)
    event[row[is_event]] = column[is_event]
    counted = csr_array(model.matrix)[np.flatnonzero(~mine)]
    matters = np.bincount(counted.indices, minlength=model.n_columns)[event] > 0
    start = ~is_event
    exclusive = np.bincount(row[start], owner[column[start]] < 0, len(first)) == 0
    kept = start & (matters & exclusive)[row]
    ones = np.ones(int(kept.sum()))
    return csr_array((ones, (column[kept], event[row[kept]])), shape=shape)


def as_bits(made: csr_array) -> tuple[np.ndarray, np.ndarray]:
    """Give the events of one person's starts numbers.

    Parameters
    ----------
    made : (n, n_columns) csr_array
        Rows of `made_by`.

    Returns
    -------
    events : (n_events,) int64
        Columns of the model.
    bits : (n,) int64
        The events that each start makes happen.

    Raises
    ------
    TooManyStates
        When they are more than `MOST`.
    """
    events, number = np.unique(made.indices, return_inverse=True)
    if len(events) > MOST:
        raise TooManyStates
    bits = np.zeros(made.shape[0], dtype=np.int64)
    start = np.repeat(np.arange(made.shape[0]), np.diff(made.indptr))
    np.bitwise_or.at(bits, start, np.int64(1) << number.astype(np.int64))
    return events.astype(np.int64), bits


def in_sets(sets: np.ndarray, n_events: int) -> np.ndarray:
    """(n_sets, n_events) float64: 1 for the events that are in sets given as bits."""
    return (sets[:, None] >> np.arange(n_events) & 1).astype(np.float64)


def happening(chosen: csr_array, made: csr_array) -> csr_array:
    """(n, n_columns) csr_array: the events that happen in itineraries, besides their starts."""
    events = csr_array(chosen @ made)
    events.data[:] = 1.0
    return events
