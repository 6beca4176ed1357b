"""The engine and the image that tests of containers use."""

from collections.abc import Iterator

import docker
import pytest
from docker.errors import ImageNotFound

from harness.servers.docker import connect
from harness.servers.images import reference


@pytest.fixture(scope="package")
def client() -> Iterator[docker.DockerClient]:
    engine = connect()
    yield engine
    engine.close()


@pytest.fixture(scope="package")
def image(client: docker.DockerClient) -> str:
    """This version's simulator image."""
    name = reference("simulator")
    try:
        client.images.get(name)
    except ImageNotFound:
        pytest.fail(f"expected the image {name}, found none: run images/build simulator")
    return name
