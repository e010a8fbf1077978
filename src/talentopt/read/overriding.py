"""Applying what ``weights`` and the caller override, each to its own file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talentopt.read.document import scalar
from talentopt.read.errors import InputError, nearest, suggestion
from talentopt.read.model import Model
from talentopt.read.overrides import OverrideError, UnknownPath, flatten, override_model
from talentopt.read.settings import Settings
from talentopt.read.shape import validated
from talentopt.read.tables import STANDARD

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from talentopt.read.document import Document, Path
    from talentopt.read.errors import Findings
    from talentopt.read.source import Source

OPTION = "option --set"


def weighted_model(
    model: Document, settings: Document, more: Mapping[str, Any], findings: Findings
) -> Model | None:
    """Check a model after changing the numbers that ``weights`` and the caller name.

    A path that leads into a block of the model that is wrong itself is no
    error of its own.
    """
    nowhere = _apply_weights(model, settings, more, findings)
    before = len(findings.errors)
    checked = validated(Model, model, findings)
    wrong = {error.column.partition(".")[0] for error in findings.errors[before:]}
    wrong |= {nearest(block, Model.model_fields) or "" for block in wrong}
    findings.errors += [
        error for path, error in nowhere if "" not in wrong and path.partition(".")[0] not in wrong
    ]
    return checked


def _apply_weights(
    model: Document, settings: Document, more: Mapping[str, Any], findings: Findings
) -> list[tuple[str, InputError]]:
    """Change the model's numbers; return the paths that lead nowhere."""
    nowhere: list[tuple[str, InputError]] = []
    if not isinstance(model.value, dict):
        return nowhere
    weights = settings.value.get("weights") if isinstance(settings.value, dict) else None
    entries = [
        (path, value, settings.origin(("weights", *place)), f"weights.{path}")
        for path, value, place in (flatten(weights) if isinstance(weights, dict) else ())
    ]
    entries += [(path, value, (OPTION, None), path) for path, value in more.items()]
    for path, value, origin, column in entries:
        try:
            model.origins[override_model(model.value, path, value)] = origin
        except UnknownPath as error:
            nowhere.append((path, InputError(*origin, column, error.problem, error.remedy)))
        except OverrideError as error:
            findings.add(*origin, column, error.problem, error.remedy)
    return nowhere


def apply_overrides(
    source: Source, overrides: Mapping[str, Any], findings: Findings
) -> dict[str, Any]:
    """Change settings and cells; return what is left for the model."""
    left: dict[str, Any] = {}
    for path, value in overrides.items():
        head, _, rest = path.partition(".")
        if head in ("model", "weights") and rest:
            left[rest] = value
        elif head in Settings.model_fields:
            _override_setting(source.settings, tuple(path.split(".")), value, findings)
        elif rest and (head in source.tables or head in STANDARD):
            _override_cell(source, path, head, rest, value, findings)
        else:
            left[path] = value
    return left


def _override_setting(
    settings: Document | None, place: Path, value: Any, findings: Findings
) -> None:
    if settings is None or not isinstance(settings.value, dict):
        return
    block: Any = settings.value
    for key in place[:-1]:
        block = block.get(key)
        if not isinstance(block, dict):
            path = ".".join(map(str, place))
            findings.add(OPTION, None, path, f"there is no setting {path!r}", "check the path")
            return
    number = place in (("calendar", "periods"), ("calendar", "cycle"))
    block[place[-1]] = scalar(value) if number and isinstance(value, str) else value
    settings.origins[place] = (OPTION, None)


def _override_cell(
    source: Source, path: str, table: str, rest: str, value: Any, findings: Findings
) -> None:
    """Change one cell: ``TABLE.KEY.COLUMN``, several keys joined by a slash."""
    raw = source.tables.get(table)
    if raw is None:
        findings.add(OPTION, None, path, f"the scenario has no table {table!r}", "add it first")
        return
    layout = STANDARD.get(table)
    cells = raw.cells
    keys = [name for name in (layout.key if layout else ("id",)) if name in cells]
    standard = [column.name for column in layout.columns] if layout else []
    columns = [name for name in {*cells.columns, *standard} if rest.endswith(f".{name}")]
    if not columns:
        remedy = suggestion(rest.rpartition(".")[2], cells.columns)
        findings.add(OPTION, None, path, "the path ends with no column of the table", remedy)
        return
    column = max(columns, key=len)
    wanted = rest[: -len(column) - 1]
    names = _row_names(cells, keys)
    at = (names == wanted).to_numpy()
    if not at.any():
        remedy = suggestion(wanted, names.head(100_000).tolist())
        findings.add(OPTION, None, path, f"{table} has no row {wanted!r}", remedy)
        return
    if column not in cells:
        cells[column] = ""
    cells.loc[at, column] = "" if value is None else str(value)


def _row_names(cells: pd.DataFrame, keys: list[str]) -> pd.Series:
    names = cells[keys[0]] if keys else cells.iloc[:, 0]
    for key in keys[1:]:
        names = names + "/" + cells[key]
    return names
