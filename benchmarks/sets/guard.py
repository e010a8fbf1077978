"""What the regression guard looks at: small, and a little of everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.sets.families import generated
from talentopt.bench.plugins import Instance, InstanceSet

if TYPE_CHECKING:
    from talentopt.bench.plugins import Places


def find(places: Places) -> list[Instance]:
    """Make or list them."""
    bundled = places.home.parent / "scenarios"
    return [
        generated(places, "guard/20-at-0.87", 20),
        generated(places, "guard/60-at-0.87", 60),
        generated(places, "guard/40-at-1.1", 40, tightness=1.1),
        Instance("guard/first-cohort", "scenario", bundled / "first-cohort"),
        Instance("guard/residency", "scenario", bundled / "residency"),
    ]


SET = InstanceSet("guard", "five small instances for the regression guard", find)
