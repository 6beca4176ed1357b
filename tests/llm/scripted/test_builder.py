import subprocess
import sys
from typing import get_args

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.llm import LLMFactory, ModelRequest, Observation, Purpose, extract_code
from harness.llm.scripted import ScriptedBuilder
from harness.llm.scripted.faults import FAULT_RATE, SYNTAX_SLIP_RATE, parses
from tests.llm.scripted.worlds import LAB, dialogue, dialogues


def reply(messages, *, seed=0, root=0, **fields) -> str:
    request = ModelRequest(messages=messages, seed=seed, **fields)
    return anyio.run(ScriptedBuilder(seed=root).complete, request).text


@settings(max_examples=60, deadline=None)
@given(messages=dialogues, seed=st.integers(0, 2**31), purpose=st.sampled_from(get_args(Purpose)))
def test_any_dialogue_gets_an_answer_and_the_same_one_again(messages, seed, purpose):
    text = reply(messages, seed=seed, purpose=purpose)
    assert text == reply(messages, seed=seed, purpose=purpose)
    if purpose == "program":
        code = extract_code(text)
        assert code is not None
        assert '"""' in code


def test_nearly_every_program_parses_and_slips_come_at_the_stated_rate():
    messages = dialogue(Observation(inventory=LAB))
    programs = [extract_code(reply(messages, seed=seed)) for seed in range(1500)]
    slips = sum(1 for program in programs if not parses(program)) / len(programs)
    assert 0 < slips < 2 * SYNTAX_SLIP_RATE
    assert SYNTAX_SLIP_RATE < FAULT_RATE


def test_programs_vary():
    messages = dialogue(Observation(inventory=LAB))
    assert len({reply(messages, seed=seed) for seed in range(100)}) > 80
    assert len({reply(messages, root=root) for root in range(20)}) > 15
    assert reply(messages) != reply(dialogue(Observation(inventory={**LAB, "coal": 499})))


def test_the_same_reply_in_another_process():
    code = (
        "from tests.llm.scripted.test_builder import reply; from tests.llm.scripted.worlds import *;"
        "print(reply(dialogue(Observation(inventory=LAB)), seed=11), end='')"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert found == reply(dialogue(Observation(inventory=LAB)), seed=11)


def test_a_reply_ends_at_its_token_limit():
    messages = dialogue(Observation(inventory=LAB))
    cut = anyio.run(ScriptedBuilder().complete, ModelRequest(messages=messages, max_tokens=40))
    assert cut.finish_reason == "length"
    assert cut.output_tokens <= 40
    whole = anyio.run(ScriptedBuilder().complete, ModelRequest(messages=messages, max_tokens=5000))
    assert whole.finish_reason == "stop"
    assert whole.input_tokens > 100


@pytest.mark.parametrize("seed", [0, 1])
def test_the_factory_hands_its_seed_on(seed):
    request = ModelRequest(messages=dialogue(Observation(inventory=LAB)))
    made = anyio.run(LLMFactory("scripted/builder", seed=seed).complete, request)
    assert made.text == reply(request.messages, root=seed)
