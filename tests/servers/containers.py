"""What tests of containers share: settings, and an eye on what is left behind."""

import io
import json
import os
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

import docker
from docker.errors import DockerException

from harness.servers import ServerSettings
from harness.servers.engine import (
    OWNER_LABEL,
    RUN_LABEL,
    connect,
    containers_with,
    find_image,
    networks_with,
    volumes_with,
)

IMAGE = os.environ.get("HARNESS_TEST_IMAGE", "simulator")
"""Another image than this version's build, for who changes something else."""


def settings(**changes) -> ServerSettings:
    usual = {"launcher": "docker", "image": IMAGE, "slots": 2, "memory": "512m", "reply_timeout_s": 12.0}
    return ServerSettings(**{**usual, **changes})


def left_behind(run_id: str | None = None) -> list[str]:
    """Names of containers, networks and volumes that no container has, of a run or of all runs."""
    return labelled(RUN_LABEL if run_id is None else f"{RUN_LABEL}={run_id}")


def labelled(label: str) -> list[str]:
    """Names of containers, networks and volumes that no container has."""
    with closing(connect()) as client:
        volumes = volumes_with(client, label, unused=True)
        return [each.name for each in [*containers_with(client, label), *networks_with(client, label), *volumes]]


def left_by(pid: int, client: docker.DockerClient) -> list[str]:
    """Names of containers, networks and volumes that a process made."""
    found = [*containers_with(client, OWNER_LABEL), *networks_with(client, OWNER_LABEL)]
    return [each.name for each in [*found, *volumes_with(client, OWNER_LABEL)] if f":{pid}:" in json.dumps(each.attrs)]


@contextmanager
def derived(lines: str) -> Iterator[str]:
    """An image on top of the one under test, with a mistake in it."""
    with closing(connect()) as client:
        text = f"FROM {find_image(client, IMAGE).reference}\nUSER root\n{lines}\nUSER 10001:10001\n"
        image, _ = client.images.build(fileobj=io.BytesIO(text.encode()), rm=True)
        try:
            yield str(image.id)
        finally:
            with suppress(DockerException):
                client.images.remove(str(image.id), force=True)


def free_ports(count: int, within: range) -> int:
    """The first of so many free ports in a row."""
    for first in within[::count]:
        try:
            for port in range(first, first + count):
                socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return first
    raise AssertionError(f"expected {count} free ports in a row")
