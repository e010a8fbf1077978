"""Records made by hand."""

from typing import Any

from talentopt.bench.runs import Record


def record(solver: str, *, instance: str = "set/one", sense: str = "max", **facts: Any) -> Record:
    facts = {"outcome": "solved", "seconds": 1.0, "wall": 2.0, "cpu": 2.0, "memory": 9.0} | facts
    base = {"key": "", "format": "scenario", "family": "", "size": 0, "seed": 0, "limit": 5.0}
    name = f"{instance}+{solver}".replace("/", "~")
    return Record(
        name=name, instance=instance, sense=sense, solver=solver, workers=1, **(base | facts)
    )
