"""Runs a batch on a Dask cluster: scenarios travel out, plans come back."""

from __future__ import annotations

import io
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from talentopt.batch.jobs import BatchError, Job, scenario_files
from talentopt.batch.process import solve_job

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from talentopt.batch.jobs import Settings
    from talentopt.batch.records import Record, Records

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
            futures = [
                client.submit(
                    solve_packed,
                    job,
                    _pack(job.scenario),
                    settings,
                    key,
                    pure=False,
                    retries=RETRIES,
                )
                for job, key in jobs
            ]
            for future in as_completed(futures):
                record, plan = future.result()
                if plan is not None:
                    _unpack(plan, records.plan_folder(record.name))
                yield record


def solve_packed(
    job: Job, packed: bytes, settings: Settings, key: str
) -> tuple[Record, bytes | None]:
    """Solve a job on a worker, which need not see the caller's files.

    Parameters
    ----------
    job : Job
    packed : bytes
        The scenario's files as a ZIP archive.
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
        # Not a bare extractall: the archive may come from another machine.
        for name, content in _members(packed):
            (here / "scenario").mkdir(exist_ok=True)
            (here / "scenario" / name).write_bytes(content)
        local = here / "scenario"
        if job.scenario.suffix == ".xlsx":
            local = local / job.scenario.name
        record = solve_job(replace(job, scenario=local), settings, key, here / "plans" / "plan")
        record = replace(record, scenario=str(job.scenario))
        if record.outcome != "solved":
            return record, None
        return record, _pack(here / "plans" / "plan")


def _pack(path: Path) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        for file in scenario_files(path):
            files.writestr(file.name, file.read_bytes())
    return archive.getvalue()


def _unpack(packed: bytes, folder: Path) -> None:
    """Write a plan folder so that it appears at once, replacing an older one."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".arriving-", dir=folder.parent) as draft:
        made = Path(draft) / "plan"
        made.mkdir()
        for name, content in _members(packed):
            (made / name).write_bytes(content)
        if folder.exists():
            folder.rename(Path(draft) / "old")
        made.rename(folder)


def _members(packed: bytes) -> list[tuple[str, bytes]]:
    """List (file name, content); folders inside the archive's names are dropped."""
    with zipfile.ZipFile(io.BytesIO(packed)) as files:
        return [(Path(info.filename).name, files.read(info)) for info in files.infolist()]
