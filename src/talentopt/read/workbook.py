"""A scenario's workbook as raw tables and settings."""

from __future__ import annotations

import copy
import datetime
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree.ElementTree import ParseError

from talentopt.read.cellfaults import SUSPICIOUS, cell_faults, column_number
from talentopt.read.csvfile import table_of
from talentopt.read.document import Document, scalar
from talentopt.read.source import Source
from talentopt.read.tables import STANDARD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from talentopt.read.cellfaults import CellFault
    from talentopt.read.csvfile import RawTable
    from talentopt.read.errors import Findings

SETTINGS = "scenario"

MOST_PARTS = 2_000
"""Most files inside a workbook."""
LARGEST_UNPACKED = 400_000_000
"""Most bytes of an unpacked workbook: about four million filled cells."""
MOST_CELLS = 20_000_000
"""Most cells of the rectangle from A1 to the last cell of a sheet."""

_CELL = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_CHUNK = 1 << 20
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    ParseError,
)


def read_workbook(path: Path, findings: Findings) -> Source:
    """Read every sheet of a workbook."""
    source = Source(path, path.parent, None, {}, frozenset())
    sheets = _sheets(path, findings)
    if sheets is None:
        return source
    if SETTINGS in sheets:
        source.settings = _settings(sheets.pop(SETTINGS), findings)
    else:
        remedy = "add it: two columns, key and value"
        findings.add(path.name, None, "", f"the sheet {SETTINGS!r} is missing", remedy)
    month = _unit(source.settings) == "month"
    tables: dict[str, RawTable] = {}
    broken = set()
    for name, rows in sheets.items():
        raw = table_of(f"sheet {name!r}", _text_rows(name, rows, month), findings)
        if raw is None:
            broken.add(name)
        else:
            tables[name] = raw
    source.tables, source.broken = tables, frozenset(broken)
    return source


def _sheets(path: Path, findings: Findings) -> dict[str, list[list[Any]]] | None:
    """Unpack the sheets, after looking how large they would become."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        looked = _look(path)
        faults = {} if looked.too_large else cell_faults(path, looked.suspicious)
    except _BROKEN as error:
        findings.add(
            path.name, None, "", f"this is no readable workbook: {error}", "save it as .xlsx"
        )
        return None
    if looked.too_large:
        remedy = "remove what the scenario does not need"
        findings.add(path.name, None, "", looked.too_large, remedy)
        return None
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = {name: book.get_sheet_by_name(name) for name in book.sheet_names}
        for name, sheet in sheets.items():
            for (top, left), _ in sheet.merged_cell_ranges or ():
                problem = f"cells are merged (from column {left + 1} on), so all but one are blank"
                remedy = "split them, and fill in each cell"
                findings.add(f"sheet {name!r}", top + 1, "", problem, remedy)
        cells = {name: sheet.to_python(skip_empty_area=False) for name, sheet in sheets.items()}
        for name, wrong in faults.items():
            _note_faults(name, cells.get(name, []), wrong, findings)
        return {
            name: rows
            for name, rows in cells.items()
            if any(cell != "" for row in rows for cell in row)
        }
    except (CalamineError, OSError, ValueError, IndexError) as error:
        findings.add(
            path.name, None, "", f"this is no readable workbook: {error}", "save it as .xlsx"
        )
        return None


def _note_faults(
    name: str, rows: list[list[Any]], faults: list[CellFault], findings: Findings
) -> None:
    """Note cells without a usable value; that they are blank is no mistake of its own.

    A cell is named by its column's header, in the settings by its key.
    """
    header = next((row for row in rows if any(cell != "" for cell in row)), [])
    for fault in faults:
        named = header[fault.column - 1 : fault.column]
        if name == SETTINGS:
            named = rows[fault.row - 1][:1]
        column = cell_text(named[0]) if named else ""
        place = column or f"column {fault.column}"
        findings.add_instead(f"sheet {name!r}", fault.row, place, fault.problem, fault.remedy)


class _Looked(NamedTuple):
    """What is known of a workbook before it is read.

    Attributes
    ----------
    too_large : str
        What makes it too large to unpack; blank when nothing does.
    suspicious : frozenset of str
        Parts with sheets in which errors or formulas may stand.
    """

    too_large: str
    suspicious: frozenset[str] = frozenset()


def _look(path: Path) -> _Looked:
    """Look at every part of a workbook, a piece at a time.

    Sizes are counted while unpacking, because a file may lie about them.
    """
    with zipfile.ZipFile(path) as book:
        parts = book.infolist()
        if len(parts) > MOST_PARTS:
            return _Looked(f"the workbook has more than {MOST_PARTS:,} parts")
        beyond = _Looked(f"the workbook unpacks to more than {LARGEST_UNPACKED:,} bytes")
        if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            return beyond
        left, suspicious = LARGEST_UNPACKED, set()
        for part in parts:
            unbounded = copy.copy(part)
            unbounded.file_size = left + 2 * _CHUNK
            sheet = _Sheet()
            with book.open(unbounded) as file:
                while chunk := file.read(_CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        return beyond
                    if "worksheets/" in part.filename.replace("\\", "/").lower():
                        sheet.add(chunk)
            if sheet.cells > MOST_CELLS:
                return _Looked(f"a sheet spans {sheet.cells:,} cells, most of them empty")
            if sheet.suspicious:
                suspicious.add(part.filename)
    return _Looked("", frozenset(suspicious))


class _Sheet:
    """The rectangle that the cells of a sheet span, and whether errors may stand in it."""

    def __init__(self) -> None:
        self._rows = self._columns = 0
        self._tail = b""
        self.suspicious = False

    def add(self, chunk: bytes) -> None:
        """Look at the next piece of the sheet's XML."""
        text = self._tail + chunk
        places = {(letters, number) for letters, number in _CELL.findall(text)}
        if places:
            self._rows = max(self._rows, max(int(number) for _, number in places))
            letters = {letters for letters, _ in places}
            self._columns = max(self._columns, max(map(column_number, letters)))
        self.suspicious = self.suspicious or SUSPICIOUS.search(text) is not None
        self._tail = text[-32:]

    @property
    def cells(self) -> int:
        """Number of cells in the rectangle."""
        return self._rows * self._columns


