"""Finding a programme model and reading it."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from talentopt.read.errors import suggestion
from talentopt.read.folder import read_yaml_file

if TYPE_CHECKING:
    from talentopt.read.document import Document
    from talentopt.read.errors import Findings


def shipped_models() -> dict[str, Path]:
    """Find the models that ship, by name.

    They lie in the installed package, or beside ``src`` in a source checkout.
    """
    package = Path(str(resources.files("talentopt")))
    for folder in (package / "models", package.parents[1] / "models"):
        if folder.is_dir():
            return {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    return {}


def find_model(
    name: str, folder: Path, origin: tuple[str, int | None], findings: Findings
) -> Path | None:
    """Find a model: a shipped name, or a file inside the scenario's folder."""
    shipped = shipped_models()
    try:
        inside = (folder / name).resolve()
        home = folder.resolve()
        is_there = inside.exists() and not inside.is_dir()
    except (OSError, ValueError, RuntimeError):
        inside, home, is_there = folder, folder, False
    if is_there and inside.is_relative_to(home):
        return inside
    if name in shipped:
        return shipped[name]
    if not inside.is_relative_to(home):
        remedy = "copy the model into the scenario's folder"
        findings.add(*origin, "model", f"{name!r} lies outside the scenario's folder", remedy)
        return None
    here = [path.name for path in sorted(folder.glob("*.yaml")) if path.name != "scenario.yaml"]
    remedy = suggestion(name, [*shipped, *here])
    findings.add(*origin, "model", f"there is no model {name!r}", remedy)
    return None


def load_model(path: Path, folder: Path, findings: Findings) -> Document | None:
    """Read a model file as plain data."""
    try:
        file = str(path.relative_to(folder.resolve()))
    except ValueError:
        file = f"model {path.stem}"
    return read_yaml_file(path, file, findings)
