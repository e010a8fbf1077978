"""What concurrent placements can add at most: a simple bound, person by person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.problem import Problem


def separate_bound(problem: Problem, option_prices: np.ndarray, weight: np.ndarray) -> float:
    """Bound the points of concurrent placements, their hours and their links.

    Every option that gains counts, and only what is missing even when a person
    attends everything that they may is subtracted.

    Parameters
    ----------
    problem : Problem
    option_prices : (n_options,) float64
        What rows charge for each option.
    weight : (n_people,) float64
        Factor on each person's own points.

    Returns
    -------
    float
    """
    itineraries = problem.itineraries
    exclusive = itineraries.placement_exclusive
    if exclusive.all():
        return 0.0
    person = itineraries.option_person()
    shared = np.flatnonzero(~exclusive[itineraries.option_placement])
    owner, placement = person[shared], itineraries.option_placement[shared]
    worth = weight[owner] * itineraries.option_points[shared] - option_prices[shared]
    kept = np.zeros(itineraries.n_options)
    kept[itineraries.kept_options] = np.maximum(0.0, itineraries.kept_booking_points)
    total = float(np.maximum(worth, 0.0).sum() + kept[shared].sum())
    held = np.zeros((itineraries.n_people, itineraries.n_stages))
    np.add.at(held, (owner, itineraries.placement_stage[placement]), 1)
    short = np.maximum(itineraries.stage_min - held, 0) * itineraries.stage_missing
    total -= float((weight[:, None] * short)[:, ~itineraries.stage_exclusive].sum())
    hours = np.zeros(itineraries.hours_min.shape)
    counts = itineraries.placement_hours_of[placement]
    counted = counts >= 0
    np.add.at(
        hours,
        (owner[counted], counts[counted]),
        itineraries.placement_hours[placement[counted]],
    )
    missing = np.maximum(itineraries.hours_min - hours, 0) * itineraries.hours_missing
    total -= float((weight[:, None] * missing).sum())
    for link in range(len(problem.links)):
        pays = (problem.links.placement_value[link][placement] >= 0).any()
        if pays:
            total += float(np.maximum(0.0, problem.links.points[link] * weight).sum())
    return total
