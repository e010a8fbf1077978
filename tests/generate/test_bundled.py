"""The scenarios and models that ship."""

import filecmp
import re
import shlex

import pytest

from talentopt.generate import generate
from talentopt.read.reader import read

NAMES = ("first-cohort", "northern", "contradiction", "northern-full", "residency")


@pytest.mark.parametrize("name", NAMES)
def test_bundled_scenarios_are_valid(bundled, name):
    assert len(read(bundled / name).tables["participants"])


@pytest.mark.parametrize("name", ["northern", "northern-full"])
def test_generated_ones_are_what_their_command_makes(tmp_path, bundled, name):
    command = re.search(r"    talentopt generate (.*)", (bundled / name / "README.md").read_text())
    words = shlex.split(command[1])[1:]
    options = {key[2:]: value for key, value in zip(words[::2], words[1::2], strict=True)}
    numbers = {
        key: int(options.pop(key))
        for key in ("participants", "seed", "periods", "mentors", "placements")
    }
    tightness = float(options.pop("tightness"))
    folder = generate(tmp_path / "s", **options, **numbers, tightness=tightness)
    names = sorted(path.name for path in folder.iterdir())
    same, _, _ = filecmp.cmpfiles(folder, bundled / name, names, shallow=False)
    assert sorted(same) == names
