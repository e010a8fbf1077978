"""Public instances of reviewer assignment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.common import best_known
from talentopt.bench.plugins import Instance, InstanceSet

if TYPE_CHECKING:
    from pathlib import Path

    from talentopt.bench.plugins import Places


def find(places: Places) -> list[Instance]:
    """List every file below ``reviewer/``, for the total and for the lowest paper."""
    folder = places.public("reviewer")
    files = sorted([*folder.rglob("scores.npy"), *folder.rglob("*.in")])
    found = []
    for path in files:
        lower = path.with_name("loads-lb.npy").exists() and path.suffix == ".npy"
        for suffix in ("", "-lower") if lower else ("",):
            found += [_instance(path, objective, suffix) for objective in ("total", "worst-off")]
    return found


def _instance(path: Path, objective: str, suffix: str) -> Instance:
    name = (path.parent.name if path.suffix == ".npy" else path.stem) + suffix
    table = f"reviewers-{objective}"
    form = "reviewers" if objective == "total" else "reviewers-worst-off"
    return Instance(
        f"reviewers/{name}-{objective}",
        form + suffix,
        path,
        best_known(table, name),
        f"benchmarks/best_known/{table}.csv",
    )


SET = InstanceSet(
    "reviewers", "reviewer assignment, public instances: total and lowest paper", find
)
