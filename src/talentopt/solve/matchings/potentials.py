"""Shortest distances in a residual network: the dual side of a flow."""

from __future__ import annotations

import numpy as np

from talentopt.solve.compiled import compiled


@compiled
def potentials(
    tail: np.ndarray,
    head: np.ndarray,
    capacity: np.ndarray,
    cost: np.ndarray,
    flow: np.ndarray,
    n_nodes: int,
) -> np.ndarray:
    """Distances over the residual arcs, every node starting at 0.

    After an optimal flow the residual network has no negative cycle, so the
    label-correcting queue ends, and ``distance[head] <= distance[tail] +
    cost`` holds on every residual arc.

    Parameters
    ----------
    tail, head, capacity, cost, flow : (n_arcs,) int64
    n_nodes : int

    Returns
    -------
    (n_nodes,) int64
    """
    n_arcs = len(tail)
    begin = np.zeros(n_nodes + 1, np.int64)
    for a in range(n_arcs):
        if flow[a] < capacity[a]:
            begin[tail[a] + 1] += 1
        if flow[a] > 0:
            begin[head[a] + 1] += 1
    for v in range(n_nodes):
        begin[v + 1] += begin[v]
    to = np.empty(begin[n_nodes], np.int64)
    length = np.empty(begin[n_nodes], np.int64)
    fill = begin[:-1].copy()
    for a in range(n_arcs):
        if flow[a] < capacity[a]:
            to[fill[tail[a]]] = head[a]
            length[fill[tail[a]]] = cost[a]
            fill[tail[a]] += 1
        if flow[a] > 0:
            to[fill[head[a]]] = tail[a]
            length[fill[head[a]]] = -cost[a]
            fill[head[a]] += 1
    distance: np.ndarray = _relax_all(begin, to, length, n_nodes)
    return distance


@compiled
def _relax_all(begin: np.ndarray, to: np.ndarray, length: np.ndarray, n_nodes: int) -> np.ndarray:
    distance = np.zeros(n_nodes, np.int64)
    queue = np.arange(n_nodes)
    waiting = np.ones(n_nodes, np.bool_)
    first, count = 0, n_nodes
    while count > 0:
        v = queue[first]
        first = (first + 1) % n_nodes
        count -= 1
        waiting[v] = False
        for k in range(begin[v], begin[v + 1]):
            candidate = distance[v] + length[k]
            w = to[k]
            if candidate < distance[w]:
                distance[w] = candidate
                if not waiting[w]:
                    waiting[w] = True
                    queue[(first + count) % n_nodes] = w
                    count += 1
    return distance
