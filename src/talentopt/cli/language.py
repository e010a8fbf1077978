"""The language of reports and development plans, as an option."""

from __future__ import annotations

import click

LANGUAGE = click.option(
    "--lang",
    "language",
    type=click.Choice(("en", "zh")),
    default="en",
    show_default=True,
    help="Language of report and development plans.",
)
