import math
import time
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.core.conversation import Message
from harness.core.errors import BudgetExceededError, ConfigError
from harness.llm import ModelRequest
from harness.variants import VARIANTS, Budget, ChunkedMCTS, Spend
from harness.variants.budget import Allowance, worst_of
from tests.variants.play import Diary, make, play, shape
from tests.variants.toy_model import ToyModel

EVERY = pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS.keys())


@EVERY
@pytest.mark.parametrize("cap", [0, 1, 7, 16, 40])
def test_samples_never_overrun(variant, cap):
    model = ToyModel()
    search = make(variant, model, budget=Budget(samples=cap))
    play(search, 30, 4)
    assert len(model.requests) == search.spend.samples <= cap
    assert search.stop_reason == "samples"
    if variant is not VARIANTS["planning"]:
        assert len(model.requests) == cap


@EVERY
def test_tokens_never_overrun(variant):
    search = make(variant, budget=Budget(tokens=60_000), max_tokens=200)
    play(search, 200, 4)
    assert search.stop_reason == "tokens"
    assert 20_000 < search.spend.tokens <= 60_000


def test_dollars_never_overrun():
    model = ToyModel(name="openai/gpt-4o", cost_usd=0.004)
    search = make(model=model, budget=Budget(usd=0.1), max_tokens=200)
    play(search, 50, 4)
    assert search.stop_reason == "usd"
    assert 0.05 < search.spend.usd <= 0.1


@EVERY
@pytest.mark.parametrize("lookahead", [0, 1])
def test_a_model_that_costs_more_than_its_price_says_is_not_asked_on(variant, lookahead):
    model = ToyModel(cost_usd=0.004)  # scripted models are said to be free
    search = make(variant, model, budget=Budget(usd=0.01), lookahead=lookahead)
    play(search, 30, 2)
    assert search.stop_reason == "usd"
    assert 0.01 <= search.spend.usd == pytest.approx(0.004 * len(model.requests))
    if variant is not VARIANTS["planning"]:  # which asks several times for one sample
        # The third reply passes the cap; what was begun before that is paid for.
        assert 3 <= len(model.requests) <= 2 * (2 + lookahead)


def test_the_sample_that_a_budget_had_no_room_for_is_told_with_its_worst_case():
    search = make(budget=Budget(ticks=900), max_program_ticks=400)
    play(search, 3, 2)
    assert (search.stop_reason, search.spend.samples) == ("ticks", 0)
    assert search.refused is not None
    assert search.refused.ticks == 400 + 600
    assert make().refused is None


def test_a_cap_of_nothing_holds_off_only_what_costs_something():
    search = make(budget=Budget(usd=0.0))
    play(search, 3, 2)
    assert (search.stop_reason, search.spend.usd, search.spend.samples) == (None, 0.0, 6)


def test_dollars_need_a_known_price():
    with pytest.raises(ConfigError, match="known price"):
        make(model=ToyModel(name="openai/unheard-of"), budget=Budget(usd=1.0))


@EVERY
def test_ticks_are_checked_before_each_program(variant):
    # programs that take no ticks of their own, so only accrual windows count
    model = ToyModel(programs=['"""One."""\nprint(1)\n"""Two."""\nprint(2)\n'])
    search = make(variant, model, budget=Budget(ticks=600 * 7))
    play(search, 30, 2)
    assert search.stop_reason == "ticks"
    assert search.spend.ticks <= 600 * 7
    assert search.spend.ticks == 600 * (len(search.programs) - 1)


@EVERY
def test_ticks_never_overrun_where_programs_are_bounded(variant):
    # the longest of the toy model's programs takes 600 ticks
    search = make(variant, budget=Budget(ticks=20_000), max_program_ticks=600)
    play(search, 40, 3)
    assert search.stop_reason == "ticks"
    assert 10_000 < search.spend.ticks <= 20_000


def test_time_on_the_clock_ends_it():
    search = make(model=ToyModel(delay=lambda request: 0.05), budget=Budget(wall_s=0.12))
    play(search, 100, 2)
    assert search.stop_reason == "wall_s"
    assert 1 <= len(search.programs) < 12


def test_a_budget_ends_a_search_at_the_same_node_whatever_the_timing():
    fast = make(ChunkedMCTS, ToyModel(), budget=Budget(ticks=12_000), seed=3)
    slow = make(
        ChunkedMCTS, ToyModel(delay=lambda request: request.seed % 7 / 300), budget=Budget(ticks=12_000), seed=3
    )
    play(fast, 50, 3)
    play(slow, 50, 3)
    assert fast.stop_reason == slow.stop_reason == "ticks"
    assert shape(fast) == shape(slow)


