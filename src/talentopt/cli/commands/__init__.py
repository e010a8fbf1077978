"""Families of commands: every `click` command in a module here is found by itself."""
