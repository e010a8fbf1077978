"""Rows shared by many rules: sums over groups, and facts that are an OR."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.problem.encode.linear import Builder
    from talentopt.problem.problem import Assignment


def at_most_one(builder: Builder, kind: str, ids: tuple[np.ndarray, ...], of: np.ndarray) -> None:
    """At most one column of each group; `ids` name the group of each column in `of`."""
    if len(of) == 0:
        return
    groups, group, size = np.unique(
        np.stack(ids, axis=1), axis=0, return_inverse=True, return_counts=True
    )
    group = group.reshape(-1)
    many = size > 1
    number = np.cumsum(many) - 1
    rows = builder.rows(kind, tuple(groups[many].T), -np.inf, 1.0)
    binding = many[group]
    builder.entries(rows[number[group[binding]]], of[binding])


def any_of(
    builder: Builder,
    kind: str,
    group: np.ndarray,
    members: np.ndarray,
    n_groups: int,
    excluding: np.ndarray | None = None,
) -> np.ndarray:
    """Add a column per group that is 1 exactly when one of its whole members is.

    Parameters
    ----------
    builder : Builder
    kind : str
        Name of the rows.
    group, members : (n,) int64
        Group and column of each member.
    n_groups : int
    excluding : (n,) int64, optional
        Members with the same number exclude each other, which makes the relaxation tighter.

    Returns
    -------
    (n_groups,) int64
        The columns.
    """
    columns = builder.columns(np.zeros(n_groups), np.array(-1))
    every = np.arange(n_groups)
    some = builder.rows(kind, (every,), -np.inf, 0.0)
    builder.entries(some, columns)
    builder.entries(some[group], members, -1.0)
    number = np.arange(len(members)) if excluding is None else excluding
    sets, of = np.unique(np.stack([group, number]), axis=1, return_inverse=True)
    each = builder.rows(kind, (sets[0],), -np.inf, 0.0)
    builder.entries(each[of.reshape(-1)], members)
    builder.entries(each, columns[sets[0]], -1.0)

    def complete(values: np.ndarray, _: Assignment) -> None:
        values[columns] = 0.0
        np.maximum.at(values, columns[group], values[members])

    builder.on_completion(complete)
    return columns
