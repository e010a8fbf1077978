"""CP-SAT on the whole model."""

from __future__ import annotations

from benchmarks.solvers.own import imports, own
from talentopt.bench.plugins import Competitor

COMPETITOR = Competitor(
    "exact",
    "CP-SAT on the shared linear model, linearization level 2, no start",
    own("exact"),
    prepare=imports("exact"),
)
