"""Programmes of 20 and 60 people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.sets.families import generated
from talentopt.bench.plugins import Instance, InstanceSet

if TYPE_CHECKING:
    from talentopt.bench.plugins import Places


def find(places: Places) -> list[Instance]:
    """Make two scenarios of each size."""
    return [
        generated(places, f"small/{n}-{seed}", n, seed=seed, family="people" if seed == 1 else "")
        for n in (20, 60)
        for seed in (1, 2)
    ]


SET = InstanceSet("small", "20 and 60 people, two drawn scenarios each", find)
