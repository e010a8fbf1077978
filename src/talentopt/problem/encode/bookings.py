"""What holds within one person's bookings, whenever they are: counts, values, hours, order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem.encode.columns import expand
from talentopt.problem.encode.grouped import at_most_one

if TYPE_CHECKING:
    from talentopt.problem.encode.columns import Decisions
    from talentopt.problem.encode.linear import Builder
    from talentopt.problem.problem import Problem


def encode_bookings(builder: Builder, problem: Problem, decisions: Decisions) -> None:
    """Add every rule within one person's bookings but their sequence."""
    _once(builder, problem, decisions)
    _fixed(builder, problem, decisions)
    _stages(builder, problem, decisions)
    _limits(builder, problem, decisions)
    _hours(builder, problem, decisions)
    _concurrent_load(builder, problem, decisions)
    _prerequisites(builder, problem, decisions)


def _once(builder: Builder, problem: Problem, decisions: Decisions) -> None:
    value = problem.itineraries.placement_distinct[decisions.placement].astype(np.int64)
    free = value < 0
    at_most_one(builder, "once/option", (decisions.option[free],), decisions.column[free])
    at_most_one(
        builder,
        "distinct/person/value",
        (decisions.person[~free], value[~free]),
        decisions.column[~free],
    )


def _fixed(builder: Builder, problem: Problem, decisions: Decisions) -> None:
    fixed = problem.itineraries.fixed_options
    rows = builder.rows("fixed/option", (fixed,), 1.0, 1.0)
    which, starts = decisions.starts_of(fixed)
    builder.entries(rows[which], decisions.column[starts])


def _stages(builder: Builder, problem: Problem, decisions: Decisions) -> None:
    itineraries = problem.itineraries
    options = np.zeros(itineraries.stage_min.shape)
    stage = itineraries.placement_stage[itineraries.option_placement]
    np.add.at(options, (decisions.option_person, stage), 1.0)
    priced = (itineraries.stage_min > 0) & (itineraries.stage_missing > 0)
    least = itineraries.stage_min[priced].astype(np.float64)
    rows = _stage_rows(builder, decisions, "stage_min/person/stage", priced, (least, np.inf))
    builder.shortages(rows, itineraries.stage_missing[priced], np.nonzero(priced)[0])
    most = np.maximum(itineraries.stage_max, 0).astype(np.float64)
    capped = most < options
    _stage_rows(builder, decisions, "stage_max/person/stage", capped, (-np.inf, most[capped]))


def _stage_rows(
    builder: Builder,
    decisions: Decisions,
    kind: str,
    used: np.ndarray,
    bounds: tuple[np.ndarray | float, np.ndarray | float],
) -> np.ndarray:
    """Add a row over the bookings of each used (person, stage)."""
    row_of = np.full(used.shape, -1)
    rows = row_of[used] = builder.rows(kind, np.nonzero(used), *bounds)
    row = row_of[decisions.person, decisions.stage]
    builder.entries(row[row >= 0], decisions.column[row >= 0])
    return rows


def _limits(builder: Builder, problem: Problem, decisions: Decisions) -> None:
    itineraries = problem.itineraries
    exclusive = itineraries.placement_exclusive[decisions.placement]
    for limit, values in enumerate(itineraries.limit_value):
        counted = np.flatnonzero(exclusive & (values[decisions.placement] >= 0))
        value = values[decisions.placement[counted]].astype(np.int64)
        key = decisions.person[counted] * (values.max(initial=-1) + 1) + value
        keys, group = np.unique(key, return_inverse=True)
        person, value = np.divmod(keys, values.max(initial=-1) + 1)
        left = np.maximum(itineraries.limit_left[limit, person, value], 0)
        rows = builder.rows(
            "limit/limit/person", (np.full(len(keys), limit), person), -np.inf, left
        )
        builder.entries(rows[group], decisions.column[counted])


def _hours(builder: Builder, problem: Problem, decisions: Decisions) -> None:
    itineraries = problem.itineraries
    priced = (itineraries.hours_min > 0) & (itineraries.hours_missing > 0)
    person, hours = np.nonzero(priced)
    row_of = np.full(priced.shape, -1)
    row_of[priced] = builder.rows(
        "hours/person/requirement", (person, hours), itineraries.hours_min[priced], np.inf
    )
    builder.shortages(row_of[priced], itineraries.hours_missing[priced], person)
    requirement = itineraries.placement_hours_of[decisions.placement]
    counted = np.flatnonzero(requirement >= 0)
    row = row_of[decisions.person[counted], requirement[counted]]
    counted, row = counted[row >= 0], row[row >= 0]
    builder.entries(
        row, decisions.column[counted], itineraries.placement_hours[decisions.placement[counted]]
    )


def _concurrent_load(builder: Builder, problem: Problem, decisions: Decisions) -> None:
    itineraries = problem.itineraries
    if np.isinf(itineraries.concurrent_load):
        return
    shared = np.flatnonzero(~itineraries.placement_exclusive[decisions.placement])
    which, period = expand(decisions.start[shared], decisions.end[shared])
    covering = shared[which]
    load = itineraries.placement_load[decisions.placement[covering]]
    key = decisions.person[covering] * itineraries.n_periods + period
    keys, group = np.unique(key, return_inverse=True)
    tight = np.bincount(group, load, len(keys)) > itineraries.concurrent_load
    person, period = np.divmod(keys[tight], itineraries.n_periods)
    rows = builder.rows(
        "concurrent_load/person/period", (person, period), -np.inf, itineraries.concurrent_load
    )
    binding = tight[group]
    number = (np.cumsum(tight) - 1)[group[binding]]
    builder.entries(rows[number], decisions.column[covering[binding]], load[binding])


def _prerequisites(builder: Builder, problem: Problem, decisions: Decisions) -> None:
    """Ask that what has started by a period follows something that ended by then."""
    itineraries = problem.itineraries
    option_of = np.full((itineraries.n_people, itineraries.n_placements), -1)
    option_of[decisions.option_person, itineraries.option_placement] = np.arange(
        itineraries.n_options
    )
    for clause, placement in enumerate(itineraries.clause_placement):
        people = np.flatnonzero(
            (option_of[:, placement] >= 0) & ~itineraries.clause_done[:, clause]
        )
        met_by = itineraries.clause_met_by[
            itineraries.clause_ptr[clause] : itineraries.clause_ptr[clause + 1]
        ]
        for person in people:
            needing = decisions.starts_of(option_of[[person], placement])[1]
            options = option_of[person, met_by]
            giving = decisions.starts_of(options[options >= 0])[1]
            periods = decisions.start[needing]
            ids = (np.full(len(periods), clause), np.full(len(periods), person))
            rows = builder.rows("prerequisite/clause/person", ids, -np.inf, 0.0)
            row, start = np.nonzero(decisions.start[needing] <= periods[:, None])
            builder.entries(rows[row], decisions.column[needing[start]])
            row, start = np.nonzero(decisions.end[giving] <= periods[:, None])
            builder.entries(rows[row], decisions.column[giving[start]], -1.0)