def test_without_caps_nothing_stops_and_all_is_counted():
    diary = Diary()
    search = make(observers=[diary])
    play(search, 4, 3)
    assert search.stop_reason is None
    assert search.spend.samples == 12
    ran = [p for p in search.programs[1:] if p.status in ("ok", "error")]
    assert search.spend.ticks == sum(program.ticks + 600 for program in ran)
    assert search.spend.tokens == sum(p.input_tokens + p.output_tokens for p in search.programs)
    assert search.spend.samples == sum(program.num_samples for program in search.programs)
    assert replace(diary.finished[-1].spend, wall_s=0) == replace(search.spend, wall_s=0)


def test_the_seconds_that_were_spent_are_those_of_the_whole_search():
    search = make(model=ToyModel(delay=lambda request: 0.1), lookahead=0)
    play(search, 1, 2)
    once = search.spend.wall_s
    assert 0.1 <= once < 5
    play(search, 1, 2)
    assert search.spend.wall_s >= once + 0.1


amounts = st.builds(Spend, samples=st.integers(0, 9), ticks=st.integers(0, 9), tokens=st.integers(0, 9))
caps = st.builds(Budget, **{name: st.none() | st.integers(0, 40) for name in ("samples", "ticks", "tokens")})


@settings(max_examples=100)
@given(caps, st.integers(1, 5), st.lists(st.tuples(amounts, amounts), max_size=20))
def test_shares_together_never_pass_the_whole(budget, count, steps):
    allowances = [Allowance(budget.share(Spend(), count), lambda: 0.0) for _ in range(count)]
    for index, (worst, actual) in enumerate(steps):
        really = Spend(
            **{each.name: min(getattr(worst, each.name), getattr(actual, each.name)) for each in fields(Spend)}
        )
        allowance = allowances[index % count]
        try:
            allowance.reserve(worst)
        except BudgetExceededError as error:
            assert getattr(budget, error.budget) is not None
            continue
        allowance.settle(worst, really)
    total = sum((allowance.spent for allowance in allowances), Spend())
    assert budget.overrun_by(total) is None
    assert all(allowance.reserved == Spend() for allowance in allowances)


@pytest.mark.parametrize("cap", [-1, math.nan, math.inf, "5"])
def test_a_cap_that_would_cap_nothing_is_refused(cap):
    with pytest.raises(ConfigError, match="budget usd"):
        Budget(usd=cap)


@EVERY
def test_the_seconds_of_earlier_sittings_count_and_what_is_on_record_still_enters(variant):
    whole = make(variant, seed=5)
    play(whole, 3, 2)
    model = ToyModel()
    # At some of these places a reply of several chunks, or an episode, is cut in two.
    for cut in range(1, len(whole.programs) + 1):
        again = make(variant, model, seed=5, budget=Budget(wall_s=60.0))
        again.resume(whole.programs[:cut], searched_s=60.0)
        play(again, 9, 2)
        assert [program.id for program in again.programs] == [program.id for program in whole.programs[:cut]]
        assert model.requests == []
        assert again.stop_reason == "wall_s"
        assert 60 <= again.spend.wall_s < 70
        assert again.spend.samples == sum(program.num_samples for program in again.programs)
    fresh = make(variant, model, seed=5, budget=Budget(wall_s=60.0))
    fresh.resume(whole.programs, searched_s=2.0)
    play(fresh, 4, 2)
    assert fresh.stop_reason is None
    assert len(fresh.programs) > len(whole.programs)
    assert fresh.spend.wall_s > 2


def test_a_call_under_way_is_given_up_when_the_time_is_spent():
    model = ToyModel(delay=lambda request: 30.0)
    search = make(model=model, budget=Budget(wall_s=0.3), lookahead=1)
    started = time.monotonic()
    play(search, 10, 2)
    assert time.monotonic() - started < 5
    assert search.stop_reason == "wall_s"
    assert len(search.programs) == 1
    assert search.spend.samples == len(model.requests) == 4


def test_a_program_under_way_is_given_up_and_what_was_done_before_is_kept():
    model, diary = ToyModel(programs=["mine(1)\n", "mine(2)\n", "pause(4)\n"]), Diary()
    search = make(model=model, budget=Budget(wall_s=1.0), observers=[diary])
    started = time.monotonic()
    play(search, 50, 3)
    assert time.monotonic() - started < 3
    assert search.stop_reason == "wall_s"
    assert len(diary.calls) == len(model.requests), "every reply that was paid for is told"
    assert search.spend.samples == len(model.requests)
    assert not [program for program in search.programs if program.status == "timeout"]


words = st.text(st.characters(codec="utf-8"), max_size=300)


@given(st.lists(words, min_size=1, max_size=4))
def test_no_text_has_more_tokens_than_are_set_aside(texts):
    # a tokeniser that works on bytes cannot split them
    roles = ("user", "assistant")
    messages = tuple(Message(roles[index % 2], text) for index, text in enumerate(texts))
    worst = worst_of(ModelRequest(messages=messages, max_tokens=50), None)
    assert worst.tokens >= 50 + sum(len(text.encode()) for text in texts)
