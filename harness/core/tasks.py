"""Errors out of task groups: a group that failed for one reason raises that reason."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


@asynccontextmanager
async def sole_error() -> AsyncGenerator[None]:
    """Unwraps exception groups that hold a single error, however deeply; leaves real groups as they are.

    Put it outside a task group: `async with sole_error(), anyio.create_task_group() as group: ...`.
    """
    try:
        yield
    except BaseExceptionGroup as group:
        error: BaseException = group
        while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
            error = error.exceptions[0]
        raise error from None if error is not group else group.__cause__
