"""What is wrong with the input, collected and told all at once."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LEADING_ZEROS = re.compile(r"(?<![0-9.])0+(?=[0-9])")

MOST_COMPARED = 3_000
"""Names that one wrong name is compared with, letter by letter."""

MOST_OF_A_KIND = 20
"""Errors of one kind in one column that are told one by one."""

MOST_PLACES = 5
"""Other places of one mistake that are named."""

LONGEST = 400
"""Most letters of what is wrong."""


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
    also : tuple of str
        Other places of the same mistake.
    """

    file: str
    row: int | None
    column: str
    problem: str
    remedy: str = ""
    also: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Write the error as one line for people."""
        place = self.file
        if self.row is not None:
            place += f", line {self.row}"
        if self.column:
            place += f", {self.column}"
        text = f"{place}: {_short(self.problem)}{self._elsewhere}"
        return f"{text}; {self.remedy}" if self.remedy else text

    @property
    def _elsewhere(self) -> str:
        if not self.also:
            return ""
        more = len(self.also) - MOST_PLACES
        rest = f" and {more:,} more" if more > 0 else ""
        return f" (also in {', '.join(self.also[:MOST_PLACES])}{rest})"


def _short(text: str) -> str:
    """Cut what cannot be read at a glance, such as a cell of a thousand letters."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 60]} ... {text[-55:]}"


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
        self._named: dict[str, int] = {}
        self._settled: set[tuple[str, int | None, str]] = set()

    def add(self, file: str, row: int | None, column: str, problem: str, remedy: str = "") -> None:
        """Note one error, unless something else was said instead."""
        if (file, row, column) not in self._settled:
            self.errors.append(InputError(file, row, column, problem, remedy))

    def add_instead(self, file: str, row: int, column: str, problem: str, remedy: str) -> None:
        """Note what is wrong with a cell; all else that will be found there follows from it."""
        self.add(file, row, column, problem, remedy)
        self._settled.add((file, row, column))

    def add_once(
        self, file: str, row: int | None, column: str, problem: str, remedy: str = ""
    ) -> None:
        """Note a mistake that several places may share, such as a name that nothing has.

        It is told at the first place, which lists the others.
        """
        if problem not in self._named:
            at = len(self.errors)
            self.add(file, row, column, problem, remedy)
            if len(self.errors) > at:
                self._named[problem] = at
            return
        at = self._named[problem]
        first = self.errors[at]
        parts = [
            file if file != first.file else "",
            "" if row is None else f"line {row}",
            column if column != first.column else "",
        ]
        here = ", ".join(part for part in parts if part)
        if here and here not in first.also:
            self.errors[at] = replace(first, also=(*first.also, here))

    def note(self, text: str) -> None:
        """Keep a remark that is no error, once."""
        if text not in self.notes:
            self.notes.append(text)

    def stop_if_any(self) -> None:
        """Raise everything found so far.

        Raises
        ------
        InputErrors
        """
        if self.errors:
            raise InputErrors(self.errors)


def nearest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Find the known name most like this one, ignoring case, outer spaces and leading zeros."""
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
    plain = {_LEADING_ZEROS.sub("", text): text for text in folded}
    if (same := plain.get(_LEADING_ZEROS.sub("", wanted))) is not None:
        return folded[same]
    found = difflib.get_close_matches(wanted[:200], folded, n=1, cutoff=cutoff)
    return folded[found[0]] if found else None


def suggestion(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """Suggest the nearest known name, or list the few there are."""
    names = list(dict.fromkeys(known))
    found = nearest(name, names)
    if found is not None:
        return f"did you mean {found!r}?"
    if otherwise:
        return otherwise
    if 0 < len(names) <= 12:
        return "known are " + ", ".join(map(repr, names))
    return ""
