"""Compiled search over one person's itineraries, with a completion bound by dynamic programming.

A *state* is what has been held so far, as far as it matters later (see `states`).
Rows of other kinds are checked along the way, not in the bound.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from talentopt.solve.compiled import compiled


class Choices(NamedTuple):
    """What one person may book exclusively, by start.

    Attributes
    ----------
    start, end, level, place, kind : (n,) int64
        Of each (option, start), ascending by start. Place 0 costs no move.
    idle, move : float
        Points lost per idle period and per change of place.
    home, idle_from, n_periods, n_places : int
    begin : (n_periods + 1,) int64
        The first choice that starts in each period or later.
    kind_ptr : (n_kinds + 1,) int64
    of_kind : (n,) int64
        The choices of each kind.
    grow : (n_states, n_kinds) int64
    enter : (n_states, n_levels) int64
        See `states.States`.
    reached : (n_states,) int64
        The first period in which each state can be.
    left : (n_states, n_levels + 1) float64
        Points lost to shortages when the next booking is of a level, or there is none.
    short : (n_states, n_levels + 1) float64
        Placements missing in the same cases.
    news : (n_states, n_kinds) int64
        Which set of events happens for the first time with a choice of a kind.
    use : (n_rows, n) float64
        What each choice uses of the other rows that concern this person only.
    upper : (n_rows,) float64
        Most that may be used.
    """

    start: np.ndarray
    end: np.ndarray
    level: np.ndarray
    place: np.ndarray
    kind: np.ndarray
    idle: float
    move: float
    home: int
    idle_from: int
    n_periods: int
    n_places: int
    begin: np.ndarray
    kind_ptr: np.ndarray
    of_kind: np.ndarray
    grow: np.ndarray
    enter: np.ndarray
    reached: np.ndarray
    left: np.ndarray
    short: np.ndarray
    news: np.ndarray
    use: np.ndarray
    upper: np.ndarray


class Worth(NamedTuple):
    """What a person's choices are worth at given prices.

    Attributes
    ----------
    points : (n,) float64
        Of each choice, less what it uses at the prices.
    base : float
        Of every itinerary.
    weight : float
        Factor on the points lost to idle periods, moves and shortages.
    missing : float
        Price of each placement missing, on top of the points lost.
    news : (n_sets,) float64
        Of each set of events, once it happens.
    """

    points: np.ndarray
    base: float
    weight: float
    missing: float
    news: np.ndarray


@compiled
def first_reached(
    grow: np.ndarray, enter: np.ndarray, kind: np.ndarray, begin: np.ndarray, end: np.ndarray
) -> np.ndarray:
    """(n_states,) int64: the first period in which each state can be; beyond the calendar = never.

    Choices are in order of their start, and end after it.
    """
    n_periods = len(begin) - 1
    reached = np.full(len(grow), n_periods + 1)
    reached[0] = 0
    for state in range(len(grow)):
        now = reached[state]
        if now > n_periods:
            continue
        for level in range(enter.shape[1]):
            after = enter[state, level]
            if after > state:
                reached[after] = min(reached[after], now)
        for choice in range(begin[now], len(kind)):
            after = grow[state, kind[choice]]
            if after >= 0:
                reached[after] = min(reached[after], end[choice])
    return reached


def cells(choices: Choices) -> int:
    """Count the cells of the tables of `completion`."""
    return len(choices.grow) * (choices.n_periods + 1) * choices.n_places


@compiled
def completion(choices: Choices, worth: Worth) -> np.ndarray:
    """Most that can follow being free in each state, period and place, other rows aside.

    Returns
    -------
    (n_states, n_periods + 1, n_places) float64
        -inf in periods in which the state cannot be.
    """
    n_states, n_levels = choices.enter.shape
    n_periods, n_places = choices.n_periods, choices.n_places
    best = np.full((n_states, n_periods + 1, n_places), -np.inf)
    move, idle = worth.weight * choices.move, worth.weight * choices.idle
    for state in range(n_states - 1, -1, -1):
        reached = choices.reached[state]
        if reached > n_periods:
            continue
        value = best[state]
        for kind in range(choices.grow.shape[1]):
            after = choices.grow[state, kind]
            if after < 0:
                continue
            following, new = best[after], worth.news[choices.news[state, kind]]
            for at in range(choices.kind_ptr[kind], choices.kind_ptr[kind + 1]):
                choice = choices.of_kind[at]
                start, place = choices.start[choice], choices.place[choice]
                if start >= reached:
                    gain = worth.points[choice] + new + following[choices.end[choice], place]
                    if gain > value[start, place]:
                        value[start, place] = gain
        level = 0
        while choices.enter[state, level] != state:
            level += 1
        end = worth.weight * choices.left[state, n_levels]
        end += worth.missing * choices.short[state, n_levels]
        skip, cost = state, 0.0
        if level + 1 < n_levels:
            skip = choices.enter[state, level + 1]
            cost = worth.weight * choices.left[state, level + 1]
            cost += worth.missing * choices.short[state, level + 1]
        above = best[skip]
        for period in range(n_periods, reached - 1, -1):
            top = value[period].max() - move
            nowhere = value[period, 0]
            waiting = idle if period >= choices.idle_from else 0.0
            for place in range(n_places):
                # Place 0 is left for, and reached from, anywhere without a move.
                here = max(value[period, place], max(top, nowhere), -end)
                if place == 0:
                    here = max(here, top + move)
                if skip != state:
                    here = max(here, above[period, place] - cost)
                if period < n_periods:
                    here = max(here, value[period + 1, place] - waiting)
                value[period, place] = here
    return best


@compiled
def _after(choices: Choices, state: int, choice: int) -> int:
    """State after a choice; -1 where it may not follow."""
    begun = choices.enter[state, choices.level[choice]]
    if begun < 0:
        return -1
    return int(choices.grow[begun, choices.kind[choice]])


@compiled
def _step(
    choices: Choices, worth: Worth, period: int, state: int, place: int, choice: int
) -> tuple[float, float, float]:
    """Worth, points lost and placements missing by a choice, after being free at a place."""
    waited = max(0, choices.start[choice] - max(period, choices.idle_from))
    lost = choices.idle * waited
    there = choices.place[choice]
    if place != 0 and there != 0 and place != there:
        lost += choices.move
    level, missing = choices.level[choice], 0.0
    if choices.enter[state, level] != state:
        lost += choices.left[state, level]
        missing = choices.short[state, level]
    begun = choices.enter[state, level]
    gain = worth.points[choice] - worth.weight * lost - worth.missing * missing
    gain += worth.news[choices.news[begun, choices.kind[choice]]]
    return gain, lost, missing


@compiled
def _fits(choices: Choices, used: np.ndarray, choice: int) -> bool:
    """Whether the person's other rows leave room for a choice."""
    for row in range(len(used)):
        more = choices.use[row, choice]
        if more > 0 and used[row] + more > choices.upper[row] + 1e-6:
            return False
    return True


