import anyio
import pytest

from harness.core.errors import RecordError, ServerError
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


@pytest.mark.parametrize(
    ("errors", "raised"),
    [
        ([OSError("full"), OSError("full")], OSError),
        ([RecordError("one"), RecordError("two")], RecordError),
        ([RecordError("one"), ServerError("two")], RecordError),
        ([OSError("full"), OSError("other")], ExceptionGroup),
        ([RecordError("one"), ValueError("a bug")], ExceptionGroup),
    ],
)
def test_errors_that_are_one_reason_are_raised_as_one(errors, raised):
    async def main():
        async with sole_error():
            raise ExceptionGroup("outer", [ExceptionGroup("inner", errors[:1]), *errors[1:]])

    with pytest.raises(raised) as caught:
        anyio.run(main)
    assert raised is ExceptionGroup or caught.value is errors[0]
