"""Columns that a file leaves out, and others in it that have nearly their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talentopt.read.errors import nearest

if TYPE_CHECKING:
    from talentopt.read.checks.facts import Facts

LOOKS_ALIKE = 0.8
"""From which likeness on a name may be another, misspelt."""


def check_alike(facts: Facts) -> None:
    """Refuse what is surely a misspelt column, and note what may be one.

    It is sure where only case or outer spaces differ, where the column that is left
    out is one that the model or a table names, and where one letter differs from it in
    a column that nothing names.
    """
    for table in sorted(set(facts.layouts) & set(facts.source.tables) - facts.absent):
        if table not in facts.broken:
            for column in _left_out(facts, table):
                _check(facts, table, column)


def _check(facts: Facts, table: str, column: str) -> None:
    file, named = facts.files[table], (table, column) in facts.named
    attribute = nearest(column, facts.attributes(table), LOOKS_ALIKE)
    if attribute is None:
        if named:
            note = f"{file}: there is no column {column!r}, which the model reads"
            facts.findings.note(f"{note}: it counts as blank")
    elif named or _slip(facts, table, column, attribute):
        problem = f"the column {column!r} is missing"
        facts.findings.add(file, 1, column, problem, f"is it {attribute!r}?")
    else:
        note = f"{file}: the column {attribute!r} is kept as an attribute"
        facts.findings.note(f"{note}; did you mean {column!r}?")


def _slip(facts: Facts, table: str, column: str, attribute: str) -> bool:
    """Whether an attribute can only be a slip for a column."""
    written, meant = attribute.strip().casefold(), column.casefold()
    if written == meant:
        return True
    return (table, attribute) not in facts.named and one_letter_apart(written, meant)


def one_letter_apart(one: str, other: str) -> bool:
    """Whether a letter too many, too few, another one, or two swapped make the difference."""
    short, long = sorted((one, other), key=len)
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    rest, others = short[at:], long[at:]
    swapped = rest[1:2] + rest[:1] + rest[2:]
    return (one != other and others[1:] in (rest, rest[1:])) or others == swapped != rest


def _left_out(facts: Facts, table: str) -> list[str]:
    """List optional columns that are not in the file, also capacities in a role."""
    required = {column.name for column in facts.layouts[table].columns if column.required}
    present = facts.source.tables[table].cells
    roles = [
        name
        for name, matching in facts.model.matchings.items()
        if matching.providers == table and name not in present
    ]
    return [
        name
        for name in (*facts.absent_columns(table), *roles)
        if name not in required and (table, name) not in facts.told
    ]
