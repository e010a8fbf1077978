"""Changed values on the command line: ``--set PATH=VALUE`` and ``--cap WHAT=SHARE``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence


def parse_overrides(texts: Sequence[str]) -> dict[str, str]:
    """Split ``PATH=VALUE`` texts.

    Raises
    ------
    click.UsageError
        If one has no path or no equals sign.
    """
    pairs = [text.partition("=") for text in texts]
    for path, equals, value in pairs:
        if not path or not equals:
            raise click.UsageError(f"--set takes PATH=VALUE, not {path + equals + value!r}")
    return {path: value for path, _, value in pairs}


def cap_overrides(texts: Sequence[str]) -> dict[str, str]:
    """Turn ``placements=5%`` texts into overrides of the model's caps.

    Raises
    ------
    click.UsageError
        If one is not written so.
    """
    found = {}
    for text in texts:
        what, equals, share = text.partition("=")
        if not what or not equals or not share:
            raise click.UsageError(f"--cap takes WHAT=SHARE, such as placements=5%, not {text!r}")
        if share.endswith("%"):
            try:
                share = repr(float(share[:-1]) / 100)
            except ValueError:
                raise click.UsageError(f"{share!r} is no share; write 5% or 0.05") from None
        found[f"stability.caps.{what}"] = share
    return found
