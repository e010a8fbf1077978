"""The command: options that make no sense and files that cannot be read are refused at once."""

import pytest

from cli.cases import talentopt


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--time-limit", "0"),
        ("--time-limit", "5,nan"),
        ("--time-limit", "soon"),
        ("--seeds", "-1"),
        ("--seeds", "0,"),
        ("--solvers", "nobody"),
    ],
)
def test_options(tmp_path, option, value):
    ran = talentopt("bench", "small", f"{option}={value}", "-o", tmp_path / "out")
    assert ran.code == 2
    assert "Error" in ran.err


def test_a_malformed_file_is_named(tmp_path):
    (tmp_path / "g1").write_text("1 1\n5\n", encoding="utf-8")
    ran = talentopt("bench", f"gap={tmp_path / 'g1'}", "-o", tmp_path / "out")
    assert ran.code == 3
    assert "g1: 1 agents and 1 jobs need 3 numbers" in ran.err
    assert not (tmp_path / "out" / "results.csv").exists()
