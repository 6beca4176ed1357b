"""Pools of containers made by hand: they stand until they are taken down, and belong to no process.

Nothing but the engine's labels records them, so any process on any day finds a pool by its name. Experiments attach to
one with `servers: {launcher: external, addresses: [...]}`. What killed runs left behind is found the same way.
"""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import docker
from anyio.to_thread import run_sync

from harness.core.errors import ConfigError, ServerStartError
from harness.core.tasks import sole_error
from harness.servers.containers import RCON_PORT, Plan, fate_of, published_port, start_container, state_of
from harness.servers.endpoint import reachable_address
from harness.servers.engine import (
    BROKEN,
    OWNER_LABEL,
    PASSWORD_LABEL,
    POOL_LABEL,
    RUN_LABEL,
    SERVER_LABEL,
    containers_with,
    engine_errors,
    find_image,
    networks_with,
    owner_of,
    remove_all,
)
from harness.servers.health import failed_check, wait_ready
from harness.servers.launcher import ServerSettings
from harness.servers.ramp import StartRamp

if TYPE_CHECKING:
    from docker.models.containers import Container
    from docker.models.networks import Network

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")


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


async def raise_pool(client: docker.DockerClient, name: str, settings: ServerSettings) -> tuple[list[str], Path]:
    """Starts a pool; the addresses of its servers, the holdout's last, and the file that holds their password.

    Raises:
        ConfigError: the name is not usable, or taken.
        ServerStartError: a server did not become ready; nothing is left of the pool then.
    """
    if not _NAME.fullmatch(name):
        raise ConfigError(f"pool {name!r}: expected a name of lower case letters, digits, - and _")
    label = f"{POOL_LABEL}={name}"
    if await run_sync(containers_with, client, label):
        raise ConfigError(f"pool {name}: expected a new name, this pool is up; take it down: harness pool down {name}")
    address = reachable_address(settings.publish)
    image = (await run_sync(find_image, client, settings.image)).reference
    file = _password_file(name)
    try:
        password = _write_password(file)
        ports = await _start_all(client, name, image, settings, file, password)
    except BaseException:
        with anyio.CancelScope(shield=True):
            await run_sync(lower_pool, client, name)
        raise
    return [f"{address}:{port}" for port in ports], file


async def _start_all(
    client: docker.DockerClient, name: str, image: str, settings: ServerSettings, file: Path, password: str
) -> list[int]:
    servers = [*(f"slot-{index}" for index in range(settings.slots)), "holdout"]
    labels = {POOL_LABEL: name, PASSWORD_LABEL: str(file)}
    network = f"factorio-harness-pool-{name}"
    ramp = StartRamp(most=len(servers))
    ports = [0] * len(servers)
    with engine_errors("make a network"):
        await run_sync(lambda: client.networks.create(network, driver="bridge", labels=labels))

    async def start(index: int) -> None:
        plan = Plan(
            image=image,
            name=f"{network}-{servers[index]}",
            server=servers[index],
            network=network,
            labels=labels | {SERVER_LABEL: servers[index]},
            port=None if settings.first_port is None else settings.first_port + index,
            password=password,
        )
        async with ramp.turn():
            container = await run_sync(start_container, client, plan, settings)
            ports[index] = await wait_ready(container, servers[index], settings.start_timeout_s)

    async with sole_error(), anyio.create_task_group() as group:
        for index in range(len(servers)):
            group.start_soon(start, index)
    return ports


def lower_pool(client: docker.DockerClient, name: str) -> list[str]:
    """Removes a pool and its password; returns the names of what was removed, nothing if there was no such pool."""
    label = f"{POOL_LABEL}={name}"
    with engine_errors(f"take pool {name} down"):
        files = {container.labels.get(PASSWORD_LABEL, "") for container in containers_with(client, label)}
        files |= {network.attrs["Labels"].get(PASSWORD_LABEL, "") for network in networks_with(client, label)}
        removed = remove_all(client, label)
    for file in sorted(filter(None, files)):
        Path(file).unlink(missing_ok=True)
    return removed


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
    """Removes what runs left whose process is gone; returns the names. Pools made by hand stay.

    Args:
        client: the engine.
        other_hosts: also what was made from other hosts, whose processes cannot be looked at: only if none runs there.
    """
    removed = []
    with engine_errors("look for what dead runs left"):
        found: list[Container | Network] = [*containers_with(client, RUN_LABEL), *networks_with(client, RUN_LABEL)]
        dead = {_labels(each)[RUN_LABEL] for each in found if _is_orphan(_labels(each), other_hosts)}
        for run in sorted(dead):
            removed += remove_all(client, f"{RUN_LABEL}={run}")
    return removed


def _labels(thing: Container | Network) -> dict[str, str]:
    labels: dict[str, str] = thing.attrs.get("Config", thing.attrs)["Labels"]
    return labels


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


def _password_file(name: str) -> Path:
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "factorio-harness" / "pools" / f"{name}.rcon-password"


def _write_password(file: Path) -> str:
    password = secrets.token_urlsafe(18)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.chmod(0o600)
        file.write_text(f"{password}\n", encoding="utf-8")
    except OSError as error:
        raise ServerStartError(
            f"{file}: expected to be able to write the pool's password there, got: {error}"
        ) from None
    return password
