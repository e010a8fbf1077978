"""How many seats give a wanted ratio of demand to supply."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Seating:
    """Seats of one stage's placements.

    Attributes
    ----------
    seats : (n_placements,) int
        People at one time.
    closed : tuple of (int, int, int)
        (placement, first period, periods) in which one seat is not there.
    turns : int
        Bookings that fit in all: seats times the times their window holds
        the placement's duration, less what is closed.
    """

    seats: np.ndarray
    closed: tuple[tuple[int, int, int], ...]
    turns: int


def seat(
    rng: np.random.Generator,
    weights: np.ndarray,
    durations: np.ndarray,
    opens: np.ndarray,
    closes: np.ndarray,
    wanted: int,
) -> Seating:
    """Give placements seats so that `wanted` bookings fit, to the last one.

    Every placement has at least one seat. What whole seats give too much is
    taken back by closing one seat for the length of one booking, at places
    drawn at random (a shutdown for maintenance). Too few people for so many
    placements leave more turns than wanted.

    Parameters
    ----------
    rng : Generator
    weights : (n_placements,) float
        How the bookings are shared out.
    durations, opens, closes : (n_placements,) int
        Periods; the window is from `opens` to `closes`, both included.
    wanted : int
        Bookings that shall fit.
    """
    turns = (closes - opens + 1) // durations
    share = weights / weights.sum() * wanted
    seats = np.maximum(1, (share / turns).astype(int))
    while (short := wanted - int(seats @ turns)) > 0:
        lacking = np.argsort(seats * turns - share, kind="stable")
        enough = int(np.searchsorted(np.cumsum(turns[lacking]), short)) + 1
        seats[lacking[:enough]] += 1
    first_round: list[tuple[int, int]] = []
    last_resort: list[tuple[int, int]] = []
    excess = int(seats @ turns) - wanted
    evenly = -(-excess // len(seats))
    for placement in rng.permutation(len(seats)):
        drawn = [(int(placement), int(turn)) for turn in rng.permutation(turns[placement])]
        most = max(evenly, turns[placement] // 3)
        first_round += drawn[:most]
        last_resort += drawn[most:]
        if len(first_round) >= excess:
            break
    closed = [
        (placement, int(opens[placement] + turn * durations[placement]), int(durations[placement]))
        for placement, turn in (first_round + last_resort)[:excess]
    ]
    return Seating(seats, tuple(sorted(closed)), int(seats @ turns) - len(closed))
