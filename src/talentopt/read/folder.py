"""A scenario's folder as raw tables and settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from talentopt.read.csvfile import RawTable, decode, read_csv
from talentopt.read.document import Document, read_yaml

if TYPE_CHECKING:
    from talentopt.read.errors import Findings


@dataclass(slots=True)
class Source:
    """A scenario as it was written.

    Attributes
    ----------
    path : Path
        The folder or workbook.
    folder : Path
        Where paths in the settings start.
    settings : Document
    tables : dict of str to RawTable
    """

    path: Path
    folder: Path
    settings: Document
    tables: dict[str, RawTable]


def read_folder(path: Path, findings: Findings) -> Source:
    """Read every CSV file and the settings of a folder."""
    folder = path.parent if path.name == "scenario.yaml" else path
    text = decode("scenario.yaml", (folder / "scenario.yaml").read_bytes(), findings)
    settings = read_yaml("scenario.yaml", text)
    tables = {}
    for file in sorted(folder.glob("*.csv")):
        content = decode(file.name, file.read_bytes(), findings)
        if content is not None:
            raw = read_csv(file.name, content, findings)
            if raw is not None:
                tables[file.stem] = raw
    return Source(folder, folder, settings, tables)
