"""Compiled: the states that one person's itinerary may be in.

A state says in which stage a person is, how many placements of it they hold,
and which rules met so far matter later: distinct values used, placements
booked, prerequisites met. Most of that never decides anything, so states
leave it out until a best itinerary breaks a rule; from then on the person's
states keep that rule apart (decremental state space relaxation, Righini and
Salani, 2008). As prices change little from pass to pass, what was kept apart
serves again, and what no longer matters is forgotten.
"""

from __future__ import annotations

import numpy as np

from talentopt.solve.compiled import compiled
from talentopt.solve.lagrangian.layout import NEVER, Layout, Work
from talentopt.solve.lagrangian.vectors import LANES

MOST_KEPT = 16
"""Distinct values and placements that one person's states may keep apart."""

MANY_KEPT, MANY_FLAGS = 7, 2
"""Kept apart in one stage, and flags, from which those that no longer matter are forgotten."""

MOST_BITS = 13
MOST_SLOTS, MOST_EDGES = 1 << MOST_BITS, 1 << 17
"""States and bookings between them beyond which no more is kept apart."""


@compiled
def own_bits(flags: int, kept: int) -> int:
    """Count flags that are kept apart from 0 on, and leave the others out."""
    bits, bit = 0, 1
    while kept:
        lowest = kept & -kept
        if flags & lowest:
            bits |= bit
        bit <<= 1
        kept ^= lowest
    return bits


@compiled
def _count_bits(flags: int) -> int:
    count = 0
    while flags:
        flags &= flags - 1
        count += 1
    return count


@compiled
def _count_kept(stage: int, kept: np.ndarray, layout: Layout) -> int:
    """How many of some resources, or -1, belong to a stage."""
    count = 0
    for which in kept:
        if which >= 0 and layout.resource_stage[which] == stage:
            count += 1
    return count


@compiled
def _same_group(group: int, first: int, bit: int, needs: int, meets: int, work: Work) -> int:
    """Find a group among those from `first` on that does the same, or `group`."""
    for other in range(first, group):
        same = work.group_bit[other] == bit and work.group_needs[other] == needs
        if same and work.group_meets[other] == meets:
            return other
    return group


@compiled
def form_groups(person: int, layout: Layout, work: Work) -> None:
    """Group the placements that a person's states do not keep apart."""
    kept, flags = layout.kept[person], layout.kept_flags[person]
    work.group_of_placement[:] = -1
    group = 0
    for stage in range(len(work.group_ptr) - 1):
        first = group
        work.group_ptr[stage] = first
        for kind in range(len(layout.kind_stage)):
            if layout.kind_stage[kind] != stage:
                continue
            mine, value = 0, layout.kind_value[kind]
            if value >= 0:
                for i in range(len(kept)):
                    if kept[i] == value:
                        mine = 1 << _count_kept(stage, kept[:i], layout)
            needs = own_bits(layout.kind_needs[kind], flags)
            meets = own_bits(layout.kind_meets[kind], flags)
            same = _same_group(group, first, mine, needs, meets, work)
            work.group_of_kind[kind] = same
            if same == group:
                work.group_bit[group] = mine
                work.group_needs[group], work.group_meets[group] = needs, meets
                group += 1
        for i in range(len(kept)):
            k = kept[i] - layout.n_values
            if k < 0 or layout.resource_stage[kept[i]] != stage:
                continue
            like = work.group_of_kind[layout.kind_of[k]]
            work.group_of_placement[k] = group
            work.group_bit[group] = 1 << _count_kept(stage, kept[:i], layout)
            work.group_needs[group] = work.group_needs[like]
            work.group_meets[group] = work.group_meets[like]
            group += 1
    work.group_ptr[len(work.group_ptr) - 1] = group


