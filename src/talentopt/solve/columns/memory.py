"""What a label search keeps: per period the labels of the highest priority, none twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.compiled import compiled

if TYPE_CHECKING:
    from talentopt.solve.columns.tables import Work


@compiled
def scramble(number: int | np.int64) -> np.uint64:
    """SplitMix64: a well-spread hash of a number."""
    z = np.uint64(number) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0x632BE59BD9B4E019)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@compiled
def begin(work: Work, place: int, unpaid: float) -> None:
    """Forget all labels but one, of nothing held at a place."""
    work.bucket[:] = -1
    work.size[:] = 0
    work.period[0], work.node[0], work.place[0] = 0, 0, place
    work.tolled[0], work.parent[0], work.slot[0], work.mark[0] = 0.0, -1, -1, np.uint64(0)
    work.spare[0], work.dead[0], work.limits[0] = unpaid, False, np.uint64(0)
    work.key[0, 0], work.label[0, 0], work.size[0] = -np.inf, 0, 1
    work.size[-1] = 1


@compiled
def crowded_out(work: Work, period: int, key: float) -> bool:
    """Whether a period keeps as many labels as it may, all of a higher priority."""
    if work.size[period] < work.key.shape[1]:
        return False
    crowded: bool = key <= -work.key[period, 0]
    return crowded


@compiled
def push(heap_key: np.ndarray, heap_label: np.ndarray, size: int, key: float, label: int) -> int:
    """Add to a binary max-heap; returns its new size."""
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if heap_key[above] >= key:
            break
        heap_key[at], heap_label[at] = heap_key[above], heap_label[above]
        at = above
    heap_key[at], heap_label[at] = key, label
    return size + 1


@compiled
def pop(heap_key: np.ndarray, heap_label: np.ndarray, size: int) -> int:
    """Remove the largest of a binary max-heap; returns its new size."""
    size -= 1
    key, label = heap_key[size], heap_label[size]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and heap_key[below + 1] > heap_key[below]:
            below += 1
        if heap_key[below] <= key:
            break
        heap_key[at], heap_label[at] = heap_key[below], heap_label[below]
        at = below
    heap_key[at], heap_label[at] = key, label
    return size


@compiled
def retrace(
    work: Work, label: int, slot: int, start: int, path: np.ndarray, starts: np.ndarray
) -> int:
    """Write down a label's placements and one more; returns how many."""
    path[0], starts[0], count = slot, start, 1
    while label >= 0:
        if work.slot[label] >= 0:
            path[count], starts[count] = work.slot[label], work.start[label]
            count += 1
        label = work.parent[label]
    for k in range(count // 2):
        path[k], path[count - 1 - k] = path[count - 1 - k], path[k]
        starts[k], starts[count - 1 - k] = starts[count - 1 - k], starts[k]
    return count


@compiled
def keep(
    work: Work, period: int, node: int, place: int, parent: int, slot: int, start: int,
    key: float, tolled: float, spare: float, mark: np.uint64, limits: np.uint64,
) -> float:  # fmt: skip
    """Add a label to its period; returns the priority of the one dropped for it, or -inf.

    The last of ``work.size`` counts labels.
    """
    width = work.key.shape[1]
    full = work.size[period] == width
    lost = -np.inf
    if full:
        lost = -work.key[period, 0]
        if key <= lost:
            return key
        at = work.label[period, 0]
    else:
        at = work.size[-1]
    if work.size[-2] > len(work.bucket) // 2:
        return key
    other = find(work, period, node, place, mark)
    if work.bucket[other] >= 0:
        # What is tolled too much is given back in the end, so it counts here.
        known = work.bucket[other]
        if work.tolled[known] - work.spare[known] >= tolled - spare:
            return -np.inf
        work.dead[work.bucket[other]] = True
    else:
        work.size[-2] += 1
    work.bucket[other] = at
    if full:
        work.size[period] = pop(work.key[period], work.label[period], width)
    else:
        work.size[-1] += 1
    work.period[at], work.node[at], work.place[at] = period, node, place
    work.parent[at], work.slot[at], work.start[at] = parent, slot, start
    work.tolled[at], work.spare[at] = tolled, spare
    work.mark[at], work.limits[at] = mark, limits
    work.dead[at] = False
    work.size[period] = push(work.key[period], work.label[period], work.size[period], -key, at)
    return lost


@compiled
def find(work: Work, period: int, node: int, place: int, mark: np.uint64) -> np.int64:
    """Find where an interchangeable label is entered, or a free place."""
    mask = len(work.bucket) - 1
    key = mark + scramble(7 + 8 * (np.int64(period) * 4194304 + node * 1024 + place))
    spot = np.int64(key & np.uint64(mask))
    while work.bucket[spot] >= 0:
        other = work.bucket[spot]
        if (
            work.mark[other] == mark
            and work.period[other] == period
            and work.node[other] == node
            and work.place[other] == place
        ):
            break
        spot = (spot + 1) & mask
    return spot
