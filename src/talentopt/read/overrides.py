"""Changing one number of a model, a setting or a cell, named by a dotted path.

Paths go into lists by index, stage name, `column` value or rule name:
``itineraries.stages.rotation.missing``,
``matchings.technical.points.skill_fit.weight``. Names may hold dots.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talentopt.read.document import dotted, scalar
from talentopt.read.errors import nearest
from talentopt.read.model import Model
from talentopt.read.shape import fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from talentopt.read.document import Path

_BY_NAME = ("matchings", "hours")
"""Blocks whose names the model chooses, so that nothing is added to them."""

_ALWAYS_THERE = (("fairness",), ("stability",), ("stability", "caps"))
"""Blocks that a model has even where its file leaves them out, outer ones first."""


class OverrideError(ValueError):
    """A path that is not there, or a value that does not fit.

    Attributes
    ----------
    problem, remedy : str
    """

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem}; {remedy}" if remedy else problem)
        self.problem = problem
        self.remedy = remedy


class UnknownPath(OverrideError):
    """A path that leads nowhere."""


def flatten(weights: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any, Path]]:
    """List the overrides of a ``weights`` block, whether dotted or nested.

    Yields
    ------
    path : str
    value : object
    place : tuple
        Keys that lead to it in the block.
    """
    for name, value in weights.items():
        if isinstance(value, dict) and "column" not in value:
            for path, inner, place in flatten(value, f"{prefix}{name}."):
                yield path, inner, (name, *place)
        else:
            yield prefix + name, value, (name,)


def override_model(raw: dict[str, Any], path: str, value: Any) -> Path:
    """Change one number of a model that was read as plain data.

    Parameters
    ----------
    raw : dict
        Changed in place.
    path : str
    value : object
        A number, ``{column: NAME, default: X}`` or, where the model has one,
        a truth value; text is read as YAML would read it.

    Returns
    -------
    tuple
        Keys and indices that lead to the number.

    Raises
    ------
    OverrideError
        If nothing, or more than one thing, has that path, or the value does not fit.
    """
    for block in _ALWAYS_THERE:
        if path.startswith(dotted(block) + "."):
            _make_block(raw, block)
    value = scalar(value) if isinstance(value, str) else value
    found = list(dict.fromkeys(_find(raw, path, ()))) if path else []
    if not found:
        known = [name for name in _known(raw, ()) if name]
        near = nearest(path, known)
        remedy = f"did you mean {near!r}?" if near else "name a number that the model has"
        raise UnknownPath(f"the model has no {path!r}", remedy)
    if len(found) > 1:
        places = ", ".join(map(dotted, found))
        raise OverrideError(f"{path!r} fits several numbers", f"use one of {places}")
    _replace(raw, found[0], path, value)
    return found[0]


def _make_block(raw: dict[str, Any], block: tuple[str, ...]) -> None:
    """Add an empty block; what is there and no block is left for the check of the model."""
    node: Any = raw
    for name in block:
        if not isinstance(node, dict):
            return
        if node.get(name) is None:
            node[name] = {}
        node = node[name]


def _find(node: Any, rest: str, here: Path) -> Iterator[Path]:
    """Find every place that the rest of a path can mean from here."""
    if not rest:
        yield here
    elif isinstance(node, dict):
        keys = [key for key in node if rest == key or rest.startswith(f"{key}.")]
        for key in keys:
            yield from _find(node[key], rest[len(key) + 1 :], (*here, key))
        if not keys and "." not in rest and _may_add(here, rest):
            yield (*here, rest)
    elif isinstance(node, list):
        yield from _find_in_list(node, rest, here)


def _find_in_list(items: list[Any], rest: str, here: Path) -> Iterator[Path]:
    head, _, tail = rest.partition(".")
    if head.isdecimal() and int(head) < len(items):
        yield from _find(items[int(head)], tail, (*here, int(head)))
        return
    for i, item in enumerate(items):
        for name, inside in _names(item):
            if rest == name or rest.startswith(f"{name}."):
                node = item
                for key in inside:
                    node = node[key]
                yield from _find(node, rest[len(name) + 1 :], (*here, i, *inside))


def _names(item: Any) -> Iterator[tuple[str, Path]]:
    """List what an item of a list is called, and the block inside it that the name means."""
    if not isinstance(item, dict):
        return
    for key in ("stage", "column"):
        if isinstance(item.get(key), str):
            yield item[key], ()
    for key, body in item.items():
        if isinstance(body, dict) and not _is_number(body):
            yield key, (key,)
            if isinstance(body.get("column"), str):
                yield body["column"], (key,)


def _may_add(here: Path, name: str) -> bool:
    """Whether a block knows this name although the file leaves it out."""
    if here == ("stability", "caps"):
        return True
    return not (here and here[-1] in _BY_NAME) and name in fields(Model, here)


def _known(node: Any, here: Path) -> Iterator[str]:
    """List the paths of all numbers, lists by their items' names."""
    if isinstance(node, dict) and not _is_number(node):
        for key, value in node.items():
            yield from _known(value, (*here, key))
    elif isinstance(node, list):
        for i, item in enumerate(node):
            name = next((name for name, _ in _names(item)), str(i))
            inside = next((inside for _, inside in _names(item)), ())
            body = item
            for key in inside:
                body = body[key]
            yield from _known(body, (*here, name))
    elif not isinstance(node, str):
        yield dotted(here)


def _is_number(block: Mapping[str, Any]) -> bool:
    return "column" in block and set(block) <= {"column", "default"} and len(block) == 2


def _replace(raw: dict[str, Any], place: Path, path: str, value: Any) -> None:
    parent: Any = raw
    for key in place[:-1]:
        parent = parent[key]
    old = parent.get(place[-1]) if isinstance(parent, dict) else parent[place[-1]]
    is_block = isinstance(old, list) or (isinstance(old, dict) and "column" not in old)
    if is_block:
        near = next(_known(old, (path,)), None)
        remedy = f"name one number in it, such as {near!r}" if near else ""
        raise OverrideError(f"{path!r} is a whole block", remedy)
    if isinstance(old, str):
        raise OverrideError(f"{path!r} is text, not a number", "change it in the model's file")
    truth = isinstance(old, bool)
    if isinstance(value, bool) != truth or not isinstance(value, dict | bool | int | float):
        kind = "true or false" if truth else "a number"
        raise OverrideError(f"{value!r} is not {kind}", f"write {kind}")
    parent[place[-1]] = value
