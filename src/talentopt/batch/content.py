"""Everything that a scenario is read from: its tables, its model, the plan that it replaces."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from talentopt.read.errors import Findings, InputErrors
from talentopt.read.folder import SETTINGS, read_settings_file
from talentopt.read.previous import FILES

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Content:
    """The files of one scenario, by names under which they can travel.

    Attributes
    ----------
    entry : str
        Name of what to solve: the scenario's folder or its workbook.
    previous : str
        Name of the previous plan's folder; blank without one.
    files : dict of str to Path
        Below ``scenario`` and ``previous``, sorted by name.
    """

    entry: str
    previous: str
    files: dict[str, Path]

    def pack(self) -> bytes:
        """Put everything into one ZIP archive."""
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
            for name, path in self.files.items():
                out.writestr(name, path.read_bytes())
        return archive.getvalue()


def content_of(scenario: Path, overrides: Mapping[str, str]) -> Content:
    """Find the files of a scenario; those that are absent are left out.

    Parameters
    ----------
    scenario : Path
        A folder, the ``scenario.yaml`` in it, or a workbook; it need not exist.
    overrides : mapping of str to str
        Whose `model` and `previous` count instead of the scenario's own.
    """
    if scenario.name == SETTINGS:
        scenario = scenario.parent
    is_folder = scenario.is_dir()
    home = scenario if is_folder else scenario.parent
    settings = _settings(scenario) | dict(overrides)
    files = {}
    if is_folder:
        tables = [path for path in scenario.iterdir() if path.suffix.lower() == ".csv"]
        files = {f"scenario/{path.name}": path for path in (*tables, scenario / SETTINGS)}
    else:
        files[f"scenario/{scenario.name}"] = scenario
    model = home / str(settings.get("model", ""))
    if model.is_file() and model.resolve().is_relative_to(home.resolve()):
        files[f"scenario/{model.resolve().relative_to(home.resolve()).as_posix()}"] = model
    previous = settings.get("previous")
    if isinstance(previous, str) and previous:
        files |= {f"previous/{name}": home / previous / name for name in FILES.values()}
    return Content(
        entry="scenario" if is_folder else f"scenario/{scenario.name}",
        previous="previous" if previous else "",
        files={name: files[name] for name in sorted(files) if files[name].is_file()},
    )


def unpack(packed: bytes, folder: Path) -> None:
    """Write the files of an archive below a folder.

    Names that lead elsewhere are refused: the archive may come from another machine.

    Raises
    ------
    ValueError
        If a name is absolute or climbs.
    """
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        for info in archive.infolist():
            parts = PurePosixPath(info.filename).parts
            target = folder.joinpath(*parts)
            if not parts or ".." in parts or not target.is_relative_to(folder):
                raise ValueError(f"the archive names {info.filename!r}, which lies outside it")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(info))


def _settings(scenario: Path) -> dict[str, object]:
    """Read what a scenario says of itself; nothing when it cannot be read."""
    findings = Findings()
    try:
        if scenario.is_dir():
            document = read_settings_file(scenario, findings)
        else:
            from talentopt.read.opening import open_source

            document = open_source(scenario, findings).settings
    except InputErrors:
        return {}
    value = None if document is None else document.value
    return dict(value) if isinstance(value, dict) else {}
