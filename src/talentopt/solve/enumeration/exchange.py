"""Compiled search for better plans: a few people exchange itineraries of a list, again and again.

A *cell* is a row of the model in which every itinerary counts as one or nothing, such as
the seats of a placement in one period. Simulated annealing (Kirkpatrick, Gelatt and
Vecchi, "Optimization by simulated annealing", 1983): in each turn some people give
their itineraries back, and the best combination of those that fit is found, each
being worth a little more or less by chance.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from talentopt.solve.compiled import compiled

LISTED = 120
"""Most itineraries of one person that are looked at in one turn."""

STEPS = 400
"""Steps after which the search of one turn is broken off."""

WANTED = 0.7
"""Share of the turns in which people whose seats one person wants take part."""

WORSE, SPREAD = 3.0, 6.0
"""Points, and multiples of the heat, by which an itinerary may promise less than the present."""


class Pool(NamedTuple):
    """Itineraries to choose from, those of each person by descending promise.

    Attributes
    ----------
    ptr : (n_parts + 1,) int64
        The first itinerary of each part.
    worth : (n,) float64
    promise : (n,) float64
        Worth less what the cells are worth to others.
    cell_ptr : (n + 1,) int64
    cells : (cell_ptr[-1],) int64
        In which each itinerary counts.
    bits : (n, n_words) uint64
        The same as bits.
    """

    ptr: np.ndarray
    worth: np.ndarray
    promise: np.ndarray
    cell_ptr: np.ndarray
    cells: np.ndarray
    bits: np.ndarray


class Cells(NamedTuple):
    """What cells allow and cost.

    Attributes
    ----------
    most : (n_cells,) int64
        Never more.
    least, much : (n_cells,) int64
        Fewer, or more, cost points.
    short, excess : (n_cells,) float64
        Points lost by each.
    priced : (n_words,) uint64
        Cells that may cost points, as bits.
    """

    most: np.ndarray
    least: np.ndarray
    much: np.ndarray
    short: np.ndarray
    excess: np.ndarray
    priced: np.ndarray


class Use(NamedTuple):
    """The use of cells: how many take each, and the full ones as bits."""

    taken: np.ndarray
    full: np.ndarray


class Lists(NamedTuple):
    """Who exchanges, and what would fit.

    Attributes
    ----------
    part : (at_once,) int64
    size : (at_once,) int64
    row : (at_once, LISTED) int64
        Itineraries, the most promising first.
    value : (at_once, LISTED) float64
        What each would bring at most, chance included.
    chance : (at_once, LISTED) float64
    """

    part: np.ndarray
    size: np.ndarray
    row: np.ndarray
    value: np.ndarray
    chance: np.ndarray


@compiled
def _meets(bits: np.ndarray, row: int, others: np.ndarray) -> bool:
    met = np.uint64(0)
    for word in range(bits.shape[1]):
        met |= bits[row, word] & others[word]
    return bool(met != 0)


@compiled
def _worth(pool: Pool, cells: Cells, use: Use, row: int) -> float:
    """Points that an itinerary brings as cells are used now."""
    worth = float(pool.worth[row])
    if _meets(pool.bits, row, cells.priced):
        for at in range(pool.cell_ptr[row], pool.cell_ptr[row + 1]):
            cell = pool.cells[at]
            if use.taken[cell] < cells.least[cell]:
                worth += cells.short[cell]
            if use.taken[cell] >= cells.much[cell]:
                worth -= cells.excess[cell]
    return worth


@compiled
def _put(pool: Pool, cells: Cells, use: Use, row: int, change: int) -> None:
    """Take cells (1) or give them back (-1)."""
    for at in range(pool.cell_ptr[row], pool.cell_ptr[row + 1]):
        cell = pool.cells[at]
        use.taken[cell] += change
        bit = np.uint64(1) << np.uint64(cell & 63)
        if use.taken[cell] >= cells.most[cell]:
            use.full[cell >> 6] |= bit
        else:
            use.full[cell >> 6] &= ~bit


@compiled
def _used(pool: Pool, cells: Cells, held: np.ndarray) -> tuple[Use, float]:
    """Use of cells by a plan, and its worth."""
    full = np.zeros(pool.bits.shape[1], np.uint64)
    for cell in range(len(cells.most)):
        if cells.most[cell] <= 0:
            full[cell >> 6] |= np.uint64(1) << np.uint64(cell & 63)
    use, value = Use(np.zeros(len(cells.most), np.int64), full), 0.0
    for row in held:
        value += _worth(pool, cells, use, row)
        _put(pool, cells, use, row, 1)
    return use, value


@compiled
def _among(one: np.integer[Any], some: np.ndarray) -> bool:
    found = False
    for other in some:
        found |= one == other
    return found


@compiled
def _leave(
    pool: Pool,
    cells: Cells,
    use: Use,
    held: np.ndarray,
    part: np.ndarray,
    random: np.random.Generator,
) -> None:
    """Pick the people of a turn, who give their itineraries back.

    Most of the time one wants a better itinerary and the others are in its way.
    """
    n, count = len(held), 1
    part[:] = -1
    part[0] = random.integers(0, n)
    now, first = held[part[0]], pool.ptr[part[0]]
    _put(pool, cells, use, now, -1)
    if random.random() < WANTED and now > first:
        wanted = first + random.integers(0, now - first)
        for at in range(pool.cell_ptr[wanted], pool.cell_ptr[wanted + 1]):
            cell = pool.cells[at]
            if use.taken[cell] < cells.most[cell] or count == len(part):
                continue
            bit = np.uint64(1) << np.uint64(cell & 63)
            offset = random.integers(0, n)
            for turn in range(n):
                other = (turn + offset) % n
                if pool.bits[held[other], cell >> 6] & bit and not _among(other, part):
                    part[count] = other
                    count += 1
                    _put(pool, cells, use, held[other], -1)
                    break
    while count < len(part):
        other = random.integers(0, n)
        if not _among(other, part):
            part[count] = other
            count += 1
            _put(pool, cells, use, held[other], -1)


@compiled
def _chance(heat: float, random: np.random.Generator) -> float:
    return float(-heat * np.log(-np.log(random.random())))


@compiled
def _list(
    pool: Pool,
    cells: Cells,
    use: Use,
    held: np.ndarray,
    heat: float,
    lists: Lists,
    at: int,
    random: np.random.Generator,
) -> None:
    """List what would fit one of the people of a turn, the present itinerary included."""
    part = lists.part[at]
    now = held[part]
    least = pool.promise[now] - SPREAD * heat - WORSE
    size = 1
    lists.row[at, 0] = now
    for row in range(pool.ptr[part], pool.ptr[part + 1]):
        if size == LISTED or pool.promise[row] < least:
            break
        if row != now and not _meets(pool.bits, row, use.full):
            lists.row[at, size] = row
            size += 1
    for place in range(size):
        lists.chance[at, place] = _chance(heat, random)
        worth = _worth(pool, cells, use, lists.row[at, place])
        lists.value[at, place] = worth + lists.chance[at, place]
    order = np.argsort(-lists.value[at, :size])
    lists.row[at, :size] = lists.row[at, :size][order]
    lists.value[at, :size] = lists.value[at, :size][order]
    lists.chance[at, :size] = lists.chance[at, :size][order]
    lists.size[at] = size


@compiled
def _present(
    pool: Pool, cells: Cells, use: Use, held: np.ndarray, lists: Lists, picked: np.ndarray
) -> float:
    """Worth of going back to the present itineraries, chance included."""
    value = 0.0
    for at in range(len(lists.part)):
        now = held[lists.part[at]]
        picked[at] = 0
        while lists.row[at, picked[at]] != now:
            picked[at] += 1
        value += _worth(pool, cells, use, now) + lists.chance[at, picked[at]]
        _put(pool, cells, use, now, 1)
    for at in range(len(lists.part)):
        _put(pool, cells, use, held[lists.part[at]], -1)
    return value


@compiled
def _combine(
    pool: Pool, cells: Cells, use: Use, lists: Lists, picked: np.ndarray, value: float
) -> None:
    """Find the best combination of listed itineraries, depth first, those with few first."""
    n = len(lists.part)
    order = np.argsort(lists.size)
    rest = np.zeros(n + 1)
    for depth in range(n - 1, -1, -1):
        rest[depth] = rest[depth + 1] + lists.value[order[depth], 0]
    following, path, gained = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n + 1)
    depth = 0
    for _ in range(STEPS):
        at, place, down = order[depth], following[depth], False
        while place < lists.size[at]:
            if gained[depth] + lists.value[at, place] + rest[depth + 1] <= value + 1e-9:
                break
            row = lists.row[at, place]
            if not _meets(pool.bits, row, use.full):
                total = gained[depth] + _worth(pool, cells, use, row) + lists.chance[at, place]
                if total + rest[depth + 1] > value + 1e-9:
                    down = True
                    break
            place += 1
        if down:
            following[depth], path[depth] = place + 1, place
            if depth < n - 1:
                _put(pool, cells, use, row, 1)
                depth += 1
                following[depth], gained[depth] = 0, total
            else:
                value = total
                picked[order] = path
        elif depth == 0:
            return
        else:
            depth -= 1
            _put(pool, cells, use, lists.row[order[depth], path[depth]], -1)
    for above in range(depth):
        _put(pool, cells, use, lists.row[order[above], path[above]], -1)


@compiled
def anneal(
    pool: Pool,
    cells: Cells,
    held: np.ndarray,
    at_once: int,
    turns: int,
    heats: tuple[float, float],
    random: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, float]:
    """Look for a better plan made of itineraries of a pool.

    Parameters
    ----------
    pool : Pool
    cells : Cells
    held : (n_parts,) int64
        The itinerary of each part to begin with.
    at_once : int
        People who exchange in one turn.
    turns : int
    heats : pair of float
        Points by which chance changes what an itinerary is worth, at first and at last.
    random : Generator

    Returns
    -------
    held : (n_parts,) int64
        The plan at the end.
    best : (n_parts,) int64
    value : float
        What the best is worth.
    """
    held = held.copy()
    use, value = _used(pool, cells, held)
    best, most = held.copy(), value
    n = min(at_once, len(held))
    lists = Lists(
        np.zeros(n, np.int64),
        np.zeros(n, np.int64),
        np.zeros((n, LISTED), np.int64),
        np.zeros((n, LISTED)),
        np.zeros((n, LISTED)),
    )
    picked = np.zeros(n, np.int64)
    for turn in range(turns):
        heat = heats[0] * (heats[1] / heats[0]) ** (turn / turns)
        _leave(pool, cells, use, held, lists.part, random)
        for at in range(n):
            _list(pool, cells, use, held, heat, lists, at, random)
        present = _present(pool, cells, use, held, lists, picked)
        by_chance = 0.0
        for at in range(n):
            by_chance += lists.chance[at, picked[at]]
        value -= present - by_chance
        _combine(pool, cells, use, lists, picked, present)
        for at in range(n):
            row = lists.row[at, picked[at]]
            held[lists.part[at]] = row
            value += _worth(pool, cells, use, row)
            _put(pool, cells, use, row, 1)
        if value > most + 1e-9:
            best, most = held.copy(), value
    return held, best, most
