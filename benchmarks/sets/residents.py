"""Public instances of hospital/residents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.formats.residents import read
from benchmarks.residents import value_of
from talentopt.bench.plugins import Instance, InstanceSet

if TYPE_CHECKING:
    from talentopt.bench.plugins import Places


def find(places: Places) -> list[Instance]:
    """List every ``residents.json`` below ``hr_spa/``; its published matching is stable."""
    folder = places.public("hr_spa")
    found = []
    for path in sorted(folder.rglob("residents.json")):
        instance = read(path)
        known = value_of(instance, instance.published) if instance.published else None
        name = "-".join(["residents", *path.relative_to(folder).parts[:-1]])
        found.append(Instance(f"residents/{name}", "residents", path, known, "published matching"))
    return found


SET = InstanceSet("residents", "hospital/residents, public instances (points of both sides)", find)
