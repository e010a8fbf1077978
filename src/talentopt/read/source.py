"""A scenario as it was written, whether folder or workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from talentopt.read.csvfile import RawTable
    from talentopt.read.document import Document


@dataclass(slots=True)
class Source:
    """A scenario as it was written.

    Attributes
    ----------
    path : Path
        The folder or workbook.
    folder : Path
        Where paths in the settings start.
    settings : Document or None
        None when unreadable.
    tables : dict of str to RawTable
    broken : frozenset of str
        Tables that are there and cannot be used.
    """

    path: Path
    folder: Path
    settings: Document | None
    tables: dict[str, RawTable]
    broken: frozenset[str]

    def file(self, table: str) -> str:
        """Where a table is, or would be, read from."""
        if table in self.tables:
            return self.tables[table].file
        return f"{table}.csv" if self.path == self.folder else f"sheet {table!r}"
