"""Ids that name no row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talentopt.read.errors import suggestion

if TYPE_CHECKING:
    from talentopt.read.checks.facts import Facts


def check_references(facts: Facts) -> None:
    """Note every cell that refers to a row of another table and finds none."""
    for table, layout in facts.layouts.items():
        for column in layout.columns:
            for target in column.refers:
                if target not in facts.broken:
                    _check(facts, table, column.name, target)


def _check(facts: Facts, table: str, column: str, target: str) -> None:
    known = facts.ids(target)
    wrong = facts.strangers(facts.tables[table][column], known, (target,))
    if target in facts.absent and wrong.any():
        row = int(facts.tables[table].index[int(wrong.argmax())])
        problem = f"{column} names rows of {target}, and there is no such table"
        remedy = f"add {facts.files[target]}, or clear the column"
        if target in facts.source.tables:
            problem = f"{column} names rows of {target}, and {facts.files[target]} has none"
            remedy = "fill it in, or clear the column"
        facts.findings.add(facts.files[table], row, column, problem, remedy)
        return
    noun = target if target == "seats" else target.removesuffix("s")
    facts.note_names(
        table,
        column,
        wrong,
        lambda name: (
            f"there is no {noun} {name!r}",
            suggestion(name, known, f"add it to {facts.files[target]}"),
        ),
    )
