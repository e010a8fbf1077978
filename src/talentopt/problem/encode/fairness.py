"""The worst-off term: the lowest person's total."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.problem.encode.linear import Builder
    from talentopt.problem.problem import Problem


def encode_worst_off(builder: Builder, problem: Problem) -> int:
    """Add a column at most every person's total; every column must exist already.

    Returns
    -------
    int
        The column, or -1 without the term.
    """
    n_people = problem.itineraries.n_people
    if not problem.worst_off or n_people == 0:
        return -1
    points, person = builder.owned()
    lowest = builder.columns(
        np.array([problem.worst_off]), np.array(-1), lower=-np.inf, upper=np.inf, shortage=True
    )
    rows = builder.rows("worst_off/person", (np.arange(n_people),), -np.inf, 0.0)
    builder.entries(rows, lowest[0])
    owned = np.flatnonzero((person >= 0) & (points != 0))
    builder.entries(rows[person[owned]], owned, -points[owned])
    return int(lowest[0])
