"""A programme of 200 people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.sets.families import generated
from talentopt.bench.plugins import Instance, InstanceSet

if TYPE_CHECKING:
    from talentopt.bench.plugins import Places


def find(places: Places) -> list[Instance]:
    """Make the scenario."""
    return [generated(places, "company/200-1", 200, family="people")]


SET = InstanceSet("company", "200 people: a company", find)
