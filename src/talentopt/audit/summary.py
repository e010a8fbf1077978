"""What ``plan.json`` claims, read strictly."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from talentopt.read.errors import Findings

NUMBERS = ("objective", "bound", "gap")
TEXTS = ("status", "scenario_hash")


def read_summary(path: Path, findings: Findings) -> dict[str, Any] | None:
    """Read the claims that can be checked; None when the file is absent.

    Wrong claims (no number where there should be one) are noted.
    """
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        findings.add(path.name, None, "", f"the file is no JSON: {error}", "restore the file")
        return None
    if not isinstance(content, dict):
        findings.add(path.name, None, "", "the file is no JSON object", "restore the file")
        return None
    for name in NUMBERS:
        value = content.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float))):
            findings.add(path.name, None, name, f"{value!r} is no number", "write a number")
    for name in TEXTS:
        value = content.get(name)
        if value is not None and not isinstance(value, str):
            findings.add(path.name, None, name, f"{value!r} is no text", "write it in quotes")
    return content
