"""One run: an instance, a solver, a seed and a limit; and the record it leaves."""

from __future__ import annotations

import hashlib
import inspect
import json
import os
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import talentopt

if TYPE_CHECKING:
    from talentopt.bench.plugins import Competitor, Instance

Outcome = Literal["solved", "no answer", "wrong", "failed", "killed", "absent", "unsuitable"]


@dataclass(frozen=True, slots=True)
class Spec:
    """What is run.

    Attributes
    ----------
    instance : Instance
    solver : Competitor
    seed : int
    seconds : float
        Time limit of the search.
    workers : int
        Threads.
    """

    instance: Instance
    solver: Competitor
    seed: int
    seconds: float
    workers: int

    @property
    def name(self) -> str:
        """A folder's name, unique among the runs."""
        parts = (self.instance.name, self.solver.name, f"s{self.seed}", f"t{self.seconds:g}")
        return "+".join(parts).replace("/", "~").replace(":", "-")

    def key(self) -> str:
        """Hash all that decides the result: files, limits, the competitor and our sources."""
        digest = hashlib.sha256(sources_hash().encode())
        facts = [self.solver.name, self.solver.setting, self.seed, self.seconds, self.workers]
        digest.update(json.dumps([*facts, self.instance.format]).encode())
        digest.update(Path(inspect.getfile(self.solver.solve)).read_bytes())
        for file in _files(self.instance.path):
            digest.update(f"\0{file.name}\0".encode())
            digest.update(file.read_bytes())
        return digest.hexdigest()


@dataclass(slots=True)
class Record:
    """The result of one run; empty numbers are None.

    Attributes
    ----------
    name, key : str
        Of the `Spec`.
    instance, format, family, solver : str
    size, seed, workers : int
    limit : float
        Seconds.
    outcome : str
    message : str
        Why it did not count, or what came back with a solution.
    value, bound : float or None
        In the instance's units; the value is the one recomputed by the judge.
    claimed : float or None
        The value that the solver's own evaluation gave.
    stopped_by : str
    seconds : float or None
        Wall time of the search, without reading and compiling.
    wall, cpu, memory : float or None
        Of the whole process from outside: seconds, processor seconds (with
        children), peak resident megabytes of the largest process.
    best_known : float or None
        As published, or as stored with the benchmarks.
    flag : str
        A wrong bound or value, found when all runs are compared.
    """

    name: str
    key: str
    instance: str
    format: str
    sense: str
    family: str
    size: int
    solver: str
    seed: int
    limit: float
    workers: int
    outcome: Outcome
    message: str = ""
    value: float | None = None
    bound: float | None = None
    claimed: float | None = None
    stopped_by: str = ""
    seconds: float | None = None
    wall: float | None = None
    cpu: float | None = None
    memory: float | None = None
    best_known: float | None = None
    flag: str = ""


class Store:
    """The folder of a benchmark: a folder per run, with record, trace and answer.

    Parameters
    ----------
    folder : Path
        Made when absent.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "runs").mkdir(parents=True, exist_ok=True)

    def run_folder(self, name: str) -> Path:
        """Where everything of a run is."""
        return self.folder / "runs" / name

    def find(self, spec: Spec) -> Record | None:
        """Return the record of a finished run, if its content is still the same."""
        try:
            text = (self.run_folder(spec.name) / "record.json").read_text(encoding="utf-8")
            record = Record(**json.loads(text))
        except (OSError, ValueError, TypeError):
            return None
        return record if record.key == spec.key() else None

    def save(self, record: Record) -> None:
        """Write a record so that a reader sees all of it or nothing."""
        write_json(self.run_folder(record.name) / "record.json", asdict(record))

    def trace(self, record: Record) -> list[dict[str, Any]]:
        """Read the trace of a run: seconds, cpu, value, bound, phase; empty when there is none."""
        try:
            text = (self.run_folder(record.name) / "trace.json").read_text(encoding="utf-8")
            found: list[dict[str, Any]] = json.loads(text)
        except (OSError, ValueError):
            return []
        return found


def write_json(path: Path, content: object) -> None:
    """Write a JSON file in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    draft.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    draft.replace(path)


@cache
def sources_hash() -> str:
    """Hash the program itself: another program is another experiment.

    What only shows or stores results is left out.
    """
    package = Path(talentopt.__file__).parent
    digest = hashlib.sha256()
    for room in ("read", "problem", "compile", "solve"):
        for file in sorted((package / room).rglob("*.py")):
            digest.update(str(file.relative_to(package)).encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.is_file())
    return [path]
