"""What pairs and bookings draw from the budgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from talentopt.compile.matchings import Numbering
    from talentopt.compile.programme import Programme
    from talentopt.compile.rows import RowBuilder
    from talentopt.compile.side import Side, Sides
    from talentopt.problem.matchings import Matchings


def add_budgets(
    rows: RowBuilder,
    budgets: pd.DataFrame,
    providers: Numbering,
    sides: Sides,
    matchings: Matchings,
    programme: Programme,
) -> None:
    """Add one hard row per budget over all pairs and bookings that cost."""
    draws = [_draws(sides[table]) for table in providers.first]
    provider_budget = np.concatenate([np.zeros(0, object), *(budget for budget, _ in draws)])
    provider_cost = np.concatenate([np.zeros(0), *(cost for _, cost in draws)])
    placement_budget, placement_cost = _draws(programme.venues.side)
    for name, amount in zip(budgets["budget"], budgets["amount"], strict=True):
        arcs, arc_cost = _drawing(matchings.arc_provider, provider_budget == name, provider_cost)
        options, option_cost = _drawing(
            programme.options.option_placement, placement_budget == name, placement_cost
        )
        rows.add(
            ("budget", str(name), ""),
            np.concatenate([arcs, rows.n_arcs + options]),
            np.concatenate([arc_cost, option_cost]),
            (-np.inf, float(amount)),
            np.inf,
        )


def _draws(side: Side) -> tuple[np.ndarray, np.ndarray]:
    """(n,) object and (n,) float64: budget and cost of each row of a table."""
    return side.texts("budget"), np.nan_to_num(side.numbers("cost"))


def _drawing(
    place: np.ndarray, of_budget: np.ndarray, cost: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Find the arcs (or options) whose provider (or placement) draws on a budget."""
    drawing = of_budget & (cost != 0)
    if not drawing.any():
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    found = np.flatnonzero(drawing[place])
    return found, cost[place[found]]
