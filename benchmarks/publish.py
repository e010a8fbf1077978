"""Make a benchmark's report the one that the repository shows.

``python -m benchmarks.publish results/bench`` writes ``benchmarks/RESULTS.md`` and
``benchmarks/pictures`` from a finished run's ``report.md`` and its pictures.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import click

HOME = Path(__file__).parent

NOTE = """# Results

The report of one run of ours, unchanged but for this heading: a few instances of every set.
[README.md](README.md) says what is measured, and how.
"""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--home", type=click.Path(path_type=Path), default=HOME, help="Where to write.")
def main(folder: Path, home: Path) -> None:
    """Publish the report of a run that stopped by itself."""
    report = folder / "report.md"
    if not report.is_file():
        raise click.UsageError(f"{report} is not there: has the benchmark finished?")
    _, _, rest = report.read_text(encoding="utf-8").partition("\n")
    (home / "RESULTS.md").write_text(NOTE + rest, encoding="utf-8")
    shown = home / "pictures"
    shown.mkdir(exist_ok=True)
    for picture in sorted((folder / "pictures").glob("*.svg")):
        shutil.copyfile(picture, shown / picture.name)
    click.echo(f"{home / 'RESULTS.md'} and {shown}")


if __name__ == "__main__":
    main()
