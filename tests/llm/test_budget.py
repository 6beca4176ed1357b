import anyio
import pytest

from harness.core.errors import BudgetExceededError, ConfigError, ModelError
from harness.llm.budget import BudgetedModel, BudgetMeter
from harness.llm.pricing import Price
from tests.llm.fakes import CountingModel, request

PRICE = Price(input_usd=10.0, output_usd=100.0)


async def test_calls_stop_before_the_token_cap_is_passed():
    model, meter = CountingModel(), BudgetMeter(max_tokens=500)
    budgeted = BudgetedModel(model, meter, price=PRICE)
    with pytest.raises(BudgetExceededError) as caught:
        for _ in range(10):
            await budgeted.complete(request(max_tokens=100))
    assert caught.value.budget == "tokens"
    assert 0 < meter.spent.tokens <= 500
    assert model.num_calls * 110 == meter.spent.tokens
    assert meter.reserved.tokens == 0


async def test_calls_in_flight_cannot_overrun_the_dollar_cap_together():
    model, meter = CountingModel(pause_s=0.02), BudgetMeter(max_usd=0.05)
    budgeted = BudgetedModel(model, meter, price=PRICE)
    refused = 0

    async def ask():
        nonlocal refused
        try:
            await budgeted.complete(request(max_tokens=100))
        except BudgetExceededError as error:
            assert error.budget == "usd"
            refused += 1

    async with anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(ask)
    assert model.num_calls == 4
    assert refused == 16
    assert meter.spent.usd == pytest.approx(0.04)
    assert meter.reserved.usd == pytest.approx(0.0)


async def test_a_failed_call_gives_its_reservation_back():
    model = CountingModel(fail=lambda _: ModelError("down"))
    meter = BudgetMeter(max_tokens=1000)
    with pytest.raises(ModelError):
        await BudgetedModel(model, meter, price=None).complete(request(max_tokens=100))
    assert (meter.spent.tokens, meter.reserved.tokens) == (0, 0)


def test_a_dollar_cap_needs_a_price():
    with pytest.raises(ConfigError, match="known price"):
        BudgetedModel(CountingModel(), BudgetMeter(max_usd=1.0), price=None)


async def test_earlier_calls_count():
    meter = BudgetMeter(max_tokens=300)
    meter.charge(await CountingModel().complete(request()))
    assert meter.spent.tokens == 110
    model = BudgetedModel(CountingModel(), meter, price=None)
    with pytest.raises(BudgetExceededError, match="cap is 300"):
        await model.complete(request(max_tokens=200))


async def test_close_reaches_the_wrapped_model():
    model = CountingModel()
    await BudgetedModel(model, BudgetMeter(), price=None).close()
    assert model.closed
