"""A programme of 1391 people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.sets.families import generated
from talentopt.bench.plugins import Instance, InstanceSet

if TYPE_CHECKING:
    from talentopt.bench.plugins import Places


def find(places: Places) -> list[Instance]:
    """Make the scenario."""
    return [generated(places, "group/1391-1", 1391, family="people")]


SET = InstanceSet("group", "1391 people: the whole group", find)
