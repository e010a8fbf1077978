"""What the pricing kernels read, and their scratch memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np


class Layout(NamedTuple):
    """What does not change with the prices; see `Itineraries`, `Tables` and `Nodes`.

    `n_places` counts the blank place, which is the last, if `has_blank`; rows of places are
    `width` long. Points and prices of people are in whole units; `fixed_bonus` makes a fixed
    option be booked.
    """

    n_periods: int
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
    placement_ptr: np.ndarray
    placement_tables: np.ndarray
    placement_place: np.ndarray
    placement_duration: np.ndarray
    table_duration: np.ndarray
    table_level: np.ndarray
    limit_value: np.ndarray
    limit_left: np.ndarray
    type_of: np.ndarray
    node_ptr: np.ndarray
    node_stage: np.ndarray
    node_count: np.ndarray
    node_skip: np.ndarray
    edge_ptr: np.ndarray
    edge_table: np.ndarray
    edge_next: np.ndarray
    stage_min: np.ndarray
    stage_missing: np.ndarray
    idle_price: np.ndarray
    idle_from: np.ndarray
    move_price: np.ndarray
    home: np.ndarray


class Work(NamedTuple):
    """Scratch memory of one thread, flat so that the inner loops take any range of it.

    Attributes
    ----------
    best, option : (n_tables * table_cells,) int32
        Best candidate of each table, start and place; a table ends with spare cells.
    table_cells : int
    first, last : (n_tables,) int64
        Starts between which a table has candidates.
    value : (n_nodes * node_cells,) int32
        By node, period and place; a node ends with spare cells.
    node_cells : int
    reached : (n_nodes,) int64
        Earliest period; beyond the calendar when never.
    """

    best: np.ndarray
    option: np.ndarray
    table_cells: int
    first: np.ndarray
    last: np.ndarray
    value: np.ndarray
    node_cells: int
    reached: np.ndarray
