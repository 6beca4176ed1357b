"""What README and docs/ promise that can be held to the tree."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from harness.api import api_reference
from harness.cli.app import app
from harness.core.text import estimate_tokens
from harness.experiment import load_experiment, parse_experiment
from harness.experiment.comparison import load_comparison
from harness.servers import ServerSettings

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


@pytest.mark.parametrize(("command", "full"), [("harness api", True), ("harness api --short", False)])
def test_the_size_of_the_reference_is_what_the_docs_say(command: str, full: bool) -> None:
    page = (ROOT / "docs" / "agent-api.md").read_text()
    told = re.search(rf"`{command}` [^(;]*\(about ([\d,]+)", page)
    assert told is not None
    assert int(told[1].replace(",", "")) == round(estimate_tokens(api_reference(full=full)), -2)


def test_the_readme_names_every_command() -> None:
    line = next(line for line in (ROOT / "README.md").read_text().splitlines() if "harness --help" in line)
    names = {command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands}
    assert [name for name in sorted(names) if f"`{name}`" not in line] == []


@pytest.mark.parametrize("path", sorted((ROOT / "experiments").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_experiment_of_the_tree_loads_and_describes_itself(path: Path) -> None:
    load = load_comparison if "methods" in yaml.safe_load(path.read_text()) else load_experiment
    assert load(path.parent, path.stem).description


def test_the_settings_of_containers_are_told_with_their_defaults() -> None:
    text = (ROOT / "docs" / "containers.md").read_text()
    told = dict(re.findall(r"^\| `(\w+)` \| `?([^|`]*?)`? \|", text, re.MULTILINE))
    for setting in fields(ServerSettings):
        default = {None: "chosen by the system", (): "none"}.get(setting.default, setting.default)
        said = told[setting.name]
        assert said == str(default) or float(said) == default, setting.name
