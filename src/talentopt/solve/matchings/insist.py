"""Compiled: what a seeker of distinct providers loses by insisting on one of some value."""

from __future__ import annotations

import numpy as np

from talentopt.solve.compiled import compiled
from talentopt.solve.matchings.distinct import choose_distinct
from talentopt.solve.matchings.kernels import (
    MAX_SLOTS,
    Arcs,
    Demands,
    insert_arc,
    reduced_value,
    top_of_demand,
)


@compiled
def exact_losses(
    first: int,
    last: int,
    arcs: Arcs,
    demands: Demands,
    part_ptr: np.ndarray,
    part_demand: np.ndarray,
    clash: np.ndarray,
    matching: int,
    person: np.ndarray,
    provider_value: np.ndarray,
    most: np.ndarray,
    spread: np.ndarray,
    chosen: np.ndarray,
    reduced: np.ndarray,
    loss: np.ndarray,
) -> None:
    """Take clashes into account in the losses of the seekers ``first:last``.

    ``loss`` (n_people, n_values) holds losses that ignore clashes, and ``spread`` (n_demands,)
    what spreading the clashes has cost each demand; ``chosen`` and ``reduced`` are spread. Where
    the demand in `matching` needs one provider and none is fixed, losses below ``most``
    (n_people,) become exact; others keep to at least nothing.
    """
    for s in range(first, last):
        part = part_demand[part_ptr[s] : part_ptr[s + 1]]
        insists, slots, cost = -1, 0, 0.0
        for i in range(len(part)):
            slots += demands.need[part[i]]
            cost += spread[part[i]]
            if demands.matching[part[i]] == matching:
                insists = i
        if insists < 0 or person[part[insists]] < 0:
            continue
        d = part[insists]
        row = loss[person[d]]
        single = demands.need[d] == 1 and demands.fixed_ptr[d] == demands.fixed_ptr[d + 1]
        if not single or slots > MAX_SLOTS:
            for v in range(len(row)):
                row[v] = max(0.0, row[v] - cost)
            continue
        now = provider_value[arcs.provider[chosen[d, 0]]] if chosen[d, 0] >= 0 else -1
        for v in range(len(row)):
            if v == now:
                row[v] = 0.0
            elif row[v] < np.inf:
                row[v] = max(0.0, row[v] - cost)
                if row[v] < most[person[d]]:
                    exact = _loss(
                        part,
                        insists,
                        slots,
                        v,
                        arcs,
                        demands,
                        clash,
                        provider_value,
                        chosen,
                        reduced,
                    )
                    row[v] = max(row[v], exact)


@compiled
def _loss(
    part: np.ndarray,
    insists: int,
    slots: int,
    value: int,
    arcs: Arcs,
    demands: Demands,
    clash: np.ndarray,
    provider_value: np.ndarray,
    chosen: np.ndarray,
    reduced: np.ndarray,
) -> float:
    """Find what a seeker's distinct providers are worth less with one of a value; 0 if unknown."""
    old, old_reduced = chosen[part].copy(), reduced[part].copy()
    options = np.full((len(part), slots), -1, np.int64)
    worth = np.full((len(part), slots), -np.inf)
    before = 0.0
    for i in range(len(part)):
        before += reduced[part[i], : demands.need[part[i]]].sum()
        if i == insists:
            _top_of_value(arcs, demands, part[i], value, provider_value, options[i], worth[i])
        else:
            top_of_demand(arcs, demands, part[i], options[i], worth[i])
    # More than all else is worth, so that nothing is preferred to a provider of the value.
    bonus = 1.0 + 2.0 * np.abs(old_reduced).sum()
    for i in range(len(part)):
        d = part[i]
        bonus += 2.0 * demands.need[d] * abs(demands.missing[d] * demands.weight[d])
        for k in range(slots):
            if options[i, k] >= 0:
                bonus += 2.0 * abs(worth[i, k])
    worth[insists] += bonus
    known = choose_distinct(arcs, demands, part, clash, options, worth, chosen, reduced)
    after = -bonus
    for i in range(len(part)):
        after += reduced[part[i], : demands.need[part[i]]].sum()
    found = chosen[part[insists], 0] >= 0
    chosen[part], reduced[part] = old, old_reduced
    if not known:
        return 0.0
    return max(0.0, before - after) if found else np.inf


@compiled
def _top_of_value(
    arcs: Arcs,
    demands: Demands,
    d: int,
    value: int,
    provider_value: np.ndarray,
    best: np.ndarray,
    best_value: np.ndarray,
) -> None:
    """Fill `best` with the arcs of highest reduced value among providers of one value."""
    last = len(best) - 1
    for a in range(arcs.ptr[d], arcs.ptr[d + 1]):
        if provider_value[arcs.provider[a]] != value:
            continue
        worth = reduced_value(arcs, demands, d, a)
        if worth > best_value[last]:
            insert_arc(a, worth, best, best_value)
