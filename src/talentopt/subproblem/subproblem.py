"""A small problem cut out of a plan: some people and demands are free, all others stay.

Whoever stays keeps using seats, capacities and units of rows, so that every
answer of the small problem is an allowed plan of the whole one, of the same value.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import Assignment, Problem, measure
from talentopt.problem.evaluate import measured
from talentopt.subproblem.cutting import (
    Choice,
    cut_events,
    cut_itineraries,
    cut_links,
    cut_matchings,
    cut_rows,
)
from talentopt.subproblem.lowest import with_lowest

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Subproblem:
    """A part of a problem, and the way back.

    Attributes
    ----------
    problem : Problem
        The part. Its value is the value of the whole plan.
    people : (n_free_people,) int64
        Person of the whole behind each person of the part. With a worst-off
        term the part may have one more, who stands for all who stay.
    arcs, options : (n,) int64
        Arc and option of the whole behind each of the part's. With a
        worst-off term the part may have one more arc, which is always chosen.
    rest : Assignment
        What stays, in the whole's numbering.
    """

    problem: Problem
    people: np.ndarray
    arcs: np.ndarray
    options: np.ndarray
    rest: Assignment

    def lift(self, part: Assignment) -> Assignment:
        """Put an answer of the part into the plan."""
        return Assignment.of(
            np.concatenate([self.rest.arcs, self.arcs[part.arcs[part.arcs < len(self.arcs)]]]),
            np.concatenate([self.rest.options, self.options[part.options]]),
            np.concatenate([self.rest.starts, part.starts]),
        )

    def lower(self, whole: Assignment) -> Assignment:
        """Read the part of a plan of the whole."""
        arcs = find(self.arcs, whole.arcs)
        extra = np.arange(len(self.arcs), self.problem.matchings.n_arcs)
        options = find(self.options, whole.options)
        mine = options >= 0
        return Assignment.of(
            np.concatenate([arcs[arcs >= 0], extra]), options[mine], whole.starts[mine]
        )


def cut(
    problem: Problem,
    assignment: Assignment,
    people: Iterable[int],
    demands: Iterable[int] = (),
    bookers: Iterable[int] = (),
) -> Subproblem:
    """Free some people and demands of a plan.

    Parameters
    ----------
    problem : Problem
    assignment : Assignment
        An allowed plan.
    people : iterable of int
        Everything of theirs is free: their demands and bookings.
    demands : iterable of int
        More demands whose pairs are free.
    bookers : iterable of int
        More people whose bookings are free, but not their pairs.
    """
    choice = _choose(problem, assignment, list(people), demands, bookers)
    chosen_demand = measure.demand_of(problem.matchings, assignment.arcs)
    booked_by = measure.person_of(problem.itineraries, assignment.options)
    arc_stays = ~choice.has_demand[chosen_demand]
    booking_stays = ~choice.has_person[booked_by]
    rest = Assignment.of(
        assignment.arcs[arc_stays],
        assignment.options[booking_stays],
        assignment.starts[booking_stays],
    )
    events, event_numbers = cut_events(problem.events, choice)
    part = Problem(
        cut_matchings(problem.matchings, choice, rest.arcs),
        cut_itineraries(problem.itineraries, choice, rest),
        cut_rows(problem, choice, event_numbers, rest),
        events,
        cut_links(problem.links, choice),
        problem.worst_off,
        0.0,
    )
    whole = measured(problem, assignment)
    if problem.worst_off and not choice.has_person.all():
        lowest = float(whole.person_totals[~choice.has_person].min())
        part = with_lowest(part, lowest)
    sub = Subproblem(part, choice.people, choice.arcs, choice.options, rest)
    difference = whole.value - measured(part, sub.lower(assignment)).value
    return replace(sub, problem=replace(part, constant=difference))


def cut_bookings(
    problem: Problem, assignment: Assignment, person: int
) -> tuple[Subproblem, Assignment, np.ndarray]:
    """Free one person's bookings.

    Returns
    -------
    part : Subproblem
    base : Assignment
        The plan's part.
    own : (n_options,) bool
        Which of its bookings are the person's.
    """
    part = cut(problem, assignment, (), (), (person,))
    base = part.lower(assignment)
    owner = measure.person_of(part.problem.itineraries, base.options)
    return part, base, owner == np.searchsorted(part.people, person)


def find(numbers: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """(n,) int64: position of each number in an ascending array; -1 = not there."""
    if len(numbers) == 0:
        return np.full(len(wanted), -1, dtype=np.int64)
    where = np.minimum(np.searchsorted(numbers, wanted), len(numbers) - 1)
    return np.where(numbers[where] == wanted, where, -1)


def _choose(
    problem: Problem,
    assignment: Assignment,
    people: list[int],
    demands: Iterable[int],
    bookers: Iterable[int],
) -> Choice:
    """Find every person, demand, arc and option that the part must know."""
    matchings, itineraries = problem.matchings, problem.itineraries
    free_person = np.zeros(itineraries.n_people, dtype=bool)
    free_person[np.array(people, dtype=np.int64)] = True
    owner = matchings.demand_person
    free_demand = (owner >= 0) & free_person[np.maximum(owner, 0)]
    free_demand[np.array(list(demands), dtype=np.int64)] = True
    free_person[np.array(list(bookers), dtype=np.int64)] = True
    # All demands of one seeker are known together: their providers must differ.
    has_seeker = np.zeros(matchings.n_seekers, dtype=bool)
    has_seeker[matchings.demand_seeker[free_demand]] = True
    has_demand = has_seeker[matchings.demand_seeker]
    has_person = free_person.copy()
    has_person[owner[has_demand & (owner >= 0)]] = True
    has_demand |= (owner >= 0) & has_person[np.maximum(owner, 0)]
    demand_of_arc = np.repeat(np.arange(matchings.n_demands), np.diff(matchings.arc_ptr))
    arcs = np.union1d(
        np.flatnonzero(free_demand[demand_of_arc]),
        assignment.arcs[has_demand[demand_of_arc[assignment.arcs]]],
    ).astype(np.int64)
    person_of_option = itineraries.option_person()
    mine = has_person[person_of_option[assignment.options]]
    options = np.union1d(
        np.flatnonzero(free_person[person_of_option]), assignment.options[mine]
    ).astype(np.int64)
    bound_arcs = assignment.arcs[
        has_demand[demand_of_arc[assignment.arcs]] & ~free_demand[demand_of_arc[assignment.arcs]]
    ]
    bound = mine & ~free_person[person_of_option[assignment.options]]
    return Choice(
        has_person,
        has_demand,
        np.flatnonzero(has_person),
        np.flatnonzero(has_demand),
        arcs,
        options,
        demand_of_arc,
        person_of_option,
        bound_arcs,
        assignment.options[bound],
        assignment.starts[bound],
    )
