"""Divides a linear model into one part per person and what is shared.

A person's part is what only their exclusive bookings decide: these columns, their path,
events, rows over nothing else, and shortages of such rows. Everything else,
also concurrent placements and pairs, stays as it is in the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from talentopt.problem.encode.columns import decide
from talentopt.problem.encode.linear import Builder
from talentopt.problem.encode.path import lay_out
from talentopt.solve.enumeration.events import ROWS, as_bits, in_sets, made_by
from talentopt.solve.enumeration.paths import Choices, first_reached
from talentopt.solve.enumeration.states import TooManyStates
from talentopt.solve.enumeration.types import Types, exclusive_clauses

if TYPE_CHECKING:
    from talentopt.problem import Problem
    from talentopt.problem.encode import LinearModel
    from talentopt.problem.encode.path import Network
    from talentopt.solve.enumeration.states import States

UNLIMITED = 1e18

FIXED_BONUS = 1e6

IN_STATES = (
    "once/option",
    "distinct/person/value",
    "stage_min/person/stage",
    "stage_max/person/stage",
    "limit/limit/person",
    ROWS,
)
"""Rows that the states of an itinerary keep by themselves."""

PREREQUISITE = "prerequisite/clause/person"
"""Rows that the states keep when they concern exclusive placements only."""

WITHIN = (
    *IN_STATES,
    PREREQUISITE,
    "fixed/option",
    "hours/person/requirement",
)
"""Rows within one person; what is lost by them is part of the person's total."""


@dataclass(frozen=True, slots=True)
class Part:
    """One person's part.

    Attributes
    ----------
    person : int
    columns : (n,) int64
        Columns of the choices.
    choices : Choices
    rows : (n_rows,) int64
        Rows that concern the choices only and not their states; those of `choices.use`.
    required : (n_rows,) float64
        Least that must be used; -inf where there is none.
    shortage : (n_rows,) float64
        Points lost per unit below the row's lower bound; 0 = none.
    lower : (n_rows,) float64
        The lower bound that shortages are measured from.
    bonus : (n,) float64
        Added to fixed choices while itineraries are searched, so that they are in the best.
    promised : float
        The bonus of every itinerary that is allowed.
    events : (n_events,) int64
        Columns of the events that the choices decide.
    event_sets : (n_sets, n_events) float64
        The events in each of the sets of `choices.news`.
    """

    person: int
    columns: np.ndarray
    choices: Choices
    rows: np.ndarray
    required: np.ndarray
    shortage: np.ndarray
    lower: np.ndarray
    bonus: np.ndarray
    promised: float
    events: np.ndarray
    event_sets: np.ndarray

    @property
    def demanding(self) -> bool:
        """Whether some row is about a least use."""
        return bool((self.shortage > 0).any() or np.isfinite(self.required).any())


@dataclass(frozen=True, slots=True)
class Structure:
    """A linear model divided.

    Attributes
    ----------
    parts : tuple of Part
        People with exclusive choices.
    shared_columns, shared_rows : (n,) int64
        What belongs to no part.
    worst_row : (n_people,) int64
        The row of each person's total; empty without the worst-off term.
    made : (n_columns, n_columns) csr_array
        1 from each exclusive start to the events that it makes happen.
    """

    parts: tuple[Part, ...]
    shared_columns: np.ndarray
    shared_rows: np.ndarray
    worst_row: np.ndarray
    made: csr_array

    def priced_rows(self, model: LinearModel) -> np.ndarray:
        """(n_rows,) bool: shared rows, and hard rows of parts that states don't keep."""
        priced = np.zeros(model.n_rows, dtype=bool)
        priced[self.shared_rows] = True
        for part in self.parts:
            priced[part.rows[part.shortage == 0]] = True
        return priced


def divide(problem: Problem, model: LinearModel) -> Structure:
    """Divide a problem's linear model.

    Raises
    ------
    TooManyStates
    """
    network = lay_out(problem, decide(Builder(), problem))
    owner = np.full(model.n_columns, -1)
    owner[network.column] = network.person
    made = made_by(model, owner)
    try:
        return _divide(problem, model, network, owner, made)
    except TooManyStates:
        if made.nnz == 0:
            raise
    return _divide(problem, model, network, owner, csr_array(made.shape))


def _divide(
    problem: Problem, model: LinearModel, network: Network, owner: np.ndarray, made: csr_array
) -> Structure:
    """Divide a model; events that no start makes happen stay shared."""
    owner = owner.copy()
    owner[made.indices] = np.repeat(owner, np.diff(made.indptr))
    path_rows = model.row_kind == _kind(model, "path/person")
    worst_rows = model.row_kind == _kind(model, "worst_off/person")
    matrix = csr_array(model.matrix)
    row = np.repeat(np.arange(model.n_rows), np.diff(matrix.indptr))
    on_path = np.zeros(model.n_columns, dtype=bool)
    on_path[matrix.indices[path_rows[row]]] = True
    arcs = on_path & (owner < 0)
    slack = np.zeros(model.n_columns, dtype=bool)
    slack[model.slack_column] = True
    counted = ~slack[matrix.indices] & ~path_rows[row] & ~worst_rows[row]
    least = np.full(model.n_rows, np.iinfo(np.int64).max)
    most = np.full(model.n_rows, -1)
    np.minimum.at(least, row[counted], owner[matrix.indices[counted]])
    np.maximum.at(most, row[counted], owner[matrix.indices[counted]])
    within = np.isin(model.row_kind, _kinds(model, WITHIN))
    row_owner = np.where((least == most) & within, most, -1)
    inner_slack = row_owner[model.slack_row] >= 0
    inner = arcs | (owner >= 0)
    inner[model.slack_column[inner_slack]] = True
    inside = np.isin(model.row_kind, _kinds(model, IN_STATES))
    asked = model.row_kind == _kind(model, PREREQUISITE)
    inside |= asked & np.isin(model.row_ids[:, 0], exclusive_clauses(problem))
    others = np.flatnonzero((row_owner >= 0) & ~inside)
    rows = _OwnRows(model, matrix[others], others, row_owner[others])
    types = Types(problem, network.shape[1])
    order = np.lexsort((network.end, network.start, network.person))
    people, first = np.unique(network.person[order], return_index=True)
    groups = np.split(order, first[1:])
    parts = tuple(
        _part(problem, model, network, int(person), mine, types, rows, made)
        for person, mine in zip(people, groups, strict=False)
    )
    return Structure(
        parts,
        np.flatnonzero(~inner),
        np.flatnonzero((row_owner < 0) & ~path_rows),
        np.flatnonzero(worst_rows),
        made,
    )


