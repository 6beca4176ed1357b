"""Who hands out slots: a pool that replaces its sick servers, or a fixed set of instances.

`harness.servers.ServerPool` satisfies `Slots` too, and is what experiments play on.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

import anyio

from harness.core.errors import ConfigError, ServerError, ServerLostError
from harness.evaluation.slot import Slot

logger = logging.getLogger(__name__)

_POLL_S = 0.01


class Slots(Protocol):
    """Places to run programs on, and one to wait on, leased for one evaluation at a time."""

    @property
    def num_slots(self) -> int:
        """Programs that can run at once while no server has broken."""

    @property
    def num_usable(self) -> int:
        """Slots that work, or that may be made to work again."""

    def lease(self) -> AbstractAsyncContextManager[Slot]:
        """A slot that is well, for this block alone. A `ServerError` that leaves the block takes it out of use.

        Raises:
            ServerError: none is left; or, at the end of the block, the slot is not well.
        """

    def lease_holdout(self) -> AbstractAsyncContextManager[Slot]:
        """The holdout, under the same terms."""


class FixedSlots:
    """Instances that someone else opened: a broken one is not used again. Any number of event loops may share them.

    Args:
        instances: the slots; the last one is the holdout.

    Raises:
        ConfigError: fewer than two instances, or one of them twice.
    """

    def __init__(self, instances: Sequence[Slot]) -> None:
        if len(instances) < 2:
            raise ConfigError(
                f"evaluator: expected at least two instances (the last one is the holdout), got {len(instances)}"
            )
        if len({id(instance) for instance in instances}) < len(instances):
            raise ConfigError("evaluator: expected a server of its own for each instance, got one of them twice")
        self._holdout = instances[-1]
        self._holdout_error: ServerError | None = None
        self._num_slots = self._num_alive = len(instances) - 1
        self._counting = threading.Lock()
        self._idle: queue.SimpleQueue[Slot] = queue.SimpleQueue()
        for slot in instances[:-1]:
            self._idle.put(slot)

    @property
    def num_slots(self) -> int:
        """See `Slots`."""
        return self._num_slots

    @property
    def num_usable(self) -> int:
        """See `Slots`."""
        return self._num_alive

    @asynccontextmanager
    async def lease(self) -> AsyncGenerator[Slot]:
        """See `Slots.lease`."""
        slot = await self._next()
        try:
            yield slot
        except ServerError:
            with self._counting:
                self._num_alive -= 1
            raise
        except BaseException:
            self._idle.put(slot)
            raise
        self._idle.put(slot)

    @asynccontextmanager
    async def lease_holdout(self) -> AsyncGenerator[Slot]:
        """See `Slots.lease_holdout`."""
        if self._holdout_error is not None:
            raise self._holdout_error
        try:
            yield self._holdout
        except ServerError as error:
            self._holdout_error = error
            raise

    async def _next(self) -> Slot:
        # Asked again and again, not waited for: whoever gives a slot back may live in another event loop.
        while self._num_alive > 0:
            try:
                return self._idle.get_nowait()
            except queue.Empty:
                await anyio.sleep(_POLL_S)
        raise ServerLostError("evaluator: expected a working server, none is left; see the servers' logs")
