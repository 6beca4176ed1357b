import anyio
import pytest

from harness.core.errors import ModelError
from harness.llm.recording import RecordingModel
from tests.llm.fakes import CountingModel, request


async def test_every_exchange_is_handed_over():
    calls = []
    model = RecordingModel(CountingModel(), calls.append)
    reply = await model.complete(request(seed=3, purpose="judge"))
    (call,) = calls
    assert call.reply == reply
    assert (call.purpose, call.seed, call.request_hash, call.replayed) == (
        "judge",
        3,
        request(purpose="judge").digest,
        False,
    )
    assert call.messages[-1] == {"role": "user", "content": "hello"}


async def test_what_is_recorded_is_not_asked_again():
    calls = []
    first = RecordingModel(CountingModel(), calls.append)
    original = [await first.complete(request(seed=seed)) for seed in range(3)]
    fresh, replayed = CountingModel(), []
    second = RecordingModel(fresh, replayed.append, replay=calls)
    assert [await second.complete(request(seed=seed)) for seed in range(3)] == original
    assert fresh.num_calls == 0
    assert all(call.replayed for call in replayed)
    await second.complete(request(seed=9))
    await second.complete(request("other"))
    assert fresh.num_calls == 2


async def test_the_same_question_asked_at_once_is_paid_once():
    model = CountingModel(pause_s=0.02)
    calls = []
    recording = RecordingModel(model, calls.append)
    texts = []

    async def ask():
        texts.append((await recording.complete(request())).text)

    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(ask)
    assert model.num_calls == 1
    assert texts == ["reply 1"] * 5
    assert sorted(call.replayed for call in calls) == [False, True, True, True, True]


async def test_failures_are_recorded_but_not_replayed():
    calls = []
    model = CountingModel(fail=lambda number: ModelError("overloaded", retryable=True) if number == 1 else None)
    recording = RecordingModel(model, calls.append)
    with pytest.raises(ModelError, match="overloaded"):
        await recording.complete(request())
    assert calls[0].error == "overloaded"
    again = RecordingModel(model, calls.append, replay=list(calls))
    assert (await again.complete(request())).text == "reply 2"
