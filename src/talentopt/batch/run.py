"""Runs a batch: skips what is finished, solves the rest side by side."""

from __future__ import annotations

import fcntl
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from talentopt.batch.jobs import BatchError
from talentopt.batch.process import clear_drafts, solve_job
from talentopt.batch.records import Records
from talentopt.batch.summary import write_summary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from talentopt.batch.jobs import Job, Settings
    from talentopt.batch.records import Record

Finished = tuple["Job", "Record"]


class Workers(Protocol):
    """Where jobs are solved: on this machine, or on a cluster."""

    def __call__(
        self, jobs: Sequence[tuple[Job, str]], settings: Settings, records: Records
    ) -> Iterator[Record]:
        """Solve (job, key) pairs in any order; plans end up in `records`' folder."""


class LocalWorkers:
    """Solves jobs on this machine, each in a process of its own.

    Parameters
    ----------
    jobs : int
        Jobs at a time.
    """

    def __init__(self, jobs: int) -> None:
        """Remember how many."""
        self.jobs = jobs

    def __call__(
        self, jobs: Sequence[tuple[Job, str]], settings: Settings, records: Records
    ) -> Iterator[Record]:
        """Solve (job, key) pairs in any order."""
        with ThreadPoolExecutor(self.jobs) as pool:
            futures = [
                pool.submit(solve_job, job, settings, key, records.plan_folder(job.name))
                for job, key in jobs
            ]
            try:
                for future in as_completed(futures):
                    yield future.result()
            finally:
                for future in futures:
                    future.cancel()


def run_batch(
    jobs: Sequence[Job],
    settings: Settings,
    folder: Path,
    workers: Workers,
    tell: Callable[[Record, int, int], None],
) -> list[Record]:
    """Solve every job that is not finished and write the summary.

    The same call on the same folder goes on where a killed one stopped.

    Parameters
    ----------
    jobs : sequence of Job
    settings : Settings
    folder : Path
        Results: ``plans/NAME``, ``records/NAME.json``, ``summary.csv`` and ``summary.html``.
    workers : Workers
    tell : callable
        Called with each record, the number finished and the number of jobs.

    Returns
    -------
    list of Record
        In the order of `jobs`.

    Raises
    ------
    BatchError
        If another batch is working in the same folder.
    """
    records = Records(folder)
    with _only_one(folder):
        clear_drafts(folder / "plans")
        keys = {job.name: job.key(settings) for job in jobs}
        found = {job.name: records.find(job.name, keys[job.name]) for job in jobs}
        done = {name: record for name, record in found.items() if record is not None}
        for count, record in enumerate(done.values(), start=1):
            tell(record, count, len(jobs))
        rest = [(job, keys[job.name]) for job in jobs if job.name not in done]
        for record in workers(rest, settings, records):
            records.save(record)
            done[record.name] = record
            tell(record, len(done), len(jobs))
        finished = [done[job.name] for job in jobs]
        write_summary(finished, folder)
    return finished


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Hold a lock that the system releases when the process dies."""
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BatchError(f"another batch is working in {folder}") from error
        yield
