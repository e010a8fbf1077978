"""What it is worth to make one pair and undo others, for many such exchanges at once.

The value is the exact change of the objective, everything else staying as it
is: points of the pairs, missing providers, links, kept pairs, the worst-off
term and priced rows. Hard rows that an exchange would break are named, not
priced; capacities are the caller's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_array

from talentopt.problem import measure
from talentopt.problem.feasible import SLACK

if TYPE_CHECKING:
    from talentopt.problem import Assignment, Problem
    from talentopt.problem.evaluate import Evaluation


@dataclass(frozen=True, slots=True)
class Exchanges:
    """Pairs to be made, and those that each of them undoes.

    Attributes
    ----------
    made : (n,) int64
        Arc of each exchange.
    undone : (m,) int64
        Arcs of the plan.
    undone_by : (m,) int64
        The exchange that undoes each of them.
    """

    made: np.ndarray
    undone: np.ndarray
    undone_by: np.ndarray

    def __len__(self) -> int:
        """Count the exchanges."""
        return len(self.made)


@dataclass(frozen=True, slots=True)
class Priced:
    """What exchanges are worth.

    Attributes
    ----------
    change : (n,) float64
        Change of the plan's value, hard rows left aside.
    owned : (n,) float64
        Change of the totals of the people concerned, added up.
    broken_by, broken_row : (k,) int64
        Exchanges and the hard rows that they would break (further).
    broken_units : (k,) float64
        By how many units.
    """

    change: np.ndarray
    owned: np.ndarray
    broken_by: np.ndarray
    broken_row: np.ndarray
    broken_units: np.ndarray


def price(
    problem: Problem, assignment: Assignment, evaluation: Evaluation, exchanges: Exchanges
) -> Priced:
    """Price every exchange for itself.

    Parameters
    ----------
    problem : Problem
    assignment : Assignment
        The plan; none of `made`, all of `undone` are in it.
    evaluation : Evaluation
        Of this assignment.
    exchanges : Exchanges
    """
    n = len(exchanges)
    matchings = problem.matchings
    arcs = np.concatenate([exchanges.made, exchanges.undone])
    exchange = np.concatenate([np.arange(n), exchanges.undone_by])
    sign = np.repeat([1.0, -1.0], [n, len(exchanges.undone)])
    demand = measure.demand_of(matchings, arcs)
    person = matchings.demand_person[demand].astype(np.int64)
    pair = sign * matchings.arc_points[arcs]
    kept = np.zeros(matchings.n_arcs)
    np.add.at(kept, matchings.kept_arcs, matchings.kept_arc_points)
    change: np.ndarray = np.bincount(exchange, pair + sign * kept[arcs], n)
    short = _missing(problem, assignment, (exchange, demand, sign), n)
    linked = _links(problem, assignment, (exchange, arcs, person, sign))
    for part in (short, linked):
        change = change + np.bincount(part.exchange, part.points, n)
    parts = [_Part(exchange, person, pair), short, linked]
    owned = np.zeros(n)
    for part in parts:
        mine = part.person >= 0
        owned += np.bincount(part.exchange[mine], part.points[mine], n)
    if problem.worst_off and len(evaluation.person_totals):
        change = change + problem.worst_off * _worst_change(evaluation.person_totals, parts, n)
    rows, broken = change_of_rows(problem, assignment, (exchange, arcs, sign), n)
    return Priced(change + rows, owned, *broken)


@dataclass(frozen=True, slots=True)
class _Part:
    """Points that exchanges give or take; person -1 is nobody's."""

    exchange: np.ndarray
    person: np.ndarray
    points: np.ndarray


