"""Generalised assignment instances (minimise cost), solved as matchings with loads.

``python -m benchmarks.gap FILE… --time-limit 60 --out FOLDER``

A file holds agents and jobs, the costs and the loads of every agent's jobs
(one row per agent), and the agents' capacities. Solutions: CSV ``job,agent``,
numbered from 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click
import numpy as np

from benchmarks.common import (
    Result,
    best_known,
    matching_problem,
    options,
    read_all,
    run,
    write_results,
    write_rows,
)
from benchmarks.reading import Malformed, numbers_of, sizes_of

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Instance:
    """Costs and loads (n_agents, n_jobs), capacities (n_agents,)."""

    cost: np.ndarray
    load: np.ndarray
    capacity: np.ndarray


def read(path: Path) -> Instance:
    """Read one instance.

    Raises
    ------
    Malformed
        When the file does not hold as many numbers as its header says.
    """
    numbers = numbers_of(path)
    agents, jobs = sizes_of(path, numbers, ("agents", "jobs"))
    size = agents * jobs
    if len(numbers) != 2 + 2 * size + agents:
        message = (
            f"{agents} agents and {jobs} jobs need {2 * size + agents} numbers after the first "
            f"two (costs, loads, capacities); there are {len(numbers) - 2}"
        )
        raise Malformed(path, message)
    cost = numbers[2 : 2 + size].reshape(agents, jobs)
    load = numbers[2 + size : 2 + 2 * size].reshape(agents, jobs)
    capacity = numbers[2 + 2 * size :]
    if load.min() < 0 or capacity.min() < 0:
        raise Malformed(path, "loads and capacities must not be negative")
    return Instance(cost, load, capacity)


def cost_of(instance: Instance, agent_of: np.ndarray) -> float | None:
    """Cost of a complete assignment by the format's own rules; None when not allowed."""
    agents, jobs = instance.cost.shape
    if len(agent_of) != jobs or (agent_of < 0).any() or (agent_of >= agents).any():
        return None
    every = np.arange(jobs)
    used = np.bincount(agent_of, weights=instance.load[agent_of, every], minlength=agents)
    if (used > instance.capacity).any():
        return None
    return float(instance.cost[agent_of, every].sum())


@click.command()
@options
def main(files: tuple[Path, ...], time_limit: float, out: Path, workers: int, seed: int) -> None:
    """Solve generalised assignment instances."""
    results = []
    for path, instance in read_all(files, read):
        # No set of jobs may pay for leaving one job out.
        missing = float(np.ptp(instance.cost, axis=0).sum() + instance.cost.max() + 1)
        problem = matching_problem(
            -instance.cost.T,
            instance.capacity >= instance.load.T,
            load=instance.load.T,
            need=1,
            missing=missing,
            capacity=instance.capacity,
        )
        control = run(problem, time_limit, workers, seed)
        agent_of = np.full(instance.cost.shape[1], -1)
        if control.best is not None:
            matchings = problem.matchings
            job = np.searchsorted(matchings.arc_ptr, control.best.arcs, side="right") - 1
            agent_of[job] = matchings.arc_provider[control.best.arcs]
        value = cost_of(instance, agent_of)
        if value is not None:
            rows = ((job + 1, agent + 1) for job, agent in enumerate(agent_of))
            write_rows(out / f"{path.name}.csv", ["job", "agent"], rows)
        name = f"{path.parent.name}/{path.name}"
        results.append(
            Result(name, value, -control.bound, control.seconds, best_known("gap", name))
        )
    write_results(out, results)


if __name__ == "__main__":
    main()
