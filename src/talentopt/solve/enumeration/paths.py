"""Compiled search over one person's itineraries, with a completion bound by dynamic programming.

A *state* is what has been held so far, as far as it matters later: the level
(stage, when stages are ordered) and the set of distinct values or placements held in
it. Counts of the level's stages follow from the set. Rows of other kinds
are checked along the way, not in the bound.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from talentopt.solve.compiled import compiled


class Choices(NamedTuple):
    """What one person may book exclusively, by start.

    Attributes
    ----------
    start, end, level, place, item : (n,) int64
        Of each (option, start), ascending by start. Place 0 costs no move. An
        item is a distinct value or a placement, numbered within the level.
    home, idle_from, n_periods, n_places : int
    begin : (n_periods + 1,) int64
        The first choice that starts in each period or later.
    grow : (n_states, n_items) int64
        The state after an item; -1 where it may not be held as well.
    level_of : (n_states,) int64
    empty : (n_levels,) int64
        The state of each level before anything is held in it.
    left : (n_states, n_levels + 1) float64
        Points lost to shortages when the next booking is of a level, or there is none.
    use : (n_rows, n) float64
        What each choice uses of the other rows that concern this person only.
    upper : (n_rows,) float64
        Most that may be used.
    """

    start: np.ndarray
    end: np.ndarray
    level: np.ndarray
    place: np.ndarray
    item: np.ndarray
    home: int
    idle_from: int
    n_periods: int
    n_places: int
    begin: np.ndarray
    grow: np.ndarray
    level_of: np.ndarray
    empty: np.ndarray
    left: np.ndarray
    use: np.ndarray
    upper: np.ndarray


class Worth(NamedTuple):
    """What a person's choices are worth at given prices.

    Attributes
    ----------
    points : (n,) float64
        Of each choice, less what it uses at the prices.
    idle, move : float
        Points lost per idle period and per change of place.
    shortage : float
        Factor on the points lost to shortages.
    """

    points: np.ndarray
    idle: float
    move: float
    shortage: float


@compiled
def successor(choices: Choices, state: int, choice: int) -> int:
    """State after a choice; -1 where it may not follow."""
    level, now = choices.level[choice], choices.level_of[state]
    if level < now:
        return -1
    if level > now:
        state = choices.empty[level]
    return int(choices.grow[state, choices.item[choice]])


@compiled
def step(
    choices: Choices, worth: Worth, period: int, state: int, place: int, choice: int
) -> float:
    """Worth of booking a choice next, after being free from a period at a place."""
    gain = worth.points[choice]
    waited = choices.start[choice] - max(period, choices.idle_from)
    if waited > 0:
        gain -= worth.idle * waited
    there = choices.place[choice]
    if place != 0 and there != 0 and place != there:
        gain -= worth.move
    level = choices.level[choice]
    if level > choices.level_of[state]:
        gain -= worth.shortage * choices.left[state, level]
    return float(gain)


@compiled
def completion(choices: Choices, worth: Worth) -> np.ndarray:
    """Most that can follow being free in each period, state and place, other rows aside.

    Returns
    -------
    (n_periods + 1, n_states, n_places) float64
    """
    n_states, n_levels, n_places = len(choices.level_of), len(choices.empty), choices.n_places
    best = np.empty((choices.n_periods + 1, n_states, n_places))
    # The most from now on when the next booking is at each place, moves to it aside.
    begun = np.full((n_states, n_places), -np.inf)
    first = len(choices.start)
    for period in range(choices.n_periods, -1, -1):
        last = first
        while first > 0 and choices.start[first - 1] >= period:
            first -= 1
        idle = worth.idle if period >= choices.idle_from else 0.0
        for state in range(n_states):
            for place in range(n_places):
                begun[state, place] -= idle
            for choice in range(first, last):
                after = successor(choices, state, choice)
                if after >= 0:
                    place = choices.place[choice]
                    value = best[choices.end[choice], after, place]
                    value += step(choices, worth, period, state, 0, choice)
                    begun[state, place] = max(begun[state, place], value)
            top = begun[state].max()
            end = -worth.shortage * choices.left[state, n_levels]
            best[period, state, 0] = max(end, top)
            for place in range(1, n_places):
                free = max(begun[state, place], begun[state, 0])
                best[period, state, place] = max(end, free, top - worth.move)
    return best


@compiled
def itineraries(
    choices: Choices, worth: Worth, best: np.ndarray, least: float, most: int
) -> tuple[bool, np.ndarray, np.ndarray]:
    """Enumerate every itinerary worth at least `least`, but no more than `most`.

    Returns
    -------
    complete : bool
        Whether these are all.
    ptr : (count + 1,) int64
    members : (ptr[-1],) int64
        Choices of each itinerary, in order of time.
    """
    n, deepest, end = len(choices.start), choices.n_periods + 1, len(choices.empty)
    ptr = np.zeros(most + 1, np.int64)
    members = np.zeros(1024, np.int64)
    used = np.zeros(len(choices.upper))
    path = np.zeros(deepest, np.int64)
    states = np.zeros(deepest + 1, np.int64)
    following = np.zeros(deepest + 1, np.int64)
    value = np.zeros(deepest + 1)
    count = filled = depth = 0
    states[0] = choices.empty[0]
    if -worth.shortage * choices.left[states[0], end] >= least:
        count = 1
    while depth >= 0:
        period, place, state = 0, choices.home, states[depth]
        if depth > 0:
            last = path[depth - 1]
            period, place = choices.end[last], choices.place[last]
        choice = following[depth]
        after, total, found = -1, 0.0, False
        while choice < n:
            if choices.start[choice] >= period:
                after = successor(choices, state, choice)
                if after >= 0:
                    total = value[depth] + step(choices, worth, period, state, place, choice)
                    ahead = best[choices.end[choice], after, choices.place[choice]]
                    found = total + ahead >= least
                    row = 0
                    while found and row < len(used):
                        more = choices.use[row, choice]
                        found = more <= 0 or used[row] + more <= choices.upper[row] + 1e-6
                        row += 1
                    if found:
                        break
            choice += 1
        if not found:
            depth -= 1
            if depth >= 0:
                for row in range(len(used)):
                    used[row] -= choices.use[row, path[depth]]
            continue
        following[depth] = choice + 1
        path[depth] = choice
        for row in range(len(used)):
            used[row] += choices.use[row, choice]
        depth += 1
        value[depth], states[depth] = total, after
        following[depth] = max(choice + 1, choices.begin[choices.end[choice]])
        if total - worth.shortage * choices.left[after, end] >= least:
            if count == most:
                return False, ptr, members[:filled]
            if filled + depth > len(members):
                grown = np.zeros(2 * len(members), np.int64)
                grown[:filled] = members[:filled]
                members = grown
            for at in range(depth):
                members[filled + at] = path[at]
            filled += depth
            count += 1
            ptr[count] = filled
    return True, ptr[: count + 1], members[:filled]
