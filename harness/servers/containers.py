"""One container: how it is confined, how the password gets in, what became of it.

What a container may do is little: no capabilities, no new privileges, a read-only root, limits of memory, processors,
processes and disk. The RCON password goes in as a file, so that neither `docker inspect` nor a process list shows it;
the file is on a volume that carries the container's labels and goes with it.
"""

from __future__ import annotations

import io
import tarfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docker
from docker.types import LogConfig, Mount

from harness.core.errors import ServerStartError
from harness.servers.engine import BROKEN, engine_errors

if TYPE_CHECKING:
    from docker.models.containers import Container

    from harness.servers.launcher import ServerSettings

RCON_PORT = 27015
UID = 10001
STOP_GRACE_S = 5
"""Seconds a server has to save and stop before it is killed."""

_SECRETS = "/run/secrets"
_DATA = "/var/lib/factorio"
_POLL_S = 0.1
_FATE_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A container to make.

    Attributes:
        image: id or reference of its image.
        name: of the container.
        server: the server's name within its run or pool.
        network: name of the network it is on.
        labels: what it is known by.
        port: RCON port on the engine's host; None lets the system choose.
        password: of RCON.
    """

    image: str
    name: str
    server: str
    network: str
    labels: dict[str, str]
    port: int | None
    password: str


def start_container(client: docker.DockerClient, plan: Plan, settings: ServerSettings) -> Container:
    """Makes and starts a container; one that cannot start leaves nothing behind.

    Raises:
        ServerStartError: the engine refused.
    """
    port: Any = plan.port
    where = f"{settings.publish}:{port or 'any port'}"
    limits = "servers.memory, servers.cpus, servers.pids, servers.disk"
    with engine_errors(f"make {plan.server} within its limits ({limits})"):
        container = client.containers.create(
            plan.image,
            name=plan.name,
            hostname=plan.server,
            labels=plan.labels,
            network=plan.network,
            ports={f"{RCON_PORT}/tcp": (settings.publish, port)},
            user=f"{UID}:{UID}",
            read_only=True,
            tmpfs={
                "/tmp": f"rw,noexec,nosuid,nodev,size=256m,uid={UID}",
                _DATA: f"rw,noexec,nosuid,nodev,size={settings.disk},uid={UID}",
            },
            # The engine takes a file in before the start only where it is on a disk. Whoever removes the container
            # without its volume leaves the password there, and the labels are how it is found.
            mounts=[Mount(_SECRETS, None, type="volume", labels=plan.labels)],
            mem_limit=settings.memory,
            memswap_limit=settings.memory,
            nano_cpus=round(settings.cpus * 1e9),
            pids_limit=settings.pids,
            cap_drop=["ALL"],
            security_opt=["no-new-privileges"],
            init=True,
            log_config=LogConfig(type=LogConfig.types.JSON, config={"max-size": "10m", "max-file": "2"}),
        )
    try:
        with engine_errors(f"start {plan.server} with RCON on {where} (servers.publish, servers.first_port)"):
            container.put_archive(_SECRETS, _secret("rcon-password", plan.password))
            container.start()
    except BaseException:
        with suppress(*BROKEN):
            container.remove(v=True, force=True)
        raise
    return container


def state_of(container: Container) -> dict[str, Any]:
    """What the engine says of a container now.

    Raises:
        ServerStartError: it says nothing.
    """
    with engine_errors(f"look at {container.name}"):
        container.reload()
    state: dict[str, Any] = container.attrs["State"]
    return state


def published_port(container: Container) -> int:
    """The RCON port on the engine's host."""
    ports = container.attrs["NetworkSettings"]["Ports"].get(f"{RCON_PORT}/tcp")
    if not ports:
        raise ServerStartError(
            f"container {container.name}: expected a published RCON port, it has none; is it running?"
        )
    return int(ports[0]["HostPort"])


def fate_of(container: Container) -> str:
    """What became of a container, for messages."""
    deadline = time.monotonic() + _FATE_S
    try:
        # An end may be known to the engine a moment after the container's connections ended.
        while (state := state_of(container))["Status"] == "running" and time.monotonic() < deadline:
            time.sleep(_POLL_S)
    except ServerStartError as error:
        return str(error)
    if state["Status"] in ("exited", "dead"):
        limit = int(container.attrs["HostConfig"].get("Memory") or 0)
        more = f" of {limit // 2**20} MiB; raise servers.memory" if state.get("OOMKilled") and limit else ""
        return f"its container: {ended(state)}{more}"
    oom = ", a process in it ran out of memory" if state.get("OOMKilled") else ""
    return f"its container is {state['Status']}{oom}"


def stop_container(container: Container, log: Path | None) -> None:
    """Stops and removes it, whatever state it is in; its output goes to `log`."""
    with suppress(*BROKEN):
        container.unpause()
    with suppress(*BROKEN):
        container.stop(timeout=STOP_GRACE_S)
    if log is not None:
        keep_log(container, log)
    with suppress(*BROKEN):
        container.remove(v=True, force=True)


def keep_log(container: Container, log: Path) -> None:
    """Writes a container's output to a file, if the engine still has it."""
    with suppress(*BROKEN, OSError):
        log.write_bytes(container.logs())


def ended(state: dict[str, Any]) -> str:
    """How a container ended, from its state."""
    return "it ran out of memory" if state.get("OOMKilled") else f"it ended with status {state['ExitCode']}"


def _secret(name: str, text: str) -> bytes:
    """An archive with one file that only the server's user reads."""
    data = f"{text}\n".encode()
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.uid, entry.gid, entry.mtime = len(data), 0o400, UID, UID, int(time.time())
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()
