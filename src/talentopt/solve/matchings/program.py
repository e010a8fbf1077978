"""The rules of the matchings as a linear or integer program over some arcs.

One statement of needs, capacities, distinct providers, rows and the
worst-off term, for any loads; HiGHS solves it. Callers choose the arcs:
few for an exact finish by reduced costs, more for prices of rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_array, csr_array, hstack, vstack

from talentopt.problem.evaluate import evaluate
from talentopt.problem.measure import demand_of
from talentopt.problem.problem import Assignment

if TYPE_CHECKING:
    from talentopt.problem import Problem


@dataclass(frozen=True, slots=True)
class Ground:
    """What every matching of a problem without bookings has in common.

    Attributes
    ----------
    constant : float
        The part of the objective that no pair changes.
    person_base : (n_people,) float64
        Each person's total without pairs and without missing providers.
    owned : (n_owned,) int64
        Demands that belong to a person.
    """

    constant: float
    person_base: np.ndarray
    owned: np.ndarray

    @classmethod
    def of(cls, problem: Problem) -> Ground:
        """Value the empty assignment, and take out what pairs can change."""
        empty = evaluate(problem, Assignment.of())
        variable = ("pairs", "missing_providers", "kept_pairs", "rows", "worst_off")
        constant = sum(points for name, points in empty.terms.items() if name not in variable)
        matchings = problem.matchings
        owned = np.flatnonzero(matchings.demand_person >= 0)
        base = empty.person_totals.copy()
        lost = matchings.demand_need * matchings.demand_missing
        np.add.at(base, matchings.demand_person[owned], lost[owned])
        return cls(float(constant), base, owned)


@dataclass(frozen=True, slots=True)
class Program:
    """Columns (arcs, missing providers, misses of rows, lowest total) and rows.

    Maximise ``points @ x`` subject to ``lower <= matrix @ x <= upper`` and
    ``least <= x <= most``; arcs are whole.

    Attributes
    ----------
    arcs : (n_columns_of_arcs,) int64
        The arcs of the first columns, ascending; fixed ones included.
    least, most, points : (n_columns,) float64
    matrix : (n_rows, n_columns) csc_array
    lower, upper : (n_rows,) float64
    role_cells : (n,) int64
        Cells of the flattened (n_matchings, n_providers) with a capacity row.
    total_cells : (n,) int64
        Providers with a capacity row.
    first : dict of str to int
        Where each kind of row begins: needs, role, total, distinct, rows, lowest.
    """

    arcs: np.ndarray
    least: np.ndarray
    most: np.ndarray
    points: np.ndarray
    matrix: csc_array
    lower: np.ndarray
    upper: np.ndarray
    role_cells: np.ndarray
    total_cells: np.ndarray
    first: dict[str, int]


def build(problem: Problem, ground: Ground, arcs: np.ndarray, values: np.ndarray) -> Program:
    """State the program over some arcs.

    Parameters
    ----------
    problem : Problem
        Without bookings.
    ground : Ground
    arcs : (n,) int64
        Arcs that may be chosen; fixed arcs are added.
    values : (n_arcs,) float64
        Points and kept points of every arc.

    Returns
    -------
    Program
    """
    matchings = problem.matchings
    arcs = np.union1d(arcs, matchings.fixed_arcs)
    demand = demand_of(matchings, arcs)
    n = len(arcs)
    least, most = np.zeros(n), np.ones(n)
    least[np.isin(arcs, matchings.fixed_arcs)] = 1.0
    role, role_cells = _capacities(problem, arcs, demand, per_role=True)
    total, total_cells = _capacities(problem, arcs, demand, per_role=False)
    table, slack_points = _stated_rows(problem, arcs)
    blocks = {
        "needs": _needs(problem, demand),
        "role": role,
        "total": total,
        "distinct": _distinct(problem, arcs, demand),
        "rows": table,
    }
    points = [values[arcs], -matchings.demand_missing, slack_points]
    least = np.concatenate([least, np.zeros(matchings.n_demands + len(slack_points))])
    most = np.concatenate([most, matchings.demand_need, np.full(len(slack_points), np.inf)])
    if problem.worst_off and problem.itineraries.n_people:
        blocks["lowest"] = _lowest(problem, ground, arcs, demand, column=len(least))
        points.append(np.array([problem.worst_off]))
        least, most = np.append(least, -np.inf), np.append(most, np.inf)
    counts = np.cumsum([0] + [len(block.lower) for block in blocks.values()])
    return Program(
        arcs=arcs,
        least=least,
        most=most,
        points=np.concatenate(points),
        matrix=csc_array(vstack([block.padded(len(least)) for block in blocks.values()])),
        lower=np.concatenate([block.lower for block in blocks.values()]),
        upper=np.concatenate([block.upper for block in blocks.values()]),
        role_cells=role_cells,
        total_cells=total_cells,
        first={name: int(count) for name, count in zip(blocks, counts, strict=False)},
    )


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows over the first columns of the program."""

    matrix: csr_array
    lower: np.ndarray
    upper: np.ndarray

    def padded(self, width: int) -> csr_array:
        """Return the matrix with empty columns up to `width`."""
        missing = width - self.matrix.shape[1]
        if missing == 0:
            return self.matrix
        return csr_array(hstack([self.matrix, csr_array((self.matrix.shape[0], missing))]))


