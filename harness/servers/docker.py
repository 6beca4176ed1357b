"""Servers in containers: one for each slot and the holdout, reached on the loopback interface only.

Everything made here carries the run's label. Three things remove it: leaving the run (shielded from cancellation), the
interpreter's exit hook, and `harness pool reap` after a run that was killed.
"""

from __future__ import annotations

import atexit
import logging
import os
import secrets
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import anyio
import docker
from anyio.to_thread import run_sync

from harness.core.errors import ServerStartError
from harness.servers.containers import Plan, fate_of, keep_log, start_container, stop_container
from harness.servers.endpoint import reachable_address
from harness.servers.engine import (
    BROKEN,
    OWNER_LABEL,
    RUN_LABEL,
    SERVER_LABEL,
    answers,
    connect,
    containers_with,
    engine_errors,
    find_image,
    owner_of,
    reason_of,
    remove_all,
)
from harness.servers.health import wait_ready
from harness.servers.launcher import RunningServer, ServerSettings
from harness.servers.ramp import StartRamp

if TYPE_CHECKING:
    from docker.models.containers import Container

logger = logging.getLogger(__name__)

_ENGINE_POLL_S = 0.5
_LAST_WAIT_S = 10.0
"""An engine that is being started anew is back by then, and can be asked to remove what a run made."""

_ATTEMPTS = 3
"""Starts of one server before an engine that goes away under each of them is given up."""

_open: dict[str, docker.DockerClient] = {}


@atexit.register
def _remove_leftovers() -> None:
    for run_id, client in _open.items():
        with suppress(*BROKEN):
            remove_all(client, f"{RUN_LABEL}={run_id}")


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
        self._ramp = StartRamp(most=settings.slots + 1)
        self._image_id = self._image = ""
        self._engine_gone = False

    @property
    def image(self) -> str:
        """See `Launcher.image`; known once the launcher is open."""
        return self._image

    async def __aenter__(self) -> Self:
        """Finds the engine and the image, and makes the run's network.

        Raises:
            ServerStartError: there is no engine, or no such image.
            ConfigError: the engine is on another machine, and the ports would not be reached from here.
        """
        await run_sync(self._open)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Removes the network and whatever of the run is left."""
        with anyio.CancelScope(shield=True):
            with anyio.move_on_after(_LAST_WAIT_S):
                while self._client is not None and not self._engine_gone and not await run_sync(answers):
                    await anyio.sleep(_ENGINE_POLL_S)
            await run_sync(self._close)

    @asynccontextmanager
    async def server(self, name: str, index: int) -> AsyncGenerator[RunningServer]:
        """See `Launcher.server`."""
        log = self._logs / f"{name}.log"
        password = secrets.token_hex(18)
        async with AsyncExitStack() as stack:
            async with self._ramp.turn():
                container, port = await self._ready(stack, name, index, password)
            yield RunningServer(
                name=name,
                address=reachable_address(self._settings.publish),
                port=port,
                password=password,
                log=log,
                fate=lambda: fate_of(container),
            )

    async def _ready(self, stack: AsyncExitStack, name: str, index: int, password: str) -> tuple[Container, int]:
        """A container that can be played on, and its port; what an engine takes with it when it goes is made anew."""
        for attempt in range(1, _ATTEMPTS + 1):
            await self._wait_for_engine()
            async with AsyncExitStack() as made:
                try:
                    container = await made.enter_async_context(self._container(name, index, password, attempt))
                    port = await wait_ready(container, name, self._settings.start_timeout_s)
                except ServerStartError:
                    if attempt == _ATTEMPTS or await run_sync(answers):
                        raise
                    continue
                await stack.enter_async_context(made.pop_all())
                return container, port
        raise AssertionError("the last attempt returns or raises")

    @asynccontextmanager
    async def _container(self, name: str, index: int, password: str, attempt: int) -> AsyncGenerator[Container]:
        with anyio.CancelScope(shield=True):
            container = await run_sync(self._start, name, index, password, attempt)
        try:
            yield container
        finally:
            with anyio.CancelScope(shield=True):
                await run_sync(stop_container, container, self._logs / f"{name}.log")

    def _open(self) -> None:
        reachable_address(self._settings.publish)
        self._client = connect()
        try:
            _, self._image_id, self._image = find_image(self._client, self._settings.image)
            _open[self.run_id] = self._client
            with engine_errors("make a network"):
                self._client.networks.create(self._network, driver="bridge", labels=self._labels())
        except BaseException:
            self._close()
            raise

    @property
    def _network(self) -> str:
        return f"factorio-harness-{self.run_id}"

    def _labels(self) -> dict[str, str]:
        return {RUN_LABEL: self.run_id, OWNER_LABEL: owner_of(os.getpid())}

    def _close(self) -> None:
        client, self._client = self._client, None
        if client is None:
            return
        _open.pop(self.run_id, None)
        label = f"{RUN_LABEL}={self.run_id}"
        try:
            # Those that could not be stopped in their turn, as while the engine was away.
            for container in containers_with(client, label):
                keep_log(container, self._logs / f"{container.labels[SERVER_LABEL]}.log")
            remove_all(client, label)
        except BROKEN as error:
            logger.warning(
                "docker: expected to remove what run %s made, the engine does not (%s); once it is back: "
                "harness pool reap",
                self.run_id,
                reason_of(error),
            )
        client.close()

    async def _wait_for_engine(self) -> None:
        """An engine that is started anew is back within a start's time, or will not be.

        Raises:
            ServerStartError: it is not.
        """
        # Who has waited in vain has waited for all: the others ask once.
        deadline = anyio.current_time() + (0 if self._engine_gone else self._settings.start_timeout_s)
        while not await run_sync(answers):
            if anyio.current_time() > deadline:
                self._engine_gone = True
                raise ServerStartError(
                    f"docker: expected the engine to be back within {self._settings.start_timeout_s:g} s, it does not "
                    "answer; start it"
                )
            await anyio.sleep(_ENGINE_POLL_S)
        self._engine_gone = False

    def _start(self, name: str, index: int, password: str, attempt: int) -> Container:
        if self._client is None:
            raise ServerStartError("docker: expected the launcher to be open, it is closed")
        first = self._settings.first_port
        plan = Plan(
            image=self._image_id,
            # What an earlier attempt left may have the name still.
            name=f"{self._network}-{name}" + (f"-{attempt}" if attempt > 1 else ""),
            server=name,
            network=self._network,
            labels=self._labels() | {SERVER_LABEL: name},
            port=None if first is None else first + index,
            password=password,
        )
        return start_container(self._client, plan, self._settings)
