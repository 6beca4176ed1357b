"""The container engine: how it is reached, what its refusals become, and the labels by which the harness knows its own.

Everything the harness makes on an engine carries labels, and the labels are the only record of it: whatever a run or a
pool left behind is found by them, from any process and after any death.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import SplitResult

import docker
import requests
from docker.constants import DEFAULT_DOCKER_API_VERSION
from docker.errors import APIError, DockerException, ImageNotFound, NotFound

from harness.core.errors import ServerStartError
from harness.servers.endpoint import engine_url
from harness.servers.images import reference

if TYPE_CHECKING:
    from docker.models.containers import Container
    from docker.models.networks import Network
    from docker.models.volumes import Volume

RUN_LABEL = "factorio-harness.run"
"""On everything a run makes; its value is the run's id."""

OWNER_LABEL = "factorio-harness.owner"
"""The process that made it, `host:pid:start`, so that what is left of a dead one can be told from what is in use."""

SERVER_LABEL = "factorio-harness.server"
"""The server's name within its run or pool."""

POOL_LABEL = "factorio-harness.pool"
"""On everything of a pool made by hand; its value is the pool's name. Its owner counts only while it is raised."""

RAISING_LABEL = "factorio-harness.raising"
"""On everything made by one attempt to raise a pool; its value names the attempt."""

UNFINISHED_LABEL = "factorio-harness.unfinished"
"""On the empty volume that is there while a pool is raised; its owner is who raises it."""

PASSWORD_LABEL = "factorio-harness.password-file"
"""Where the RCON password of a pool made by hand is."""

ENGINE_TIMEOUT_S = 60.0

_NO_ADDRESSES = "; each run and pool needs a network: harness pool reap removes those that were left behind"

_CONFLICTS = (403, 409)
"""What the engine says of a network in use, and of a container or volume that is in use or being removed."""

_CONFLICT_S = 5.0
_CONFLICT_POLL_S = 0.1
_MOST_TAGS = 5
_SHORT = 40
"""Characters of a volume's name; those that have none of their own have 64 digits."""

BROKEN = (DockerException, requests.RequestException)
"""What the SDK raises when the engine refuses or does not answer."""


def connect() -> docker.DockerClient:
    """The engine that `DOCKER_HOST` names, or the local one.

    Raises:
        ConfigError: it names none that can be reached.
        ServerStartError: none answers.
    """
    url = engine_url()
    client = None
    try:
        _knock(url)
        client = _direct(DEFAULT_DOCKER_API_VERSION)
        spoken = str(client.version(api_version=False)["ApiVersion"])
        client.close()
        client = _direct(spoken)
    except (*BROKEN, OSError) as error:
        if client is not None:
            client.close()
        where = f"{url.scheme}://{url.netloc}{url.path}"
        raise ServerStartError(
            f"docker: expected an engine at {where}, none answers ({reason_of(error)}); start it, set DOCKER_HOST, "
            "or use servers.launcher: process"
        ) from None
    return client


def answers() -> bool:
    """Whether the engine does now; asked on a connection of its own, since one that stops serves those it has."""
    try:
        connect().close()
    except ServerStartError:
        return False
    return True


def _direct(version: str) -> docker.DockerClient:
    """A client that asks nothing yet.

    What the environment has for the web is not for engines: requests would prefer its authorities to those of
    `DOCKER_CERT_PATH`, and send what is meant for the engine to its proxy.
    """
    client = docker.from_env(version=version, timeout=int(ENGINE_TIMEOUT_S))
    client.api.trust_env = False
    return client


def _knock(url: SplitResult) -> None:
    """Fails where nobody listens on the engine's socket; the SDK would leave its own socket open then."""
    if url.scheme != "unix":
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knocking:
        knocking.settimeout(ENGINE_TIMEOUT_S)
        knocking.connect(url.path)


@contextmanager
def engine_errors(doing: str) -> Iterator[None]:
    """Has what the engine refuses end as one line.

    Raises:
        ServerStartError: it refused.
    """
    try:
        yield
    except APIError as error:
        said = str(error.explanation or reason_of(error))
        hint = _NO_ADDRESSES if "address pool" in said else ""
        raise ServerStartError(f"docker: could not {doing}: {said}{hint}") from None
    except BROKEN as error:
        raise ServerStartError(f"docker: could not {doing}: {reason_of(error)}") from None


