"""What is known of each job, kept beside the plans so that a batch can go on."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from pathlib import Path

Outcome = Literal["solved", "invalid", "contradictory", "no plan", "memory", "failed"]

OUTCOMES: dict[int, Outcome] = {0: "solved", 1: "contradictory", 3: "invalid", 4: "no plan"}
"""What the exit codes of ``talentopt solve`` mean; any other is a failure."""


@dataclass(frozen=True, slots=True)
class Record:
    """The result of one job.

    Attributes
    ----------
    name, scenario : str
    overrides : str
        ``PATH=VALUE`` pairs, separated by blanks.
    key : str
        Content hash that the result belongs to.
    outcome : str
    message : str
        What went wrong, as ``talentopt solve`` said it; blank when solved.
    objective, bound, gap : float or None
    status : str
        Of the plan.
    shortages : int
        Number of shortages.
    shortage_points : float
    seconds : float
        Wall time of the whole job.
    """

    name: str
    scenario: str
    overrides: str
    key: str
    outcome: Outcome
    message: str = ""
    objective: float | None = None
    bound: float | None = None
    gap: float | None = None
    status: str = ""
    shortages: int = 0
    shortage_points: float = 0.0
    seconds: float = 0.0


class Records:
    """The records of a batch folder, one small file per job.

    Parameters
    ----------
    folder : Path
        The batch's folder; made when absent.
    """

    def __init__(self, folder: Path) -> None:
        """Make the folders."""
        self.folder = folder
        self._records = folder / "records"
        self._records.mkdir(parents=True, exist_ok=True)

    def plan_folder(self, name: str) -> Path:
        """Where the plan of a job goes."""
        return self.folder / "plans" / name

    def find(self, name: str, key: str) -> Record | None:
        """Return a finished job's record, if its content is still the same."""
        try:
            content: dict[str, Any] = json.loads(self._path(name).read_text(encoding="utf-8"))
            record = Record(**content)
        except (OSError, ValueError, TypeError):
            return None
        if record.key != key:
            return None
        if record.outcome == "solved" and not (self.plan_folder(name) / "plan.json").exists():
            return None
        return record

    def save(self, record: Record) -> None:
        """Write a record so that a reader sees all of it or nothing."""
        path = self._path(record.name)
        draft = path.with_suffix(f".{os.getpid()}.tmp")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(asdict(record), file, indent=1, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    def _path(self, name: str) -> Path:
        return self._records / f"{name}.json"
