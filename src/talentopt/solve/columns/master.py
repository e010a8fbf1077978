"""The master: which itineraries to give people, in fractions or wholly.

A row for everything that has a price and might bind, one for each person, and
where the lowest total counts one for each person's total. Rows that bind
seldom (most seats) are added when an answer exceeds them. Whatever is missed
costs its price, or a large one where nothing may be missed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import highspy
import numpy as np
from scipy.sparse import csc_array

from talentopt.solve.highs import quiet_highs

if TYPE_CHECKING:
    from talentopt.solve.columns.market import Market
    from talentopt.solve.columns.pool import Pool

INFINITY = highspy.kHighsInf
DUAL, PRIMAL = 1, 4
EXCEEDED = 1e-7


class Master:
    """The linear program over the itineraries of a pool.

    Parameters
    ----------
    market : Market
    pool : Pool
    dear : float
        Price of missing what may not be missed.

    Attributes
    ----------
    value : float
        Of the last answer.
    prices : (n_prices,) float64
        Its prices; 0 for what has no row.
    reward : (n_people,) float64
        Each person's price.
    weight : (n_people,) float64
        How much each one's total counts.
    share : (n_itineraries,) float64
    missed : float
        Points lost by what is missed though it may not be.
    """

    def __init__(self, market: Market, pool: Pool, dear: float) -> None:
        """Start with the rows that have lower bounds."""
        self.market, self.pool, self.dear = market, pool, dear
        problem = market.problem
        self.n_people = problem.itineraries.n_people
        self.lowest = market.lowest
        self.highs = quiet_highs()
        self.highs.setOptionValue("presolve", "off")
        self.highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self.row_of = np.full(len(market.limits.lower), -1, np.int64)
        self.column_of = np.zeros(0, np.int64)
        self._slack: list[int] = []
        nothing = np.zeros(0, np.int32)
        for _ in range(self.n_people):
            self.highs.addRow(1.0, 1.0, 0, nothing, np.zeros(0))
        if self.lowest:
            self.highs.addCol(problem.worst_off, -INFINITY, INFINITY, 0, nothing, np.zeros(0))
            for _ in range(self.n_people):
                self.highs.addRow(0.0, INFINITY, 1, np.zeros(1, np.int32), np.array([-1.0]))
        self._bounded = False
        self.prices = np.zeros(len(market.limits.lower))
        self.missed = np.inf
        self.value = -np.inf
        self.share = np.zeros(0)
        self.reward = np.zeros(self.n_people)
        self.weight = market.weight.copy()
        floors = (market.limits.floor < 0) & (market.limits.lower > 0)
        self.add_rows(np.flatnonzero(floors))

    def add_rows(self, numbers: np.ndarray) -> None:
        """Add rows for things with a price."""
        numbers = numbers[self.row_of[numbers] < 0]
        if len(numbers) == 0:
            return
        limits = self.market.limits
        uses = csc_array(self.pool.uses[: len(self.column_of)])[:, numbers]
        for at, number in enumerate(numbers):
            inside = slice(uses.indptr[at], uses.indptr[at + 1])
            row = self.highs.getNumRow()
            bounded = limits.ceiling[number] > 0
            wanted = limits.floor[number] < 0
            low = limits.lower[number] if wanted else -INFINITY
            high = limits.upper[number] if bounded else INFINITY
            columns = self.column_of[uses.indices[inside]].astype(np.int32)
            self.highs.addRow(low, high, len(columns), columns, uses.data[inside])
            self.row_of[number] = row
            at_row = np.array([row], dtype=np.int32)
            for missable, sign, price in (
                (wanted, 1.0, -limits.floor[number]),
                (bounded, -1.0, limits.ceiling[number]),
            ):
                if missable:
                    self._slack.append(self.highs.getNumCol())
                    cost = -min(self.dear, price)
                    self.highs.addCol(cost, 0.0, INFINITY, 1, at_row, np.array([sign]))

    def add_itineraries(self) -> None:
        """Add those of the pool that are new."""
        pool, first = self.pool, len(self.column_of)
        if first == len(pool):
            return
        uses = pool.uses[first:]
        number = self.highs.getNumCol()
        known = self.row_of[uses.indices] >= 0
        owner = np.repeat(np.arange(len(pool) - first), np.diff(uses.indptr))
        count = np.bincount(owner[known], minlength=len(pool) - first)
        person = pool.person[first:]
        each = [np.arange(len(person))] * (2 if self.lowest else 1)
        column = np.concatenate([*each, owner[known]])
        row = [person, self.row_of[uses.indices[known]]]
        data = [np.ones(len(person)), uses.data[known]]
        if self.lowest:
            row.insert(1, person + self.n_people)
            data.insert(1, pool.total[first:])
        order = np.argsort(column, kind="stable")
        begin = np.concatenate([[0], np.cumsum(count + len(each))])[:-1]
        self.highs.addCols(
            len(person),
            pool.points[first:],
            np.zeros(len(person)),
            np.full(len(person), INFINITY),
            len(column),
            begin.astype(np.int32),
            np.concatenate(row)[order].astype(np.int32),
            np.concatenate(data)[order],
        )
        self.column_of = np.append(self.column_of, number + np.arange(len(person)))

    def solve(self) -> None:
        """Answer, with the rows that the answer needs."""
        self.add_itineraries()
        while True:
            # New itineraries leave an answer feasible, so the primal method goes on from it;
            # bounds leave its prices so.
            method = DUAL if self._bounded else PRIMAL
            self.highs.setOptionValue("simplex_strategy", method)
            self.highs.run()
            self._bounded = False
            self._read()
            if not self.exceeded(self.share):
                return

    def bound(self, number: int, low: float, high: float) -> None:
        """Bound the share of an itinerary."""
        self.highs.changeColBounds(int(self.column_of[number]), low, high)
        self._bounded = low > 0.0

    def exceeded(self, share: np.ndarray) -> bool:
        """Add the rows that shares of itineraries exceed; returns whether there are any."""
        limits = self.market.limits
        load = self.pool.uses[: len(share)].T @ share
        beyond = (load > limits.upper + EXCEEDED) & (limits.ceiling > 0)
        short = (load < limits.lower - EXCEEDED) & (limits.floor < 0)
        new = np.flatnonzero((beyond | short) & (self.row_of < 0))
        self.add_rows(new)
        return len(new) > 0

    def _read(self) -> None:
        solution = self.highs.getSolution()
        value = np.array(solution.col_value)
        dual = np.array(solution.row_dual)
        self.value = self.highs.getInfo().objective_function_value
        self.share = np.maximum(0.0, value[self.column_of])
        self.prices[:] = 0.0
        rows = self.row_of >= 0
        self.prices[rows] = dual[self.row_of[rows]]
        limits = self.market.limits
        np.clip(self.prices, limits.floor, limits.ceiling, out=self.prices)
        self.reward = dual[: self.n_people]
        self.missed = float(value[self._slack].sum()) if self._slack else 0.0
        if self.lowest:
            extra = np.maximum(0.0, -dual[self.n_people : 2 * self.n_people])
            total = extra.sum()
            worst_off = self.market.problem.worst_off
            if total <= 0:
                extra, total = np.ones(len(extra)), float(len(extra))
            self.weight = 1.0 + extra * (worst_off / total)

    def reduced(self, numbers: np.ndarray) -> np.ndarray:
        """Points by which itineraries of the pool beat the answer's prices."""
        pool = self.pool
        worth = pool.points[numbers] + (self.weight[pool.person[numbers]] - 1.0) * (
            pool.total[numbers] if self.lowest else 0.0
        )
        paid = pool.uses[numbers] @ self.prices
        return np.asarray(worth - paid - self.reward[pool.person[numbers]])
