"""Enumeration between bound and value, and CP-SAT."""

from __future__ import annotations

from benchmarks.solvers.own import imports, own
from talentopt.bench.plugins import Competitor

COMPETITOR = Competitor(
    "exact",
    "column generation over whole itineraries, enumeration between bound and value, CP-SAT",
    own("exact"),
    compiles=True,
    prepare=imports("exact"),
)