def _needs(problem: Problem, demand: np.ndarray) -> Block:
    """Pairs plus missing providers make up every need."""
    n_demands, n = problem.matchings.n_demands, len(demand)
    every = np.arange(n_demands)
    matrix = csr_array(
        (
            np.ones(n + n_demands),
            (np.append(demand, every), np.append(np.arange(n), n + every)),
        ),
        shape=(n_demands, n + n_demands),
    )
    need = problem.matchings.demand_need.astype(float)
    return Block(matrix, need, need)


def _capacities(
    problem: Problem, arcs: np.ndarray, demand: np.ndarray, *, per_role: bool
) -> tuple[Block, np.ndarray]:
    """Rows of the capacities that these arcs could exceed."""
    matchings = problem.matchings
    cell = matchings.arc_provider[arcs].astype(np.int64)
    limit = matchings.capacity
    if per_role:
        cell = cell + matchings.demand_matching[demand].astype(np.int64) * matchings.n_providers
        limit = matchings.role_capacity.ravel()
    load = matchings.arc_load[arcs]
    possible = np.bincount(cell, weights=load, minlength=len(limit))
    tight = np.flatnonzero(possible > limit)
    row_of = np.full(len(limit), -1)
    row_of[tight] = np.arange(len(tight))
    used = np.flatnonzero(row_of[cell] >= 0)
    matrix = csr_array((load[used], (row_of[cell[used]], used)), shape=(len(tight), len(arcs)))
    return Block(matrix, np.full(len(tight), -np.inf), limit[tight]), tight


def _distinct(problem: Problem, arcs: np.ndarray, demand: np.ndarray) -> Block:
    """No provider twice for one seeker in each group of matchings."""
    matchings = problem.matchings
    row, column, n_rows = [], [], 0
    for group in matchings.distinct:
        mine = np.flatnonzero(np.isin(matchings.demand_matching[demand], group))
        seeker = matchings.demand_seeker[demand[mine]].astype(np.int64)
        key = seeker * matchings.n_providers + matchings.arc_provider[arcs[mine]]
        _, which, count = np.unique(key, return_inverse=True, return_counts=True)
        shared = count > 1
        new = np.cumsum(shared) - 1 + n_rows
        kept = shared[which]
        row.append(new[which[kept]])
        column.append(mine[kept])
        n_rows += int(shared.sum())
    rows = np.concatenate(row) if row else np.zeros(0, np.int64)
    columns = np.concatenate(column) if column else np.zeros(0, np.int64)
    matrix = csr_array((np.ones(len(rows)), (rows, columns)), shape=(n_rows, len(arcs)))
    return Block(matrix, np.full(n_rows, -np.inf), np.ones(n_rows))


def _stated_rows(problem: Problem, arcs: np.ndarray) -> tuple[Block, np.ndarray]:
    """Rows of the problem, with a column per side that may be missed at a price."""
    table = problem.rows
    if len(table) == 0:
        return Block(csr_array((0, len(arcs))), np.zeros(0), np.zeros(0)), np.zeros(0)
    matrix = csr_array(table.matrix[:, arcs])
    priced = np.isfinite(table.price)
    below = np.flatnonzero(priced & np.isfinite(table.lower))
    above = np.flatnonzero(priced & np.isfinite(table.upper))
    column = np.arange(len(below) + len(above))
    sign = np.where(column < len(below), 1.0, -1.0)
    slack = csr_array((sign, (np.append(below, above), column)), shape=(len(table), len(column)))
    gap = csr_array((len(table), problem.matchings.n_demands))
    stated = csr_array(hstack([matrix, gap, slack]))
    return Block(stated, table.lower, table.upper), -table.price[np.append(below, above)]


def _lowest(
    problem: Problem, ground: Ground, arcs: np.ndarray, demand: np.ndarray, *, column: int
) -> Block:
    """Limit the last column by every person's total."""
    matchings = problem.matchings
    n_people = problem.itineraries.n_people
    person = matchings.demand_person[demand]
    owned = np.flatnonzero(person >= 0)
    people = np.arange(n_people)
    rows = np.concatenate([person[owned], matchings.demand_person[ground.owned], people])
    columns = np.concatenate([owned, len(arcs) + ground.owned, np.full(n_people, column)])
    data = np.concatenate(
        [
            matchings.arc_points[arcs[owned]],
            -matchings.demand_missing[ground.owned],
            -np.ones(n_people),
        ]
    )
    matrix = csr_array((data, (rows, columns)), shape=(n_people, column + 1))
    return Block(matrix, -ground.person_base, np.full(n_people, np.inf))
