"""A smaller problem in which some pairs and bookings are left out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import Events

if TYPE_CHECKING:
    from talentopt.problem import Itineraries, Matchings, Problem, Rows


def restrict(problem: Problem, arcs: np.ndarray, options: np.ndarray) -> Problem:
    """Keep some arcs and options.

    Parameters
    ----------
    problem : Problem
    arcs : (n_arcs,) bool
        All fixed ones among them.
    options : (n_options,) bool
        All fixed ones among them.

    Returns
    -------
    Problem
        With the same people, demands, placements, events and rows. What is kept has its place
        among the kept as its number, and every plan the value that it had.
    """
    return replace(
        problem,
        matchings=_keep_arcs(problem.matchings, arcs),
        itineraries=_keep_options(problem.itineraries, options),
        events=_keep_events(problem.events, options),
        rows=_keep_rows(problem, arcs, options),
    )


def _keep_arcs(matchings: Matchings, kept: np.ndarray) -> Matchings:
    before = np.concatenate([[0], np.cumsum(kept)])
    again = kept[matchings.kept_arcs]
    load = matchings.arc_load[kept]
    if matchings.unit_loads:
        load = np.broadcast_to(np.ones(1), load.shape)
    return replace(
        matchings,
        arc_ptr=before[matchings.arc_ptr],
        arc_provider=matchings.arc_provider[kept],
        arc_points=matchings.arc_points[kept],
        arc_load=load,
        fixed_arcs=before[matchings.fixed_arcs],
        kept_arcs=before[matchings.kept_arcs[again]],
        kept_arc_points=matchings.kept_arc_points[again],
    )


def _keep_options(itineraries: Itineraries, kept: np.ndarray) -> Itineraries:
    before = np.concatenate([[0], np.cumsum(kept)])
    again = kept[itineraries.kept_options]
    return replace(
        itineraries,
        option_ptr=before[itineraries.option_ptr],
        option_placement=itineraries.option_placement[kept],
        option_points=itineraries.option_points[kept],
        option_starts=itineraries.option_starts[kept],
        fixed_options=before[itineraries.fixed_options],
        kept_options=before[itineraries.kept_options[again]],
        kept_starts=itineraries.kept_starts[again],
        kept_booking_points=itineraries.kept_booking_points[again],
    )


def _keep_events(events: Events, kept: np.ndarray) -> Events:
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
    events = np.ones(len(problem.events), dtype=bool)
    kept = np.concatenate([arcs, options, events])
    return replace(problem.rows, matrix=problem.rows.matrix[:, kept])
