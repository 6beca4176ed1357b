"""Servers in containers: one for each slot and the holdout, confined, reached on the loopback interface only.

What a container may do is little: no capabilities, no new privileges, a read-only root, limits of memory, processors
and processes. The RCON password goes in as a file, so that neither `docker inspect` nor a process list shows it.
Everything made here carries the run's label; leaving the run removes it, and so does `harness pool reap` after a run
that was killed.
"""

from __future__ import annotations

import io
import os
import secrets
import tarfile
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import anyio
import docker
import requests
from anyio.to_thread import run_sync
from docker.errors import APIError, DockerException, ImageNotFound, NotFound
from docker.types import LogConfig

from harness.core.errors import ConfigError, ServerStartError
from harness.servers.images import reference
from harness.servers.launcher import RunningServer, ServerSettings
from harness.servers.ramp import StartRamp

if TYPE_CHECKING:
    from docker.models.containers import Container
    from docker.models.networks import Network

RUN_LABEL = "factorio-harness.run"
"""On everything a run makes; its value is the run's id."""

OWNER_LABEL = "factorio-harness.owner"
"""The process that made it, `host:pid:start`, so that what is left of a dead one can be told from what is in use."""

SERVER_LABEL = "factorio-harness.server"
"""The server's name within its run."""

RCON_PORT = 27015
UID = 10001
STOP_GRACE_S = 5
"""Seconds a server has to save and stop before it is killed."""

_SECRETS = "/run/secrets"
_POLL_S = 0.1
_LOOPBACK = "127.0.0.1"


class DockerLauncher(AbstractAsyncContextManager["DockerLauncher"]):
    """Starts containers through the engine that `DOCKER_HOST` names, or the local one.

    Args:
        settings: image, limits and time limits.
        logs: folder for the servers' output.
        run_id: the label's value; a new one if left out.
    """

    def __init__(self, settings: ServerSettings, logs: Path, run_id: str | None = None) -> None:
        self._settings = settings
        self._logs = logs
        self.run_id = run_id or secrets.token_hex(6)
        self._client: docker.DockerClient | None = None
        self._network: Network | None = None
        self._ramp = StartRamp(most=settings.slots + 1)
        self.image_digest = ""

    async def __aenter__(self) -> Self:
        """Finds the engine and the image, and makes the run's network.

        Raises:
            ServerStartError: there is no engine, or no such image.
        """
        await run_sync(self._open)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Removes the network and whatever of the run is left."""
        with anyio.CancelScope(shield=True):
            await run_sync(self._close)

    @asynccontextmanager
    async def server(self, name: str, index: int) -> AsyncGenerator[RunningServer]:
        """See `Launcher.server`."""
        log = self._logs / f"{name}.log"
        password = secrets.token_hex(18)
        container: Container | None = None
        try:
            async with self._ramp.turn():
                with anyio.CancelScope(shield=True):
                    started = container = await run_sync(self._start, name, index, password)
                port = await self._wait_ready(started, name)
            yield RunningServer(name=name, address=self._address(), port=port, password=password, log=log)
        finally:
            if container is not None:
                with anyio.CancelScope(shield=True):
                    await run_sync(self._stop, container, log)

    def _open(self) -> None:
        self._client = connect()
        self._address()
        image = reference(self._settings.image)
        try:
            self.image_digest = str(self._client.images.get(image).id)
        except ImageNotFound:
            raise ServerStartError(
                f"image {image}: expected it on the engine, found none; build it: images/build simulator, or factorio"
            ) from None
        self._image = image
        with engine_errors("make a network"):
            self._network = self._client.networks.create(
                f"factorio-harness-{self.run_id}", driver="bridge", labels=self._labels()
            )

    def _close(self) -> None:
        if self._client is None:
            return
        with suppress(DockerException, requests.RequestException):
            remove_run(self._client, self.run_id)
        self._client.close()
        self._client = None

    def _labels(self, name: str = "") -> dict[str, str]:
        labels = {RUN_LABEL: self.run_id, OWNER_LABEL: owner_of(os.getpid())}
        return labels | ({SERVER_LABEL: name} if name else {})

    def _address(self) -> str:
        """Where published ports are: the loopback interface, or the host of a remote engine."""
        url = urlsplit(os.environ.get("DOCKER_HOST", ""))
        if url.scheme in ("", "unix", "npipe") or url.hostname in ("localhost", _LOOPBACK, "::1"):
            return self._settings.publish
        if self._settings.publish == _LOOPBACK:
            raise ConfigError(
                f"servers.publish: expected an address of the engine's host {url.hostname} that this machine reaches, "
                f"got {_LOOPBACK}; RCON is not encrypted, so choose a private one"
            )
        return self._settings.publish

    def _start(self, name: str, index: int, password: str) -> Container:
        client, network = self._client, self._network
        if client is None or network is None:
            raise ServerStartError(f"server {name}: expected the launcher to be open")
        port: Any = None if self._settings.first_port is None else self._settings.first_port + index
        with engine_errors(f"start {name}"):
            container = client.containers.create(
                self._image,
                name=f"factorio-harness-{self.run_id}-{name}",
                hostname=name,
                labels=self._labels(name),
                network=network.name,
                ports={f"{RCON_PORT}/tcp": (self._settings.publish, port)},
                user=f"{UID}:{UID}",
                read_only=True,
                tmpfs={"/tmp": f"rw,noexec,nosuid,nodev,size=256m,uid={UID}"},
                volumes=[_SECRETS],
                mem_limit=self._settings.memory,
                memswap_limit=self._settings.memory,
                nano_cpus=round(self._settings.cpus * 1e9),
                pids_limit=self._settings.pids,
                cap_drop=["ALL"],
                security_opt=["no-new-privileges"],
                init=True,
                log_config=LogConfig(type=LogConfig.types.JSON, config={"max-size": "10m", "max-file": "2"}),
            )
            try:
                container.put_archive(_SECRETS, _secret("rcon-password", password))
                container.start()
            except BaseException:
                container.remove(v=True, force=True)
                raise
        return container

    async def _wait_ready(self, container: Container, name: str) -> int:
        """The published port, once the image's own health check has passed."""
        seen = "it did not start"
        with anyio.move_on_after(self._settings.start_timeout_s):
            while True:
                state = await run_sync(_state, container)
                health = state.get("Health", {}).get("Status", "none")
                if state["Status"] in ("exited", "dead"):
                    seen = _ended(state)
                    break
                if health == "healthy":
                    port: int = await run_sync(_published, container)
                    return port
                seen = f"it is {state['Status']} and {health}"
                await anyio.sleep(_POLL_S)
        last = (await run_sync(lambda: container.logs(tail=1))).decode(errors="replace").strip()
        raise ServerStartError(
            f"server {name}: expected it to be ready within {self._settings.start_timeout_s:g} s, {seen}: "
            f"{last or 'it wrote nothing'}"
        )

    def _stop(self, container: Container, log: Path) -> None:
        """Stops and removes; its output stays in the run's folder."""
        with suppress(DockerException, requests.RequestException):
            container.unpause()
        with suppress(DockerException, requests.RequestException):
            container.stop(timeout=STOP_GRACE_S)
        with suppress(DockerException, requests.RequestException, OSError):
            log.write_bytes(container.logs())
        with suppress(DockerException, requests.RequestException):
            container.remove(v=True, force=True)


