"""The servers an experiment plays on: one per slot plus the holdout, up for as long as a block lasts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

import anyio
import anyio.to_thread

from harness.core.errors import HarnessError
from harness.game import FactorioInstance
from harness.servers.launcher import Launcher, RunningServer

Connect = Callable[[RunningServer], FactorioInstance]
"""Opens an instance on a server."""


class ServerPool:
    """Starts `slots` + 1 servers at once and connects an instance to each.

    Args:
        launcher: where servers come from.
        slots: how many programs can be played at the same time.
        connect: opens an instance on a server; runs in a thread.
        on_ready: called with a server's name once it can be played on.

    Attributes:
        instances: one a slot, and the holdout's last, as `FactorioEvaluator` takes them.
    """

    def __init__(
        self, launcher: Launcher, slots: int, connect: Connect, on_ready: Callable[[str], None] | None = None
    ) -> None:
        self._launcher = launcher
        self._names = [*(f"slot-{index}" for index in range(slots)), "holdout"]
        self._connect = connect
        self._on_ready = on_ready
        self._stacks: list[AsyncExitStack] = []
        self.instances: list[FactorioInstance] = []

    async def __aenter__(self) -> Self:
        """Starts everything; what had started is stopped again if anything fails."""
        self._stacks = [AsyncExitStack() for _ in self._names]
        opened: list[FactorioInstance | None] = [None] * len(self._names)
        failures: list[HarnessError] = []

        async def start(index: int) -> None:
            try:
                opened[index] = await self._start(index)
            except HarnessError as error:
                failures.append(error)
                group.cancel_scope.cancel()

        await self._launcher.__aenter__()
        try:
            async with anyio.create_task_group() as group:
                for index in range(len(self._names)):
                    group.start_soon(start, index)
        except BaseException:
            await self._stop()
            raise
        if failures:
            await self._stop()
            raise failures[0]
        self.instances = [instance for instance in opened if instance is not None]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Disconnects and stops everything, however the block ended."""
        await self._stop()

    async def _start(self, index: int) -> FactorioInstance:
        stack = self._stacks[index]
        server = await stack.enter_async_context(self._launcher.server(self._names[index], index))
        instance = await anyio.to_thread.run_sync(self._connect, server)
        stack.callback(instance.close)
        if self._on_ready is not None:
            self._on_ready(server.name)
        return instance

    async def _stop(self) -> None:
        """Stops all servers at the same time; a second call finds nothing to do."""
        stacks, self._stacks = self._stacks, []
        with anyio.CancelScope(shield=True):
            async with anyio.create_task_group() as group:
                for stack in stacks:
                    group.start_soon(stack.aclose)
            if stacks:
                await self._launcher.__aexit__(None, None, None)
