"""How many servers start at once: more while starts stay quick, fewer when they hinder one another."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio

SLOW = 2.5
"""A start that takes so many times the quickest one is hindered by the others."""


class StartRamp:
    """Turns at starting: at first one a processor; one more after each quick start, half as many after a slow one.

    Args:
        most: never more than so many at once.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._limiter = anyio.CapacityLimiter(max(1, min(most, os.cpu_count() or 1)))
        self._quickest: float | None = None

    @property
    def width(self) -> int:
        """How many may start at once now."""
        return int(self._limiter.total_tokens)

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """One start, from its begin until it is ready."""
        async with self._limiter:
            began = anyio.current_time()
            yield
            self.note(anyio.current_time() - began)

    def note(self, seconds: float) -> None:
        """Learns from a start that took so long."""
        if self._quickest is None or seconds < self._quickest:
            self._quickest = seconds
        hindered = seconds > SLOW * self._quickest
        self._limiter.total_tokens = max(1, self.width // 2) if hindered else min(self._most, self.width + 1)
