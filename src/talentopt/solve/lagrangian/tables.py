"""Compiled: the best booking of each kind, duration, start and place for one person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.compiled import compiled
from talentopt.solve.lagrangian.layout import NEVER
from talentopt.solve.lagrangian.vectors import (
    ROW,
    highest_bit,
    lowest_bit,
    offer_starts,
    turn_block,
)

if TYPE_CHECKING:
    from talentopt.solve.lagrangian.layout import Layout, Work

WORST = -500_000_000
"""Candidates below this are not worth booking under any prices."""

WORD = 64
"""Starts in one word of bits."""


@compiled
def fill_tables(
    person: int,
    layout: Layout,
    worth: np.ndarray,
    charge: np.ndarray,
    ban: np.ndarray,
    n_bans: int,
    work: Work,
) -> None:
    """Find the best candidate of every table, start and place.

    ``worth`` (n_options,) are points, ``charge`` (n_placements * n_starts,) what a
    booking costs by its start; the options ``ban[:n_bans]`` are left out.
    """
    tables = work.group_ptr[len(work.group_ptr) - 1] * len(layout.durations)
    work.last[:tables] = -1
    _offer_options(person, layout, worth, charge, ban, n_bans, work)
    _lay_out(layout, work)


@compiled
def _offer_options(
    person: int,
    layout: Layout,
    worth: np.ndarray,
    charge: np.ndarray,
    ban: np.ndarray,
    n_bans: int,
    work: Work,
) -> None:
    """Offer every option at all its starts to the table it belongs to.

    One function, as a call with so many arrays would cost more than what it does here.
    """
    n_starts, n_words = layout.n_starts, layout.option_words.shape[1]
    cells = layout.width * n_starts
    for o in range(layout.option_ptr[person], layout.option_ptr[person + 1]):
        k = layout.option_placement[o]
        kind = layout.kind_of[k]
        banned = kind < 0
        for b in range(n_bans):
            banned |= ban[b] == o
        if banned:
            continue
        group = work.group_of_placement[k]
        if group < 0:
            group = work.group_of_kind[kind]
        table = group * len(layout.durations) + layout.duration_number[k]
        if work.last[table] < 0:
            work.offered[table * cells : (table + 1) * cells] = NEVER
            work.seen[table * n_words : (table + 1) * n_words] = 0
            work.last[table] = 0
        base = np.int64(worth[o])
        if layout.option_fixed[o]:
            base += layout.fixed_bonus
        row = table * cells + layout.placement_place[k] * n_starts
        for which in range(n_words):
            first = which * WORD
            work.seen[table * n_words + which] |= offer_starts(
                work.offered,
                work.option,
                row + first,
                charge,
                k * n_starts + first,
                layout.option_words[o, which],
                min(WORD, n_starts - first),
                base,
                o,
                WORST,
            )
        kept = layout.kept_start[o]
        if kept < 0:
            continue
        bit = np.uint64(1) << np.uint64(kept % WORD)
        value = base + layout.kept_points[o] - charge[k * n_starts + kept]
        allowed = layout.option_words[o, kept // WORD] & bit
        if allowed and value > max(WORST, work.offered[row + kept]):
            work.offered[row + kept], work.option[row + kept] = value, o
            work.seen[table * n_words + kept // WORD] |= bit


@compiled
def _lay_out(layout: Layout, work: Work) -> None:
    """List each group's tables that have candidates, and lay these out by start, then place."""
    n_durations, n_words = len(layout.durations), layout.option_words.shape[1]
    width, n_starts = layout.width, layout.n_starts
    count = 0
    for group in range(work.group_ptr[len(work.group_ptr) - 1]):
        work.table_ptr[group] = count
        for table in range(group * n_durations, (group + 1) * n_durations):
            if work.last[table] < 0:
                continue
            work.first[table], work.last[table] = n_starts, -1
            for which in range(n_words):
                seen = work.seen[table * n_words + which]
                if seen:
                    work.first[table] = min(work.first[table], which * WORD + lowest_bit(seen))
                    work.last[table] = which * WORD + highest_bit(seen)
            if work.last[table] < 0:
                continue
            work.table[count] = table
            count += 1
            rows, turned = table * width * n_starts, table * work.table_cells
            if width == 1:
                work.best[turned : turned + n_starts] = work.offered[rows : rows + n_starts]
                continue
            # One start more, as `raise_by_sums` may read that far.
            for t in range(
                work.first[table] // ROW * ROW, min(work.last[table] + 2, n_starts), ROW
            ):
                for place in range(0, width, ROW):
                    first, here = rows + place * n_starts + t, turned + t * width + place
                    turn_block(work.offered, first, n_starts, work.best, here, width)
        work.table_ptr[group + 1] = count