@compiled
def _begin_of_stages(person: int, layout: Layout, work: Work, begin: np.ndarray) -> bool:
    """Lay out the slots: `begin` (n_stages + 2,), the end last; False when too many."""
    n_stages = len(begin) - 2
    n_flags = _count_bits(layout.kept_flags[person])
    begin[0] = 0
    edges = 0
    for stage in range(n_stages):
        bits = _count_kept(stage, layout.kept[person], layout) + n_flags
        if bits > MOST_BITS:
            return False
        slots = max(1, layout.stage_cap[person, stage]) << bits
        groups = work.group_ptr[stage + 1] - work.group_ptr[stage]
        edges += slots * groups * len(layout.durations)
        begin[stage + 1] = begin[stage] + slots
    begin[n_stages + 1] = begin[n_stages] + 1
    return bool(begin[n_stages + 1] <= MOST_SLOTS and edges <= MOST_EDGES)


@compiled
def walk(person: int, layout: Layout, work: Work, begin: np.ndarray) -> int:
    """Find the nodes in topological order, the end last, and the edges between them.

    Returns
    -------
    int
        The number of nodes.
    """
    n_stages = len(begin) - 2
    flags_kept = layout.kept_flags[person]
    n_flags = _count_bits(flags_kept)
    flag_bits = (1 << n_flags) - 1
    never = layout.n_periods + 1
    work.reached[: begin[n_stages + 1]] = never
    needed = own_bits(layout.flags_needed[0], flags_kept)
    work.reached[own_bits(layout.flags_done[person], flags_kept) & needed] = 0
    node, edge = 0, 0
    for stage in range(n_stages):
        cap = layout.stage_cap[person, stage]
        least = min(cap, layout.stage_min[person, stage])
        size = (begin[stage + 1] - begin[stage]) // max(1, cap)
        needed = own_bits(layout.flags_needed[stage], flags_kept)
        later = own_bits(layout.flags_needed[stage + 1], flags_kept)
        groups = range(work.group_ptr[stage], work.group_ptr[stage + 1])
        for held in range(max(1, cap)):
            here = begin[stage] + held * size
            loss = max(0, least - held) * layout.stage_missing[person, stage]
            for cell in range(size):
                when = work.reached[here + cell]
                if when >= never:
                    continue
                used, flags = cell >> n_flags, cell & flag_bits
                skip = begin[stage + 1] + (flags & later)
                work.node_of[here + cell] = node
                work.skip[node], work.cost[node] = skip, loss
                work.edge_ptr[node] = edge
                work.reached[skip] = min(work.reached[skip], when)
                node += 1
                if held >= cap:
                    continue
                for group in groups:
                    if used & work.group_bit[group] or work.group_needs[group] & ~flags:
                        continue
                    met = flags | work.group_meets[group]
                    after = begin[stage + 1] + (met & later)
                    if held + 1 < cap:
                        code = ((used | work.group_bit[group]) << n_flags) + (met & needed)
                        after = here + size + code
                    earliest = work.reached[after]
                    for i in range(work.table_ptr[group], work.table_ptr[group + 1]):
                        table = work.table[i]
                        if work.last[table] < when:
                            continue
                        arrival = max(when, work.first[table]) + work.duration[table]
                        earliest = min(earliest, arrival)
                        work.edge_table[edge] = table
                        work.edge_after[edge] = after
                        edge += 1
                    work.reached[after] = earliest
    work.node_of[begin[n_stages]] = node
    work.edge_ptr[node] = edge
    return node + 1


@compiled
def prepare(person: int, layout: Layout, work: Work, begin: np.ndarray) -> bool:
    """Form the groups and lay out the slots; False when there are too many."""
    form_groups(person, layout, work)
    return bool(_begin_of_stages(person, layout, work, begin))


@compiled
def _keep(person: int, which: int, layout: Layout) -> int:
    """Keep a distinct value or a placement apart; 1 when there is room and it is new, else 0."""
    for i in range(layout.kept.shape[1]):
        if layout.kept[person, i] == which:
            return 0
        if layout.kept[person, i] < 0:
            layout.kept[person, i] = which
            return 1
    return 0


