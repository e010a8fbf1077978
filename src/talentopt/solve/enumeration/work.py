"""Work counted instead of timed, so that a reproducible run ends where it ended before."""

from __future__ import annotations

PER_CELL = 3e-8
"""Seconds per cell of the tables of a pricing."""

PER_PRICING = 1e-3
PER_MASTER = 2e-3
PER_PIVOT_ENTRY = 3e-9
"""Seconds per simplex iteration and entry of the matrix."""

PER_REDUCTION, PER_ENTRY = 5e-3, 2e-8
"""Seconds to settle some people's itineraries: always, and per entry of the model."""

PER_SEARCH_ENTRY = 2e-5
"""Seconds per entry that a search takes before its first linear program."""

PER_LOOK, PER_LOOK_ENTRY = 1e-3, 1e-8
"""Seconds between two moments at which a search asks whether to stop."""

PER_TURN = 6e-5
"""Seconds per turn in which some people exchange itineraries."""


class Work:
    """Work done so far, in what it takes a usual core, from counts alone.

    Attributes
    ----------
    seconds : float
    """

    def __init__(self) -> None:
        """Begin with none."""
        self.seconds = 0.0

    def priced(self, cells: int) -> None:
        """Count a pricing of people whose tables have so many cells together."""
        self.seconds += PER_PRICING + PER_CELL * cells

    def solved(self, pivots: int, entries: int) -> None:
        """Count a solution of the restricted master."""
        self.seconds += PER_MASTER + PER_PIVOT_ENTRY * pivots * entries

    def reduced(self, entries: int) -> None:
        """Count making a smaller problem of a model of so many entries."""
        self.seconds += PER_REDUCTION + PER_ENTRY * entries

    def began(self, entries: int) -> None:
        """Count the start of a search on so many entries."""
        self.seconds += PER_SEARCH_ENTRY * entries

    def searched(self, entries: int) -> None:
        """Count what a search does until it asks whether to stop."""
        self.seconds += PER_LOOK + PER_LOOK_ENTRY * entries

    def combined(self, seconds: float) -> None:
        """Count a search by CP-SAT that took so many seconds by its own count."""
        self.seconds += seconds

    def exchanged(self, turns: int) -> None:
        """Count turns of exchanging itineraries."""
        self.seconds += PER_TURN * turns
