"""Shares of a value, such as ``0.5%``, on the command line."""

from __future__ import annotations

import click

WITHIN = click.option(
    "--within",
    default="0.5%",
    show_default=True,
    callback=lambda context, parameter, text: read_share(text),
    help="Share of the value that alternatives may lose.",
)


def read_share(text: str) -> float:
    """Read ``0.5%`` or ``0.005``."""
    try:
        share = float(text.removesuffix("%")) / (100.0 if text.endswith("%") else 1.0)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise click.UsageError(f"--within {text}: write a share such as 0.5% or 0.005")
    return share
