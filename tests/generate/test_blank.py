import pytest

from talentopt.generate import new
from talentopt.read.reader import read


def test_folder_and_workbook_are_the_same_valid_scenario(tmp_path):
    folder = read(new(tmp_path / "mine"))
    book = read(new(tmp_path / "mine.xlsx", xlsx=True))
    assert folder.model == book.model
    assert folder.calendar == book.calendar
    for name, table in folder.tables.items():
        assert table.reset_index(drop=True).equals(book.tables[name].reset_index(drop=True)), name


def test_a_workbook_gets_its_ending(tmp_path):
    assert new(tmp_path / "mine", xlsx=True) == tmp_path / "mine.xlsx"


@pytest.mark.parametrize("xlsx", [False, True])
def test_nothing_is_overwritten(tmp_path, xlsx):
    target = tmp_path / "mine.xlsx"
    new(target, xlsx=xlsx)
    with pytest.raises(FileExistsError):
        new(target, xlsx=xlsx)


def test_the_guide_explains_every_column(tmp_path):
    guide = (new(tmp_path / "mine") / "README.md").read_text()
    assert "- `duration`: consecutive periods; required; for example 3" in guide
