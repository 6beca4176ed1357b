import anyio
import pytest

from harness import LLMFactory
from harness.core.errors import ConfigError
from harness.llm.pricing import Price, price_of
from tests.llm.fakes import request

VARIABLES = {
    "anthropic/claude-3-opus-20240229": "ANTHROPIC_API_KEY",
    "openai/gpt-4o": "OPENAI_API_KEY",
    "deepseek/deepseek-chat": "DEEPSEEK_API_KEY",
}


@pytest.mark.parametrize(("name", "variable"), VARIABLES.items())
def test_a_missing_key_is_named_and_nothing_is_sent(name, variable, monkeypatch):
    monkeypatch.delenv(variable, raising=False)
    model = LLMFactory(name)
    with pytest.raises(ConfigError, match=variable):
        model.check()
    with pytest.raises(ConfigError, match=variable):
        anyio.run(model.complete, request())


@pytest.mark.parametrize(("name", "variable"), VARIABLES.items())
def test_a_key_never_shows(name, variable, monkeypatch):
    monkeypatch.setenv(variable, "sk-very-secret")
    model = LLMFactory(name)
    model.check()
    made = vars(model)["_made"]
    for thing in (model, made, vars(made)["_options"], vars(made)["_provider"]):
        assert "secret" not in repr(thing)


@pytest.mark.parametrize("name", ["claude-3-opus", "acme/model", "openai/", "scripted/poet", "", "/x", None, 3])
def test_unknown_names_list_what_is_known(name):
    with pytest.raises(ConfigError, match=r"anthropic/<model>.*scripted/builder"):
        LLMFactory(name)


@pytest.mark.parametrize("option", [{"timeout_s": 0}, {"max_retries": -1}, {"max_concurrency": 0}])
def test_unusable_options_are_refused(option):
    with pytest.raises(ConfigError, match="expected timeout_s > 0"):
        LLMFactory("openai/gpt-4o", **option)


def test_the_scripted_model_needs_no_key_and_costs_nothing():
    model = LLMFactory("scripted/builder")
    model.check()
    reply = anyio.run(model.complete, request())
    assert reply.model == model.name == "scripted/builder"
    assert reply.cost_usd == 0.0
    assert model.price == Price(input_usd=0.0, output_usd=0.0)


def test_prices_are_found_for_dated_names():
    opus = Price(input_usd=15.0, output_usd=75.0)
    assert price_of("anthropic/claude-3-opus-20240229") == price_of("anthropic/claude-3-opus-latest") == opus
    assert price_of("openai/gpt-4o-2024-08-06") == price_of("openai/gpt-4o")
    assert price_of("openai/gpt-4o-audio") is None
    assert opus.cost_usd(1000, 200) == pytest.approx(0.015 + 0.015)
    assert LLMFactory("openai/new", price=opus).price == opus