def _settings(rows: list[list[Any]], findings: Findings) -> Document:
    """Nest the dotted keys of the sheet ``scenario``."""
    document = Document(f"sheet {SETTINGS!r}", {})
    for row, cells in enumerate(rows, 1):
        key, value, *more = [*cells, "", ""]
        if key == "" and value == "":
            continue
        name = cell_text(key)
        if any(cell != "" for cell in more):
            problem = "only two columns are read, key and value"
            findings.add(document.file, row, name, problem, "remove the others")
        if (row, name, value) == (1, "key", "value") or value == "":
            continue
        _nest(document, name, value, row, findings)
    return document


def _nest(document: Document, name: str, value: Any, row: int, findings: Findings) -> None:
    parts = tuple(name.split("."))
    if parts[0] == "weights":
        parts = ("weights", name.partition(".")[2])
    block = document.value
    for i, part in enumerate(parts[:-1], 1):
        block = block.setdefault(part, {})
        document.origins.setdefault(parts[:i], (document.file, row))
        if not isinstance(block, dict):
            remedy = "remove one of them"
            findings.add(
                document.file, row, name, f"{dotted_start(parts, i)} has a value already", remedy
            )
            return
    if parts[-1] in block:
        first = document.origins.get(parts, (document.file, None))[1]
        problem = f"the key {name!r} was already given in line {first}"
        findings.add(document.file, row, name, problem, "remove one of them")
        return
    document.origins[parts] = (document.file, row)
    block[parts[-1]] = _setting(parts, value)


def dotted_start(parts: tuple[str, ...], length: int) -> str:
    """Write the first parts of a key."""
    return repr(".".join(parts[:length]))


def _setting(parts: tuple[str, ...], value: Any) -> Any:
    """Read a value: numbers where the key wants numbers, text elsewhere."""
    wants_number = parts[0] == "weights" or parts in (
        ("calendar", "periods"),
        ("calendar", "cycle"),
    )
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if wants_number:
        return scalar(value) if isinstance(value, str) else value
    if parts in (("calendar", "start"), ("at",), ("publish_until",)) and isinstance(
        value, datetime.date
    ):
        return _month(value) or cell_text(value)
    return cell_text(value)


def _unit(settings: Document | None) -> object:
    calendar = settings.value.get("calendar") if settings is not None else None
    return calendar.get("unit") if isinstance(calendar, dict) else None


def _text_rows(table: str, rows: list[list[Any]], month: bool) -> Iterator[tuple[int, list[str]]]:
    """Give every row that is not empty as text, with its number."""
    width = max((len(_trimmed(row)) for row in rows), default=0)
    layout = STANDARD.get(table)
    periods: set[int] = set()
    first = True
    for number, row in enumerate(rows, 1):
        cells = [*row[:width], *[""] * (width - len(row))]
        if all(cell == "" for cell in cells):
            continue
        texts = [cell_text(cell) for cell in cells]
        if first and layout is not None and month:
            kinds = [layout.column(text) for text in texts]
            periods = {
                i for i, kind in enumerate(kinds) if kind is not None and kind.kind == "period"
            }
        for i in () if first else periods:
            if isinstance(cells[i], datetime.date):
                texts[i] = _month(cells[i]) or texts[i]
        first = False
        yield number, texts


def _trimmed(row: list[Any]) -> list[Any]:
    end = len(row)
    while end and row[end - 1] == "":
        end -= 1
    return row[:end]


def _month(value: datetime.date) -> str:
    """Write the month that Excel made a date of (2026-07 becomes 1 July 2026)."""
    midnight = not isinstance(value, datetime.datetime) or value.time() == datetime.time()
    return f"{value.year:04d}-{value.month:02d}" if value.day == 1 and midnight else ""


def cell_text(value: Any) -> str:
    """Write a cell as text: whole numbers without a point, dates as ISO writes them."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)
