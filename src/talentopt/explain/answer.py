"""Answers as sentences and tables: for people, as JSON and as CSV."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

WIDEST = 120
"""Characters of one cell that are printed; files have all."""

MOST_ROWS = 12
"""Rows of one table that are printed; files have all."""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of an answer.

    Attributes
    ----------
    name : str
        For programs.
    lines : tuple of str
        For people.
    facts : mapping
        The numbers and words of the lines, for programs.
    table : DataFrame
        May be empty.
    """

    name: str
    lines: tuple[str, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
    table: pd.DataFrame = field(default_factory=pd.DataFrame)


def to_text(sections: Sequence[Section], most: int = MOST_ROWS) -> str:
    """Write an answer for people."""
    blocks = []
    for section in sections:
        lines = list(section.lines)
        if len(section.table):
            shown = section.table.head(most)
            shown = shown.map(_shown)
            lines += ["  " + line for line in shown.to_string(index=False).splitlines()]
            if len(section.table) > most:
                more = len(section.table) - most
                lines.append(f"  ... and {more} more (--json or --csv writes all)")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _shown(cell: object) -> object:
    """Write a cell so that the table stays readable."""
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, float):
        return f"{cell:,.2f}"
    if isinstance(cell, str) and len(cell) > WIDEST:
        return cell[: WIDEST - 3] + "..."
    return cell


def to_json(sections: Sequence[Section]) -> dict[str, Any]:
    """Make plain data of an answer; sections of one name are a list."""
    answer: dict[str, Any] = {}
    for section in sections:
        block = {
            "text": list(section.lines),
            **{name: _plain(value) for name, value in section.facts.items()},
            "rows": [
                {str(name): _plain(cell) for name, cell in row.items()}
                for row in section.table.to_dict("records")
            ],
        }
        answer.setdefault(section.name, []).append(block)
    return answer


def write_answer(sections: Sequence[Section], as_json: Path | None, as_csv: Path | None) -> None:
    """Write an answer to the files asked for."""
    from talentopt.plan.files import write_csv

    if as_json is not None:
        text = json.dumps(to_json(sections), indent=2, ensure_ascii=False, allow_nan=False)
        as_json.write_text(text + "\n", encoding="utf-8")
    if as_csv is not None:
        tables = [
            section.table.assign(section=section.name)
            for section in sections
            if len(section.table)
        ]
        table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame({"section": []})
        columns = ["section", *(name for name in table.columns if name != "section")]
        texts = {
            name: table[name].map(_text)
            for name in columns
            if not pd.api.types.is_float_dtype(table[name].dtype)
        }
        write_csv(table.assign(**texts)[columns], as_csv)


def _plain(value: Any) -> Any:
    """Turn numbers of any library into Python's; what is no finite number is null."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _text(cell: object) -> str:
    """Write a cell that is no fraction; blank where there is none."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return "" if cell is None or cell != cell else str(cell)
