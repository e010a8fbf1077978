"""Cells of a workbook that show an error, or a formula whose value was never computed.

The library that reads workbooks takes both for blank, so they are looked up in the
sheets' XML.
"""

from __future__ import annotations

import re
import zipfile
from posixpath import join, normpath
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

SUSPICIOUS = re.compile(rb"""\bt=["']e["']|<(?:\w+:)?f\b""")
"""What only sheets with errors or formulas contain."""

_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_TAG = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_ERROR = re.compile(rb"""\bt=["']e["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_TYPED = re.compile(rb"\bt=")
_VALUE = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]+)<")


class CellFault(NamedTuple):
    """A cell without a usable value.

    Attributes
    ----------
    row, column : int
        Both from 1.
    problem, remedy : str
    """

    row: int
    column: int
    problem: str
    remedy: str


def cell_faults(path: Path, parts: Collection[str]) -> dict[str, list[CellFault]]:
    """Find the faults of the sheets that are kept in some of a workbook's parts.

    Parameters
    ----------
    path : Path
        A workbook that is known to unpack to a bearable size.
    parts : collection of str

    Returns
    -------
    dict of str to list of CellFault
        By name of the sheet, for those that have any.
    """
    if not parts:
        return {}
    with zipfile.ZipFile(path) as book:
        return {
            name: faults
            for name, part in _sheets(book)
            if part in parts and (faults := list(_faults(book.read(part))))
        }


def column_number(letters: bytes) -> int:
    """Count a column's letters as Excel does: A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _sheets(book: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Give the name and the part of every sheet."""
    if not {_BOOK, _LINKS} <= set(book.namelist()):
        return
    targets = {
        link.get("Id"): normpath(join("/xl", link.get("Target", ""))).lstrip("/")
        for link in ElementTree.fromstring(book.read(_LINKS))
    }
    for element in ElementTree.fromstring(book.read(_BOOK)).iter():
        if element.tag.rpartition("}")[2] == "sheet":
            link = next((v for k, v in element.attrib.items() if k.endswith("}id")), None)
            if link in targets:
                yield element.get("name", ""), targets[link]


def _faults(sheet: bytes) -> Iterator[CellFault]:
    for tag in _TAG.finditer(sheet):
        attributes, inside = tag.group(1), tag.group(2) or b""
        place = _PLACE.search(attributes)
        if place is None:
            continue
        row, column = int(place[2]), column_number(place[1])
        value = _VALUE.search(inside)
        if _ERROR.search(attributes):
            shown = "an error" if value is None else f"the error {value[1].decode()}"
            remedy = "mend its formula, or type the value itself"
            yield CellFault(row, column, f"the cell shows {shown}", remedy)
        elif value is None and _FORMULA.search(inside) and not _TYPED.search(attributes):
            remedy = "open the workbook in Excel or LibreOffice and save it there"
            yield CellFault(row, column, "the value of the formula was not saved", remedy)
