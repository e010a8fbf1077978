"""What a batch has to solve: scenarios times overrides, each with its content key."""

from __future__ import annotations

import glob
import hashlib
import itertools
import json
import re
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from talentopt.batch.content import content_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class BatchError(Exception):
    """A batch that cannot begin; the message says why."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How every scenario of a batch is solved; see ``talentopt solve``.

    Attributes
    ----------
    solver : str
    time_limit : float
        Seconds of solving per scenario.
    gap : float
    seed : int
    reproducible : bool
        Work limited by counts, so that a run that was killed and continued
        ends with the same plans as one that was not.
    memory : float
        GB that one scenario may use; inf = no limit.
    """

    solver: str = "auto"
    time_limit: float = 60.0
    gap: float = 0.0
    seed: int = 0
    reproducible: bool = True
    memory: float = float("inf")

    def options(self) -> list[str]:
        """Write the settings as options of ``talentopt solve``."""
        options = ["--solver", self.solver, "--time-limit", str(self.time_limit)]
        options += ["--gap", str(self.gap), "--seed", str(self.seed), "--workers", "1"]
        return [*options, "--reproducible"] if self.reproducible else options


@dataclass(frozen=True, slots=True)
class Job:
    """One scenario with one set of overrides.

    Attributes
    ----------
    name : str
        Unique within the batch; names the plan's folder.
    scenario : Path
    overrides : mapping of str to str
        Dotted path -> value, as given with ``--set``.
    """

    name: str
    scenario: Path
    overrides: Mapping[str, str] = field(default_factory=dict)

    def key(self, settings: Settings) -> str:
        """Hash everything that decides the result: content, overrides, settings, version.

        The content is also the model's and the previous plan's, wherever they lie. A finished
        job with the same key is never solved again.
        """
        digest = hashlib.sha256()
        facts = [dict(self.overrides), settings.options(), version("talentopt")]
        digest.update(json.dumps(facts, sort_keys=True).encode())
        for name, path in content_of(self.scenario, self.overrides).files.items():
            content = path.read_bytes()
            digest.update(f"\0{name}\0{len(content)}\0".encode())
            digest.update(content)
        return digest.hexdigest()

    @property
    def overrides_text(self) -> str:
        """The overrides as ``PATH=VALUE`` pairs, separated by blanks."""
        return " ".join(f"{path}={value}" for path, value in self.overrides.items())


def make_jobs(patterns: Sequence[str], grid: Sequence[str]) -> list[Job]:
    """Expand paths, globs and a grid of overrides into jobs.

    Parameters
    ----------
    patterns : sequence of str
        Scenario paths or globs.
    grid : sequence of str
        ``PATH=VALUE,VALUE,…``; every combination is solved.

    Raises
    ------
    BatchError
        If a glob matches nothing or an override is malformed.
    """
    scenarios = _expand(patterns)
    combinations = _combinations(grid)
    jobs = []
    for name, scenario in _names(scenarios):
        for overrides in combinations:
            suffix = "".join(f"+{path.rsplit('.', 1)[-1]}={v}" for path, v in overrides.items())
            jobs.append(Job(_safe(name + suffix), scenario, overrides))
    return _unique(jobs)


def _expand(patterns: Iterable[str]) -> list[Path]:
    found: list[Path] = []
    for pattern in patterns:
        if Path(pattern).exists() or not glob.has_magic(pattern):
            found.append(Path(pattern))
            continue
        matches = sorted(p for p in map(Path, glob.glob(pattern)) if _is_scenario(p))
        if not matches:
            raise BatchError(f"no scenario matches {pattern}")
        found += matches
    return list(dict.fromkeys(path.resolve() for path in found))


def _is_scenario(path: Path) -> bool:
    return path.suffix == ".xlsx" or (path / "scenario.yaml").is_file()


def _combinations(grid: Iterable[str]) -> list[dict[str, str]]:
    axes = []
    for text in grid:
        path, equals, values = text.partition("=")
        if not equals or not path or not values:
            raise BatchError(f"--set takes PATH=VALUE[,VALUE…], not {text!r}")
        axes.append([(path, value) for value in values.split(",")])
    return [dict(combination) for combination in itertools.product(*axes)]


def _names(scenarios: Sequence[Path]) -> list[tuple[str, Path]]:
    """Name each scenario by its folder or file, with its parents where two are alike."""
    named = []
    for path in scenarios:
        depth = 1
        while depth < len(path.parts) and any(
            other != path and other.parts[-depth:] == path.parts[-depth:] for other in scenarios
        ):
            depth += 1
        named.append(("-".join(part.strip("/") for part in path.parts[-depth:]), path))
    return named


def _safe(name: str) -> str:
    """Keep letters, digits and a few signs, so that a name is a folder everywhere."""
    return re.sub(r"[^\w.+=-]", "_", name).strip(".") or "scenario"


def _unique(jobs: Iterable[Job]) -> list[Job]:
    """Add numbers to names that are still alike, because their paths differ in signs only."""
    seen: dict[str, int] = {}
    unique = []
    for job in jobs:
        folded = job.name.casefold()
        seen[folded] = seen.get(folded, 0) + 1
        name = job.name if seen[folded] == 1 else f"{job.name}~{seen[folded]}"
        unique.append(Job(name, job.scenario, job.overrides))
    return unique
