"""A problem in which only what is allowed counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.problem import Problem


def unpriced(problem: Problem) -> Problem:
    """Leave all points out: every allowed plan is worth the same."""
    matchings, itineraries, rows = problem.matchings, problem.itineraries, problem.rows
    none = np.zeros(0)
    return replace(
        problem,
        matchings=replace(
            matchings,
            demand_missing=np.zeros(matchings.n_demands),
            arc_points=np.zeros(matchings.n_arcs),
            kept_arcs=none.astype(np.int64),
            kept_arc_points=none,
        ),
        itineraries=replace(
            itineraries,
            stage_missing=np.zeros_like(itineraries.stage_missing),
            hours_missing=np.zeros_like(itineraries.hours_missing),
            idle_price=np.zeros(itineraries.n_people),
            move_price=np.zeros(itineraries.n_people),
            option_points=np.zeros(itineraries.n_options),
            kept_options=none.astype(np.int64),
            kept_starts=none.astype(np.int32),
            kept_booking_points=none,
        ),
        rows=replace(rows, price=np.where(np.isinf(rows.price), np.inf, 0.0)),
        links=replace(problem.links, points=np.zeros_like(problem.links.points)),
        worst_off=0.0,
    )
