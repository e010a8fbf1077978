"""What a column and a table of a scenario can be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["id", "text", "number", "whole", "period", "status"]

KIND_NAMES: dict[Kind, str] = {
    "id": "id",
    "text": "text",
    "number": "number",
    "whole": "whole number",
    "period": "period",
    "status": "one of a few words",
}
"""What a planner calls each kind of column."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a standard table.

    Attributes
    ----------
    name : str
    kind : str
        ``id`` (text, refers to a row), ``text``, ``number``, ``whole``,
        ``period`` or ``status``.
    help : str
        What the column means, one phrase.
    required : bool
        The column must be there and no cell may be blank.
    default : float or str, optional
        What a blank cell means; None = nothing.
    default_help : str
        What a blank cell means, in words, where `default` cannot say it.
    low, high : float, optional
        Smallest and largest number.
    refers : tuple of str
        Tables whose ids (or budgets) the cell may name.
    choices : tuple of str
        Allowed words of a ``status``.
    unit : str
    example : str
    """

    name: str
    kind: Kind
    help: str
    required: bool = False
    default: float | str | None = None
    default_help: str = ""
    low: float | None = None
    high: float | None = None
    refers: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    unit: str = ""
    example: str = ""

    @property
    def numeric(self) -> bool:
        """Whether the cells are numbers."""
        return self.kind in ("number", "whole")

    @property
    def blank_means(self) -> str:
        """What a blank cell means, in words."""
        if self.required:
            return "not allowed"
        if self.default_help:
            return self.default_help
        return f"{self.default:g}" if isinstance(self.default, float) else self.default or "none"

    @property
    def range(self) -> str:
        """The numbers allowed, in words; blank when there is no bound."""
        if not self.numeric:
            return ""
        low = "" if self.low is None else f"from {self.low:,g}"
        high = "" if self.high is None else f"to {self.high:,g}"
        return f"{low} {high}".strip()

    @property
    def description(self) -> str:
        """Everything about the column in one line."""
        parts = [self.help, KIND_NAMES[self.kind], self.range]
        if self.unit:
            parts.append(f"unit: {self.unit}")
        if self.refers:
            parts.append("refers to " + " or ".join(self.refers))
        if self.choices:
            parts.append(", ".join(self.choices))
        parts.append(f"blank: {self.blank_means}")
        return "; ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Table:
    """One standard table.

    Attributes
    ----------
    name : str
    help : str
    columns : tuple of Column
    key : tuple of str
        Columns that no two rows may share.
    """

    name: str
    help: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    def column(self, name: str) -> Column | None:
        """Find a column by its name."""
        return next((column for column in self.columns if column.name == name), None)
