"""What README and docs/ promise that can be held to the tree."""

import re
from pathlib import Path

import pytest
import yaml

from harness.experiment import load_experiment, parse_experiment

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://)([^)#]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_documented_experiment_is_one_and_states_the_defaults_that_are() -> None:
    text = re.search(r"```yaml\n(.*?)```", (ROOT / "docs" / "experiments.md").read_text(), re.DOTALL)
    assert text is not None
    told = yaml.safe_load(text[1])
    parse_experiment({"name": "told", **told}, source="docs/experiments.md")
    plain = parse_experiment(
        {"name": "plain", "variant": "mcts", "model": "scripted/builder"}, source="test"
    ).resolved()
    for section in ("evaluation", "model_options", "budget"):
        assert told[section].items() <= plain[section].items()


@pytest.mark.parametrize("path", sorted((ROOT / "experiments").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_experiment_of_the_tree_loads_and_describes_itself(path: Path) -> None:
    assert load_experiment(path.parent, path.stem).description
