"""Errors out of task groups: a group that failed for one reason raises that reason."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from harness.core.errors import HarnessError


@asynccontextmanager
async def sole_error() -> AsyncGenerator[None]:
    """Unwraps exception groups that come down to one reason, however deeply; leaves real groups as they are.

    Tasks side by side often fail of the same: a full disk, a server that is gone. So the first error stands for all if
    they are alike, or if all are meant for a reader.

    Put it outside a task group: `async with sole_error(), anyio.create_task_group() as group: ...`.
    """
    try:
        yield
    except BaseExceptionGroup as group:
        errors = _leaves(group)
        alike = len({(type(error), str(error)) for error in errors}) == 1
        if alike or all(isinstance(error, HarnessError) for error in errors):
            raise errors[0] from None
        raise


def _leaves(group: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    """The errors in a group and the groups in it, in order."""
    errors: list[BaseException] = []
    for error in group.exceptions:
        errors += _leaves(error) if isinstance(error, BaseExceptionGroup) else [error]
    return errors
