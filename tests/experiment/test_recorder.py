from dataclasses import replace

import pytest

from harness.experiment.recorder import model_call, model_call_record
from harness.llm import ModelReply
from harness.llm.recording import ModelCall
from harness.records import ModelCallRecord

REPLY = ModelReply(
    text="x = 1", model="a/b", input_tokens=1, output_tokens=2, cost_usd=0.25, finish_reason="stop", wall_s=0.5
)
CALL = ModelCall(
    model="a/b",
    purpose="judge",
    request_hash="0" * 32,
    seed=7,
    messages=({"role": "user", "content": "hello"},),
    reply=REPLY,
)


@pytest.mark.parametrize(
    "call", [CALL, replace(CALL, reply=replace(REPLY, cost_usd=None)), replace(CALL, reply=None, error="HTTP 500")]
)
def test_a_model_call_survives_its_record(call):
    line = model_call_record(call).model_dump_json()
    assert model_call(ModelCallRecord.model_validate_json(line)) == call
