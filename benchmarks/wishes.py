"""A scenario some of whose people changed their wishes, to time a warm start on.

``python -m benchmarks.wishes SCENARIO OUTPUT`` copies a scenario folder and shuffles what a part
of the people wish: each one's mentors among themselves, and each one's placements. Then
``talentopt solve OUTPUT -o plan --warm PLAN --time-limit 5`` starts from a plan of the scenario.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import numpy as np
import pandas as pd


def main(arguments: list[str] | None = None) -> int:
    """Write the changed scenario."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenario", type=Path, help="a folder of CSV files")
    parser.add_argument("output", type=Path, help="a folder that does not exist")
    parser.add_argument("--share", type=float, default=0.1, help="of the people")
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args(arguments)
    shutil.copytree(given.scenario, given.output)
    tables = {
        name: pd.read_csv(given.scenario / f"{name}.csv", dtype=str, keep_default_na=False)
        for name in ("participants", "mentors", "placements", "preferences")
    }
    wishes = shuffled(tables, given.share, np.random.default_rng(given.seed))
    wishes.to_csv(given.output / "preferences.csv", index=False)
    return 0


def shuffled(
    tables: dict[str, pd.DataFrame], share: float, rng: np.random.Generator
) -> pd.DataFrame:
    """Shuffle the options that a share of the people wish, mentors and placements apart."""
    people = tables["participants"]["id"].to_numpy()
    changed = rng.choice(people, round(share * len(people)), replace=False)
    wishes = tables["preferences"].copy()
    for kind in ("mentors", "placements"):
        mine = wishes["chooser"].isin(changed) & wishes["option"].isin(tables[kind]["id"])
        for _, rows in wishes[mine].groupby("chooser"):
            wishes.loc[rows.index, "option"] = rng.permutation(rows["option"].to_numpy())
    return wishes


if __name__ == "__main__":
    raise SystemExit(main())
