"""Links: points once for a provider and a placement that share a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem.encode.grouped import any_of

if TYPE_CHECKING:
    from talentopt.problem.encode.columns import Decisions
    from talentopt.problem.encode.linear import Builder
    from talentopt.problem.problem import Assignment, Problem


def encode_links(builder: Builder, problem: Problem, decisions: Decisions) -> None:
    """Add every link: a gain needs both sides, a loss is forced by both sides."""
    for link in range(len(problem.links)):
        pairs = _paired(problem, decisions, link)
        bookings = _booked(problem, decisions, link)
        common = np.intersect1d(pairs[0], bookings[0])
        worth = problem.links.points[link, common >> 32]
        _gains(builder, problem, link, common[worth > 0], pairs, bookings)
        _losses(builder, problem, link, common[worth < 0], pairs, bookings)


def _paired(problem: Problem, decisions: Decisions, link: int) -> tuple[np.ndarray, np.ndarray]:
    """(person, value) key and column of every arc that the link looks at."""
    links, matchings = problem.links, problem.matchings
    person = matchings.demand_person[decisions.arc_demand].astype(np.int64)
    value = links.provider_value[link, matchings.arc_provider].astype(np.int64)
    role = matchings.demand_matching[decisions.arc_demand]
    arcs = np.flatnonzero((role == links.matching[link]) & (person >= 0) & (value >= 0))
    return (person[arcs] << 32) | value[arcs], arcs


def _booked(problem: Problem, decisions: Decisions, link: int) -> tuple[np.ndarray, np.ndarray]:
    """(person, value) key and column of every start that the link looks at."""
    value = problem.links.placement_value[link, decisions.placement].astype(np.int64)
    starts = np.flatnonzero(value >= 0)
    return (decisions.person[starts] << 32) | value[starts], decisions.column[starts]


def _members(
    keys: np.ndarray, side: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Position in `keys`, and column, of a side's columns whose key is among them."""
    if len(keys) == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    where = np.minimum(np.searchsorted(keys, side[0]), len(keys) - 1)
    found = keys[where] == side[0]
    return where[found], side[1][found]


def _gains(
    builder: Builder,
    problem: Problem,
    link: int,
    keys: np.ndarray,
    pairs: tuple[np.ndarray, np.ndarray],
    bookings: tuple[np.ndarray, np.ndarray],
) -> None:
    person = keys >> 32
    paid = builder.columns(problem.links.points[link, person], person)
    sides = [_members(keys, side) for side in (pairs, bookings)]
    for group, members in sides:
        rows = builder.rows("link/link/person", (np.full(len(keys), link), person), -np.inf, 0.0)
        builder.entries(rows, paid)
        builder.entries(rows[group], members, -1.0)
    people, owner = np.unique(person, return_inverse=True)
    count = np.bincount(owner, minlength=len(people))
    many = np.flatnonzero(count > 1)
    rows = builder.rows("link/link/person", (np.full(len(many), link), people[many]), -np.inf, 1.0)
    position = np.cumsum(count > 1) - 1
    several = count[owner] > 1
    builder.entries(rows[position[owner[several]]], paid[several])

    def complete(values: np.ndarray, _: Assignment) -> None:
        met = np.ones(len(keys), dtype=bool)
        for group, members in sides:
            met &= np.bincount(group, values[members], len(keys)) > 0
        pays = np.flatnonzero(met)
        values[paid[pays[np.unique(person[pays], return_index=True)[1]]]] = 1.0

    builder.on_completion(complete)


def _losses(
    builder: Builder,
    problem: Problem,
    link: int,
    keys: np.ndarray,
    pairs: tuple[np.ndarray, np.ndarray],
    bookings: tuple[np.ndarray, np.ndarray],
) -> None:
    people, owner = np.unique(keys >> 32, return_inverse=True)
    lost = builder.columns(problem.links.points[link, people], people)
    rows = builder.rows("link/link/person", (np.full(len(keys), link), keys >> 32), -1.0, np.inf)
    builder.entries(rows, lost[owner])
    for side in (pairs, bookings):
        facts = any_of(builder, "link_side/key", *_members(keys, side), len(keys))
        builder.entries(rows, facts, -1.0)

    def complete(values: np.ndarray, _: Assignment) -> None:
        met = np.ones(len(keys), dtype=bool)
        for side in (pairs, bookings):
            group, members = _members(keys, side)
            met &= np.bincount(group, values[members], len(keys)) > 0
        values[lost[owner[met]]] = 1.0

    builder.on_completion(complete)
