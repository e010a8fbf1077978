"""Compiled choice of distinct providers for single seekers at given prices."""

from __future__ import annotations

import numpy as np

from talentopt.solve.compiled import compiled
from talentopt.solve.matchings.kernels import (
    MAX_SLOTS,
    NODE_LIMIT,
    Arcs,
    Demands,
    top_of_demand,
)


@compiled
def spread_conflicts(
    first: int,
    last: int,
    arcs: Arcs,
    demands: Demands,
    part_ptr: np.ndarray,
    part_demand: np.ndarray,
    clash: np.ndarray,
    chosen: np.ndarray,
    reduced: np.ndarray,
) -> None:
    """Give the seekers ``first:last`` distinct providers, exactly where small.

    A seeker's part is its demands ``part_demand[part_ptr[s]:part_ptr[s + 1]]``
    of matchings that exclude one another (``clash``). Only seekers whose best
    arcs clash are searched: depth first over the best arcs of every slot, as
    many per demand as the part has slots, which is enough because the other
    slots block at most one arc each. A part with more than `MAX_SLOTS` slots
    keeps its clashing choice, which only relaxes the rule.
    """
    for s in range(first, last):
        part = part_demand[part_ptr[s] : part_ptr[s + 1]]
        slots = 0
        for d in part:
            slots += demands.need[d]
        if slots < 2 or slots > MAX_SLOTS:
            continue
        if not _clashes(arcs, demands, part, clash, chosen):
            continue
        options = np.full((len(part), slots), -1, np.int64)
        worth = np.full((len(part), slots), -np.inf)
        for i in range(len(part)):
            top_of_demand(arcs, demands, part[i], options[i], worth[i])
        choose_distinct(arcs, demands, part, clash, options, worth, chosen, reduced)


@compiled
def _clashes(
    arcs: Arcs, demands: Demands, part: np.ndarray, clash: np.ndarray, chosen: np.ndarray
) -> bool:
    for i in range(len(part)):
        for j in range(i):
            if not clash[demands.matching[part[i]], demands.matching[part[j]]]:
                continue
            for k in range(demands.need[part[i]]):
                for m in range(demands.need[part[j]]):
                    a, b = chosen[part[i], k], chosen[part[j], m]
                    if a >= 0 and b >= 0 and arcs.provider[a] == arcs.provider[b]:
                        return True
    return False


@compiled
def choose_distinct(
    arcs: Arcs,
    demands: Demands,
    part: np.ndarray,
    clash: np.ndarray,
    options: np.ndarray,
    worth: np.ndarray,
    chosen: np.ndarray,
    reduced: np.ndarray,
) -> bool:
    """Depth-first search for the best distinct choice; written into `chosen`.

    ``options[i]`` and ``worth[i]`` are the best free arcs of demand
    ``part[i]``, as many as there are slots. False, and nothing written, when
    there were too many partial choices.
    """
    slot_part, taken, role = _free_slots(arcs, demands, part)
    n_fixed = len(taken) - len(slot_part)
    slots = len(slot_part)
    width = options.shape[1]
    floor = np.empty(slots)
    # hope[i]: most that the slots from i on can add, clashes ignored.
    hope = np.zeros(slots + 1)
    for i in range(slots - 1, -1, -1):
        d = part[slot_part[i]]
        floor[i] = -demands.missing[d] * demands.weight[d]
        rank = 0
        while i - rank > 0 and slot_part[i - rank - 1] == slot_part[i]:
            rank += 1
        hope[i] = hope[i + 1] + max(floor[i], worth[slot_part[i], rank])
    # choice: rank among the options; width = left empty; -1 = not tried yet.
    choice = np.full(slots, -1, np.int64)
    gained = np.zeros(slots + 1)
    best = np.full(slots, width, np.int64)
    best_value = -np.inf
    nodes = 0
    i = 0
    while i >= 0:
        if i == slots:
            if gained[i] > best_value:
                best_value = gained[i]
                best[:] = choice
            i -= 1
            continue
        nodes += 1
        if nodes > NODE_LIMIT:
            return False
        taken[n_fixed + i] = -1
        following = choice[i] + 1
        if choice[i] == -1 and i > 0 and slot_part[i] == slot_part[i - 1]:
            # Slots of one demand are alike: their ranks increase.
            following = min(choice[i - 1] + 1, width)
        while following < width and (
            options[slot_part[i], following] < 0
            or _blocked(
                taken[: n_fixed + i],
                role,
                arcs.provider[options[slot_part[i], following]],
                clash[role[n_fixed + i]],
            )
        ):
            following += 1
        if following > width or gained[i] + hope[i] <= best_value:
            choice[i] = -1
            i -= 1
            continue
        choice[i] = following
        if following == width:
            gained[i + 1] = gained[i] + floor[i]
        else:
            taken[n_fixed + i] = arcs.provider[options[slot_part[i], following]]
            gained[i + 1] = gained[i] + worth[slot_part[i], following]
        i += 1
    _write_choice(demands, part, slot_part, floor, best, options, worth, chosen, reduced)
    return True


@compiled
def _free_slots(
    arcs: Arcs, demands: Demands, part: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """List the free slots, and the providers and matchings of fixed and free ones."""
    n_fixed = 0
    n_free = 0
    for d in part:
        forced = demands.fixed_ptr[d + 1] - demands.fixed_ptr[d]
        n_fixed += forced
        n_free += demands.need[d] - forced
    slot_part = np.empty(n_free, np.int64)
    taken = np.full(n_fixed + n_free, -1, np.int64)
    role = np.empty(n_fixed + n_free, np.int64)
    fixed = 0
    free = 0
    for i in range(len(part)):
        d = part[i]
        forced = demands.fixed_ptr[d + 1] - demands.fixed_ptr[d]
        for k in range(forced):
            taken[fixed] = arcs.provider[demands.fixed_arcs[demands.fixed_ptr[d] + k]]
            role[fixed] = demands.matching[d]
            fixed += 1
        for _ in range(demands.need[d] - forced):
            slot_part[free] = i
            role[n_fixed + free] = demands.matching[d]
            free += 1
    return slot_part, taken, role


@compiled
def _blocked(taken: np.ndarray, role: np.ndarray, provider: int, clash: np.ndarray) -> bool:
    return bool(((taken == provider) & clash[role[: len(taken)]]).any())


@compiled
def _write_choice(
    demands: Demands,
    part: np.ndarray,
    slot_part: np.ndarray,
    floor: np.ndarray,
    best: np.ndarray,
    options: np.ndarray,
    worth: np.ndarray,
    chosen: np.ndarray,
    reduced: np.ndarray,
) -> None:
    """Copy the best choice into the slots after each demand's fixed arcs."""
    for i in range(len(slot_part)):
        d = part[slot_part[i]]
        slot = demands.fixed_ptr[d + 1] - demands.fixed_ptr[d]
        rank = 0
        while i - rank > 0 and slot_part[i - rank - 1] == slot_part[i]:
            rank += 1
        slot += rank
        if best[i] < options.shape[1]:
            chosen[d, slot] = options[slot_part[i], best[i]]
            reduced[d, slot] = worth[slot_part[i], best[i]]
        else:
            chosen[d, slot] = -1
            reduced[d, slot] = floor[i]
