"""pydantic's findings in a planner's words, each with its file and line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from talentopt.read.cells import figure
from talentopt.read.document import dotted
from talentopt.read.errors import nearest, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic_core import ErrorDetails

    from talentopt.read.document import Document, Path
    from talentopt.read.errors import Findings

_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?) ?%")

Shape = TypeVar("Shape", bound=BaseModel)

_BOUNDS = {
    "greater_than_equal": ("ge", "at least"),
    "greater_than": ("gt", "above"),
    "less_than_equal": ("le", "at most"),
    "less_than": ("lt", "below"),
}


def validated(shape: type[Shape], document: Document, findings: Findings) -> Shape | None:
    """Check a document against its shape; None when it does not fit.

    A name that is missing while an unknown one is nearly the same is told once.
    """
    try:
        return shape.model_validate(document.value)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=True)
        places = [_place(detail["loc"], document.value) for detail in details]
        meant = {
            (*path[:-1], nearest(str(path[-1]), fields(shape, path[:-1])))
            for detail, path in zip(details, places, strict=True)
            if detail["type"] == "extra_forbidden"
        }
        for detail, path in zip(details, places, strict=True):
            if detail["type"] == "missing" and path in meant:
                continue
            file, row = document.origin(path)
            problem, remedy = _explain(detail, path, shape)
            findings.add(file, row, dotted(path), problem, remedy)
        return None


def _place(loc: tuple[str | int, ...], value: Any) -> Path:
    """Drop what pydantic adds to a place: the branches of a union."""
    path: list[str | int] = []
    for i, part in enumerate(loc):
        last = i == len(loc) - 1
        if isinstance(value, dict):
            if part in value:
                value = value[part]
            elif not last:
                continue
            path.append(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
            path.append(part)
    return tuple(path)


def _explain(detail: ErrorDetails, path: Path, shape: type[BaseModel]) -> tuple[str, str]:
    kind, given, context = detail["type"], detail["input"], detail.get("ctx", {})
    name = str(path[-1]) if path else "the file"
    if kind == "extra_forbidden":
        return f"unknown name {name!r}", suggestion(name, fields(shape, path[:-1]))
    if kind == "missing":
        return f"{name!r} is missing", "add it"
    if kind in _BOUNDS:
        key, words = _BOUNDS[kind]
        bound = context[key]
        return f"{_show(given)} is out of range", f"write a number {words} {figure(bound)}"
    if kind in ("value_error", "assertion_error"):
        problem, _, remedy = str(context["error"]).partition("; ")
        return problem, remedy
    return f"{_show(given)} is {_WRONG.get(kind, 'not what is expected here')}", _remedy(
        kind, given, context
    )


_WRONG = {
    "string_type": "no text",
    "float_type": "no number",
    "int_type": "no whole number",
    "int_from_float": "no whole number",
    "finite_number": "no finite number",
    "bool_type": "neither true nor false",
    "literal_error": "not one of the words allowed here",
    "list_type": "no list",
    "dict_type": "no block of names",
    "model_type": "no block of names",
    "model_attributes_type": "no block of names",
}


def _remedy(kind: str, given: Any, context: dict[str, Any]) -> str:
    if kind == "string_type" and isinstance(given, bool | int | float):
        return "put it in quotes"
    if kind == "float_type" and isinstance(given, str) and (share := _PERCENT.fullmatch(given)):
        return f"write {float(share[1]) / 100:g}"
    if kind == "literal_error":
        return f"write {context['expected']}"
    return {
        "string_type": "write a name",
        "float_type": "write a number such as 10 or 0.5",
        "int_type": "write a whole number such as 2",
        "int_from_float": "write a whole number such as 2",
        "finite_number": "write a number such as 10 or 0.5",
        "bool_type": "write true or false",
        "list_type": "write [...] or one item a line, each after a dash",
    }.get(kind, "write {NAME: value} or one `NAME: value` a line")


def _show(given: Any) -> str:
    if given is None:
        return "a blank"
    if isinstance(given, bool):
        return "true (or yes, on)" if given else "false (or no, off)"
    if isinstance(given, dict):
        return "a block"
    if isinstance(given, list):
        return "a list"
    text = str(given)
    return repr(text if len(text) <= 60 else text[:57] + "...")


def fields(shape: type[BaseModel], path: Path) -> list[str]:
    """Names that the block at this place knows."""
    shapes: list[type[BaseModel]] = [shape]
    for part in path:
        following: list[type[BaseModel]] = []
        for candidate in shapes:
            if isinstance(part, str) and part in candidate.model_fields:
                following += _shapes(candidate.model_fields[part].annotation)
        shapes = following or shapes
    return sorted({name for candidate in shapes for name in candidate.model_fields})


def _shapes(annotation: Any) -> Iterator[type[BaseModel]]:
    """Find the blocks that an annotation can hold, through lists, dictionaries and unions."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _shapes(part)
