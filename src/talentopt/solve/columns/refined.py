"""Search over one person's itineraries along a graph of states, guided by its bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.columns.graph import first_arcs
from talentopt.solve.columns.labels import correction, fingerprint, joins, limits_used
from talentopt.solve.columns.memory import begin, keep, retrace
from talentopt.solve.compiled import compiled

if TYPE_CHECKING:
    from talentopt.solve.columns.graph import Graph
    from talentopt.solve.columns.structure import Structure
    from talentopt.solve.columns.tables import Table, Work


@compiled
def search_graph(
    person: int,
    graph: Graph,
    s: Structure,
    table: Table,
    toll: np.ndarray,
    rest: np.ndarray,
    unpaid: float,
    least: float,
    eps: float,
    work: Work,
    path: np.ndarray,
    starts: np.ndarray,
) -> tuple[float, float, int]:
    """Find an itinerary worth more than ``least``, as `labels.search` does.

    Parameters
    ----------
    rest : (n_states,) float64
        As `graph.look_back` fills it.
    toll, unpaid, least, eps, work, path, starts
        As in `labels.search`; a label's node is its state.

    Returns
    -------
    bound, worth, count
        As there.
    """
    first = s.group_start[s.group_ptr[person]]
    critical = table.critical[person]
    arcs = first_arcs(graph)
    slots, when = np.empty(len(path), np.int64), np.empty(len(path), np.int64)
    placements = np.empty(len(path) + 1, np.int64)
    winner, winner_slot, winner_start = -1, -1, -1
    begin(work, 0, unpaid)
    worth, dropped = least, -np.inf
    for t in range(s.n_periods):
        for rank in range(work.size[t]):
            label = work.label[t, rank]
            state = work.node[label]
            if work.dead[label] or work.tolled[label] + rest[state] + unpaid <= worth + eps:
                continue
            count, up = 0, label
            while up >= 0:
                if work.slot[up] >= 0:
                    slots[count], when[count] = first + work.slot[up], work.start[up]
                    count += 1
                up = work.parent[up]
            for k in range(count):
                placements[k] = s.slot_placement[slots[k]]
            spare = work.spare[label]
            for arc in range(arcs[state], len(graph.tail)):
                if graph.tail[arc] != state:
                    break
                head, i = graph.head[arc], graph.slot[arc]
                gained = work.tolled[label] + graph.gain[arc]
                if i < 0:
                    later = gained + rest[head] + unpaid
                    if later > worth + eps:
                        lost = keep(
                            work, t + 1, head, 0, label, -1, t, later, gained, spare,
                            work.mark[label], work.limits[label],
                        )  # fmt: skip
                        dropped = max(dropped, lost)
                    continue
                gained -= toll[i]
                onward = gained + max(rest[head], graph.ending[head]) + unpaid
                slot = first + i
                if onward <= worth + eps or count == len(path):
                    continue
                if not joins(person, slot, placements, count, s, critical):
                    continue
                gained += correction(slot, t, slots, when, count, s, table)
                left = spare - toll[i]
                complete = gained + graph.ending[head] + unpaid - left
                if complete > worth:
                    worth, winner, winner_slot, winner_start = complete, label, i, t
                onward = gained + rest[head] + unpaid
                if onward <= worth + eps:
                    continue
                mark = work.mark[label] - work.limits[label]
                mark += fingerprint(person, slot, t, s)
                limits = limits_used(person, slot, placements, count, s, critical)
                lost = keep(
                    work, graph.period[head], head, 0, label, i, t, onward, gained, left,
                    mark + limits, limits,
                )  # fmt: skip
                dropped = max(dropped, lost)
    bound = max(worth, dropped)
    if winner_slot < 0:
        return bound, worth, -1
    return bound, worth, retrace(work, winner, winner_slot, winner_start, path, starts)
