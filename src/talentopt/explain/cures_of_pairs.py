"""Places that would cure missing providers: all missing ones priced at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.explain.cures import NO_EDIT, Cure
from talentopt.insight.exchanges import Exchanges, price
from talentopt.problem import Assignment, measure
from talentopt.problem.evaluate import evaluate
from talentopt.problem.feasible import SLACK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talentopt.insight.standing import Standing
    from talentopt.problem import Matchings


def cure_pairs(standing: Standing, demands: np.ndarray) -> dict[int, Cure | None]:
    """Find for each demand the provider who, with one more place, would cure it best.

    Everybody else stays. A provider who has room needs no edit and comes first.

    Parameters
    ----------
    standing : Standing
    demands : (n,) int64
        Each short of a provider.

    Returns
    -------
    dict
        By demand; None where no place alone would do.
    """
    matchings, plan = standing.problem.matchings, standing.assignment
    arcs = _open_arcs(matchings, plan, demands)
    found: dict[int, Cure | None] = dict.fromkeys(demands.tolist())
    if len(arcs) == 0:
        return found
    nothing = np.zeros(0, np.int64)
    priced = price(standing.problem, plan, standing.evaluation, Exchanges(arcs, nothing, nothing))
    gain = priced.change.copy()
    gain[priced.broken_by] = -np.inf
    room = _has_room(matchings, measure.provider_loads(matchings, plan.arcs), arcs)
    owner = measure.demand_of(matchings, arcs)
    order = np.lexsort((-gain, ~room, owner))
    order = order[gain[order] > -np.inf]
    first = np.unique(owner[order], return_index=True)[1]
    for at in order[first].tolist():
        found[int(owner[at])] = _shown(standing, arcs[at : at + 1], float(gain[at]))
    return found


def _open_arcs(matchings: Matchings, plan: Assignment, demands: np.ndarray) -> np.ndarray:
    """Arcs of demands that are not chosen, save with providers who must differ from others."""
    ptr = matchings.arc_ptr
    ranges = [np.arange(ptr[demand], ptr[demand + 1]) for demand in demands.tolist()]
    arcs = np.setdiff1d(np.concatenate([np.zeros(0, np.int64), *ranges]), plan.arcs)
    for group in matchings.distinct:
        theirs = _keys(matchings, plan.arcs, group)
        mine = _keys(matchings, arcs, group)
        arcs = arcs[(mine < 0) | ~np.isin(mine, theirs)]
    return arcs


def _keys(matchings: Matchings, arcs: np.ndarray, group: tuple[int, ...]) -> np.ndarray:
    """(n,) int64: one number per seeker and provider; -1 outside a group of matchings."""
    demand = measure.demand_of(matchings, arcs)
    key = matchings.demand_seeker[demand].astype(np.int64) * matchings.n_providers
    key += matchings.arc_provider[arcs]
    return np.where(np.isin(matchings.demand_matching[demand], group), key, -1)


def _has_room(matchings: Matchings, loads: np.ndarray, arcs: np.ndarray) -> np.ndarray:
    """(n,) bool: whether the provider of each arc has room at (n_matchings, n_providers) loads."""
    provider, load = matchings.arc_provider[arcs], matchings.arc_load[arcs]
    role = matchings.demand_matching[measure.demand_of(matchings, arcs)]
    in_role = loads[role, provider] + load <= matchings.role_capacity[role, provider] + SLACK
    over_all = loads[:, provider].sum(axis=0) + load <= matchings.capacity[provider] + SLACK
    return np.asarray(in_role & over_all)


def _shown(standing: Standing, arcs: np.ndarray, gain: float) -> Cure:
    """Add pairs, and the room that their providers lack."""
    problem, plan, names = standing.problem, standing.assignment, standing.names
    matchings = problem.matchings
    after = Assignment.of(np.append(plan.arcs, arcs), plan.options, plan.starts)
    loads = measure.provider_loads(matchings, after.arcs)
    roomy = replace(
        matchings,
        capacity=np.maximum(matchings.capacity, loads.sum(axis=0)),
        role_capacity=np.maximum(matchings.role_capacity, loads),
    )
    seekers = names.seekers[matchings.demand_seeker[measure.demand_of(matchings, arcs)]]
    edits = tuple(_edits(standing, roomy)) or (NO_EDIT,)
    who = tuple(sorted(set(seekers.tolist())))
    return Cure(edits, gain, float(len(arcs)), who, after, replace(problem, matchings=roomy))


def _edits(standing: Standing, roomy: Matchings) -> Iterator[str]:
    """Write what providers have more room than in the scenario."""
    matchings, names = standing.problem.matchings, standing.names
    in_role = roomy.role_capacity > matchings.role_capacity + SLACK
    for role, provider in np.argwhere(in_role).tolist():
        more = roomy.role_capacity[role, provider] - matchings.role_capacity[role, provider]
        yield f"{more:g} more in column {names.matchings[role]} of {names.providers[provider]}"
    for provider in np.flatnonzero(roomy.capacity > matchings.capacity + SLACK).tolist():
        more = roomy.capacity[provider] - matchings.capacity[provider]
        yield f"{more:g} more capacity of {names.providers[provider]}"


def cure_pairs_together(standing: Standing, demands: np.ndarray) -> Cure | None:
    """Give every demand a missing provider at once, the best of those with room first.

    Parameters
    ----------
    standing : Standing
    demands : (n,) int64
        Each short of a provider, the dearest first.

    Returns
    -------
    Cure or None
        None where places alone would not do, such as for want of money.
    """
    matchings, plan = standing.problem.matchings, standing.assignment
    arcs = _open_arcs(matchings, plan, demands)
    loads = measure.provider_loads(matchings, plan.arcs)
    owner = measure.demand_of(matchings, arcs)
    added = []
    for demand in demands.tolist():
        mine = arcs[owner == demand]
        if len(mine):
            order = np.lexsort((-matchings.arc_points[mine], ~_has_room(matchings, loads, mine)))
            best = int(mine[order[0]])
            role, provider = matchings.demand_matching[demand], matchings.arc_provider[best]
            loads[role, provider] += matchings.arc_load[best]
            added.append(best)
    cure = _shown(standing, np.array(added, dtype=np.int64), 0.0)
    value = evaluate(cure.problem, cure.assignment)
    if not added or value.violations:
        return None
    return replace(cure, gain=value.value - standing.evaluation.value)
