"""Finding out what a path is: a folder, its settings, or a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talentopt.read.folder import SETTINGS, read_folder
from talentopt.read.source import Source
from talentopt.read.workbook import read_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from talentopt.read.errors import Findings


def open_source(path: Path, findings: Findings) -> Source:
    """Read everything that a scenario's path names, as it was written.

    Raises
    ------
    InputErrors
        If there is no scenario at all.
    """
    try:
        if path.name == SETTINGS and path.is_file():
            return read_folder(path.parent, findings)
        if path.is_dir():
            return read_folder(path, findings)
        if path.is_file():
            if path.suffix.lower() in (".xlsx", ".xlsm"):
                return read_workbook(path, findings)
            remedy = "name its folder, its scenario.yaml or its .xlsx workbook"
            findings.add(path.name, None, "", "this is no scenario", remedy)
        else:
            findings.add(str(path), None, "", "there is no such folder or file", "check the path")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        findings.add(str(path), None, "", f"it cannot be read: {reason}", "check the path")
    findings.stop_if_any()
    return Source(path, path.parent, None, {}, frozenset())
