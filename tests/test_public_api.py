"""The package's front: what a caller of the library may import from `harness`."""

import importlib
import subprocess
import sys

import pytest

import harness
from harness.api import api_types

CORE = (
    "ChunkedMCTS Conversation Direction FactorioEvaluator FactorioInstance GameState LLMFactory MCTS PlanningMCTS "
    "Position Program Prototype Resource"
).split()


@pytest.mark.parametrize("name", harness.__all__)
def test_every_public_name_resolves(name: str) -> None:
    assert getattr(harness, name) is not None


def test_the_core_is_public() -> None:
    assert set(CORE) <= set(harness.__all__)


def test_every_type_a_program_can_name_is_public_and_the_very_same() -> None:
    assert {name: getattr(harness, name) for name in api_types()} == api_types()


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Prototypo"):
        importlib.import_module("harness").Prototypo  # noqa: B018


def test_importing_the_package_loads_nothing_of_it() -> None:
    code = "import sys, harness; print([name for name in sys.modules if name.startswith('harness.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