def _kinds(model: LinearModel, names: tuple[str, ...]) -> list[int]:
    return [model.kinds.index(name) for name in names if name in model.kinds]


def _kind(model: LinearModel, name: str) -> int:
    return model.kinds.index(name) if name in model.kinds else -1


class _OwnRows:
    """Rows of parts that their states don't keep."""

    def __init__(
        self, model: LinearModel, matrix: csr_array, rows: np.ndarray, owner: np.ndarray
    ) -> None:
        self.model, self.matrix, self.rows, self.owner = model, matrix, rows, owner
        self.shortage = np.zeros(model.n_rows)
        self.shortage[model.slack_row] = -model.objective[model.slack_column]

    def of(self, person: int) -> np.ndarray:
        """Rows of a person."""
        return np.asarray(self.rows[self.owner == person])

    def use(self, person: int, columns: np.ndarray) -> np.ndarray:
        """(n_rows, n) float64: what columns of a person use of their rows."""
        mine = self.matrix[np.flatnonzero(self.owner == person)]
        where = np.full(self.model.n_columns, -1)
        where[columns] = np.arange(len(columns))
        use = np.zeros((mine.shape[0], len(columns)))
        row = np.repeat(np.arange(mine.shape[0]), np.diff(mine.indptr))
        at = where[mine.indices]
        use[row[at >= 0], at[at >= 0]] = mine.data[at >= 0]
        return use


def _part(
    problem: Problem,
    model: LinearModel,
    network: Network,
    person: int,
    mine: np.ndarray,
    types: Types,
    own: _OwnRows,
    made: csr_array,
) -> Part:
    itineraries = problem.itineraries
    option = model.start_option[network.column[mine] - model.n_arcs]
    placement = itineraries.option_placement[option].astype(np.int64)
    start, end, level = network.start[mine], network.end[mine], network.level[mine]
    events, bits = as_bits(csr_array(made[network.column[mine]]))
    found, kind, stages = types.of(person, level, placement, bits)
    sets, news = np.unique(found.news, return_inverse=True)
    rows = own.of(person)
    begin = np.searchsorted(start, np.arange(itineraries.n_periods + 1))
    left, short = _shortages(problem, person, found, stages)
    upper = model.row_upper[rows]
    choices = Choices(
        start,
        end,
        level,
        network.place[mine],
        kind,
        float(itineraries.idle_price[person]),
        float(itineraries.move_price[person]),
        int(network.home[person]),
        int(itineraries.idle_from[person]),
        itineraries.n_periods,
        network.shape[2],
        begin,
        np.searchsorted(np.sort(kind), np.arange(found.grow.shape[1] + 1)),
        np.argsort(kind, kind="stable"),
        found.grow,
        found.enter,
        first_reached(found.grow, found.enter, kind, begin, end),
        left,
        short,
        news.reshape(found.news.shape),
        own.use(person, network.column[mine]),
        np.where(np.isfinite(upper), upper, UNLIMITED),
    )
    shortage = own.shortage[rows]
    required = np.where(shortage > 0, -np.inf, model.row_lower[rows])
    fixed = np.isin(option, itineraries.fixed_options)
    return Part(
        person,
        network.column[mine],
        choices,
        rows,
        required,
        shortage,
        model.row_lower[rows],
        FIXED_BONUS * fixed,
        FIXED_BONUS * len(np.unique(option[fixed])),
        events,
        in_sets(sets, len(events)),
    )


def _shortages(
    problem: Problem, person: int, found: States, stages: list[set[int]]
) -> tuple[np.ndarray, np.ndarray]:
    """(n_states, n_levels + 1) each: points lost, and placements missing, once a level comes."""
    itineraries = problem.itineraries
    n_levels = len(stages)
    own, count = np.zeros(len(found.level)), np.zeros(len(found.level))
    empty_lost, empty_short = np.zeros(n_levels), np.zeros(n_levels)
    for level, mine in enumerate(stages):
        here = found.level == level
        for stage in mine:
            least = max(int(itineraries.stage_min[person, stage]), 0)
            missing = np.maximum(least - found.held[here, stage], 0)
            price = float(itineraries.stage_missing[person, stage])
            own[here] += price * missing
            count[here] += missing * (price > 0)
            empty_lost[level] += price * least
            empty_short[level] += least * (price > 0)
    return (
        _later(own, empty_lost, found.level),
        _later(count, empty_short, found.level),
    )


def _later(own: np.ndarray, empty: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Add what is lost by levels that are left out altogether."""
    skipped = np.concatenate([[0.0], np.cumsum(empty)])
    following = np.arange(len(empty) + 1)
    between = skipped[following] - skipped[level + 1][:, None]
    return own[:, None] + np.where(following > level[:, None], between, 0.0)
