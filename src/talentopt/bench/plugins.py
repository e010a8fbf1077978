"""What one writes to add an instance set, a file format or a competitor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from talentopt.problem import Problem
    from talentopt.solve.control import Control


class Absent(Exception):
    """Instances that are not on this machine; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance of a set.

    Attributes
    ----------
    name : str
        ``set/instance``, unique.
    format : str
        Name of the format that reads it.
    path : Path
    best_known : float or None
        Value of the best solution known to exist, in the instance's units.
    source : str
        Where that value comes from.
    family : str
        Instances that differ in size only share a family; blank = none.
    size : int
        Number of people, in a family.
    """

    name: str
    format: str
    path: Path
    best_known: float | None = None
    source: str = ""
    family: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Places:
    """Where instances come from.

    Attributes
    ----------
    data : Path or None
        Folder of public instances, one folder per set.
    made : Path
        Folder in which generated instances are made, and kept.
    home : Path
        The benchmarks' own folder.
    """

    data: Path | None
    made: Path
    home: Path

    def public(self, folder: str) -> Path:
        """Return a folder of public instances.

        Raises
        ------
        Absent
            If it is not there.
        """
        if self.data is None:
            raise Absent("public instances need --data FOLDER")
        found = self.data / folder
        if not found.is_dir():
            raise Absent(f"there is no folder {found}")
        return found


@dataclass(frozen=True, slots=True)
class InstanceSet:
    """A named set of instances: what a module of ``sets/`` offers as ``SET``.

    Attributes
    ----------
    name, about : str
    find : callable
        Places -> instances; raises `Absent`.
    """

    name: str
    about: str
    find: Callable[[Places], list[Instance]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """An instance in memory.

    Attributes
    ----------
    problem : Problem
    context : object
        Whatever the format needs to write an answer.
    sign, offset : float
        A value or bound of the problem is worth ``sign * points + offset`` in
        the instance's units.
    claims: bool
        The conversion is exact for values; otherwise it only holds for bounds.
    """

    problem: Problem
    context: Any = None
    sign: float = 1.0
    offset: float = 0.0
    claims: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check by the format's own rules says.

    Attributes
    ----------
    value : float or None
        None when the answer is not allowed.
    message : str
    complete : bool
        False: the answer breaks no rule but is no full solution, which a
        method may well say of itself.
    """

    value: float | None
    message: str = ""
    complete: bool = True


class Format(Protocol):
    """How instances are read and answers checked.

    A module of ``formats/`` offers one as ``FORMAT`` or several as ``FORMATS``.
    """

    name: str
    sense: Literal["max", "min"]
    files: tuple[str, ...]
    """Patterns of the names that its instances have in a folder."""

    def check(self, path: Path) -> str:
        """Say what is wrong with a file; blank when nothing is."""

    def load(self, path: Path) -> Loaded:
        """Read an instance and make it a problem."""

    def write(self, loaded: Loaded, control: Control, solver: str, folder: Path) -> None:
        """Write the control's best assignment the way the format's users do."""

    def judge(self, path: Path, folder: Path) -> Verdict:
        """Recompute the answer in a folder from the files alone."""


def _nothing_missing() -> str:
    return ""


def _nothing_to_do() -> None:
    pass


def _suits_all(problem: Problem) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Competitor:
    """One method: what a module of ``solvers/`` offers as ``COMPETITOR``.

    Attributes
    ----------
    name : str
    setting : str
        How it is set up, for the report.
    solve : callable
        (problem, control) -> None, as every solver of the project.
    absent : callable
        Says what is not installed; blank when it can run.
    unsuitable : callable
        Says why it cannot take a problem; blank when it can.
    prepare : callable
        Imports and starts what does not depend on the instance, before the
        clock of the search starts.
    compiles : bool
        It compiles code on its first run, so that a first run is not measured.
    """

    name: str
    setting: str
    solve: Callable[[Problem, Control], None]
    absent: Callable[[], str] = _nothing_missing
    unsuitable: Callable[[Problem], str] = _suits_all
    prepare: Callable[[], None] = _nothing_to_do
    compiles: bool = False
