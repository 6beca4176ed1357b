"""The servers an experiment plays on: one per slot plus the holdout, leased one evaluation at a time.

A server is asked for a sign of life before and after each lease. One that is sick, broke under a program, or was left
in the middle of one is quarantined: stopped, its log kept, and never used again. Whoever is next to need its slot
starts another one there, so that a fault costs the time of a start, and nobody's result.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import anyio
from anyio.to_thread import run_sync

from harness.core.errors import HarnessError, ServerError, ServerLostError
from harness.game import FactorioInstance
from harness.servers.launcher import Launcher, RunningServer

logger = logging.getLogger(__name__)

Connect = Callable[[RunningServer], FactorioInstance]
"""Opens an instance on a server."""

HEALTH_TIMEOUT_S = 5.0
"""A server that takes longer for a sign of life is sick."""

MAX_STARTS = 2
"""Servers that are started in place of a broken one before it is given up: what broke the one may meet the next."""


@dataclass(slots=True)
class _Place:
    """A slot, or the holdout's, and the server that is there now."""

    name: str
    index: int
    num_started: int = 0
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    server: RunningServer | None = None
    instance: FactorioInstance | None = None


class ServerPool:
    """Starts `slots` + 1 servers at once, connects an instance to each, and replaces those that break.

    Args:
        launcher: where servers come from.
        slots: how many programs can be played at the same time.
        connect: opens an instance on a server; runs in a thread.
        on_ready: called with a server's name once it can be played on.
        on_lost: called with a server's name and what became of it, when it is taken out of use.
    """

    def __init__(
        self,
        launcher: Launcher,
        slots: int,
        connect: Connect,
        on_ready: Callable[[str], None] | None = None,
        on_lost: Callable[[str, str], None] | None = None,
    ) -> None:
        self._launcher = launcher
        self._places = [_Place(f"slot-{index}", index) for index in range(slots)]
        self._holdout = _Place("holdout", slots)
        self._connect = connect
        self._on_ready = on_ready
        self._on_lost = on_lost
        self._idle: list[_Place] = []
        self._last_words = ""
        self._open = False
        self.num_usable = slots

    async def __aenter__(self) -> Self:
        """Starts everything; what had started is stopped again if anything fails."""
        failures: list[HarnessError] = []

        async def start(place: _Place) -> None:
            try:
                await self._start(place)
            except HarnessError as error:
                failures.append(error)
                group.cancel_scope.cancel()

        await self._launcher.__aenter__()
        self._open = True
        self._turns = anyio.CapacityLimiter(len(self._places))
        self._holdout_turn = anyio.Lock()
        try:
            async with anyio.create_task_group() as group:
                for place in self._all:
                    group.start_soon(start, place)
        except BaseException:
            await self._stop()
            raise
        if failures:
            await self._stop()
            raise failures[0]
        self._idle = list(self._places)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Disconnects and stops everything, however the block ended."""
        await self._stop()

    @property
    def num_slots(self) -> int:
        """Programs that can run at once while no server has broken."""
        return len(self._places)

    @property
    def instances(self) -> list[FactorioInstance]:
        """One a slot, and the holdout's last, as they are now; for who plays without leases, on servers that last."""
        return [place.instance for place in self._all if place.instance is not None]

    @asynccontextmanager
    async def lease(self) -> AsyncGenerator[FactorioInstance]:
        """A slot that is well, for this block alone; its server is replaced after a `ServerError` or a cancellation.

        Raises:
            ServerError: no slot is left; or, at the end of the block, the server is not well.
        """
        while True:
            async with self._turns:
                place = self._take()
                instance = await self._made_well(place)
                if instance is None:
                    continue
                try:
                    async with self._watched(place, instance):
                        yield instance
                finally:
                    self._give_back(place)
                return

    @asynccontextmanager
    async def lease_holdout(self) -> AsyncGenerator[FactorioInstance]:
        """The holdout under the same terms.

        Raises:
            ServerError: it broke and cannot be replaced; or, at the end of the block, it is not well.
        """
        async with self._holdout_turn:
            if not await self._is_well(self._holdout):
                await self._replace(self._holdout)
            assert self._holdout.instance is not None
            async with self._watched(self._holdout, self._holdout.instance):
                yield self._holdout.instance

    async def refill(self) -> None:
        """Starts servers in place of those that are out of use, so that who leases next does not wait for that."""

        async def refill_slot() -> None:
            async with self._turns:
                place = next((each for each in self._idle if each.instance is None), None)
                if place is None:
                    return
                self._idle.remove(place)
                if await self._made_well(place) is not None:
                    self._give_back(place)

        async with anyio.create_task_group() as group:
            for _ in [each for each in self._idle if each.instance is None]:
                group.start_soon(refill_slot)
            async with self._holdout_turn:
                if self._holdout.instance is None:
                    await self._replace(self._holdout)

    @property
    def _all(self) -> list[_Place]:
        return [*self._places, self._holdout]

    def _take(self) -> _Place:
        """An idle place, one with a server if there is one."""
        if not self._idle:
            raise ServerLostError(f"pool: expected a server, none is left: {self._last_words}")
        place = next((each for each in self._idle if each.instance is not None), self._idle[0])
        self._idle.remove(place)
        return place

    def _give_back(self, place: _Place) -> None:
        self._idle.append(place)

    async def _made_well(self, place: _Place) -> FactorioInstance | None:
        """The place's instance once a server is there that is well; nothing if there can be none."""
        try:
            if not await self._is_well(place):
                await self._replace(place)
        except ServerError as error:
            self._last_words = str(error)
            self.num_usable -= 1
            self._turns.total_tokens = max(self.num_usable, 1)
            logger.warning("slot %s is given up: %s", place.name, error)
            return None
        except BaseException:
            self._give_back(place)
            raise
        return place.instance

    async def _is_well(self, place: _Place) -> bool:
        if place.instance is None:
            return False
        try:
            await run_sync(place.instance.check, HEALTH_TIMEOUT_S)
        except ServerError as error:
            await self._quarantine(place, str(error))
            return False
        return True

    @asynccontextmanager
    async def _watched(self, place: _Place, instance: FactorioInstance) -> AsyncGenerator[None]:
        """Quarantines the place's server if the block, or what it did to the server, makes it unfit for another."""
        try:
            yield
            await run_sync(instance.check, HEALTH_TIMEOUT_S)
        except ServerError as error:
            fate = await self._quarantine(place, str(error))
            raise ServerLostError(f"{error}; {fate}" if fate else str(error)) from error
        except anyio.get_cancelled_exc_class():
            # Its thread may still be at work on the instance, which closing interrupts.
            await self._quarantine(place, "")
            raise

    async def _quarantine(self, place: _Place, why: str) -> str:
        """Takes the place's server out of use; what became of it, as far as its launcher can tell."""
        server, stack = place.server, place.stack
        place.instance, place.server, place.stack = None, None, AsyncExitStack()
        with anyio.CancelScope(shield=True):
            fate = await run_sync(server.fate) if server is not None and why else ""
            await stack.aclose()
        if why and server is not None:
            logger.warning("server %s is out of use: %s; %s", server.name, why, fate)
            if self._on_lost is not None:
                self._on_lost(server.name, fate or why)
        return fate

    async def _replace(self, place: _Place) -> None:
        for attempt in range(1, MAX_STARTS):
            try:
                return await self._start(place)
            except ServerError as error:
                logger.warning("start %d of %d in place of %s failed: %s", attempt, MAX_STARTS, place.name, error)
        return await self._start(place)

    async def _start(self, place: _Place) -> None:
        place.num_started += 1
        name = place.name if place.num_started == 1 else f"{place.name}.{place.num_started}"
        try:
            server = await place.stack.enter_async_context(self._launcher.server(name, place.index))
            instance = await run_sync(self._connect, server)
            place.stack.push_async_callback(_close, instance)
        except BaseException:
            stack, place.stack = place.stack, AsyncExitStack()
            with anyio.CancelScope(shield=True):
                await stack.aclose()
            raise
        place.server, place.instance = server, instance
        if self._on_ready is not None:
            self._on_ready(name)

    async def _stop(self) -> None:
        """Stops all servers at the same time; a second call finds nothing to do."""
        if not self._open:
            return
        self._open = False
        self._idle, self.num_usable = [], 0
        with anyio.CancelScope(shield=True):
            async with anyio.create_task_group() as group:
                for place in self._all:
                    place.instance = None
                    group.start_soon(place.stack.aclose)
            await self._launcher.__aexit__(None, None, None)


async def _close(instance: FactorioInstance) -> None:
    await run_sync(instance.close)
