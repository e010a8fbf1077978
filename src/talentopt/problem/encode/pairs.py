"""Matchings: need, capacities, and providers that must differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem.encode.grouped import at_most_one

if TYPE_CHECKING:
    from talentopt.problem.encode.columns import Decisions
    from talentopt.problem.encode.linear import Builder
    from talentopt.problem.problem import Problem


def encode_pairs(builder: Builder, problem: Problem, decisions: Decisions) -> None:
    """Add every rule of the matchings."""
    _need(builder, problem, decisions)
    _capacity(builder, problem, decisions)
    _distinct(builder, problem, decisions)


def _need(builder: Builder, problem: Problem, decisions: Decisions) -> None:
    matchings = problem.matchings
    need = matchings.demand_need.astype(np.float64)
    priced = matchings.demand_missing > 0
    rows = builder.rows(
        "need/demand", (np.arange(matchings.n_demands),), np.where(priced, need, -np.inf), need
    )
    builder.entries(rows[decisions.arc_demand], np.arange(matchings.n_arcs))
    builder.shortages(
        rows[priced], matchings.demand_missing[priced], matchings.demand_person[priced]
    )


def _capacity(builder: Builder, problem: Problem, decisions: Decisions) -> None:
    matchings = problem.matchings
    role = matchings.demand_matching[decisions.arc_demand].astype(np.int64)
    provider = matchings.arc_provider.astype(np.int64)
    everything = np.bincount(provider, matchings.arc_load, matchings.n_providers)
    tight = np.flatnonzero(matchings.capacity < everything)
    rows = builder.rows("capacity/provider", (tight,), -np.inf, matchings.capacity[tight])
    _loads(builder, problem, rows, np.searchsorted(tight, provider), provider, tight)
    key = role * matchings.n_providers + provider
    in_role = np.bincount(key, matchings.arc_load, matchings.n_matchings * matchings.n_providers)
    most = matchings.role_capacity.reshape(-1)
    tight = np.flatnonzero(most < in_role)
    rows = builder.rows(
        "role_capacity/matching/provider",
        (tight // max(matchings.n_providers, 1), tight % max(matchings.n_providers, 1)),
        -np.inf,
        most[tight],
    )
    _loads(builder, problem, rows, np.searchsorted(tight, key), key, tight)


def _loads(
    builder: Builder,
    problem: Problem,
    rows: np.ndarray,
    where: np.ndarray,
    key: np.ndarray,
    tight: np.ndarray,
) -> None:
    if len(tight) == 0:
        return
    where = np.minimum(where, len(tight) - 1)
    arcs = np.flatnonzero(tight[where] == key)
    builder.entries(rows[where[arcs]], arcs, problem.matchings.arc_load[arcs])


def _distinct(builder: Builder, problem: Problem, decisions: Decisions) -> None:
    matchings = problem.matchings
    role = matchings.demand_matching[decisions.arc_demand]
    seeker = matchings.demand_seeker[decisions.arc_demand].astype(np.int64)
    for group in matchings.distinct:
        arcs = np.flatnonzero(np.isin(role, group))
        at_most_one(
            builder,
            "distinct/seeker/provider",
            (seeker[arcs], matchings.arc_provider[arcs].astype(np.int64)),
            arcs,
        )
