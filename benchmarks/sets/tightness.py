"""Sixty people and ever fewer seats: from plenty to more demand than supply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.sets.families import generated
from talentopt.bench.plugins import Instance, InstanceSet

if TYPE_CHECKING:
    from talentopt.bench.plugins import Places


def find(places: Places) -> list[Instance]:
    """Make a scenario of each tightness."""
    return [
        generated(places, f"tightness/60-at-{tightness:g}", 60, tightness=tightness)
        for tightness in (0.7, 0.87, 1.0, 1.1)
    ]


SET = InstanceSet("tightness", "60 people, demand over supply 0.7, 0.87, 1.0 and 1.1", find)
