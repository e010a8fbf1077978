"""Writing a scenario: a folder of CSV files, or one workbook."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import pandas as pd


EPOCH = datetime.datetime(2026, 1, 1)
"""Creation date of every workbook, so that the same scenario gives the same file."""


def refuse_existing(target: Path) -> None:
    """Make sure that nothing a user has is overwritten.

    Raises
    ------
    FileExistsError
        If the target is a file, or a folder with anything in it.
    """
    if target.is_dir() and not any(target.iterdir()):
        return
    if target.exists():
        raise FileExistsError(
            f"{target} already exists and is not empty. Name another place, or remove it first."
        )


def write_folder(
    folder: Path,
    settings: Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame],
    notes: str = "",
) -> Path:
    """Write a scenario as a folder.

    Parameters
    ----------
    folder : Path
        New, or empty.
    settings : mapping
        The content of ``scenario.yaml``; values are text, numbers or mappings of them.
    tables : mapping of str to DataFrame
    notes : str
        Text of a ``README.md`` beside the tables; none when empty.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    FileExistsError
        If there is already something there.
    """
    refuse_existing(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
    if notes:
        (folder / "README.md").write_text(notes, encoding="utf-8", newline="\n")
    text = "\n".join(_yaml_lines(settings)) + "\n"
    (folder / "scenario.yaml").write_text(text, encoding="utf-8", newline="\n")
    return folder


def write_workbook(
    path: Path,
    settings: Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame],
    notes: Mapping[str, Mapping[str, str]] | None = None,
) -> Path:
    """Write a scenario as one workbook: a sheet ``scenario`` and one sheet per table.

    Every cell is written as what it is: text that begins like a formula or an
    address stays text.

    Parameters
    ----------
    path : Path
        A file ``.xlsx`` that is not there yet.
    settings : mapping
        The content of ``scenario.yaml``.
    tables : mapping of str to DataFrame
    notes : mapping of str to mapping of str to str, optional
        Per table and column, a note on the head of the column.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    FileExistsError
        If the file is already there.
    """
    import xlsxwriter

    refuse_existing(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": EPOCH})
        bold = book.add_format({"bold": True})
        text = book.add_format({"num_format": "@"})
        _write_sheet(
            book.add_worksheet("scenario"), ("key", "value"), _dotted(settings), bold, text
        )
        for name, table in tables.items():
            sheet = book.add_worksheet(name)
            header = tuple(table.columns)
            _write_sheet(sheet, header, table.itertuples(index=False, name=None), bold, text)
            for column, note in (notes or {}).get(name, {}).items():
                if column in header:
                    sheet.write_comment(0, header.index(column), note)
    return path


def _write_sheet(
    sheet: Any, header: tuple[str, ...], rows: Iterable[Sequence[Any]], bold: Any, text: Any
) -> None:
    """Fill one sheet below a frozen head; numbers as numbers, all else as text."""
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, header, bold)
    widths = [len(column) for column in header]
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if value == "":
                continue
            widths[column] = max(widths[column], len(str(value)))
            if isinstance(value, str):
                sheet.write_string(number, column, value, text)
            else:
                sheet.write_number(number, column, value)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(40, width + 2))


def _dotted(settings: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str | float]]:
    """Flatten nested settings to dotted keys."""
    rows: list[tuple[str, str | float]] = []
    for key, value in settings.items():
        if isinstance(value, dict):
            rows += _dotted(value, f"{prefix}{key}.")
        else:
            rows.append((f"{prefix}{key}", value))
    return rows


def _yaml_lines(settings: Mapping[str, Any], indent: str = "") -> list[str]:
    """Write nested settings as YAML; text is always quoted, so that it stays text."""
    lines = []
    for key, value in settings.items():
        if isinstance(value, dict):
            lines += [f"{indent}{key}:", *_yaml_lines(value, indent + "  ")]
        elif isinstance(value, str):
            quoted = value.replace("\\", "\\\\").replace('"', '\\"')
            lines.append(f'{indent}{key}: "{quoted}"')
        else:
            lines.append(f"{indent}{key}: {value}")
    return lines
