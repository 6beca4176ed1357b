from dataclasses import replace

import pytest

from harness.evaluation import Program
from harness.experiment.recorder import Recorder, model_call, model_call_record
from harness.llm import ModelReply
from harness.llm.recording import ModelCall
from harness.records import ModelCallRecord, RunReader, RunWriter, create_run

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


def test_seconds_of_searching_go_on_where_the_sitting_before_ended(tmp_path):
    folder = create_run(tmp_path, "exp")
    root = Program("", status="ok", id="root")
    nodes = [Program(f"x = {index}", parent_id="root", sample=index, status="ok") for index in range(3)]
    for told, times in (((root, nodes[0]), [100.0, 100.0, 102.5]), ((root, *nodes), [7.0, 7.0, 7.25, 8.0, 11.5])):
        readings = iter(times)
        recorder = Recorder(RunWriter(folder), clock=lambda readings=readings: next(readings))
        for program in told:
            recorder.on_program(program, replayed=False)
    assert [record.timing.at_s for record in RunReader(folder).programs()] == [0, 2.5, 2.5 + 1, 2.5 + 4.5]
