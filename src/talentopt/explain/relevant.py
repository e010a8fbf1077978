"""The part of a problem that fixed entries and hard minima can make impossible.

Without them the empty plan breaks no rule, and people they don't touch only use
up what others need; so everything else may be left out of the question.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import Events, Rows

if TYPE_CHECKING:
    from talentopt.problem import Itineraries, Matchings, Problem


def relevant(problem: Problem) -> Problem | None:
    """Keep fixed pairs, pairs that hard minima count, and the people they concern.

    Returns
    -------
    Problem or None
        With fewer arcs and options, and the same people, placements and rows.
        None when nothing demands anything.
    """
    rows, n_arcs = problem.rows, problem.matchings.n_arcs
    hard = np.flatnonzero(np.isinf(rows.price))
    demanding = hard[(rows.lower[hard] > 0) | (rows.upper[hard] < 0)]
    counted = np.zeros(rows.matrix.shape[1], dtype=bool)
    counted[np.unique(rows.matrix[demanding].indices)] = True
    arcs = counted[:n_arcs].copy()
    arcs[problem.matchings.fixed_arcs] = True
    options = _options(problem, counted[n_arcs:])
    staffed = np.isinf(problem.itineraries.understaffed_price)
    minima = staffed and bool((problem.itineraries.min_seats > 0).any())
    if not (arcs.any() or options.any() or len(demanding) or minima):
        return None
    return replace(
        problem,
        matchings=_keep_arcs(problem.matchings, arcs),
        itineraries=_keep_options(problem.itineraries, options),
        events=_keep_events(problem, options),
        rows=_keep_rows(problem, arcs, options),
        links=replace(problem.links, points=np.zeros_like(problem.links.points)),
        worst_off=0.0,
    )


def _options(problem: Problem, counted: np.ndarray) -> np.ndarray:
    """(n_options,) bool: all options of everybody who must be booked, or may have to be."""
    itineraries = problem.itineraries
    wanted = counted[: itineraries.n_options].copy()
    wanted[itineraries.fixed_options] = True
    events = np.flatnonzero(counted[itineraries.n_options :])
    people = set(problem.events.person[events].tolist())
    if np.isinf(itineraries.understaffed_price):
        staffed = np.any(itineraries.min_seats > 0, axis=1)
        wanted |= np.asarray(staffed)[itineraries.option_placement]
    person = itineraries.option_person()
    people |= set(person[wanted].tolist())
    return np.isin(person, np.array(sorted(people), dtype=np.int64))


def _keep_arcs(matchings: Matchings, kept: np.ndarray) -> Matchings:
    before = np.concatenate([[0], np.cumsum(kept)])
    none = np.zeros(0)
    return replace(
        matchings,
        demand_missing=np.zeros(matchings.n_demands),
        arc_ptr=before[matchings.arc_ptr],
        arc_provider=matchings.arc_provider[kept],
        arc_points=np.zeros(int(kept.sum())),
        arc_load=matchings.arc_load[kept],
        fixed_arcs=before[matchings.fixed_arcs],
        kept_arcs=none.astype(np.int64),
        kept_arc_points=none,
    )


def _keep_options(itineraries: Itineraries, kept: np.ndarray) -> Itineraries:
    before = np.concatenate([[0], np.cumsum(kept)])
    none = np.zeros(0)
    return replace(
        itineraries,
        stage_missing=np.zeros_like(itineraries.stage_missing),
        hours_missing=np.zeros_like(itineraries.hours_missing),
        idle_price=np.zeros(itineraries.n_people),
        move_price=np.zeros(itineraries.n_people),
        option_ptr=before[itineraries.option_ptr],
        option_placement=itineraries.option_placement[kept],
        option_points=np.zeros(int(kept.sum())),
        option_starts=itineraries.option_starts[kept],
        fixed_options=before[itineraries.fixed_options],
        kept_options=none.astype(np.int64),
        kept_starts=none.astype(np.int32),
        kept_booking_points=none,
    )


def _keep_events(problem: Problem, kept: np.ndarray) -> Events:
    events = problem.events
    before = np.concatenate([[0], np.cumsum(kept)])
    listed = kept[events.options]
    counts = np.concatenate([[0], np.cumsum(listed)])
    return Events(
        events.person,
        counts[events.ptr],
        before[events.options[listed]],
        events.latest_start[listed],
    )


def _keep_rows(problem: Problem, arcs: np.ndarray, options: np.ndarray) -> Rows:
    rows = problem.rows
    events = np.ones(len(problem.events), dtype=bool)
    return replace(
        rows,
        matrix=rows.matrix[:, np.concatenate([arcs, options, events])],
        price=np.where(np.isinf(rows.price), np.inf, 0.0),
    )
