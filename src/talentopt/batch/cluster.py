"""Runs a batch on a Dask cluster: scenarios travel out, plans come back."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from talentopt.batch.content import Content, content_of, unpack
from talentopt.batch.jobs import BatchError, Job
from talentopt.batch.process import solve_job
from talentopt.batch.records import Record
from talentopt.plan.made import forget_override

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from distributed import Future

    from talentopt.batch.jobs import Settings
    from talentopt.batch.records import Records

RETRIES = 3
"""Times that a job is tried again when its worker dies."""


class ClusterWorkers:
    """Solves jobs on the workers of a Dask scheduler.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``tcp://10.0.0.1:8786``.
    """

    def __init__(self, address: str) -> None:
        """Remember the address."""
        self.address = address

    def __call__(
        self, jobs: Sequence[tuple[Job, str]], settings: Settings, records: Records
    ) -> Iterator[Record]:
        """Solve (job, key) pairs in any order; each plan is unpacked as it arrives."""
        try:
            from distributed import Client, as_completed
        except ModuleNotFoundError as error:
            raise BatchError("a cluster needs: pip install 'talentopt[cluster]'") from error
        try:
            client = Client(self.address, timeout="15s")
        except OSError as error:
            raise BatchError(f"no scheduler answers at {self.address}") from error
        with client:
            contents = [content_of(job.scenario, job.overrides) for job, _ in jobs]
            futures = {
                client.submit(
                    solve_packed,
                    job,
                    (content.entry, content.previous, content.pack()),
                    settings,
                    key,
                    pure=False,
                    retries=RETRIES,
                ): (job, key)
                for (job, key), content in zip(jobs, contents, strict=True)
            }
            for future in as_completed(futures):
                record, plan = _result(future, *futures[future])
                if plan is not None:
                    _unpack(plan, records.plan_folder(record.name))
                yield record


def _result(future: Future, job: Job, key: str) -> tuple[Record, bytes | None]:
    """Take a result; a task that failed on every worker fails alone."""
    try:
        record, plan = future.result()
    # Whatever went wrong on the workers is one scenario's failure, not the batch's.
    except Exception as error:
        message = f"{type(error).__name__} on the cluster: {error}"
        return Record(
            job.name, str(job.scenario), job.overrides_text, key, "failed", message
        ), None
    return record, plan


def solve_packed(
    job: Job, packed: tuple[str, str, bytes], settings: Settings, key: str
) -> tuple[Record, bytes | None]:
    """Solve a job on a worker, which need not see the caller's files.

    Parameters
    ----------
    job : Job
    packed : (str, str, bytes)
        `entry` and `previous` of its `Content`, and the packed files.
    settings : Settings
    key : str

    Returns
    -------
    record : Record
    plan : bytes or None
        The plan folder as a ZIP archive.
    """
    with tempfile.TemporaryDirectory(prefix="talentopt-") as folder:
        here = Path(folder)
        entry, previous, files = packed
        unpack(files, here)
        overrides = dict(job.overrides)
        if previous:
            overrides["previous"] = str(here / previous)
        local = replace(job, scenario=here / entry, overrides=overrides)
        made = here / "plans" / "plan"
        record = solve_job(local, settings, key, made)
        record = replace(record, scenario=str(job.scenario), overrides=job.overrides_text)
        if record.outcome != "solved":
            return record, None
        if previous:
            forget_override("previous", job.overrides.get("previous"), made)
        plan = {path.name: path for path in sorted(made.iterdir()) if path.is_file()}
        return record, Content("", "", plan).pack()


def _unpack(packed: bytes, folder: Path) -> None:
    """Write a plan folder so that it appears at once, replacing an older one."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".arriving-", dir=folder.parent) as draft:
        made = Path(draft) / "plan"
        made.mkdir()
        unpack(packed, made)
        if folder.exists():
            folder.rename(Path(draft) / "old")
        made.rename(folder)
