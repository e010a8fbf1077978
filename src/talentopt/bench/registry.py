"""Finds the plug-ins in a benchmarks folder: one file per set, format and solver."""

from __future__ import annotations

import pkgutil
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from talentopt.bench.plugins import Competitor, Format, InstanceSet

PACKAGE = "benchmarks"


class BenchError(Exception):
    """A benchmark that cannot begin; the message says why."""


class Malformed(BenchError):
    """Instances that cannot be read; the message says where and why."""


def find_home(given: Path | None = None) -> Path:
    """Find the benchmarks folder: the one given, the working folder's, or the source tree's.

    Raises
    ------
    BenchError
        If there is none.
    """
    here = [Path.cwd(), *Path.cwd().parents, *Path(__file__).resolve().parents]
    for candidate in [given] if given is not None else [folder / PACKAGE for folder in here]:
        if (candidate / "sets").is_dir() and (candidate / "solvers").is_dir():
            return candidate.resolve()
    raise BenchError(
        "there is no benchmarks folder here: run in the project's folder, "
        "or name its benchmarks folder with --benchmarks"
    )


class Registry:
    """The plug-ins of one benchmarks folder, by name.

    Parameters
    ----------
    home : Path
        Its parent is put on the import path.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        if str(home.parent) not in sys.path:
            sys.path.insert(0, str(home.parent))
        self.package = home.name

    def sets(self) -> dict[str, InstanceSet]:
        """All instance sets."""
        return self._collect("sets", "SET")

    def solvers(self) -> dict[str, Competitor]:
        """All competitors."""
        return self._collect("solvers", "COMPETITOR")

    def format(self, name: str) -> Format:
        """One format.

        Raises
        ------
        BenchError
            If there is no such format.
        """
        formats = self._collect("formats", "FORMAT")
        if name not in formats:
            raise BenchError(f"there is no format {name!r}; there are {', '.join(formats)}")
        found: Format = formats[name]
        return found

    def _collect(self, kind: str, attribute: str) -> dict[str, Any]:
        folder = self.home / kind
        found = {}
        for module in pkgutil.iter_modules([str(folder)]):
            loaded = import_module(f"{self.package}.{kind}.{module.name}")
            several = getattr(loaded, f"{attribute}S", ())
            for plugin in (*several, *filter(None, [getattr(loaded, attribute, None)])):
                found[plugin.name] = plugin
        return dict(sorted(found.items()))
