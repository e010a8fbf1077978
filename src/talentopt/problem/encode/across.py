"""Rules across people: seats, staffing, and the rows of budgets, teams and quotas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem.encode.columns import expand
from talentopt.problem.encode.grouped import any_of

if TYPE_CHECKING:
    from talentopt.problem.encode.columns import Decisions
    from talentopt.problem.encode.linear import Builder
    from talentopt.problem.problem import Problem


def encode_seats(builder: Builder, problem: Problem, decisions: Decisions) -> None:
    """Add seats and, where a minimum is priced or hard, staffing."""
    itineraries = problem.itineraries
    which, period = expand(decisions.start, decisions.end)
    placement = decisions.placement[which]
    covering = np.zeros(itineraries.seats.shape)
    np.add.at(covering, (placement, period), 1.0)
    hard = bool(np.isinf(itineraries.understaffed_price))
    staffed = (itineraries.min_seats > 0) & (itineraries.understaffed_price > 0)
    capped = itineraries.seats < covering
    used = staffed | capped
    row_of = np.full(used.shape, -1)
    row_of[used] = builder.rows(
        "seats/placement/period",
        np.nonzero(used),
        np.where(staffed, itineraries.min_seats, -np.inf)[used],
        np.where(capped, itineraries.seats, np.inf)[used],
    )
    row = row_of[placement, period]
    builder.entries(row[row >= 0], decisions.column[which[row >= 0]])
    if not hard:
        builder.shortages(row_of[staffed], np.array(itineraries.understaffed_price))


def encode_rows(builder: Builder, problem: Problem, decisions: Decisions) -> None:
    """Add budgets, teams and quotas with the events that they count."""
    rows = problem.rows
    happens = np.zeros(0, np.int64)
    if len(problem.events) and rows.matrix.nnz:
        happens = _events(builder, problem, decisions)
    below = np.flatnonzero(np.isfinite(rows.lower) & (rows.price > 0))
    numbers = builder.rows("row_min/row", (below,), rows.lower[below], np.inf)
    _counts(builder, problem, decisions, happens, (below, numbers))
    soft = np.isfinite(rows.price[below])
    builder.shortages(numbers[soft], rows.price[below[soft]])
    above = np.flatnonzero(np.isfinite(rows.upper) & (rows.price > 0))
    numbers = builder.rows("row_max/row", (above,), -np.inf, rows.upper[above])
    _counts(builder, problem, decisions, happens, (above, numbers))
    soft = np.isfinite(rows.price[above])
    builder.excesses(numbers[soft], rows.price[above[soft]])


def _counts(
    builder: Builder,
    problem: Problem,
    decisions: Decisions,
    happens: np.ndarray,
    rows: tuple[np.ndarray, np.ndarray],
) -> None:
    """Copy rows of the problem into rows of the model, options expanded to starts."""
    n_arcs, n_options = problem.matchings.n_arcs, problem.itineraries.n_options
    entries = problem.rows.matrix[rows[0]].tocoo()
    row, column, value = rows[1][entries.coords[0]], entries.coords[1], entries.data
    arc = column < n_arcs
    builder.entries(row[arc], column[arc], value[arc])
    option = (column >= n_arcs) & (column < n_arcs + n_options)
    which, starts = decisions.starts_of(column[option] - n_arcs)
    builder.entries(row[option][which], decisions.column[starts], value[option][which])
    event = column >= n_arcs + n_options
    builder.entries(row[event], happens[column[event] - n_arcs - n_options], value[event])


def _events(builder: Builder, problem: Problem, decisions: Decisions) -> np.ndarray:
    events = problem.events
    owner = np.repeat(np.arange(len(events)), np.diff(events.ptr))
    which, starts = decisions.starts_of(events.options)
    early = decisions.start[starts] <= events.latest_start[which]
    return any_of(
        builder,
        "event/event",
        owner[which[early]],
        decisions.column[starts[early]],
        len(events),
        excluding=events.options[which[early]],
    )
