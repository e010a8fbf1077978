"""Public instances of medical student scheduling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.common import best_known
from talentopt.bench.plugins import Instance, InstanceSet

if TYPE_CHECKING:
    from talentopt.bench.plugins import Places


def find(places: Places) -> list[Instance]:
    """List every ``.dzn`` file below ``mss/``."""
    folder = places.public("mss")
    return [
        Instance(
            f"mss/{path.stem}",
            "mss",
            path,
            best_known("mss", path.stem),
            "benchmarks/best_known/mss.csv",
        )
        for path in sorted(folder.rglob("*.dzn"))
    ]


SET = InstanceSet("mss", "medical student scheduling, public instances", find)