def connect() -> docker.DockerClient:
    """The engine.

    Raises:
        ServerStartError: none answers.
    """
    where = os.environ.get("DOCKER_HOST", "the local socket")
    try:
        client = docker.from_env(timeout=60)
        client.ping()
    except (DockerException, requests.RequestException) as error:
        raise ServerStartError(
            f"docker: expected an engine at {where}, none answers ({_first_line(error)}); start it, set DOCKER_HOST, "
            "or use servers.launcher: process"
        ) from None
    return client


@contextmanager
def engine_errors(doing: str) -> Iterator[None]:
    """Has what the engine refuses end as one line.

    Raises:
        ServerStartError: it refused.
    """
    try:
        yield
    except APIError as error:
        raise ServerStartError(f"docker: could not {doing}: {error.explanation or _first_line(error)}") from None
    except (DockerException, requests.RequestException) as error:
        raise ServerStartError(f"docker: could not {doing}: {_first_line(error)}") from None


def remove_run(client: docker.DockerClient, run_id: str) -> list[str]:
    """Removes every container and network of a run; returns their names."""
    chosen: dict[str, str | list[str] | bool] = {"label": f"{RUN_LABEL}={run_id}"}
    removed = []
    for container in client.containers.list(all=True, filters=chosen, ignore_removed=True):
        with suppress(NotFound):
            container.remove(v=True, force=True)
        removed.append(str(container.name))
    for network in client.networks.list(filters=chosen):
        with suppress(NotFound):
            network.remove()
        removed.append(str(network.name))
    return removed


def owner_of(pid: int) -> str:
    """A process, named so that a later one with the same id is another: `host:pid:start`."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        start = stat.rpartition(")")[2].split()[19]
    except OSError:
        start = "gone"
    return f"{os.uname().nodename}:{pid}:{start}"


def _state(container: Container) -> dict[str, Any]:
    with engine_errors(f"look at {container.name}"):
        container.reload()
    state: dict[str, Any] = container.attrs["State"]
    return state


def _published(container: Container) -> int:
    return int(container.attrs["NetworkSettings"]["Ports"][f"{RCON_PORT}/tcp"][0]["HostPort"])


def _ended(state: dict[str, Any]) -> str:
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


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
