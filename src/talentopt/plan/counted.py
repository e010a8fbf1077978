"""Facts that keep candidates out, counted and written as one sentence part."""

from __future__ import annotations

from collections import Counter


class Counted:
    """Counts causes in the order in which they first occur."""

    def __init__(self) -> None:
        self._causes: Counter[str] = Counter()

    def add(self, cause: str) -> None:
        """Count one candidate that is kept out by this cause."""
        self._causes[cause] += 1

    def __str__(self) -> str:
        """Write the causes, most frequent first, as ``3 full, 1 forbidden``."""
        return ", ".join(f"{count} {cause}" for cause, count in self._causes.most_common())
