"""The same programme with and without points that link mentors and projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.sets.families import generated
from talentopt.bench.plugins import Instance, InstanceSet

if TYPE_CHECKING:
    from talentopt.bench.plugins import Places


def find(places: Places) -> list[Instance]:
    """Make both."""
    return [
        generated(places, "coupling/60-linked", 60),
        generated(places, "coupling/60-apart", 60, links=False),
    ]


SET = InstanceSet("coupling", "60 people, mentors and projects linked or not", find)
