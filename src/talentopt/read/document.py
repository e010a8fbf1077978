"""Nested settings with the line each of them stands on, from YAML or from a sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from talentopt.read.errors import Findings, InputError, InputErrors

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_FILE = 1_000_000
"""Most characters of a YAML file; models have a few thousand."""

DEEPEST = 30
"""Most levels of nesting; models have about seven."""

Path = tuple[str | int, ...]

_WORDS: dict[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf"), float("inf")),
    "-.inf": float("-inf"),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_WHOLE = re.compile(r"[-+]?[0-9]{1,30}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?")


@dataclass(slots=True)
class Document:
    """Nested dictionaries and lists, and where each value came from.

    Attributes
    ----------
    file : str
    value : object
        Dictionaries, lists, str, int, float, bool and None.
    origins : dict of path to (str, int)
        File and line of each value; a path is a tuple of keys and indices.
    """

    file: str
    value: Any
    origins: dict[Path, tuple[str, int | None]] = field(default_factory=dict)

    def origin(self, path: Path) -> tuple[str, int | None]:
        """File and line of a value, or of the nearest block around it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.origins:
                return self.origins[path[:length]]
        return self.file, None


def dotted(path: Path) -> str:
    """Write a path the way ``weights`` does."""
    return ".".join(map(str, path))


def scalar(text: str) -> object:
    """Read an unquoted YAML scalar: a number, a truth value, nothing, or text."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


def read_yaml(file: str, text: str) -> Document:
    """Read YAML as plain data; no tags, anchors, aliases or merge keys.

    Raises
    ------
    InputErrors
    """
    if len(text) > LARGEST_FILE:
        problem = f"the file has more than {LARGEST_FILE:,} characters"
        raise InputErrors([InputError(file, None, "", problem, "shorten it")])
    try:
        events = list(_until_too_deep(YAML(typ="safe", pure=True).parse(text)))
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "unreadable"
        row = None if mark is None else mark.line + 1
        remedy = "look at the indentation, colons and quotes here and just above"
        if "\\t" in problem:
            remedy = "indent with spaces instead of tabs"
        told = InputError(file, row, "", f"this is no YAML: {problem}", remedy)
        raise InputErrors([told]) from None
    except (ValueError, OverflowError, RecursionError) as error:
        raise InputErrors([InputError(file, None, "", f"this is no YAML: {error}")]) from None
    return _Builder(file).build(events)


def _until_too_deep(events: Iterator[Any]) -> Iterator[Any]:
    """Pass on what is parsed up to the first block nested too deep; the rest may take ages."""
    depth = 0
    for event in events:
        yield event
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            depth += 1
            if depth > DEEPEST:
                return
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            depth -= 1


class _Builder:
    """Builds one document from the parser's events."""

    def __init__(self, file: str) -> None:
        self._findings = Findings()
        self._document = Document(file, None)

    def build(self, events: list[Any]) -> Document:
        starts = sum(isinstance(event, DocumentStartEvent) for event in events)
        if starts > 1:
            self._refuse(None, (), "the file holds several documents", "remove the `---` lines")
        self._check_plain(events)
        self._findings.stop_if_any()
        stream = iter(
            event
            for event in events
            if isinstance(
                event,
                ScalarEvent
                | MappingStartEvent
                | MappingEndEvent
                | SequenceStartEvent
                | SequenceEndEvent,
            )
        )
        first = next(stream, None)
        if first is None:
            self._refuse(None, (), "nothing is in the file", "`talentopt new` writes an example")
        else:
            self._document.value = self._node(first, stream, ())
        self._findings.stop_if_any()
        return self._document

    def _refuse(self, row: int | None, path: Path, problem: str, remedy: str) -> None:
        self._findings.add_once(self._document.file, row, dotted(path), problem, remedy)

    def _check_plain(self, events: list[Any]) -> None:
        """Refuse what makes YAML more than data: aliases, anchors, tags; and deep nesting."""
        depth = 0
        for event in events:
            row = event.start_mark.line + 1
            if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
                self._refuse(row, (), "anchors and aliases (& and *) are not read", "write it out")
            if getattr(event, "tag", None):
                self._refuse(row, (), f"tags such as {event.tag} are not read", "remove the tag")
            if isinstance(event, MappingStartEvent | SequenceStartEvent):
                depth += 1
                if depth > DEEPEST:
                    problem = f"blocks are nested more than {DEEPEST} deep"
                    self._refuse(row, (), problem, "flatten them")
                    return
            elif isinstance(event, MappingEndEvent | SequenceEndEvent):
                depth -= 1

    def _node(self, event: Any, stream: Iterator[Any], path: Path) -> Any:
        row = event.start_mark.line + 1
        self._document.origins.setdefault(path, (self._document.file, row))
        if isinstance(event, MappingStartEvent):
            return self._mapping(stream, path)
        if isinstance(event, SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(item := next(stream), SequenceEndEvent):
                items.append(self._node(item, stream, (*path, len(items))))
            return items
        return scalar(event.value) if event.style is None else event.value

    def _mapping(self, stream: Iterator[Any], path: Path) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        while not isinstance(key := next(stream), MappingEndEvent):
            row = key.start_mark.line + 1
            name = self._name(key, stream, path)
            here = (*path, name)
            if name in mapping:
                first = self._document.origins[here][1]
                problem = f"the name {name!r} was already given in line {first}"
                self._refuse(row, here, problem, "remove one of them")
                self._node(next(stream), stream, (*here, "again"))
                continue
            self._document.origins[here] = (self._document.file, row)
            mapping[name] = self._node(next(stream), stream, here)
        return mapping

    def _name(self, key: Any, stream: Iterator[Any], path: Path) -> str:
        row = key.start_mark.line + 1
        if not isinstance(key, ScalarEvent):
            self._refuse(row, path, "a name must be text", "write NAME: value")
            self._node(key, stream, (*path, "name"))
            return ""
        text = str(key.value)
        if key.style is None and text == "<<":
            self._refuse(row, path, "merge keys (<<) are not read", "write the block out")
        elif key.style is None and not isinstance(scalar(text), str):
            problem = f"the name {text!r} is no text to YAML"
            self._refuse(row, (*path, text), problem, f'put it in quotes: "{text}"')
        return text
