"""Raising a pool by hand: its name is taken first, and whatever ends the attempt removes what this attempt made.

An attempt that is killed cannot: a mark on the engine, there while a pool is raised, names its process, so that
`harness pool reap` and the next attempt tell what it left from a pool that stands.
"""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import docker
from anyio.to_thread import run_sync
from docker.errors import APIError

from harness.core.errors import ConfigError, ServerStartError
from harness.core.tasks import sole_error
from harness.servers.containers import Plan, start_container
from harness.servers.endpoint import reachable_address
from harness.servers.engine import (
    BROKEN,
    OWNER_LABEL,
    PASSWORD_LABEL,
    POOL_LABEL,
    RAISING_LABEL,
    SERVER_LABEL,
    UNFINISHED_LABEL,
    containers_with,
    engine_errors,
    find_image,
    networks_with,
    owner_of,
    remove_all,
)
from harness.servers.health import wait_ready
from harness.servers.launcher import ServerSettings
from harness.servers.ramp import StartRamp
from harness.servers.standing import is_unfinished

if TYPE_CHECKING:
    from docker.models.networks import Network
    from docker.models.volumes import Volume

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
_CONFLICT = 409


async def raise_pool(client: docker.DockerClient, name: str, settings: ServerSettings) -> tuple[list[str], Path]:
    """Starts a pool; the addresses of its servers, the holdout's last, and the file that holds their password.

    Raises:
        ConfigError: the name is not usable, or taken.
        ServerStartError: a server did not become ready; nothing that this call made is left then.
    """
    if not _NAME.fullmatch(name):
        raise ConfigError(f"pool {name!r}: expected a name of lower case letters, digits, - and _")
    address = reachable_address(settings.publish)
    await run_sync(_expect_free, client, name)
    image = (await run_sync(find_image, client, settings.image)).reference
    file = _password_file(name)
    labels = {
        POOL_LABEL: name,
        PASSWORD_LABEL: str(file),
        OWNER_LABEL: owner_of(os.getpid()),
        RAISING_LABEL: secrets.token_hex(6),
    }
    taken = False
    try:
        network = await run_sync(_take_name, client, labels)
        taken = True
        mark = await run_sync(_mark, client, labels)
        ports = await _start_all(client, image, settings, network, labels, _write_password(file))
        with engine_errors(f"finish pool {name}"):
            await run_sync(mark.remove)
    except BaseException:
        with anyio.CancelScope(shield=True):
            await run_sync(_undo, client, labels, file if taken else None)
        raise
    return [f"{address}:{port}" for port in ports], file


async def _start_all(
    client: docker.DockerClient,
    image: str,
    settings: ServerSettings,
    network: Network,
    labels: dict[str, str],
    password: str,
) -> list[int]:
    servers = [*(f"slot-{index}" for index in range(settings.slots)), "holdout"]
    ramp = StartRamp(most=len(servers))
    ports = [0] * len(servers)

    async def start(index: int) -> None:
        plan = Plan(
            image=image,
            name=f"{network.name}-{servers[index]}",
            server=servers[index],
            network=str(network.id),
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


def _expect_free(client: docker.DockerClient, name: str) -> None:
    label = f"{POOL_LABEL}={name}"
    with engine_errors(f"look for pool {name}"):
        if is_unfinished(client, name):
            raise ConfigError(
                f"pool {name}: expected a new name, a process that is gone left this pool unfinished; remove it: "
                f"harness pool reap, or harness pool down {name}"
            )
        if containers_with(client, label) or networks_with(client, label):
            raise _taken(name)


def _taken(name: str) -> ConfigError:
    return ConfigError(
        f"pool {name}: expected a new name, this pool is up or being started; take it down: harness pool down {name}"
    )


def _take_name(client: docker.DockerClient, labels: dict[str, str]) -> Network:
    """The pool's network. The engine refuses a second of its name, but not one asked for at the same moment."""
    name = labels[POOL_LABEL]
    with engine_errors("make a network"):
        try:
            network = client.networks.create(
                f"factorio-harness-pool-{name}", driver="bridge", labels=labels, check_duplicate=True
            )
        except APIError as error:
            if error.status_code == _CONFLICT:
                raise _taken(name) from None
            raise
        rivals = networks_with(client, f"{POOL_LABEL}={name}")
    if min(rivals, key=_age).id != network.id:
        raise _taken(name)
    return network


def _age(network: Network) -> tuple[str, str]:
    return network.attrs["Created"].rstrip("Z"), str(network.id)


def _mark(client: docker.DockerClient, labels: dict[str, str]) -> Volume:
    """An empty volume that is there as long as the pool is not finished."""
    name = f"factorio-harness-pool-{labels[POOL_LABEL]}-{labels[RAISING_LABEL]}"
    with engine_errors("mark the pool as unfinished"):
        return client.volumes.create(name, labels=labels | {UNFINISHED_LABEL: "yes"})


def _undo(client: docker.DockerClient, labels: dict[str, str], file: Path | None) -> None:
    """An engine that has gone away keeps what was made, with the mark by which it is found."""
    with suppress(*BROKEN):
        remove_all(client, f"{RAISING_LABEL}={labels[RAISING_LABEL]}")
    if file is not None:
        with suppress(OSError):
            file.unlink(missing_ok=True)


def _password_file(name: str) -> Path:
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "factorio-harness" / "pools" / f"{name}.rcon-password"


def _write_password(file: Path) -> str:
    # The servers refuse one that begins like a flag, which digits never do.
    password = secrets.token_hex(18)
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
