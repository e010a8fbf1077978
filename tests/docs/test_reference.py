"""The reference pages agree with the code."""

import re
import runpy
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from talentopt.read.model import Model
from talentopt.read.tables import STANDARD

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLES = re.findall(r"```yaml\n(.*?)```", (DOCS / "models.md").read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", ["format.md", "models.md"])
def test_generated_blocks_are_up_to_date(page):
    fill = runpy.run_path(str(DOCS / "generate.py"))["fill"]
    text = (DOCS / page).read_text("utf-8")
    assert fill(text) == text, "run: python docs/generate.py"


def test_every_table_has_a_section():
    text = (DOCS / "format.md").read_text("utf-8")
    assert set(STANDARD) <= set(re.findall(r"^<!-- table: (\w+) -->$", text, re.MULTILINE))


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_are_valid_models(example):
    Model.model_validate(YAML(typ="safe").load(example))


def test_links_within_the_page_lead_somewhere():
    text = (DOCS / "models.md").read_text("utf-8")
    heads = {head.lower() for head in re.findall(r"^#+ (\w+)$", text, re.MULTILINE)}
    assert set(re.findall(r"\(#(\w+)\)", text)) <= heads
