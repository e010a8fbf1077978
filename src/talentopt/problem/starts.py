"""Sets of allowed start periods as bit masks."""

from __future__ import annotations

import numpy as np

LOWEST = np.uint64(1)


def n_words(n_periods: int) -> int:
    """Count the 64-bit words of a mask; at least 1."""
    return max(1, -(-n_periods // 64))


def pack(allowed: np.ndarray) -> np.ndarray:
    """(n, n_words) uint64: masks of (n, n_periods) bool; bit s is period s."""
    words = n_words(allowed.shape[1])
    octets = np.zeros((len(allowed), words * 8), dtype=np.uint8)
    packed = np.packbits(allowed, axis=1, bitorder="little")
    octets[:, : packed.shape[1]] = packed
    return octets.view("<u8").astype(np.uint64, copy=False)


def unpack(masks: np.ndarray, n_periods: int) -> np.ndarray:
    """(n, n_periods) bool: the periods of (n, n_words) masks."""
    periods = np.arange(n_periods)
    bits = masks[:, periods // 64] >> (periods % 64).astype(np.uint64)
    return np.asarray(bits & LOWEST == 1)


def only(period: int, words: int) -> np.ndarray:
    """(n_words,) uint64: the mask of one period; empty outside the calendar."""
    mask = np.zeros(words, dtype=np.uint64)
    if 0 <= period < words * 64:
        mask[period // 64] = LOWEST << np.uint64(period % 64)
    return mask


def free_runs(free: np.ndarray, duration: int) -> np.ndarray:
    """(n, n_periods) bool: starts from which `duration` periods are all free.

    Parameters
    ----------
    free : (n, n_periods) bool
    duration : int
    """
    n_rows, n_periods = free.shape
    starts = np.zeros_like(free)
    last = n_periods - duration
    if last < 0:
        return starts
    taken = np.zeros((n_rows, n_periods + 1), dtype=np.int32)
    np.cumsum(~free, axis=1, out=taken[:, 1:])
    starts[:, : last + 1] = taken[:, duration:] == taken[:, : last + 1]
    return starts


def holds(masks: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """(n,) bool: whether each mask of (n, n_words) holds the period beside it."""
    inside = (starts >= 0) & (starts < masks.shape[1] * 64)
    period = np.where(inside, starts, 0).astype(np.int64)
    words = masks[np.arange(len(masks)), period // 64]
    return np.asarray(inside & (words >> (period % 64).astype(np.uint64) & LOWEST == 1))
