"""Every other mentor and placement that a person could have, and what each would change.

Values are exact within a stated neighbourhood:

- a pair: it takes the place of the person's pair in that matching (of each of them in turn;
  of none while one is missing) and of pairs with the same provider where providers must
  differ; when the provider has no room, one of those it has goes to their own best
  provider with room, or to nobody; all else stays;
- an exclusive booking: all exclusive bookings of the person are arranged anew at their
  best, all else stays;
- a concurrent booking: it is added, or takes the place of one other concurrent booking,
  at its best start; all else stays.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.explain.concurrent import Beside
from talentopt.explain.itinerary import OwnItinerary
from talentopt.explain.require import require_option
from talentopt.explain.solving import best
from talentopt.explain.swaps import PairSwaps
from talentopt.problem.starts import only
from talentopt.subproblem.subproblem import cut

if TYPE_CHECKING:
    from talentopt.insight.standing import Standing
    from talentopt.problem import Assignment


@dataclass(frozen=True, slots=True)
class Alternative:
    """One pair or booking that the person has not.

    Attributes
    ----------
    kind, option : str
        Matching or stage; provider or placement.
    points : float
        Of the pair or booking itself.
    change : float
        Of the whole plan's value; -inf when it needs more people to move.
    most : float
        No plan of the neighbourhood changes the value by more.
    assignment : Assignment or None
        The plan with it.
    """

    kind: str
    option: str
    points: float
    change: float
    most: float
    assignment: Assignment | None

    @property
    def exact(self) -> bool:
        """Whether `change` is the best of the neighbourhood."""
        return self.most <= self.change + 1e-6


def find_alternatives(
    standing: Standing, person: int, seconds: float, *, pairs: bool = True
) -> list[Alternative]:
    """Value every alternative of a person; the best first, by matching and stage.

    Parameters
    ----------
    standing : Standing
    person : int
    seconds : float
        For proving answers that the dynamic programme leaves open.
    pairs : bool
        Also those of matchings.
    """
    end = time.monotonic() + seconds
    found = _pairs(standing, person) if pairs else []
    found += _bookings(standing, person, end)
    kinds = [*standing.index.matchings, *standing.index.stages]
    return sorted(
        found, key=lambda one: (kinds.index(one.kind), -one.change, -one.most, one.option)
    )


def _pairs(standing: Standing, person: int) -> list[Alternative]:
    matchings = standing.problem.matchings
    swaps = PairSwaps(standing.problem, standing.assignment, standing.evaluation, person)
    found = []
    for arc, (change, plan) in swaps.all_alternatives().items():
        kind = standing.index.matchings[matchings.demand_matching[swaps.demand_of[arc]]]
        option = str(standing.names.providers[matchings.arc_provider[arc]])
        points = float(matchings.arc_points[arc])
        found.append(Alternative(kind, option, points, change, change, plan))
    return found


def _bookings(standing: Standing, person: int, end: float) -> list[Alternative]:
    problem, value = standing.problem, standing.evaluation.value
    itineraries, booked = problem.itineraries, set(standing.assignment.options.tolist())
    span = range(itineraries.option_ptr[person], itineraries.option_ptr[person + 1])
    wanted = [option for option in span if option not in booked]
    if not wanted:
        return []
    own = OwnItinerary(problem, standing.assignment, person)
    beside = Beside(problem, standing.assignment, person)
    found = []
    for option in wanted:
        placement = itineraries.option_placement[option]
        stage = standing.index.stages[itineraries.placement_stage[placement]]
        name = standing.index.placements[placement]
        points = float(itineraries.option_points[option])
        if itineraries.placement_exclusive[placement]:
            answer = own.best_with(option)
            plan, worth, most = answer.assignment, answer.value, answer.bound
            if not answer.exact and time.monotonic() < end:
                plan, worth, most = _prove(standing, person, option, end)
        else:
            worth, plan = beside.best_with(option)
            most = worth
        found.append(Alternative(stage, name, points, worth - value, most - value, plan))
    return found


def _prove(
    standing: Standing, person: int, option: int, end: float
) -> tuple[Assignment | None, float, float]:
    """Settle by branch and cut what rows across people leave open."""
    problem = require_option(standing.problem, option)
    itineraries, plan = problem.itineraries, standing.assignment
    mine = itineraries.option_person() == person
    shared = mine & ~itineraries.placement_exclusive[itineraries.option_placement]
    masks = itineraries.option_starts.copy()
    masks[shared] = 0
    stays = np.flatnonzero(shared[plan.options])
    for booked, start in zip(plan.options[stays], plan.starts[stays], strict=True):
        masks[booked] = only(int(start), masks.shape[1])
    fixed = np.union1d(itineraries.fixed_options, plan.options[stays]).astype(np.int64)
    itineraries = replace(itineraries, option_starts=masks, fixed_options=fixed)
    part = cut(replace(problem, itineraries=itineraries), plan, (), (), (person,))
    answer = best(part.problem, part.lower(plan), max(end - time.monotonic(), 0.1))
    found = None if answer.assignment is None else part.lift(answer.assignment)
    return found, answer.value, answer.bound
