"""Divides a linear model into one part per person and what is shared.

A person's part is what only their exclusive bookings decide: these columns,
their path, rows over nothing else, and shortages of such rows. Everything else,
also concurrent placements and pairs, stays as it is in the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_array, csr_array

from talentopt.problem.encode.columns import decide
from talentopt.problem.encode.linear import Builder
from talentopt.problem.encode.path import lay_out
from talentopt.solve.enumeration.paths import Choices
from talentopt.solve.enumeration.states import number_states

if TYPE_CHECKING:
    from talentopt.problem import Problem
    from talentopt.problem.encode import LinearModel
    from talentopt.problem.encode.path import Network

UNLIMITED = 1e18

IN_STATES = (
    "once/option",
    "distinct/person/value",
    "stage_min/person/stage",
    "stage_max/person/stage",
)
"""Rows that the states of an itinerary keep by themselves."""

WITHIN = (
    *IN_STATES,
    "fixed/option",
    "limit/limit/person",
    "hours/person/requirement",
    "prerequisite/clause/person",
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
    """

    person: int
    columns: np.ndarray
    choices: Choices
    rows: np.ndarray
    required: np.ndarray
    shortage: np.ndarray
    lower: np.ndarray


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
    """

    parts: tuple[Part, ...]
    shared_columns: np.ndarray
    shared_rows: np.ndarray
    worst_row: np.ndarray

    def priced_rows(self, model: LinearModel) -> np.ndarray:
        """(n_rows,) bool: shared rows, and hard rows of parts that states don't keep."""
        priced = np.zeros(model.n_rows, dtype=bool)
        priced[self.shared_rows] = True
        for part in self.parts:
            priced[part.rows[part.shortage == 0]] = True
        return priced


def divide(problem: Problem, model: LinearModel) -> Structure:
    """Divide a problem's linear model."""
    network = lay_out(problem, decide(Builder(), problem))
    owner = np.full(model.n_columns, -1)
    owner[network.column] = network.person
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
    columns = csc_array(model.matrix)
    parts = tuple(
        _part(problem, model, network, person, np.flatnonzero(row_owner == person), columns)
        for person in np.unique(network.person)
    )
    return Structure(
        parts,
        np.flatnonzero(~inner),
        np.flatnonzero((row_owner < 0) & ~path_rows),
        np.flatnonzero(worst_rows),
    )


def _kinds(model: LinearModel, names: tuple[str, ...]) -> list[int]:
    return [model.kinds.index(name) for name in names if name in model.kinds]


def _kind(model: LinearModel, name: str) -> int:
    return model.kinds.index(name) if name in model.kinds else -1


def _part(
    problem: Problem,
    model: LinearModel,
    network: Network,
    person: int,
    rows: np.ndarray,
    columns: csc_array,
) -> Part:
    mine = np.flatnonzero(network.person == person)
    mine = mine[np.lexsort((network.end[mine], network.start[mine]))]
    option = model.start_option[network.column[mine] - model.n_arcs]
    placement = problem.itineraries.option_placement[option].astype(np.int64)
    states = number_states(problem, person, network.level[mine], placement, network.shape[1])
    others = rows[~np.isin(model.row_kind[rows], _kinds(model, IN_STATES))]
    shortage = np.zeros(model.n_rows)
    shortage[model.slack_row] = -model.objective[model.slack_column]
    upper = model.row_upper[others]
    return Part(
        int(person),
        network.column[mine],
        Choices(
            network.start[mine],
            network.end[mine],
            network.level[mine],
            network.place[mine],
            states.item,
            int(network.home[person]),
            int(problem.itineraries.idle_from[person]),
            problem.itineraries.n_periods,
            network.shape[2],
            np.searchsorted(network.start[mine], np.arange(problem.itineraries.n_periods + 1)),
            states.grow,
            states.level_of,
            states.empty,
            states.left,
            columns[:, network.column[mine]].tocsr()[others].toarray(),
            np.where(np.isfinite(upper), upper, UNLIMITED),
        ),
        others,
        np.where(shortage[others] > 0, -np.inf, model.row_lower[others]),
        shortage[others],
        model.row_lower[others],
    )
