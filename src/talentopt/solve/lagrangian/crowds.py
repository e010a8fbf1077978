"""Prices to begin with where not everybody can be placed.

People who need as much from the same period on are one crowd, which flows through its stages
and divides itself among placements and starts like a fluid: who holds what is forgotten
(aggregation of variables; Zipkin, "Bounding the effect of aggregating variables in linear
programs", 1980). The linear program of crowds is small, and its basic solution shows at once
what steps of prices hardly ever find: seats as dear as a missing placement in every second
period only, where bookings take two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import highspy
import numpy as np
from scipy.sparse import csr_array

from talentopt.solve.highs import quiet_program

if TYPE_CHECKING:
    from talentopt.problem import Itineraries

MOST_BOOKINGS = 60_000
"""Bookings of crowds, allowed or not, beyond which their linear program takes too long."""

BEYOND = 3
"""Placements of a stage that crowds hold beyond the least."""

LACKING = 0.01
"""Points lost by missing placements from which on not everybody is placed."""


def prices_of_crowds(
    itineraries: Itineraries, understaffed: float, seconds: float = np.inf
) -> np.ndarray | None:
    """Find prices of seats at which crowds are content.

    Parameters
    ----------
    itineraries : Itineraries
        Of ordered exclusive stages.
    understaffed : float
        Points lost per seat and period under the minimum; finite.
    seconds : float
        Most time for the linear program.

    Returns
    -------
    (n_placements, n_periods) float64 or None
        None where everybody can be placed, or there are too many crowds, or too little time.
    """
    crowds = _gather(itineraries)
    size = (
        crowds.most.sum(axis=0)[itineraries.placement_stage, None] * (itineraries.seats > 0)
    ).sum()
    if size > MOST_BOOKINGS:
        return None
    flow = _Flow(itineraries, crowds)
    flow.wait()
    lost = flow.pass_on()
    flow.book()
    flow.understaff(understaffed)
    return flow.solve(lost, seconds)


class _Crowds(NamedTuple):
    """Who is alike.

    Attributes
    ----------
    of_person : (n_people,) int64
    size, first : (n_crowds,) int64
        People, and the first period in which they may start.
    least, most : (n_crowds, n_stages) int64
        Placements of each stage.
    missing : (n_crowds, n_stages) float64
        Points lost for each one short of the least.
    """

    of_person: np.ndarray
    size: np.ndarray
    first: np.ndarray
    least: np.ndarray
    most: np.ndarray
    missing: np.ndarray


def _gather(itineraries: Itineraries) -> _Crowds:
    least = np.maximum(itineraries.stage_min, 0)
    most = np.minimum(itineraries.stage_max, least + BEYOND)
    first = np.full(itineraries.n_people, itineraries.n_periods)
    begin = itineraries.first_starts(np.arange(itineraries.n_options))
    np.minimum.at(first, itineraries.option_person(), begin)
    needs = np.column_stack([first, least, most, itineraries.stage_missing])
    kinds, of_person = np.unique(needs, axis=0, return_inverse=True)
    of_person = of_person.reshape(-1)
    first, least, most, missing = np.split(
        kinds, np.cumsum([1, itineraries.n_stages, itineraries.n_stages]), axis=1
    )
    size = np.bincount(of_person, minlength=len(kinds))
    needed, allowed = least.astype(np.int64), most.astype(np.int64)
    return _Crowds(of_person, size, first[:, 0].astype(np.int64), needed, allowed, missing)


class _Flow:
    """The linear program of crowds.

    Its rows are, in this order: people of each crowd in each stage, with so many placements of
    it, in each period; seats; people of a crowd who may hold each placement, and each distinct
    value; and those who meet each prerequisite in each period and have not used it.
    """

    def __init__(self, itineraries: Itineraries, crowds: _Crowds) -> None:
        """Lay out the rows."""
        self.itineraries, self.crowds = itineraries, crowds
        n_crowds, n_periods = len(crowds.size), itineraries.n_periods
        self._n_values = int(itineraries.placement_distinct.max(initial=-1)) + 1
        counts = 1 + crowds.most
        self._node = (np.cumsum(counts) - counts.ravel()).reshape(counts.shape) * (n_periods + 1)
        sizes = [
            int(counts.sum()) * (n_periods + 1),
            itineraries.n_placements * n_periods,
            n_crowds * itineraries.n_placements,
            n_crowds * self._n_values,
            n_crowds * len(itineraries.clause_placement) * n_periods,
        ]
        ends = np.cumsum(sizes)
        self._seats, self._holders, self._values, self._pools = ends[:-1].tolist()
        self._lower, self._upper = np.zeros(ends[-1]), np.zeros(ends[-1])
        self._bound_rows()
        self._costs: list[np.ndarray] = []
        self._entries: list[tuple[np.ndarray, np.ndarray, float]] = []
        self._n_columns = 0

    def _bound_rows(self) -> None:
        itineraries, crowds = self.itineraries, self.crowds
        source = self._node[:, 0] + crowds.first
        self._lower[source] = self._upper[source] = -crowds.size
        self._lower[self._seats : self._holders] = itineraries.min_seats.ravel()
        self._upper[self._seats : self._holders] = itineraries.seats.ravel()
        crowd = crowds.of_person[itineraries.option_person()]
        placement = itineraries.option_placement.astype(np.int64)
        holder = crowd * itineraries.n_placements + placement
        n_holders = self._values - self._holders
        self._upper[self._holders : self._values] = np.bincount(holder, minlength=n_holders)
        value = itineraries.placement_distinct[placement].astype(np.int64)
        held = np.unique(np.column_stack([itineraries.option_person(), crowd, value]), axis=0)
        held = held[held[:, 2] >= 0]
        of_value = np.bincount(
            held[:, 1] * self._n_values + held[:, 2], minlength=self._pools - self._values
        )
        self._upper[self._values : self._pools] = of_value
        # Who meets a prerequisite from the start is in its pool.
        n_clauses = len(itineraries.clause_placement)
        met = np.zeros((len(crowds.size), n_clauses))
        np.add.at(met, crowds.of_person, itineraries.clause_done)
        if n_clauses:
            first = self._pools + np.arange(met.size) * itineraries.n_periods
            self._lower[first] = self._upper[first] = -met.ravel()
        self._lower[self._holders : self._pools] = -np.inf

    def _add(self, cost: np.ndarray, *entries: tuple[np.ndarray, float]) -> np.ndarray:
        """Add columns, (n,) float64 points each, with entries in rows; -1 is no row."""
        columns = self._n_columns + np.arange(len(cost))
        for rows, value in entries:
            self._entries.append((rows[rows >= 0], columns[rows >= 0], value))
        self._costs.append(cost)
        self._n_columns += len(cost)
        return columns

    def _nodes(self) -> tuple[np.ndarray, ...]:
        """Crowd, stage, placements held and row of the first period, of each node."""
        counts = 1 + self.crowds.most
        crowd, stage = np.divmod(
            np.repeat(np.arange(counts.size), counts.ravel()), counts.shape[1]
        )
        held = np.concatenate([np.arange(count) for count in counts.ravel()])
        return crowd, stage, held, self._node[crowd, stage] + held * self._width

    @property
    def _width(self) -> int:
        return self.itineraries.n_periods + 1

    def wait(self) -> None:
        """Let crowds wait for the next period; idle once they have begun."""
        crowd, stage, held, row = self._nodes()
        idle = np.zeros(len(self.crowds.size))
        np.add.at(idle, self.crowds.of_person, self.itineraries.idle_price)
        idle /= self.crowds.size
        cost = np.where((stage > 0) | (held > 0), -idle[crowd], 0.0)
        for period in range(self.itineraries.n_periods):
            self._add(cost, (row + period, -1.0), (row + period + 1, 1.0))

    def pass_on(self) -> np.ndarray:
        """Let crowds pass to the next stage; returns the columns of those who lack something."""
        crowd, stage, held, row = self._nodes()
        short = np.maximum(self.crowds.least[crowd, stage] - held, 0)
        price = self.crowds.missing[crowd, stage]
        free = np.flatnonzero((short == 0) | np.isfinite(price))
        crowd, stage, row, short, price = (
            some[free] for some in (crowd, stage, row, short, price)
        )
        last = stage == self.itineraries.n_stages - 1
        after = self._node[crowd, np.where(last, 0, stage + 1)]
        cost = np.where(short > 0, -short * price, 0.0)
        lacking = []
        for period in range(self._width):
            into = np.where(last, -1, after + period)
            columns = self._add(cost, (row + period, -1.0), (into, 1.0))
            lacking.append(columns[cost < 0])
        return np.concatenate(lacking)

    def book(self) -> None:
        """Let crowds start at placements."""
        itineraries, crowds = self.itineraries, self.crowds
        option, start = itineraries.all_starts()
        person = itineraries.option_person()
        mine = crowds.of_person[person[option]]
        allowed = np.column_stack([mine, itineraries.option_placement[option], start])
        crowd, placement, start = np.unique(allowed, axis=0).T.astype(np.int64)
        points = np.zeros((len(crowds.size), itineraries.n_placements))
        count = np.zeros_like(points)
        cell = (crowds.of_person[person], itineraries.option_placement)
        np.add.at(points, cell, itineraries.option_points)
        np.add.at(count, cell, 1.0)
        points /= np.maximum(count, 1.0)
        stage = itineraries.placement_stage[placement]
        for held in range(int(crowds.most.max(initial=0))):
            some = held < crowds.most[crowd, stage]
            self._book(crowd[some], placement[some], start[some], held, points)

    def _book(
        self,
        crowd: np.ndarray,
        placement: np.ndarray,
        start: np.ndarray,
        held: int,
        points: np.ndarray,
    ) -> None:
        """Add the bookings of crowds who hold so many placements of the stage."""
        itineraries = self.itineraries
        n_periods, duration = itineraries.n_periods, itineraries.placement_duration[placement]
        end = start + duration
        row = self._node[crowd, itineraries.placement_stage[placement]] + held * self._width
        entries = [
            (row + start, -1.0),
            (row + self._width + end, 1.0),
            (self._holders + crowd * itineraries.n_placements + placement, 1.0),
        ]
        value = itineraries.placement_distinct[placement]
        of_value = self._values + crowd * self._n_values + value
        entries.append((np.where(value >= 0, of_value, -1), 1.0))
        for period in range(int(duration.max(initial=0))):
            seat = self._seats + placement * n_periods + start + period
            entries.append((np.where(period < duration, seat, -1), 1.0))
        n_clauses = len(itineraries.clause_placement)
        for clause, asks in enumerate(itineraries.clause_placement):
            first, last = itineraries.clause_ptr[clause : clause + 2]
            meets = np.isin(placement, itineraries.clause_met_by[first:last])
            pool = self._pools + (crowd * n_clauses + clause) * n_periods
            entries.append((np.where(placement == asks, pool + start, -1), -1.0))
            entries.append((np.where(meets & (end < n_periods), pool + end, -1), 1.0))
        self._add(points[crowd, placement], *entries)

    def understaff(self, price: float) -> None:
        """Let seats under the minimum be empty, and pools last to the next period."""
        short = np.flatnonzero(self.itineraries.min_seats.ravel() > 0)
        self._add(np.full(len(short), -price), (self._seats + short, 1.0))
        pools = self._pools + np.arange(len(self._lower) - self._pools)
        last = (pools - self._pools + 1) % self.itineraries.n_periods == 0
        self._add(np.zeros(len(pools)), (pools, -1.0), (np.where(last, -1, pools + 1), 1.0))

    def solve(self, lacking: np.ndarray, seconds: float) -> np.ndarray | None:
        """Find the prices of seats, unless nobody lacks anything or time is over."""
        rows, columns, values = (
            np.concatenate(part)
            for part in zip(
                *((rows, at, np.full(len(rows), value)) for rows, at, value in self._entries),
                strict=True,
            )
        )
        shape = (len(self._lower), self._n_columns)
        cost = np.concatenate(self._costs)
        nothing, much = np.zeros(len(cost)), np.full(len(cost), np.inf)
        matrix = csr_array((values, (rows, columns)), shape=shape)
        highs = quiet_program(cost, (nothing, much), matrix, (self._lower, self._upper))
        # Three times as fast as the simplex method, and basic by its crossover.
        highs.setOptionValue("solver", "ipm")
        if np.isfinite(seconds):
            highs.setOptionValue("time_limit", max(seconds, 0.01))
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = highs.getSolution()
        if float(np.asarray(solution.col_value)[lacking] @ cost[lacking]) > -LACKING:
            return None
        prices = np.asarray(solution.row_dual)[self._seats : self._holders]
        return prices.reshape(self.itineraries.seats.shape)
