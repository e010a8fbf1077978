"""Fill the reference pages from the code: ``python docs/generate.py [--check]``.

Between ``<!-- table: NAME -->`` or ``<!-- fields: NAME -->`` and ``<!-- end -->`` a page holds
what this script writes; everything else is written by hand.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel

from talentopt.read import model
from talentopt.read.calendar import EXAMPLES
from talentopt.read.tables import KIND_NAMES, STANDARD, Column, Table, named_by_model, role_column

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

PAGES = tuple(Path(__file__).with_name(name) for name in ("format.md", "models.md"))
BLOCK = re.compile(r"<!-- (table|fields|periods): ?([\w ]*) -->\n.*?<!-- end -->", re.DOTALL)
TYPE_NAMES = {
    "Number": "number or column",
    "CostNumber": "number from 0, or column",
    "Count": "whole number from 0, or column",
    "Finite": "number",
    "Cost": "number from 0",
    "Share": "number from 0 to 1",
    "str": "text",
    "bool": "true or false",
    "Side": "seeker or provider",
    "float": "number from 0",
    "int": "whole number",
}


def fill(page: str) -> str:
    """Return a page with every block written anew."""
    return BLOCK.sub(_block, page)


def _block(match: re.Match[str]) -> str:
    kind, name = match[1], match[2].strip()
    if kind == "periods":
        lines = ["| unit | written |", "|---|---|"]
        lines += [f"| {unit} | `{example}` |" for unit, example in EXAMPLES.items()]
    elif kind == "table":
        lines = _table_lines(_table(name))
    else:
        lines = _field_lines(getattr(model, name))
    return "\n".join([f"<!-- {kind}: {name} -->", *lines, "<!-- end -->"])


def _table(name: str) -> Table:
    """Find a standard table, or describe those that a model names."""
    if name != "any other":
        return STANDARD[name]
    table = named_by_model("any other")
    return Table(table.name, table.help, (*table.columns, role_column("MATCHING")), table.key)


def _table_lines(table: Table) -> list[str]:
    key = ", ".join(f"`{name}`" for name in table.key)
    lines = [f"{table.help[0].upper()}{table.help[1:]}. No two rows have the same {key}.", ""]
    lines += [
        "| column | kind | blank means | unit | example | meaning |",
        "|---|---|---|---|---|---|",
    ]
    for column in table.columns:
        cells = (
            f"`{column.name}`" + ("\\*" if column.required else ""),
            _kind(column),
            _default(column),
            column.unit,
            f"`{column.example}`" if column.example else "",
            column.help,
        )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _kind(column: Column) -> str:
    if column.choices:
        return ", ".join(f"`{choice}`" for choice in column.choices)
    limits = ""
    if column.low is not None and column.high is not None and abs(column.high) < model.LARGEST:
        limits = f", from {column.low:g} to {column.high:g}"
    elif column.low is not None and column.low > -model.LARGEST:
        limits = f", from {column.low:g}"
    refers = f" of {' or '.join(column.refers)}" if column.refers else ""
    return f"{KIND_NAMES[column.kind]}{refers}{limits}"


def _default(column: Column) -> str:
    if column.required:
        return "an error"
    if column.default_help:
        return column.default_help
    if isinstance(column.default, float):
        return f"{column.default:g}"
    return f"`{column.default}`" if column.default else "nothing"


def _field_lines(block: type[BaseModel]) -> list[str]:
    lines = [f"{(block.__doc__ or '').splitlines()[0]}", ""]
    lines += ["| key | takes | default |", "|---|---|---|"]
    for name, field in block.model_fields.items():
        annotation = block.__annotations__.get(name) or _inherited(block, name)
        lines.append(f"| `{name}` | {_type(annotation)} | {_field_default(field)} |")
    return lines


def _inherited(block: type[BaseModel], name: str) -> str:
    parents = (
        parent.__annotations__ for parent in block.__mro__ if "__annotations__" in vars(parent)
    )
    return next(str(annotations[name]) for annotations in parents if name in annotations)


def _type(annotation: object) -> str:
    """Say in words what a field takes; annotations are text, as they are written."""
    text = re.sub(r" \| None$", "", str(annotation))
    text = re.sub(r"^Annotated\[(\w+),.*\]$", r"\1", text)
    if match := re.fullmatch(r"list\[(\w+)\]", text):
        return f"list of {_type(match[1])}"
    if match := re.fullmatch(r"dict\[str, (\w+)\]", text):
        return f"name: {_type(match[1])}, …"
    return TYPE_NAMES.get(text, f"[{text}](#{text.lower()})")


def _field_default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    default = field.default
    if default is None:
        return "none"
    if isinstance(default, BaseModel):
        return "all defaults"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` say which are out of date."""
    stale = []
    for path in PAGES:
        before = path.read_text(encoding="utf-8")
        after = fill(before)
        if after != before:
            stale.append(path.name)
            if "--check" not in arguments:
                path.write_text(after, encoding="utf-8", newline="\n")
    if stale and "--check" in arguments:
        print(f"Out of date: {', '.join(stale)}. Run: python docs/generate.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
