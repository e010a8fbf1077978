"""A programme of 10000 people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.sets.families import generated
from talentopt.bench.plugins import Instance, InstanceSet

if TYPE_CHECKING:
    from talentopt.bench.plugins import Places


def find(places: Places) -> list[Instance]:
    """Make the scenario."""
    return [generated(places, "huge/10000-1", 10000, family="people")]


SET = InstanceSet("huge", "10000 people: as large as it gets", find)
