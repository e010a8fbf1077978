"""HiGHS on the whole model."""

from __future__ import annotations

from benchmarks.solvers.own import imports, own
from talentopt.bench.plugins import Competitor

COMPETITOR = Competitor(
    "milp",
    "HiGHS on the shared linear model, its default settings, no start",
    own("milp"),
    prepare=imports("milp"),
)
