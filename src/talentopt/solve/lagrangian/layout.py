"""What the pricing kernels read, and their scratch memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np

NEVER, CLOSED = -1_000_000_000, 1_000_000_000
"""What is worth nothing at all, and what a booking costs where it is not to be had, in units."""


class Layout(NamedTuple):
    """What does not change with the prices; see `Itineraries` and `Kinds`.

    `n_places` counts the blank place, which is the last, if `has_blank`; rows of places are
    `width` long and rows of starts `n_starts`, so that vectors fill them. Points and prices of
    people are in whole units; `fixed_bonus` makes a fixed option be booked. `durations`
    (n_durations,) are the different ones, and `duration_number` (n_placements,) says which.
    Distinct values, then placements (counted on after the values) are *resources* that one
    person may hold once; `resource_stage` says in which stage.

    `kept` (n_people, `MOST_KEPT`) int32 and `kept_flags` (n_people,) int64 say which rules a
    person's states keep apart, and change from pass to pass: resources, -1 where there are
    fewer, and flags as bits.
    """

    n_periods: int
    n_starts: int
    n_places: int
    width: int
    has_blank: bool
    fixed_bonus: int
    option_ptr: np.ndarray
    option_placement: np.ndarray
    option_words: np.ndarray
    option_fixed: np.ndarray
    kept_start: np.ndarray
    kept_points: np.ndarray
    placement_place: np.ndarray
    placement_duration: np.ndarray
    duration_number: np.ndarray
    durations: np.ndarray
    kind_of: np.ndarray
    kind_stage: np.ndarray
    kind_value: np.ndarray
    kind_needs: np.ndarray
    kind_meets: np.ndarray
    n_values: int
    resource_stage: np.ndarray
    flags_done: np.ndarray
    flags_needed: np.ndarray
    limit_value: np.ndarray
    limit_left: np.ndarray
    stage_cap: np.ndarray
    stage_min: np.ndarray
    stage_missing: np.ndarray
    idle_price: np.ndarray
    idle_from: np.ndarray
    move_price: np.ndarray
    home: np.ndarray
    kept: np.ndarray
    kept_flags: np.ndarray


class Work(NamedTuple):
    """Scratch memory of one thread, flat so that the inner loops take any range of it.

    A *group* holds the placements that one person's states do not keep apart; each has a
    table per duration. A *slot* is a state as a number, a *node* a slot that can be reached.

    Attributes
    ----------
    group_of_kind : (n_kinds,) int64
    group_of_placement : (n_placements,) int64
        -1 = as its kind says.
    group_ptr : (n_stages + 1,) int64
        Groups of each stage.
    group_bit, group_needs, group_meets : (n_groups,) int64
        Bits of the person's own numbering.
    offered, option : (n_tables * width * n_starts,) int32
        Best candidate of each table, place and start.
    seen : (n_tables * n_words,) uint64
        Bits of the starts at which a table has candidates.
    best : (n_tables * table_cells,) int32
        The same as `offered` by table, start and place; a table ends with spare cells.
    table_cells : int
    first, last : (n_tables,) int64
        Starts between which a table has candidates; `last` is -1 where there are none.
    duration : (n_tables,) int64
    table_ptr : (n_groups + 1,) int64
    table : (n_tables,) int64
        The tables of each group that have candidates.
    reached : (n_slots,) int64
        Earliest period; beyond the calendar when never.
    node_of : (n_slots,) int64
    skip, cost : (n_slots,) int64
        By node: the slot after leaving the stage, and what that loses.
    edge_ptr : (n_slots + 1,) int64
    edge_table, edge_after : (n_edges,) int64
        By edge: the table, and the slot after.
    value : (n_slots * node_cells,) int32
        By node, period and place; a node ends with spare cells.
    node_cells : int
    """

    group_of_kind: np.ndarray
    group_of_placement: np.ndarray
    group_ptr: np.ndarray
    group_bit: np.ndarray
    group_needs: np.ndarray
    group_meets: np.ndarray
    offered: np.ndarray
    option: np.ndarray
    seen: np.ndarray
    best: np.ndarray
    table_cells: int
    first: np.ndarray
    last: np.ndarray
    duration: np.ndarray
    table_ptr: np.ndarray
    table: np.ndarray
    reached: np.ndarray
    node_of: np.ndarray
    skip: np.ndarray
    cost: np.ndarray
    edge_ptr: np.ndarray
    edge_table: np.ndarray
    edge_after: np.ndarray
    value: np.ndarray
    node_cells: int
