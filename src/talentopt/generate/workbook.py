"""A scenario's folder as one workbook: ``python -m talentopt.generate.workbook FOLDER FILE``."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
from ruamel.yaml import YAML

from talentopt.generate.files import write_workbook


def convert(folder: Path, target: Path) -> Path:
    """Write the workbook of a scenario's folder; every cell stays the text it is.

    Parameters
    ----------
    folder : Path
        A valid scenario whose model is a shipped one.
    target : Path
        A file ``.xlsx`` that is not there yet.

    Raises
    ------
    FileExistsError
        If the file is already there.
    """
    settings = YAML(typ="safe").load((folder / "scenario.yaml").read_text(encoding="utf-8-sig"))
    tables = {
        file.stem: pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        for file in sorted(folder.glob("*.csv"))
    }
    return write_workbook(target, settings, tables)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python -m talentopt.generate.workbook FOLDER FILE.xlsx")
    print(f"Written: {convert(Path(sys.argv[1]), Path(sys.argv[2]))}")
