import anyio
import pytest

from harness.core.tasks import sole_error


async def _fail(error):
    raise error


def test_a_single_reason_comes_out_as_itself():
    async def main():
        async with sole_error(), anyio.create_task_group() as outer, anyio.create_task_group() as inner:
            inner.start_soon(_fail, KeyError("x"))
            outer.start_soon(anyio.sleep, 0)

    with pytest.raises(KeyError):
        anyio.run(main)


def test_several_reasons_stay_a_group():
    async def main():
        async with sole_error():
            raise ExceptionGroup("two", [KeyError("x"), ValueError("y")])

    with pytest.raises(ExceptionGroup):
        anyio.run(main)
