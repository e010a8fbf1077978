"""The same kind of programme in growing sizes, to see how effort grows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.sets.families import generated
from talentopt.bench.plugins import Instance, InstanceSet

if TYPE_CHECKING:
    from talentopt.bench.plugins import Places

SIZES = (15, 30, 60, 120, 240)


def find(places: Places) -> list[Instance]:
    """Make a scenario of each size."""
    return [generated(places, f"growth/{n}", n, family="people") for n in SIZES]


SET = InstanceSet("growth", "15 to 240 people, each twice the one before", find)
