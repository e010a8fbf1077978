"""A scenario's folder as raw tables and settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talentopt.read.csvfile import decode, read_csv
from talentopt.read.document import Document, read_yaml
from talentopt.read.errors import InputErrors
from talentopt.read.source import Source

if TYPE_CHECKING:
    from pathlib import Path

    from talentopt.read.csvfile import RawTable
    from talentopt.read.errors import Findings

SETTINGS = "scenario.yaml"

LARGEST_FILE = 400_000_000
"""Most bytes of a file."""


def read_folder(folder: Path, findings: Findings) -> Source:
    """Read every CSV file and the settings of a folder."""
    tables: dict[str, RawTable] = {}
    broken: set[str] = set()
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() != ".csv" or path.name.startswith("."):
            continue
        raw = read_table(path, findings)
        if path.stem in tables:
            problem = "another file holds the same table"
            findings.add(path.name, None, "", problem, "remove one of the two")
        elif raw is None:
            broken.add(path.stem)
        else:
            tables[path.stem] = raw
    settings = read_settings_file(folder, findings)
    return Source(folder, folder, settings, tables, frozenset(broken))


def read_table(path: Path, findings: Findings) -> RawTable | None:
    """Read one CSV file; None when nothing of it can be used."""
    data = read_bytes(path, path.name, findings)
    text = None if data is None else decode(path.name, data, findings)
    return None if text is None else read_csv(path.name, text, findings)


def read_bytes(path: Path, file: str, findings: Findings) -> bytes | None:
    """Read a file, or note why it cannot be read.

    Pipes and devices, which may never end, are not opened.
    """
    try:
        if not (path.is_file() or path.is_dir()) and path.exists():
            problem = "this is no file but a pipe or device"
            findings.add(file, None, "", problem, "put a file there")
            return None
        if path.stat().st_size > LARGEST_FILE:
            problem = f"the file has more than {LARGEST_FILE:,} bytes"
            findings.add(file, None, "", problem, "remove what the scenario does not need")
            return None
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or "unknown reason"
        remedy = "put a file there that you may read"
        findings.add(file, None, "", f"the file cannot be read: {reason}", remedy)
        return None


def read_yaml_file(path: Path, file: str, findings: Findings) -> Document | None:
    """Read a YAML file as plain data, or note why it cannot be read."""
    data = read_bytes(path, file, findings)
    text = None if data is None else decode(file, data, findings)
    if text is None:
        return None
    try:
        return read_yaml(file, text)
    except InputErrors as errors:
        findings.errors.extend(errors.errors)
        return None


def read_settings_file(folder: Path, findings: Findings) -> Document | None:
    """Read ``scenario.yaml``."""
    path = folder / SETTINGS
    if not path.exists():
        near = folder / "scenario.yml"
        remedy = "rename scenario.yml" if near.exists() else "`talentopt new` writes an example"
        findings.add(SETTINGS, None, "", "the file is missing", remedy)
        return None
    return read_yaml_file(path, SETTINGS, findings)
