"""What is left of everything shared while a plan is being built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from talentopt.problem import measure
from talentopt.problem.encode.columns import expand

if TYPE_CHECKING:
    from talentopt.problem import Assignment, Problem

MUST = 1e5
"""Points that a greedy step assumes for a unit of a hard lower limit."""

SLACK = 1e-9


class Residual:
    """Seats, capacities and rows left, kept up to date as bookings come and go.

    Attributes
    ----------
    seats : (n_placements, n_periods) int64
    role, total : (n_matchings, n_providers) and (n_providers,) float64
        Capacity left.
    activity : (n_rows,) float64
    start_of : (n_options,) int32
        Start of each booked option, -1 elsewhere.
    chosen : (n_arcs,) bool
    in_rows : (n_options,) bool
        Options that rows count, themselves or through events.
    """

    def __init__(self, problem: Problem) -> None:
        """Begin with nothing booked."""
        self.problem = problem
        itineraries, matchings = problem.itineraries, problem.matchings
        self.seats = itineraries.seats.astype(np.int64)
        self.role = matchings.role_capacity.astype(float).copy()
        self.total = matchings.capacity.astype(float).copy()
        self.activity = np.zeros(len(problem.rows))
        self.start_of = np.full(itineraries.n_options, -1, dtype=np.int32)
        self.chosen = np.zeros(matchings.n_arcs, dtype=bool)
        self.columns = problem.rows.matrix.tocsc() if len(problem.rows) else None
        self._events_of = _by_option(problem)
        self.in_rows = np.diff(self._events_of[0]) > 0
        if self.columns is not None:
            first = problem.matchings.n_arcs
            entries = np.diff(self.columns.indptr[first : first + len(self.in_rows) + 1])
            self.in_rows |= entries > 0
        self.event_met = np.zeros(len(problem.events), dtype=np.int64)

    def assignment(self) -> Assignment:
        """Collect what is booked and paired."""
        from talentopt.problem import Assignment

        options = np.flatnonzero(self.start_of >= 0)
        return Assignment(np.flatnonzero(self.chosen), options, self.start_of[options])

    def load(self, assignment: Assignment) -> None:
        """Book and pair everything of an assignment."""
        for option, start in zip(assignment.options, assignment.starts, strict=True):
            self.book(int(option), int(start))
        for arc in assignment.arcs:
            self.pair(int(arc))

    def book(self, option: int, start: int) -> None:
        """Take the seat of a booking."""
        self.start_of[option] = start
        self._occupy(option, start, 1)

    def cancel(self, option: int) -> None:
        """Give the seat of a booking back."""
        start = int(self.start_of[option])
        self.start_of[option] = -1
        self._occupy(option, start, -1)

    def _occupy(self, option: int, start: int, sign: int) -> None:
        itineraries = self.problem.itineraries
        placement = itineraries.option_placement[option]
        end = start + itineraries.placement_duration[placement]
        self.seats[placement, start:end] -= sign
        if self.columns is None:
            return
        self._move_rows(self.problem.matchings.n_arcs + option, sign)
        for event in self.events(option, start):
            self.event_met[event] += sign
            if self.event_met[event] == (1 if sign > 0 else 0):
                self._move_rows(self._event_column(event), sign)

    def pair(self, arc: int) -> None:
        """Take the capacity of a pair."""
        self.chosen[arc] = True
        self._use(arc, 1)

    def unpair(self, arc: int) -> None:
        """Give the capacity of a pair back."""
        self.chosen[arc] = False
        self._use(arc, -1)

    def _use(self, arc: int, sign: int) -> None:
        matchings = self.problem.matchings
        demand = int(measure.demand_of(matchings, np.asarray(arc)))
        provider, load = matchings.arc_provider[arc], matchings.arc_load[arc]
        self.role[matchings.demand_matching[demand], provider] -= sign * load
        self.total[provider] -= sign * load
        if self.columns is not None:
            self._move_rows(arc, sign)

    def _event_column(self, event: Any) -> Any:
        return self.problem.matchings.n_arcs + self.problem.itineraries.n_options + event

    def _move_rows(self, column: int, sign: int) -> None:
        rows, coefficients = self._column(column)
        np.add.at(self.activity, rows, sign * coefficients)

    def _column(self, column: int) -> tuple[np.ndarray, np.ndarray]:
        assert self.columns is not None
        mine = slice(self.columns.indptr[column], self.columns.indptr[column + 1])
        return self.columns.indices[mine], self.columns.data[mine]

    def events(self, option: int, start: int) -> np.ndarray:
        """Events that a booking makes happen."""
        ptr, events, latest = self._events_of
        mine = slice(ptr[option], ptr[option + 1])
        return events[mine][latest[mine] >= start]

    def row_gain(self, column: int) -> float:
        """Points that setting a column to 1 gains on the rows; -inf where a hard one breaks."""
        rows, coefficients = self._column(column)
        if len(rows) == 0:
            return 0.0
        return float(self._entry_gains(rows, coefficients).sum())

    def booking_gain(self, option: int, start: int) -> float:
        """Row points of one booking, its events included; -inf where a hard row breaks."""
        if self.columns is None or not self.in_rows[option]:
            return 0.0
        gain = self.row_gain(self.problem.matchings.n_arcs + option)
        for event in self.events(option, start):
            if self.event_met[event] == 0:
                gain += self.row_gain(self._event_column(event))
        return gain

    def gains(self, options: np.ndarray) -> np.ndarray:
        """(n, n_periods) float64: row points of each booking by start, see `booking_gain`."""
        n_periods = self.problem.itineraries.n_periods
        if self.columns is None:
            return np.zeros((len(options), n_periods))
        ptr, events, latest = self._events_of
        which, mine = expand(ptr[options], ptr[options + 1])
        open_ = (self.event_met[events[mine]] == 0) & (latest[mine] >= 0)
        which, mine = which[open_], mine[open_]
        event, position = np.unique(events[mine], return_inverse=True)
        happens = self._column_gains(self._event_column(event))
        # An event happens at every start up to its latest: sums from the last start back.
        gain = np.zeros((len(options), n_periods))
        np.add.at(gain, (which, np.minimum(latest[mine], n_periods - 1)), happens[position])
        gain = np.cumsum(gain[:, ::-1], axis=1)[:, ::-1]
        always = self._column_gains(self.problem.matchings.n_arcs + options)
        return np.asarray(gain + always[:, None])

    def _column_gains(self, columns: np.ndarray) -> np.ndarray:
        """(n,) float64: `row_gain` of each column."""
        assert self.columns is not None
        ptr = self.columns.indptr
        which, entry = expand(ptr[columns], ptr[columns + 1])
        gain = self._entry_gains(self.columns.indices[entry], self.columns.data[entry])
        return np.asarray(np.bincount(which, gain, minlength=len(columns)))

    def _entry_gains(self, rows: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
        """(n,) float64: points that each entry of a column gains on its row."""
        shared = self.problem.rows
        before, after = self.activity[rows], self.activity[rows] + coefficients
        lower, upper, price = shared.lower[rows], shared.upper[rows], shared.price[rows]
        hard = np.isinf(price)
        worth = np.where(hard, MUST, price)
        saved = np.maximum(lower - before, 0) - np.maximum(lower - after, 0)
        wasted = np.maximum(after - upper, 0) - np.maximum(before - upper, 0)
        gain = worth * (saved - np.where(hard, 0.0, wasted))
        return np.where(hard & (after > upper + SLACK) & (after > before), -np.inf, gain)


def _by_option(problem: Problem) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """List the events of each option: (ptr, events, latest starts)."""
    events = problem.events
    order = np.argsort(events.options, kind="stable")
    event = np.repeat(np.arange(len(events)), np.diff(events.ptr))[order]
    counts = np.bincount(events.options, minlength=problem.itineraries.n_options)
    return np.concatenate([[0], np.cumsum(counts)]), event, events.latest_start[order]
