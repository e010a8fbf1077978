"""A group of commands that finds its families by itself."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import click

from talentopt.cli import commands


class Families(click.Group):
    """Finds every command in the modules of `talentopt.cli.commands`.

    The modules import nothing but `click` until a command runs.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the names of all commands."""
        return sorted(self._found())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find a command by its name."""
        return self._found().get(cmd_name)

    def _found(self) -> dict[str, click.Command]:
        if not self.commands:
            for module in pkgutil.iter_modules(commands.__path__, f"{commands.__name__}."):
                for thing in vars(import_module(module.name)).values():
                    if isinstance(thing, click.Command) and thing.name is not None:
                        self.commands[thing.name] = thing
        return dict(self.commands)