def _summed(
    exchange: np.ndarray, item: np.ndarray, amount: np.ndarray, n_items: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Add up amounts of the same exchange and item."""
    keys, where = np.unique(exchange * max(1, n_items) + item, return_inverse=True)
    total = np.bincount(where, amount, len(keys))
    return keys // max(1, n_items), keys % max(1, n_items), total


def _missing(
    problem: Problem,
    assignment: Assignment,
    changes: tuple[np.ndarray, np.ndarray, np.ndarray],
    n: int,
) -> _Part:
    matchings = problem.matchings
    exchange, demand, more = _summed(*changes, matchings.n_demands)
    short = measure.providers_missing(matchings, assignment.arcs)[demand]
    lost = np.maximum(short - more, 0) - np.maximum(short, 0)
    points = -lost * matchings.demand_missing[demand]
    return _Part(exchange, matchings.demand_person[demand].astype(np.int64), points)


def _links(
    problem: Problem,
    assignment: Assignment,
    changes: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
) -> _Part:
    links, matchings, itineraries = problem.links, problem.matchings, problem.itineraries
    exchange, arcs, person, sign = changes
    n_people = itineraries.n_people
    parts = [_Part(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))]
    role = matchings.demand_matching[measure.demand_of(matchings, arcs)]
    held = assignment.arcs
    held_demand = measure.demand_of(matchings, held)
    holder = matchings.demand_person[held_demand].astype(np.int64)
    for link in range(len(links)):
        n_values = 1 + max(links.placement_value[link].max(initial=-1), -1)
        visited = np.zeros((n_people, n_values + 1), dtype=bool)
        value = links.placement_value[link, itineraries.option_placement[assignment.options]]
        visited[measure.person_of(itineraries, assignment.options), value] = True
        visited[:, n_values] = False  # blank values, -1, are never equal

        def meets(
            chosen: np.ndarray, of: np.ndarray, link: int = link, visited: np.ndarray = visited
        ) -> np.ndarray:
            offered = links.provider_value[link, matchings.arc_provider[chosen]]
            known = (of >= 0) & (offered >= 0) & (offered < visited.shape[1] - 1)
            return np.asarray(known & visited[of, np.where(known, offered, -1)])

        mine = matchings.demand_matching[held_demand] == links.matching[link]
        mine &= meets(held, holder)
        count = np.bincount(holder[mine], minlength=n_people)
        changed = (role == links.matching[link]) & meets(arcs, person)
        which, whose, more = _summed(exchange[changed], person[changed], sign[changed], n_people)
        now = (count[whose] + more > 0).astype(float) - (count[whose] > 0)
        parts.append(_Part(which, whose, now * links.points[link, whose]))
    return _Part(
        np.concatenate([part.exchange for part in parts]),
        np.concatenate([part.person for part in parts]),
        np.concatenate([part.points for part in parts]),
    )


def _worst_change(totals: np.ndarray, parts: list[_Part], n: int) -> np.ndarray:
    """(n,) float64: change of the lowest total."""
    exchange = np.concatenate([part.exchange for part in parts])
    person = np.concatenate([part.person for part in parts])
    points = np.concatenate([part.points for part in parts])
    owned = person >= 0
    exchange, person, points = _summed(exchange[owned], person[owned], points[owned], len(totals))
    lowest = np.full(n, np.inf)
    np.minimum.at(lowest, exchange, totals[person] + points)
    touched = exchange * len(totals) + person
    most = int(np.bincount(exchange, minlength=1).max()) + 1
    # Whoever is lowest among the others is among the few lowest of all.
    for other in np.argsort(totals, kind="stable")[:most]:
        free = ~np.isin(np.arange(n) * len(totals) + other, touched)
        lowest[free] = np.minimum(lowest[free], totals[other])
    return np.asarray(lowest - totals.min())


def change_of_rows(
    problem: Problem,
    assignment: Assignment,
    changes: tuple[np.ndarray, np.ndarray, np.ndarray],
    n: int,
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Price what exchanges change in rows.

    Parameters
    ----------
    problem : Problem
    assignment : Assignment
        The plan.
    changes : three (m,) arrays
        Exchange, column of the rows, and how much more of the column.
    n : int
        Exchanges.

    Returns
    -------
    change : (n,) float64
        Of the plan's value by priced rows.
    broken : three (k,) arrays
        Exchange, hard row and units, as in `Priced`.
    """
    rows = problem.rows
    if len(rows) == 0:
        none = np.zeros(0, np.int64)
        return np.zeros(n), (none, none, np.zeros(0))
    exchange, columns, sign = changes
    which = csc_array((sign, (np.arange(len(columns)), exchange)), shape=(len(columns), n))
    more = (rows.matrix.tocsc()[:, columns] @ which).tocoo()
    row, of = more.coords
    activity = measure.row_activity(problem, assignment)[row]
    off = _off(activity + more.data, rows.lower[row], rows.upper[row])
    off -= _off(activity, rows.lower[row], rows.upper[row])
    priced = np.isfinite(rows.price[row])
    lost = np.bincount(of[priced], off[priced] * rows.price[row[priced]], n)
    broken = ~priced & (off > SLACK)
    return -lost, (of[broken].astype(np.int64), row[broken].astype(np.int64), off[broken])


def _off(activity: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    return np.asarray(np.maximum(lower - activity, 0.0) + np.maximum(activity - upper, 0.0))
