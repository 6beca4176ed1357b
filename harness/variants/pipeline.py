"""Keeps several batches of samples in flight, so that the model writes while servers play.

Owns when the next batch begins and when one ends; what a batch is and does is the search's business.

Deterministic mode: batch `i` is begun when batches `0 .. i - 1 - lookahead` have been entered, no more and no fewer,
however fast the others are. So what a choice of a parent can know depends on the seed alone, and lags at most
`lookahead` batches behind. Throughput mode: samples are entered as they are done and a batch is begun as soon as no
more than `lookahead` batches' worth of samples are under way; a slow sample holds nobody up, and which tree comes of it
depends on the timing.
"""

from __future__ import annotations

from collections.abc import Callable

import anyio
from anyio.abc import TaskGroup

from harness.core.tasks import sole_error
from harness.variants.batch import Batch


class Pipeline:
    """Runs batches until there is none to begin.

    Args:
        begin: starts the next batch in a task group; `None` where there is no room for one now.
        end: takes a batch whose samples are all delivered. Errors it raises end the run.
        batch_size: samples of a batch.
        lookahead: batches begun before the oldest under way is entered.
        deterministic: which mode.

    Attributes:
        flying: batches under way, the oldest first.
    """

    def __init__(
        self,
        begin: Callable[[TaskGroup], Batch | None],
        end: Callable[[Batch], None],
        *,
        batch_size: int,
        lookahead: int,
        deterministic: bool,
    ) -> None:
        self.flying: list[Batch] = []
        self._begin = begin
        self._end = end
        self._batch_size = batch_size
        self._lookahead = lookahead
        self._deterministic = deterministic
        self._delivered = anyio.Event()

    def wake(self) -> None:
        """To be called after each delivery."""
        self._delivered.set()

    async def run(self, num_batches: int) -> None:
        """Begins at most `num_batches`, and ends all it began."""
        left = num_batches
        async with sole_error(), anyio.create_task_group() as tasks:
            while True:
                refused = False
                while left and self._has_room() and not refused:
                    batch = self._begin(tasks)
                    refused = batch is None
                    if batch is not None:
                        self.flying.append(batch)
                        left -= 1
                if not self.flying:
                    return
                for batch in self.flying[:1] if self._deterministic else self.flying:
                    batch.open()
                await self._end_finished(may_begin=left > 0 and not refused)

    def _has_room(self) -> bool:
        if self._deterministic:
            return len(self.flying) <= self._lookahead
        return sum(batch.num_missing for batch in self.flying) <= self._lookahead * self._batch_size

    async def _end_finished(self, *, may_begin: bool) -> None:
        """Waits until a batch is finished, and ends it; or, if one may be begun, until there is room."""
        while True:
            self._delivered = anyio.Event()
            due = self.flying[:1] if self._deterministic else self.flying
            finished = [batch for batch in due if batch.num_missing == 0]
            for batch in finished:
                self._end(batch)
                self.flying.remove(batch)
            if finished or (may_begin and self._has_room()):
                return
            await self._delivered.wait()
