"""Public instances of student/project allocation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.formats.residents import read
from benchmarks.residents import value_of
from talentopt.bench.plugins import Instance, InstanceSet

if TYPE_CHECKING:
    from talentopt.bench.plugins import Places


def find(places: Places) -> list[Instance]:
    """List every ``students.csv`` below ``hr_spa/``; its published matching is stable."""
    folder = places.public("hr_spa")
    found = []
    for path in sorted(folder.rglob("students.csv")):
        instance = read(path)
        known = value_of(instance, instance.published) if instance.published else None
        name = "-".join(["projects", *path.relative_to(folder).parts[:-1]])
        found.append(Instance(f"projects/{name}", "residents", path, known, "published matching"))
    return found


SET = InstanceSet(
    "projects", "student/project allocation, public instances (points of both sides)", find
)
