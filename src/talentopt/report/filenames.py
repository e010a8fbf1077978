"""File names made of ids: any characters, any file system."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

RESERVED = frozenset(
    ["CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(10))]
)
"""Names that Windows keeps for devices, also with an extension."""

LONGEST = 120
"""Longest name that is kept whole; below every file system's limit with any suffix."""


def file_names(ids: Iterable[str]) -> dict[str, str]:
    """Name a file, without extension, for each id.

    Everything but letters, digits, ``_``, ``-`` and inner dots is percent
    encoded. Ids that differ in case only get ``~2``, ``~3``, … in their order,
    so that no two share a file where case does not count.

    Returns
    -------
    dict of str to str
        File name by id.
    """
    names: dict[str, str] = {}
    used: dict[str, int] = {}
    for identity in ids:
        name = _safe(identity)
        count = used[name.lower()] = used.get(name.lower(), 0) + 1
        names[identity] = name if count == 1 else f"{name}~{count}"
    return names


def _safe(identity: str) -> str:
    # A tilde marks what this module adds, so ids may not bring their own.
    name = quote(identity, safe="").replace("~", "%7E")
    if name.startswith("."):
        name = f"%2E{name[1:]}"
    if name.endswith("."):
        name = f"{name[:-1]}%2E"
    if name.partition(".")[0].upper() in RESERVED:
        name = f"%{ord(name[0]):02X}{name[1:]}"
    if len(name) > LONGEST:
        digest = hashlib.sha256(identity.encode()).hexdigest()[:16]
        name = f"{name[: LONGEST - 20]}~{digest}"
    return name
