from collections.abc import Iterator

import pytest

from tests.mod.play import Play


@pytest.fixture(scope="package")
def _one_world() -> Play:
    return Play()


@pytest.fixture
def play(_one_world: Play) -> Iterator[Play]:
    _one_world.reset()
    yield _one_world
