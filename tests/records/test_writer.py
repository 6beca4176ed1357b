import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.errors import RecordError
from harness.records import ProgramRecord, RunReader, RunWriter, create_run


def node(index: int, **changes) -> ProgramRecord:
    facts = {
        "id": f"id{index}",
        "parent_id": None if index == 0 else "id0",
        "index": index,
        "iteration": 0,
        "sample": index,
        "chunk": 0,
        "chunks": 1,
        "depth": min(index, 1),
        "code": "x = 'ä'\n",
        "status": "ok",
        "error": None,
        "response": "",
        "value": 1.5 * index,
        "reward": 2.0,
        "holdout_reward": 0.5,
        "score": 2.0,
        "ticks": 60,
        "static": {},
        "dynamic": {"iron-plate": 3},
        "state": None,
        "model": "scripted/builder",
        "input_tokens": 1,
        "output_tokens": 2,
        "cost_usd": 0.0,
        "num_calls": 3,
        "shared_messages": 0,
        "messages": [],
    }
    return ProgramRecord.model_validate(facts | changes)


def test_what_was_written_is_read_back(tmp_path):
    folder = create_run(tmp_path, "exp")
    writer = RunWriter(folder)
    for index in range(3):
        writer.write_program(node(index))
    assert RunReader(folder).programs() == [node(index) for index in range(3)]


@given(cut=st.integers(0, 3000))
def test_a_run_cut_at_any_byte_goes_on_and_ends_the_same(tmp_path_factory, cut):
    folder = create_run(tmp_path_factory.mktemp("run"), "exp")
    writer = RunWriter(folder)
    for index in range(3):
        writer.write_program(node(index))
    whole = folder.programs.read_bytes()
    folder.programs.write_bytes(whole[:cut])
    again = RunWriter(folder)
    for index in range(3):
        again.write_program(node(index))
    assert folder.programs.read_bytes() == whole


def test_a_history_that_differs_is_refused(tmp_path):
    folder = create_run(tmp_path, "exp")
    RunWriter(folder).write_program(node(0))
    with pytest.raises(RecordError, match="start a new run"):
        RunWriter(folder).write_program(node(0, id="other"))


def test_states_are_kept_once_by_their_name(tmp_path):
    folder = create_run(tmp_path, "exp")
    writer = RunWriter(folder)
    writer.write_state("abc", b"one")
    writer.write_state("abc", b"one")
    assert RunReader(folder).state("abc") == b"one"
    with pytest.raises(RecordError, match="state xyz"):
        RunReader(folder).state("xyz")
    folder.state("abc").write_bytes(folder.state("abc").read_bytes()[:-5])
    with pytest.raises(RecordError, match="whole file"):
        RunReader(folder).state("abc")


def test_a_damaged_line_is_named(tmp_path):
    folder = create_run(tmp_path, "exp")
    folder.programs.write_text('{"id": 1}\n')
    with pytest.raises(RecordError, match="line 1"):
        RunReader(folder).programs()
