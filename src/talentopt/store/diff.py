"""What changed between two plan folders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Difference:
    """The changes from one plan to another.

    Attributes
    ----------
    pairs, placements : DataFrame
        Columns `change` (``gone``, ``new`` or ``moved``), the ids, and for
        placements `start_before` and `start_after`; sorted by person.
    kept_pairs, kept_placements : float
        Share of the earlier plan's rows that the later one has unchanged; 1 when it had none.
    """

    pairs: pd.DataFrame
    placements: pd.DataFrame
    kept_pairs: float
    kept_placements: float


def difference(before: Path, after: Path) -> Difference:
    """Compare two plan folders.

    Parameters
    ----------
    before, after : Path
        Folders with ``pairs.csv`` and ``placements.csv``.
    """
    one, other = (
        [_read(folder / name) for name in ("pairs.csv", "placements.csv")]
        for folder in (before, after)
    )
    return compare_tables(one[0], other[0], one[1], other[1])


def compare_tables(
    pairs_before: pd.DataFrame,
    pairs_after: pd.DataFrame,
    placements_before: pd.DataFrame,
    placements_after: pd.DataFrame,
) -> Difference:
    """Compare the tables of two plans; all cells that name something are text."""
    pairs = _changes(
        pairs_before.assign(start=""),
        pairs_after.assign(start=""),
        ["matching", "seeker", "provider"],
    )
    placements = _changes(placements_before, placements_after, ["participant", "placement"])
    return Difference(
        pairs[pairs["change"] != "kept"].drop(columns=["start_before", "start_after"]),
        placements[placements["change"] != "kept"],
        _kept(pairs),
        _kept(placements),
    )


def describe(found: Difference) -> str:
    """Write a difference as lines of text."""
    lines = [
        f"pairs: {found.kept_pairs:.1%} kept, {len(found.pairs)} changes",
        f"placements: {found.kept_placements:.1%} kept, {len(found.placements)} changes",
    ]
    for row in found.pairs.to_dict("records"):
        lines.append(
            f"  {row['change']:5} {row['matching']}: {row['seeker']} with {row['provider']}"
        )
    for row in found.placements.to_dict("records"):
        when = {
            "gone": row["start_before"],
            "new": row["start_after"],
            "moved": f"{row['start_before']} -> {row['start_after']}",
        }[row["change"]]
        lines.append(f"  {row['change']:5} {row['participant']} at {row['placement']}, {when}")
    return "\n".join(lines) + "\n"


def _changes(before: pd.DataFrame, after: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    merged = before[[*keys, "start"]].merge(
        after[[*keys, "start"]],
        on=keys,
        how="outer",
        suffixes=("_before", "_after"),
        indicator="where",
    )
    names = {"left_only": "gone", "right_only": "new", "both": "kept"}
    merged["change"] = merged["where"].astype(str).map(names)
    moved = (merged["change"] == "kept") & (merged["start_before"] != merged["start_after"])
    merged.loc[moved, "change"] = "moved"
    columns = ["change", *keys, "start_before", "start_after"]
    return merged[columns].sort_values(keys, kind="stable", ignore_index=True)


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _kept(changes: pd.DataFrame) -> float:
    before = changes["change"] != "new"
    return float((changes["change"] == "kept").sum() / before.sum()) if before.any() else 1.0