@compiled
def itineraries(
    choices: Choices, worth: Worth, best: np.ndarray, least: float, most: int, steps: int
) -> tuple[bool, np.ndarray, np.ndarray, np.ndarray]:
    """Enumerate every itinerary worth at least `least`, but no more than `most`.

    Gives up after so many `steps` along an itinerary.

    Returns
    -------
    complete : bool
        Whether these are all.
    ptr : (count + 1,) int64
    members : (ptr[-1],) int64
        Choices of each itinerary, in order of time.
    facts : (count, 3) float64
        What it is worth, points lost, placements missing.
    """
    n, deepest, end = len(choices.start), choices.n_periods + 1, choices.enter.shape[1]
    ptr, facts = np.zeros(65, np.int64), np.zeros((64, 3))
    members = np.zeros(512, np.int64)
    used = np.zeros(len(choices.upper))
    path = np.zeros(deepest, np.int64)
    states = np.zeros(deepest + 1, np.int64)
    following = np.zeros(deepest + 1, np.int64)
    value = np.zeros((deepest + 1, 3))
    value[0, 0] = worth.base
    count = filled = depth = 0
    fresh = True
    while depth >= 0:
        steps -= 1
        if steps < 0:
            return False, ptr[: count + 1], members[:filled], facts[:count]
        state = states[depth]
        period, place = 0, choices.home
        if depth > 0:
            last = path[depth - 1]
            period, place = choices.end[last], choices.place[last]
        if fresh:
            lost = value[depth, 1] + choices.left[state, end]
            missing = value[depth, 2] + choices.short[state, end]
            total = value[depth, 0] - worth.weight * choices.left[state, end]
            total -= worth.missing * choices.short[state, end]
            if total >= least:
                if count == most:
                    return False, ptr[: count + 1], members[:filled], facts[:count]
                if count == len(facts):
                    facts = np.concatenate((facts, np.zeros_like(facts)))
                    ptr = np.concatenate((ptr, np.zeros_like(ptr)))
                if filled + depth > len(members):
                    members = np.concatenate((members, np.zeros_like(members)))
                members[filled : filled + depth] = path[:depth]
                facts[count] = np.array([total, lost, missing])
                filled += depth
                count += 1
                ptr[count] = filled
        choice, found, seen = following[depth], False, -1
        while choice < n and not found:
            start = choices.start[choice]
            if start != seen:
                seen = start
                waited = max(0, start - max(period, choices.idle_from))
                later = best[state, start, place] - worth.weight * choices.idle * waited
                if value[depth, 0] + later < least:
                    break
            after = _after(choices, state, choice)
            if after >= 0:
                gain, lost, missing = _step(choices, worth, period, state, place, choice)
                ahead = best[after, choices.end[choice], choices.place[choice]]
                total = value[depth, 0] + gain
                if total + ahead >= least and _fits(choices, used, choice):
                    found = True
                    break
            choice += 1
        fresh = found
        if not found:
            depth -= 1
            if depth >= 0:
                used -= choices.use[:, path[depth]]
            continue
        following[depth] = choice + 1
        path[depth] = choice
        used += choices.use[:, choice]
        depth += 1
        value[depth, 0] = total
        value[depth, 1] = value[depth - 1, 1] + lost
        value[depth, 2] = value[depth - 1, 2] + missing
        states[depth] = after
        following[depth] = choices.begin[choices.end[choice]]
    return True, ptr[: count + 1], members[:filled], facts[:count]


@compiled
def losses(choices: Choices, ptr: np.ndarray, members: np.ndarray) -> np.ndarray:
    """(count, 3) float64: for itineraries, 0, points lost and placements missing."""
    facts = np.zeros((len(ptr) - 1, 3))
    nothing = np.zeros(choices.news.max() + 1)
    worth = Worth(np.zeros(len(choices.start)), 0.0, 0.0, 0.0, nothing)
    end = choices.enter.shape[1]
    for row in range(len(facts)):
        period, place, state = 0, choices.home, 0
        for choice in members[ptr[row] : ptr[row + 1]]:
            _, lost, missing = _step(choices, worth, period, state, place, choice)
            facts[row, 1] += lost
            facts[row, 2] += missing
            state = _after(choices, state, choice)
            period, place = choices.end[choice], choices.place[choice]
        facts[row, 1] += choices.left[state, end]
        facts[row, 2] += choices.short[state, end]
    return facts
