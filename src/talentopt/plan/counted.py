"""Facts that keep candidates out, counted and written as one sentence part."""

from __future__ import annotations

from collections import Counter, defaultdict


class Counted:
    """Counts causes in the order in which they first occur."""

    def __init__(self) -> None:
        self._causes: Counter[str] = Counter()
        self._areas: defaultdict[str, dict[str, None]] = defaultdict(dict)

    def add(self, cause: str, area: str = "") -> None:
        """Count one candidate that is kept out by this cause, in an area where it has one."""
        self._causes[cause] += 1
        if area:
            self._areas[cause][area] = None

    def __str__(self) -> str:
        """Write the causes, most frequent first, as ``3 full (areas ore, gas), 1 forbidden``."""
        return ", ".join(
            f"{count} {cause}{self._where(cause)}" for cause, count in self._causes.most_common()
        )

    def _where(self, cause: str) -> str:
        areas = self._areas[cause]
        return f" (area{'s' * (len(areas) > 1)} {', '.join(areas)})" if areas else ""
