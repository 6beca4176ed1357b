"""Pools of containers made by hand: they stand until they are taken down, and belong to no process.

Nothing but the engine's labels records them, so any process on any day finds a pool by its name. Experiments attach to
one with `servers: {launcher: external, addresses: [...]}`. What killed runs left behind is found the same way.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import docker

from harness.core.errors import ConfigError
from harness.servers.containers import RCON_PORT, fate_of, published_port, state_of
from harness.servers.engine import (
    BROKEN,
    OWNER_LABEL,
    PASSWORD_LABEL,
    POOL_LABEL,
    RUN_LABEL,
    SERVER_LABEL,
    UNFINISHED_LABEL,
    containers_with,
    engine_errors,
    labels_of,
    networks_with,
    owner_of,
    remove_all,
    remove_volumes,
    volumes_with,
)
from harness.servers.health import failed_check

if TYPE_CHECKING:
    from docker.models.containers import Container
    from docker.models.networks import Network
    from docker.models.volumes import Volume


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerStatus:
    """A server of a pool or run as the engine sees it.

    Attributes:
        group: name of the pool, or `run` and the run's id.
        server: its name there.
        address: `host:port` of its RCON; empty while it has none.
        health: what the image's own check says, or how the container ended.
        memory_bytes: in use now; 0 if it is not running.
        started: when it was started.
        image: what it was made from.
    """

    group: str
    server: str
    address: str
    health: str
    memory_bytes: int
    started: datetime | None
    image: str


def lower_pool(client: docker.DockerClient, name: str) -> list[str]:
    """Removes a pool and its password; returns the names of what was removed, nothing if there was no such pool."""
    with engine_errors(f"take pool {name} down"):
        files = {labels_of(each).get(PASSWORD_LABEL, "") for each in _made_with(client, f"{POOL_LABEL}={name}")}
        removed = remove_all(client, f"{POOL_LABEL}={name}")
    for file in sorted(filter(None, files)):
        Path(file).unlink(missing_ok=True)
    return removed


def is_unfinished(client: docker.DockerClient, name: str, *, other_hosts: bool = False) -> bool:
    """Whether a process that is gone began to raise this pool and did not come to the end.

    Args:
        client: the engine.
        name: the pool's.
        other_hosts: also one of another host, whose processes cannot be looked at: only if none runs there.
    """
    label = f"{POOL_LABEL}={name}"
    found: list[Volume | Network] = [*volumes_with(client, label, UNFINISHED_LABEL)]
    if not found and not containers_with(client, label):
        found = [*networks_with(client, label)]
    return any(_is_orphan(labels_of(each), other_hosts) for each in found)


def statuses(client: docker.DockerClient, name: str | None = None) -> list[ServerStatus]:
    """The servers of one pool, or of all pools and runs.

    Raises:
        ServerStartError: the engine does not answer.
    """
    with engine_errors("list containers"):
        if name is not None:
            return [_status(each) for each in containers_with(client, f"{POOL_LABEL}={name}")]
        return [_status(each) for label in (POOL_LABEL, RUN_LABEL) for each in containers_with(client, label)]


def log_of(client: docker.DockerClient, name: str, server: str, tail: int) -> str:
    """The last lines that a server of a pool wrote.

    Raises:
        ConfigError: no such pool or server.
    """
    found = containers_with(client, f"{POOL_LABEL}={name}")
    known = {container.labels[SERVER_LABEL]: container for container in found}
    if server not in known:
        there = ", ".join(known) or "none: see harness pool status"
        raise ConfigError(f"pool {name}: expected one of its servers, got {server!r}; there are: {there}")
    with engine_errors(f"read the log of {server}"):
        return known[server].logs(tail=tail).decode(errors="replace")


def reap(client: docker.DockerClient, *, other_hosts: bool = False) -> list[str]:
    """Removes what runs left whose process is gone, and pools that such a process left unfinished; returns the names.

    Pools by hand that were finished stay. Volumes that carry our labels and belong to no container go, whoever made
    them: they hold a password, and nothing takes them up again.

    Args:
        client: the engine.
        other_hosts: also what was made from other hosts, whose processes cannot be looked at: only if none runs there.
    """
    removed = []
    with engine_errors("look for what dead runs left"):
        made = _made_with(client, RUN_LABEL)
        dead = {labels_of(each)[RUN_LABEL] for each in made if _is_orphan(labels_of(each), other_hosts)}
        for run in sorted(dead):
            removed += remove_all(client, f"{RUN_LABEL}={run}")
        for pool in sorted({labels_of(each)[POOL_LABEL] for each in _made_with(client, POOL_LABEL)}):
            if is_unfinished(client, pool, other_hosts=other_hosts):
                removed += lower_pool(client, pool)
        for label in (RUN_LABEL, POOL_LABEL):
            unused = volumes_with(client, label, unused=True)
            removed += remove_volumes([each for each in unused if UNFINISHED_LABEL not in labels_of(each)])
    return removed


def _made_with(client: docker.DockerClient, label: str) -> list[Container | Network | Volume]:
    return [*containers_with(client, label), *networks_with(client, label), *volumes_with(client, label)]


def _is_orphan(labels: dict[str, str], other_hosts: bool) -> bool:
    owner = labels.get(OWNER_LABEL, "")
    host, _, rest = owner.partition(":")
    if host != os.uname().nodename:
        return other_hosts
    pid = rest.partition(":")[0]
    return not pid.isdecimal() or owner_of(int(pid)) != owner


def _status(container: Container) -> ServerStatus:
    labels = container.labels
    state = state_of(container)
    running = bool(state["Running"]) and not state["Paused"]
    address = ""
    if running:
        host = container.attrs["HostConfig"]["PortBindings"][f"{RCON_PORT}/tcp"][0]["HostIp"]
        address = f"{host}:{published_port(container)}"
    health = state.get("Health", {}).get("Status", "no check") if running else fate_of(container)
    if health == "starting" and not failed_check(container):
        health = "healthy"
    return ServerStatus(
        group=labels.get(POOL_LABEL) or f"run {labels[RUN_LABEL]}",
        server=labels.get(SERVER_LABEL, "?"),
        address=address,
        health=health,
        memory_bytes=_memory(container) if running else 0,
        started=_time(state.get("StartedAt", "")),
        image=_image(container),
    )


def _image(container: Container) -> str:
    """What it was made from, by a name that says more than an id where there is one."""
    given = str(container.attrs["Config"]["Image"])
    image = container.image if given.startswith("sha256:") else None
    return str(image.tags[0]) if image is not None and image.tags else given


def _memory(container: Container) -> int:
    try:
        stats = container.stats(stream=False)
    except BROKEN:
        return 0
    assert isinstance(stats, dict), "asked for one reading, not for a stream"
    return int(stats.get("memory_stats", {}).get("usage", 0))


def _time(text: str) -> datetime | None:
    """The engine's times have nanoseconds, and a year 1 where there is none."""
    try:
        found = datetime.fromisoformat(text[:19]).replace(tzinfo=UTC)
    except ValueError:
        return None
    return found if found.year > 1 else None
