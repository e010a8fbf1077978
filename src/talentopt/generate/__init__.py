"""Scenarios from nothing: synthetic ones of any size, and a small one to fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from talentopt.generate.blank import new
    from talentopt.generate.synthetic import generate

__all__ = ["generate", "new"]


def __getattr__(name: str) -> Any:
    """Import the two functions when they are first used."""
    if name == "generate":
        from talentopt.generate.synthetic import generate

        return generate
    if name == "new":
        from talentopt.generate.blank import new

        return new
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
