"""The pricing kernel: recursion, multipliers and label search, person by person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.columns.labels import search, worth_of
from talentopt.solve.columns.multipliers import (
    charge_tolls,
    keep_path,
    learn_limits,
    spread_of,
)
from talentopt.solve.columns.relaxed import (
    LANES,
    best_starts,
    gather,
    recur,
    toll_slots,
    trace,
    value_slots,
)
from talentopt.solve.columns.sublimation import sublimate
from talentopt.solve.columns.tables import Paths, Table, Work
from talentopt.solve.compiled import compiled

if TYPE_CHECKING:
    from talentopt.solve.columns.automaton import Automata
    from talentopt.solve.columns.structure import Structure


NARROW, WIDER, WIDE = 16, 200, 1500
"""Labels that each period keeps in the first search, in those on graphs, and in the last."""


@compiled
def new_work(n_periods: int, width: int) -> Work:
    """Make room for searches that keep `width` labels in each period."""
    room, buckets = (n_periods + 1) * width + 2, 1
    while buckets < 8 * room:
        buckets *= 2
    return Work(
        np.empty((n_periods + 1, width), np.float64),
        np.empty((n_periods + 1, width), np.int32),
        np.empty(n_periods + 3, np.int64),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.empty(room, np.float64),
        np.empty(room, np.float64),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.empty(room, np.uint64),
        np.empty(room, np.uint64),
        np.empty(room, np.bool_),
        np.empty(buckets, np.int32),
    )


@compiled
def _most_alike(people: np.ndarray, s: Structure) -> int:
    """Most people in a row with the same automaton, at most `LANES`."""
    most, run = 1, 1
    for at in range(1, len(people)):
        same = s.automaton[people[at]] == s.automaton[people[at - 1]]
        run = run + 1 if same else 1
        most = max(most, run)
    return min(most, LANES)


@compiled
def _most_worth(person: int, s: Structure, table: Table, values: np.ndarray) -> float:
    """No itinerary is worth more at these values, what is missing aside."""
    first = s.group_start[s.group_ptr[person]]
    last = s.group_start[s.group_ptr[person + 1]]
    tops = np.zeros(last - first)
    for i in range(last - first):
        for t in range(s.n_periods):
            tops[i] = max(tops[i], values[i, t])
    tops.sort()
    most, scale = s.most_held[person], table.scale[person]
    total = tops[max(0, len(tops) - most) :].sum()
    total += scale * max(0.0, -s.move_price[person]) * most
    rewarded: float = total + scale * max(0.0, -s.idle_price[person]) * s.n_periods
    return rewarded


@compiled
def price_people(
    people: np.ndarray,
    s: Structure,
    a: Automata,
    table: Table,
    paths: Paths,
    eps: float,
    rounds: int,
    exact: bool,
    arcs: int,
    most: tuple[int, int, int],
) -> None:
    """Price people, sorted by automaton, side by side.

    `paths` holds the previous itineraries and takes the new ones; with `arcs`, graphs of
    at most so many prove what recursion and search leave open; `most` are
    the largest numbers of groups, slots and nodes.
    """
    n_periods, longest = s.n_periods, paths.slot.shape[1]
    lanes = _most_alike(people, s)
    values = np.empty((LANES, most[1], n_periods))
    toll = np.empty((LANES, most[1]))
    best = np.empty((LANES, most[0], n_periods))
    upper = np.empty((most[2], s.n_places + 1, (n_periods + 1) * lanes))
    reach = np.empty((most[2], s.n_places + 1, (n_periods + 1) * lanes))
    scratch = np.empty((s.n_places + 1, n_periods * lanes))
    groups = np.empty(s.n_combinations, np.int64)
    gains = np.full((s.n_combinations, n_periods * lanes), -np.inf)
    windows = np.empty((s.n_combinations, 2), np.int64)
    where = np.full(s.n_combinations, -1, np.int64)
    used = np.empty(table.tolls.shape[1], np.int64)
    held, starts = np.empty(longest, np.int64), np.empty(longest, np.int64)
    unpaid, strict = np.empty(LANES), np.empty(LANES, np.bool_)
    work, big = new_work(n_periods, NARROW), new_work(n_periods, 1)
    wide = new_work(n_periods, WIDER if arcs > 0 else 1)
    done = 0
    while done < len(people):
        size = 1
        while (
            size < LANES
            and done + size < len(people)
            and s.automaton[people[done + size]] == s.automaton[people[done]]
        ):
            size += 1
        batch = people[done : done + size]
        done += size
        for lane in range(size):
            person = batch[lane]
            unpaid[lane] = value_slots(
                person, s, table, values[lane], toll[lane], table.tolls[person]
            )
            worth = worth_of(
                person, paths.slot[person], paths.start[person], paths.length[person],
                s, a, table, values[lane], table.critical[person],
            )  # fmt: skip
            paths.worth[person] = worth
            empty = table.scale[person] * a.terminal[a.node_ptr[s.automaton[person]]]
            if worth <= empty:
                keep_path(person, empty, held, starts, 0, paths)
            paths.bound[person] = np.inf
            strict[lane] = (
                paths.worth[person]
                > _most_worth(person, s, table, values[lane]) + unpaid[lane]
                - table.scale[person] * a.slightest[s.automaton[person]]
            )  # fmt: skip
        complete = bool(strict[:size].all())
        # What graphs do not prove either is searched with other multipliers, if it must be.
        extra = int(exact and arcs > 0)
        for attempt in range(rounds + extra):
            closed = True
            for lane in range(size):
                best_starts(batch[lane], s, values[lane], toll[lane], best[lane])
            count = gather(batch, s, best, groups, gains, windows, where)
            recur(
                batch, s, a, table, count, groups, gains, windows, upper, reach, scratch, complete
            )
            for lane in range(size):
                person = batch[lane]
                if paths.bound[person] <= paths.worth[person] + eps:
                    continue
                empty = table.scale[person] * a.terminal[a.node_ptr[s.automaton[person]]]
                relaxed = max(upper[0, s.home[person], lane], empty) + unpaid[lane]
                paths.bound[person] = min(paths.bound[person], relaxed)
                traced = trace(
                    person, lane, size, s, a, table, values[lane], toll[lane], best[lane], upper,
                    held, starts,
                )  # fmt: skip
                found = worth_of(
                    person, held, starts, traced,
                    s, a, table, values[lane], table.critical[person],
                )  # fmt: skip
                if found > paths.worth[person] and not learn_limits(
                    person, held, traced, s, table
                ):
                    keep_path(person, found, held, starts, traced, paths)
                if paths.bound[person] <= paths.worth[person] + eps:
                    paths.bound[person] = max(paths.bound[person], paths.worth[person])
                    continue
                closed = False
                surplus = max(0.0, relaxed - paths.worth[person])
                if attempt >= rounds - 1:
                    starts[:] = 0
                    big = _search_until_closed(
                        person, lane, size, s, a, table, values[lane], toll[lane], best[lane],
                        upper, unpaid[lane], paths, eps, exact and attempt == rounds - 1 + extra,
                        work, big,
                    )  # fmt: skip
                    if (
                        arcs > 0
                        and attempt == rounds - 1
                        and paths.bound[person] > paths.worth[person] + eps
                    ):
                        unpaid[lane] = sublimate(
                            person, lane, size, s, a, table, values[lane], toll[lane], upper,
                            unpaid[lane], paths, eps, arcs, wide,
                        )  # fmt: skip
                        continue
                    surplus = max(0.0, relaxed - paths.worth[person])
                if traced > 0 and paths.worth[person] > -np.inf:
                    step = 0.2 * spread_of(person, s, values[lane])
                    charge_tolls(person, held, traced, surplus, step, s, table, used)
                    if attempt < rounds - 1 + extra:
                        unpaid[lane] = toll_slots(
                            person, s, table, toll[lane], table.tolls[person]
                        )
            if closed:
                break
        for lane in range(size):
            person = batch[lane]
            paths.bound[person] = max(paths.bound[person], paths.worth[person])


@compiled
def _search_until_closed(
    person: int,
    lane: int,
    lanes: int,
    s: Structure,
    a: Automata,
    table: Table,
    values: np.ndarray,
    toll: np.ndarray,
    best: np.ndarray,
    upper: np.ndarray,
    unpaid: float,
    paths: Paths,
    eps: float,
    exact: bool,
    work: Work,
    big: Work,
) -> Work:
    """Search labels until the best is proven, or room runs out; returns the large memory."""
    longest = paths.slot.shape[1]
    path, starts = np.empty(longest, np.int64), np.empty(longest, np.int64)
    large = False
    while True:
        bound, found, count = search(
            person, lane, lanes, s, a, table, values, toll, best, upper, unpaid,
            table.critical[person], paths.worth[person], eps, big if large else work,
            path, starts,
        )  # fmt: skip
        paths.bound[person] = min(paths.bound[person], bound)
        if count >= 0 and learn_limits(person, path, count, s, table):
            continue
        if count >= 0:
            keep_path(person, found, path, starts, count, paths)
        if large or not exact or bound <= paths.worth[person] + eps + 1e-9:
            return big
        large = True
        if big.key.shape[1] < WIDE:
            big = new_work(s.n_periods, WIDE)


@compiled
def value_paths(
    s: Structure, a: Automata, table: Table, paths: Paths, most_slots: int
) -> np.ndarray:
    """Worth of everybody's itinerary at current prices; -inf when it breaks a rule."""
    values, toll = np.empty((most_slots, s.n_periods)), np.empty(most_slots)
    worth = np.empty(len(paths.length))
    for person in range(len(worth)):
        value_slots(person, s, table, values, toll, table.tolls[person])
        worth[person] = worth_of(
            person, paths.slot[person], paths.start[person], paths.length[person],
            s, a, table, values, table.critical[person],
        )  # fmt: skip
    return worth


@compiled
def count_loads(people: np.ndarray, s: Structure, paths: Paths, loads: np.ndarray) -> None:
    """Add the seats that people's itineraries use to ``loads[placement, period]``."""
    for person in people:
        first = s.group_start[s.group_ptr[person]]
        for k in range(paths.length[person]):
            placement = s.slot_placement[first + paths.slot[person, k]]
            start = paths.start[person, k]
            for t in range(start, start + s.duration[placement]):
                loads[placement, t] += 1
