"""CBC on the whole model, through PuLP."""

from __future__ import annotations

from benchmarks.solvers.own import imports, own
from talentopt.bench.plugins import Competitor


def absent() -> str:
    """Say when PuLP finds no CBC (its fourth version brings none)."""
    import pulp

    found = pulp.listSolvers(onlyAvailable=True)
    return "" if "PULP_CBC_CMD" in found else "PuLP finds no CBC on this machine"


COMPETITOR = Competitor(
    "cbc",
    "CBC as PuLP brings it, on the shared linear model, default settings, no start; "
    "its bounds are not trusted and not shown, and it offers its answer at the end only",
    own("milp:PULP_CBC_CMD"),
    absent,
    prepare=imports("milp"),
)
