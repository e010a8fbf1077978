"""What one more place of a provider is worth: prices by chains of moves, then plans.

A place at a full provider lets one seeker come, whose own place lets another one come, and so
on. The most that such a chain brings is the provider's price (the potential of its node in the
residual network of the matching; Ahuja, Magnanti and Orlin, "Network Flows", 1993, ch. 9). It
counts the points of pairs and what is missing. The plan that a chain leads to is then evaluated
under every rule, and for the dearest the neighbourhood of the chain is solved anew.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.explain.offers import Offer
from talentopt.explain.solving import best
from talentopt.insight.reserve import clashing, full
from talentopt.problem import Assignment, measure
from talentopt.problem.evaluate import evaluate
from talentopt.problem.feasible import SLACK
from talentopt.subproblem.subproblem import cut

if TYPE_CHECKING:
    from talentopt.insight.standing import Standing
    from talentopt.problem import Problem

LONGEST = 5
"""Most seekers of one chain."""

MOST = 4
"""Dearest places of each matching that are confirmed by a plan."""

FEWEST = 8
"""Places that are confirmed even when the time is over."""

MOST_SOLVED = 4
"""Dearest places whose neighbourhood is solved anew."""

NEIGHBOURS = 40
"""Seekers who may move when it is solved anew."""


@dataclass(frozen=True, slots=True)
class Moves:
    """What the seekers of one matching could do.

    Attributes
    ----------
    arcs : (n,) int64
        Pairs that are not in the plan.
    gain : (n,) float64
        Points of each, less what the seeker gives up for it.
    left : (n,) int64
        The pair given up; -1 = none.
    """

    arcs: np.ndarray
    gain: np.ndarray
    left: np.ndarray


def worth_of_places(standing: Standing, seconds: float) -> list[Offer]:
    """Price one more place of every full provider; the dearest are confirmed, dearest first.

    Parameters
    ----------
    standing : Standing
    seconds : float
        For confirming.
    """
    end = time.monotonic() + seconds
    waiting: list[_Place] = []
    for role in range(standing.problem.matchings.n_matchings):
        places = _chains(standing, role, possible_moves(standing, role))
        waiting += sorted(places, key=lambda place: -place.price)[:MOST]
    offers: list[Offer] = []
    for place in sorted(waiting, key=lambda place: -place.price):
        if time.monotonic() >= end and len(offers) >= FEWEST:
            break
        offer = _confirmed(standing, place)
        if offer is not None:
            offers.append(offer)
    offers.sort(key=lambda offer: -offer.worth)
    for number, offer in enumerate(offers[:MOST_SOLVED]):
        left = end - time.monotonic()
        if left <= 0:
            break
        offers[number] = _solved(standing, offer, left / (MOST_SOLVED - number))
    return offers


def possible_moves(standing: Standing, role: int) -> Moves:
    """List the pairs of a matching that seekers could change to, each with the best to leave."""
    matchings, chosen = standing.problem.matchings, standing.assignment.arcs
    demands = np.flatnonzero(matchings.demand_matching == role)
    if len(demands) == 0:
        none = np.zeros(0, np.int64)
        return Moves(none, np.zeros(0), none)
    span = np.arange(matchings.arc_ptr[demands[0]], matchings.arc_ptr[demands[-1] + 1])
    arcs = np.setdiff1d(span, chosen, assume_unique=True)
    arcs = arcs[~clashing(standing, arcs)]
    points = matchings.arc_points.copy()
    np.add.at(points, matchings.kept_arcs, matchings.kept_arc_points)
    demand = measure.demand_of(matchings, arcs)
    short = measure.providers_missing(matchings, chosen) > 0
    given = np.full(matchings.n_demands, -1, dtype=np.int64)
    loose = np.setdiff1d(chosen, matchings.fixed_arcs)
    # Written from the dearest to the cheapest, so that the cheapest pair stays.
    loose = loose[np.argsort(-points[loose], kind="stable")]
    given[measure.demand_of(matchings, loose)] = loose
    given[short] = -1
    possible = short[demand] | (given[demand] >= 0)
    arcs, demand = arcs[possible], demand[possible]
    left = given[demand]
    gain = points[arcs] + np.where(
        short[demand], matchings.demand_missing[demand], -points[np.maximum(left, 0)]
    )
    return Moves(arcs, gain, left)


@dataclass(frozen=True, slots=True)
class _Place:
    """One more place of a provider in a matching, and the chain of moves that it starts.

    Attributes
    ----------
    role, provider : int
    price : float
    made, left : (n,) int64
        The chain's pairs, and the pair (-1 = none) that is given up for each.
    """

    role: int
    provider: int
    price: float
    made: np.ndarray
    left: np.ndarray


def _chains(standing: Standing, role: int, moves: Moves) -> list[_Place]:
    """Price one more place of every full provider by the best chain that it starts."""
    matchings = standing.problem.matchings
    nobody = matchings.n_providers
    comes_to = matchings.arc_provider[moves.arcs].astype(np.int64)
    comes_from = np.where(
        moves.left >= 0, matchings.arc_provider[np.maximum(moves.left, 0)], nobody
    )
    wanted = np.flatnonzero(full(standing, role)[comes_to])
    prices = np.zeros(nobody + 1)
    steps: list[np.ndarray] = []
    for _ in range(LONGEST):
        worth = moves.gain[wanted] + prices[comes_from[wanted]]
        order = np.lexsort((-worth, comes_to[wanted]))
        order = order[worth[order] > SLACK]
        order = order[np.flatnonzero(np.diff(comes_to[wanted[order]], prepend=-1))]
        step = np.full(nobody + 1, -1, dtype=np.int64)
        step[comes_to[wanted[order]]] = wanted[order]
        prices = np.zeros(nobody + 1)
        prices[comes_to[wanted[order]]] = worth[order]
        steps.append(step)
    places = []
    for provider in np.flatnonzero(prices > 0).tolist():
        chain = _chain(provider, steps, comes_from)
        made, left = moves.arcs[chain], moves.left[chain]
        places.append(_Place(role, provider, float(prices[provider]), made, left))
    return places


def _chain(provider: int, steps: list[np.ndarray], comes_from: np.ndarray) -> list[int]:
    """Follow the best moves from a place to where nobody gains any more."""
    chain: list[int] = []
    for step in reversed(steps):
        move = int(step[provider])
        if move < 0 or move in chain:
            break
        chain.append(move)
        provider = int(comes_from[move])
    return chain


def _confirmed(standing: Standing, place: _Place) -> Offer | None:
    """Evaluate the plan that the chain leads to, or the longest part of it that is allowed."""
    problem, plan = standing.problem, standing.assignment
    matchings = problem.matchings
    load = float(matchings.arc_load[place.made[0]])
    edited, edit, units = with_place(standing, place.role, place.provider, load)
    if not edit:
        return None  # money is lacking, not a place
    for length in range(len(place.made), 0, -1):
        made = place.made[:length]
        arcs = np.append(np.setdiff1d(plan.arcs, place.left[:length]), made)
        after = Assignment.of(arcs, plan.options, plan.starts)
        value = evaluate(edited, after)
        gain = value.value - standing.evaluation.value
        if value.violations or gain <= SLACK:
            continue
        seekers = matchings.demand_seeker[measure.demand_of(matchings, made)]
        helped = tuple(dict.fromkeys(standing.names.seekers[seekers].tolist()))
        return Offer("place", edit, units, place.price, gain, helped, after, edited)
    return None


def with_place(
    standing: Standing, role: int, provider: int, load: float
) -> tuple[Problem, str, float]:
    """Give a provider room for one more pair of this load.

    Returns
    -------
    problem : Problem
    edit : str
    units : float
    """
    problem = standing.problem
    matchings = problem.matchings
    loads = measure.provider_loads(matchings, standing.assignment.arcs)
    in_role = max(loads[role, provider] + load - matchings.role_capacity[role, provider], 0.0)
    over_all = max(loads[:, provider].sum() + load - matchings.capacity[provider], 0.0)
    capacity, role_capacity = matchings.capacity.copy(), matchings.role_capacity.copy()
    capacity[provider] += over_all
    role_capacity[role, provider] += in_role
    name, whom = standing.names.matchings[role], standing.names.providers[provider]
    edits = []
    if in_role > SLACK:
        edits.append(f"{in_role:g} more in column {name} of {whom}")
    if over_all > SLACK:
        edits.append(f"{over_all:g} more capacity of {whom}")
    matchings = replace(matchings, capacity=capacity, role_capacity=role_capacity)
    edited = replace(problem, matchings=matchings)
    return edited, "; ".join(edits), max(in_role, over_all)


def _solved(standing: Standing, offer: Offer, seconds: float) -> Offer:
    """Solve the pairs of the chain and of those who could follow anew; keep what is better."""
    problem = offer.problem
    matchings = problem.matchings
    changed = np.setxor1d(offer.assignment.arcs, standing.assignment.arcs)
    demands = np.unique(measure.demand_of(matchings, changed))
    providers = np.unique(matchings.arc_provider[changed])
    roles = np.unique(matchings.demand_matching[demands])
    held = standing.assignment.arcs
    holder = measure.demand_of(matchings, held)
    near = np.isin(matchings.arc_provider[held], providers)
    near &= np.isin(matchings.demand_matching[holder], roles)
    free = np.union1d(demands, holder[near][:NEIGHBOURS])
    part = cut(problem, standing.assignment, (), free)
    answer = best(part.problem, part.lower(offer.assignment), seconds)
    if answer.assignment is None:
        return offer
    after = part.lift(answer.assignment)
    value = evaluate(problem, after)
    gain = value.value - standing.evaluation.value
    if value.violations or gain <= offer.worth + SLACK:
        return offer
    new = measure.demand_of(matchings, np.setdiff1d(after.arcs, held))
    helped = standing.names.seekers[matchings.demand_seeker[new]].tolist()
    return replace(offer, worth=gain, helped=tuple(dict.fromkeys(helped)), assignment=after)
