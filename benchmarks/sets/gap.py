"""Public instances of generalised assignment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.common import best_known
from talentopt.bench.plugins import Instance, InstanceSet

if TYPE_CHECKING:
    from talentopt.bench.plugins import Places


def find(places: Places) -> list[Instance]:
    """List every instance file below ``gap/``."""
    folder = places.public("gap")
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.suffix)
    found = []
    for path in files:
        name = str(path.relative_to(folder))
        value = best_known("gap", name)
        found.append(Instance(f"gap/{name}", "gap", path, value, "benchmarks/best_known/gap.csv"))
    return found


SET = InstanceSet("gap", "generalised assignment, public instances (cost, minimised)", find)
