"""What is wrong with the input, collected and told all at once."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_COMPARED = 3_000
"""Names that one wrong name is compared with, letter by letter."""

MOST_OF_A_KIND = 20
"""Errors of one kind in one column that are told one by one."""


@dataclass(frozen=True, slots=True)
class InputError:
    """One thing that is wrong with the input.

    Attributes
    ----------
    file : str
        File or sheet, as a planner knows it.
    row : int or None
        Line in the file (row in the sheet), as an editor shows it.
    column : str
        Column of a table, or dotted path in a YAML file; may be blank.
    problem : str
        What is wrong.
    remedy : str
        What would be right; may be blank.
    """

    file: str
    row: int | None
    column: str
    problem: str
    remedy: str = ""

    def __str__(self) -> str:
        """Write the error as one line for people."""
        place = self.file
        if self.row is not None:
            place += f", line {self.row}"
        if self.column:
            place += f", {self.column}"
        text = f"{place}: {self.problem}"
        return f"{text}; {self.remedy}" if self.remedy else text


class InputErrors(Exception):
    """The input is invalid; `errors` says everything that was found.

    Attributes
    ----------
    errors : tuple of InputError
    """

    def __init__(self, errors: Iterable[InputError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(map(str, self.errors)))

    def __reduce__(self) -> tuple[type[InputErrors], tuple[tuple[InputError, ...]]]:
        """Keep the errors when a worker process hands them back."""
        return type(self), (self.errors,)


class Findings:
    """Collects errors, and notes that are none, while reading goes on."""

    def __init__(self) -> None:
        self.errors: list[InputError] = []
        self.notes: list[str] = []

    def add(self, file: str, row: int | None, column: str, problem: str, remedy: str = "") -> None:
        """Note one error."""
        self.errors.append(InputError(file, row, column, problem, remedy))

    def stop_if_any(self) -> None:
        """Raise everything found so far.

        Raises
        ------
        InputErrors
        """
        if self.errors:
            raise InputErrors(self.errors)


def nearest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Find the known name most like this one, ignoring case and outer spaces."""
    folded: dict[str, str] = {}
    for candidate in known:
        folded.setdefault(candidate.strip().casefold(), candidate)
    wanted = name.strip().casefold()
    if wanted in folded:
        return folded[wanted]
    if len(folded) > MOST_COMPARED:
        folded = {
            text: candidate
            for text, candidate in folded.items()
            if abs(len(text) - len(wanted)) <= 1
            and (text[:3] == wanted[:3] or text[-3:] == wanted[-3:])
        }
        folded = dict(islice(folded.items(), MOST_COMPARED))
    found = difflib.get_close_matches(wanted[:200], folded, n=1, cutoff=cutoff)
    return folded[found[0]] if found else None


def suggestion(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """Suggest the nearest known name, or list the few there are."""
    names = list(known)
    found = nearest(name, names)
    if found is not None:
        return f"did you mean {found!r}?"
    if otherwise:
        return otherwise
    if 0 < len(names) <= 12:
        return "known are " + ", ".join(map(repr, names))
    return ""
