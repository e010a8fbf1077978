"""The scenarios that come with the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talentopt.bench.plugins import Absent, Instance, InstanceSet

if TYPE_CHECKING:
    from talentopt.bench.plugins import Places

CONTRADICTORY = "contradiction"
"""Has no plan on purpose."""


def find(places: Places) -> list[Instance]:
    """List all that have a plan."""
    folder = places.home.parent / "scenarios"
    if not folder.is_dir():
        raise Absent(f"there is no folder {folder}")
    return [
        Instance(f"scenarios/{path.name}", "scenario", path)
        for path in sorted(folder.iterdir())
        if (path / "scenario.yaml").exists() and path.name != CONTRADICTORY
    ]


SET = InstanceSet(
    "scenarios", "the scenarios of the project, from first-cohort to group size", find
)