class FoundImage(NamedTuple):
    """An image of the engine.

    Attributes:
        reference: the name it is known by.
        id: names it whatever becomes of its tags, so that all servers of a run are made from the same one.
        record: reference and content digest.
    """

    reference: str
    id: str
    record: str


def find_image(client: docker.DockerClient, image: str) -> FoundImage:
    """The image that a setting means.

    Raises:
        ServerStartError: the engine has no such image.
    """
    wanted = reference(image)
    with engine_errors(f"look for image {wanted}"):
        try:
            found = client.images.get(wanted)
        except ImageNotFound:
            raise ServerStartError(
                f"image {wanted}: expected it on the engine, found {_like(client, wanted)}; build this version's: "
                "images/build simulator, or factorio"
            ) from None
    digests = found.attrs.get("RepoDigests") or []
    return FoundImage(wanted, str(found.id), f"{wanted} {digests[0].rpartition('@')[2] if digests else found.id}")


def _like(client: docker.DockerClient, wanted: str) -> str:
    """The tags of the same repository, newest first."""
    folder, slash, name = wanted.partition("@")[0].rpartition("/")
    tags = [tag for each in client.images.list(name=folder + slash + name.partition(":")[0]) for tag in each.tags]
    return (
        ", ".join(tags[:_MOST_TAGS]) + (f" and {len(tags) - _MOST_TAGS} more" if len(tags) > _MOST_TAGS else "")
        or "none"
    )


def containers_with(client: docker.DockerClient, *labels: str) -> list[Container]:
    """Containers, stopped ones too, that carry all these labels (`name` or `name=value`), by name."""
    chosen: dict[str, str | list[str] | bool] = {"label": list(labels)}
    found = client.containers.list(all=True, filters=chosen, ignore_removed=True)
    return sorted(found, key=lambda each: str(each.name))


def networks_with(client: docker.DockerClient, *labels: str) -> list[Network]:
    """Networks that carry all these labels, by name."""
    chosen: dict[str, str | list[str] | bool] = {"label": list(labels)}
    return sorted(client.networks.list(filters=chosen), key=lambda each: str(each.name))


def volumes_with(client: docker.DockerClient, *labels: str, unused: bool = False) -> list[Volume]:
    """Volumes that carry all these labels, by name; only those that no container refers to if `unused`."""
    chosen: dict[str, Any] = {"label": list(labels)} | ({"dangling": True} if unused else {})
    return sorted(client.volumes.list(filters=chosen), key=lambda each: str(each.name))


def labels_of(thing: Container | Network | Volume) -> dict[str, str]:
    """The labels of anything that can carry some."""
    labels: dict[str, str] = thing.attrs.get("Config", thing.attrs)["Labels"] or {}
    return labels


def remove_all(client: docker.DockerClient, *labels: str) -> list[str]:
    """Removes every container, network and volume that carries these labels.

    Returns:
        Their names, without those of volumes that went with their container.
    """
    removed = []
    for container in containers_with(client, *labels):
        _remove(partial(container.remove, v=True, force=True))
        removed.append(str(container.name))
    for network in networks_with(client, *labels):
        _remove(network.remove)
        removed.append(str(network.name))
    return removed + remove_volumes(volumes_with(client, *labels))


def remove_volumes(volumes: list[Volume]) -> list[str]:
    """Removes volumes; returns what to call them."""
    for volume in volumes:
        _remove(volume.remove)
    return [f"volume {str(each.name)[:_SHORT]}" for each in volumes]


def _remove(remove: Callable[[], None]) -> None:
    """Another may be removing it at this moment, which the engine calls a conflict until it is gone."""
    deadline = time.monotonic() + _CONFLICT_S
    while True:
        try:
            return remove()
        except NotFound:
            return None
        except APIError as error:
            if error.status_code not in _CONFLICTS or time.monotonic() > deadline:
                raise
        time.sleep(_CONFLICT_POLL_S)


def owner_of(pid: int) -> str:
    """A process, named so that a later one with the same id is another: `host:pid:start`."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        start = stat.rpartition(")")[2].split()[19]
    except OSError:
        start = "gone"
    return f"{os.uname().nodename}:{pid}:{start}"


def reason_of(error: BaseException) -> str:
    """Why the engine could not be asked, on one line: what the system said, where that is at the bottom of it."""
    said = ""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and not isinstance(cause, BROKEN):
            said = cause.strerror or str(cause)
        cause = cause.__cause__ or cause.__context__
    return (said or str(error) or type(error).__name__).splitlines()[0]