@compiled
def resource(option: int, layout: Layout) -> int:
    """Find what may be held once: an option's distinct value, or else its placement."""
    placement = layout.option_placement[option]
    value = layout.kind_value[layout.kind_of[placement]]
    return int(value) if value >= 0 else int(layout.n_values + placement)


@compiled
def refine(person: int, layout: Layout, path: np.ndarray, count: int) -> int:
    """Keep apart what an itinerary holds twice or begins too early; return how much is new."""
    new = 0
    flags = layout.flags_done[person]
    for i in range(count):
        kind = layout.kind_of[layout.option_placement[path[i, 0]]]
        missing = layout.kind_needs[kind] & ~flags & ~layout.kept_flags[person]
        if missing:
            layout.kept_flags[person] |= missing
            new += 1
        flags |= layout.kind_meets[kind]
        mine = resource(path[i, 0], layout)
        for j in range(i):
            if resource(path[j, 0], layout) == mine:
                new += _keep(person, mine, layout)
    return new


@compiled
def forget(
    person: int, layout: Layout, path: np.ndarray, count: int, many: int, many_flags: int
) -> None:
    """Where more than `many` are kept apart in a stage, leave those that an itinerary holds."""
    kept = layout.kept[person]
    held = np.zeros(len(kept), np.bool_)
    needed = 0
    for i in range(count):
        mine = resource(path[i, 0], layout)
        needed |= layout.kind_needs[layout.kind_of[layout.option_placement[path[i, 0]]]]
        for j in range(len(kept)):
            held[j] |= kept[j] == mine
    if _count_bits(layout.kept_flags[person]) > many_flags:
        layout.kept_flags[person] &= needed
    old = kept.copy()
    left = 0
    for i in range(len(old)):
        if old[i] < 0:
            break
        if held[i] or _count_kept(layout.resource_stage[old[i]], old, layout) <= many:
            kept[left] = old[i]
            left += 1
    kept[left:] = -1


@compiled
def allocate(layout: Layout) -> Work:
    """Take the memory that one thread needs."""
    n_kinds = len(layout.kind_stage)
    n_groups = n_kinds + MOST_KEPT
    n_tables = n_groups * len(layout.durations)
    durations = np.empty(n_tables, np.int64)
    for table in range(n_tables):
        durations[table] = layout.durations[table % len(layout.durations)]
    n_rows = n_tables * layout.width
    table_cells = layout.n_starts * layout.width + LANES
    node_cells = (layout.n_periods + 1) * layout.width + LANES
    return Work(
        np.empty(n_kinds, np.int64),
        np.empty(len(layout.kind_of), np.int64),
        np.empty(layout.stage_min.shape[1] + 1, np.int64),
        np.empty(n_groups, np.int64),
        np.empty(n_groups, np.int64),
        np.empty(n_groups, np.int64),
        np.empty(n_rows * layout.n_starts, np.int32),
        np.empty(n_rows * layout.n_starts, np.int32),
        np.empty(n_tables * layout.option_words.shape[1], np.uint64),
        np.full(n_tables * table_cells, NEVER, np.int32),
        table_cells,
        np.empty(n_tables, np.int64),
        np.empty(n_tables, np.int64),
        durations,
        np.empty(n_groups + 1, np.int64),
        np.empty(n_tables, np.int64),
        np.empty(MOST_SLOTS, np.int64),
        np.empty(MOST_SLOTS, np.int64),
        np.empty(MOST_SLOTS, np.int64),
        np.empty(MOST_SLOTS, np.int64),
        np.empty(MOST_SLOTS + 1, np.int64),
        np.empty(MOST_EDGES, np.int64),
        np.empty(MOST_EDGES, np.int64),
        np.empty(MOST_SLOTS * node_cells, np.int32),
        node_cells,
    )
