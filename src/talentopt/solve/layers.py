"""Itineraries first, lectures beside them afterwards.

Concurrent placements (lectures, seminars) need few of the periods and seats
that people compete for. Without them the exclusive itineraries are a problem
of their own; what concurrent ones can add at most keeps its bound a bound of
the whole.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import Assignment, Events, Rows
from talentopt.solve.columns.separate import separate_bound
from talentopt.solve.greedy.build import Builder
from talentopt.solve.greedy.residual import Residual
from talentopt.solve.simple_bound import simple_bound

if TYPE_CHECKING:
    from talentopt.problem import Itineraries, Problem
    from talentopt.solve.control import Control


class Layers:
    """The exclusive layer of a problem, and how to add the others.

    Parameters
    ----------
    problem : Problem

    Attributes
    ----------
    exclusive : Problem
        Without concurrent placements, hours, the lowest total, rows that concern
        what is left out, and prerequisites that it may meet.
    extra : float
        Points that what is left out adds at most.
    """

    def __init__(self, problem: Problem) -> None:
        """Take the problem apart."""
        self.problem = problem
        itineraries = problem.itineraries
        kept = itineraries.placement_exclusive[itineraries.option_placement]
        self._options = np.flatnonzero(kept)
        rows, events = _rows(problem, kept)
        self.exclusive = replace(
            problem,
            itineraries=_exclusive(itineraries, kept),
            rows=rows,
            events=events,
            worst_off=0.0,
        )
        weight = np.ones(itineraries.n_people)
        self.extra = separate_bound(problem, np.zeros(itineraries.n_options), weight)
        alike = replace(problem, worst_off=0.0)
        self.extra += max(0.0, simple_bound(problem) - simple_bound(alike))

    def complete(self, plan: Assignment, control: Control) -> Assignment:
        """Add concurrent placements to a plan of the exclusive layer.

        Parameters
        ----------
        plan : Assignment
            Of `exclusive`.
        control : Control
            Asked after every person whether it was interrupted.

        Returns
        -------
        Assignment
            Of the whole problem; what breaks a hard row or lacks a prerequisite is left out.
        """
        itineraries = self.problem.itineraries
        residual = Residual(self.problem)
        residual.load(Assignment.of(plan.arcs, [], []))
        builder = Builder(self.problem, residual, np.random.default_rng(0))
        options = self._options[plan.options]
        person = np.searchsorted(itineraries.option_ptr, options, side="right") - 1
        for one in range(itineraries.n_people):
            mine = np.flatnonzero(person == one)
            bookings = [(int(options[i]), int(plan.starts[i])) for i in mine]
            builder.rebuild(one, bookings)
            if control.interrupted:
                break
        return residual.assignment()


def _exclusive(itineraries: Itineraries, kept: np.ndarray) -> Itineraries:
    """Leave concurrent options and hours out."""
    renumbered = np.cumsum(kept) - 1
    counts = np.add.reduceat(np.append(kept, False), itineraries.option_ptr[:-1].astype(np.int64))
    counts = np.where(np.diff(itineraries.option_ptr) > 0, counts, 0)
    concurrent = ~itineraries.stage_exclusive
    by_kept = kept[itineraries.kept_options]
    clause = _clauses(itineraries)
    lengths = np.diff(itineraries.clause_ptr)[clause]
    members = np.concatenate(
        [np.zeros(0, itineraries.clause_met_by.dtype)]
        + [
            itineraries.clause_met_by[itineraries.clause_ptr[c] : itineraries.clause_ptr[c + 1]]
            for c in clause
        ]
    )
    n_people = itineraries.n_people
    return replace(
        itineraries,
        stage_exclusive=np.ones_like(itineraries.stage_exclusive),
        stage_min=np.where(concurrent, 0, itineraries.stage_min).astype(np.int32),
        stage_max=np.where(concurrent, 0, itineraries.stage_max).astype(np.int32),
        option_ptr=np.concatenate([[0], np.cumsum(counts)]).astype(itineraries.option_ptr.dtype),
        option_placement=itineraries.option_placement[kept],
        option_points=itineraries.option_points[kept],
        option_starts=itineraries.option_starts[kept],
        fixed_options=renumbered[itineraries.fixed_options[kept[itineraries.fixed_options]]],
        kept_options=renumbered[itineraries.kept_options[by_kept]],
        kept_starts=itineraries.kept_starts[by_kept],
        kept_booking_points=itineraries.kept_booking_points[by_kept],
        min_seats=np.where(
            itineraries.placement_exclusive[:, None], itineraries.min_seats, 0
        ).astype(itineraries.min_seats.dtype),
        clause_placement=itineraries.clause_placement[clause],
        clause_ptr=np.concatenate([[0], np.cumsum(lengths)]).astype(itineraries.clause_ptr.dtype),
        clause_met_by=members,
        clause_done=itineraries.clause_done[:, clause],
        hours_stage=itineraries.hours_stage[:0],
        hours_min=np.zeros((n_people, 0)),
        hours_missing=np.zeros((n_people, 0)),
        placement_hours_of=np.full_like(itineraries.placement_hours_of, -1),
    )


def _clauses(itineraries: Itineraries) -> np.ndarray:
    """(n,) int64: prerequisites of exclusive placements that only those can meet."""
    exclusive = itineraries.placement_exclusive
    found = [
        clause
        for clause, placement in enumerate(itineraries.clause_placement)
        if exclusive[placement]
        and exclusive[
            itineraries.clause_met_by[
                itineraries.clause_ptr[clause] : itineraries.clause_ptr[clause + 1]
            ]
        ].all()
    ]
    return np.asarray(found, dtype=np.int64)


def _rows(problem: Problem, kept: np.ndarray) -> tuple[Rows, Events]:
    """Keep the rows, and the events, that concern nothing that is left out."""
    n_arcs = problem.matchings.n_arcs
    rows, events = problem.rows, problem.events
    member = np.repeat(np.arange(len(events)), np.diff(events.ptr))
    gone_event = np.zeros(len(events), dtype=bool)
    gone_event[member[~kept[events.options]]] = True
    gone = np.concatenate([np.zeros(n_arcs, bool), ~kept, gone_event])
    stays = (abs(rows.matrix) @ gone.astype(float)) == 0
    left = np.flatnonzero(~gone_event)
    members = ~gone_event[member]
    lengths = np.diff(events.ptr)[left]
    renumbered = np.cumsum(kept) - 1
    return (
        Rows(
            rows.matrix[stays][:, np.flatnonzero(~gone)],
            rows.lower[stays],
            rows.upper[stays],
            rows.price[stays],
        ),
        Events(
            events.person[left],
            np.concatenate([[0], np.cumsum(lengths)]).astype(events.ptr.dtype),
            renumbered[events.options[members]],
            events.latest_start[members],
        ),
    )
