import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.errors import RecordError
from harness.records import ProgramRecord, RunFolder, RunReader, RunWriter, create_run


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


@pytest.mark.parametrize(("version", "times"), [(1, [None] * 4), (2, [1e-06, 2.136944, 2.161197, 2.187638])])
def test_records_of_every_schema_version_stay_readable(version, times):
    reader = RunReader(RunFolder(Path(__file__).parents[1] / "data" / "records" / f"schema_{version}" / "v001"))
    records = reader.programs()
    assert {record.schema_version for record in records} == {version}
    assert [record.timing.at_s for record in records] == times
    assert [record.index for record in records] == [0, 1, 2, 3]
    assert [call.purpose for call in reader.model_calls()] == ["program"] * 3
    assert (reader.manifest().status, reader.summary().variant) == ("finished", "mcts")


def test_records_of_a_later_schema_version_are_refused_by_name(tmp_path):
    folder = create_run(tmp_path, "exp")
    later = json.loads(node(0).model_dump_json()) | {"schema_version": 3, "colour": "red"}
    folder.programs.write_text(json.dumps(later) + "\n")
    with pytest.raises(
        RecordError, match=r"line 1: .* schema version 3: .* reads up to 2; use the version that wrote it"
    ):
        RunReader(folder).programs()


def test_a_line_that_is_missing_is_named(tmp_path):
    folder = create_run(tmp_path, "exp")
    folder.programs.write_text("".join(node(index).model_dump_json() + "\n" for index in (0, 2)))
    with pytest.raises(RecordError, match="expected node 1 after 1 nodes, got node 2"):
        RunReader(folder).programs()


def test_a_call_that_is_damaged_is_named_with_what_to_do(tmp_path):
    folder = create_run(tmp_path, "exp")
    folder.model_calls.write_text('{"purpose": "pro\n')
    with pytest.raises(RecordError, match=r"llm.jsonl, line 1: .*; put the file back .* or take the line out"):
        list(RunReader(folder).model_calls())


@pytest.mark.parametrize("content", [b"", b"[1]", b"\xff\xfe", b"a: ["])
def test_a_configuration_that_is_none_is_an_error_of_the_record(tmp_path, content):
    folder = create_run(tmp_path, "exp")
    folder.config.write_bytes(content)
    with pytest.raises(RecordError, match=r"config\.yaml: expected the run's configuration"):
        RunReader(folder).config()


def test_what_cannot_be_read_is_an_error_of_the_record(tmp_path):
    folder = create_run(tmp_path, "exp")
    folder.programs.mkdir()
    with pytest.raises(RecordError, match=r"programs\.jsonl: expected to be able to read it"):
        RunReader(folder).programs()


def test_the_folder_of_states_is_made_again(tmp_path):
    folder = create_run(tmp_path, "exp")
    folder.states.rmdir()
    RunWriter(folder).write_state("abc", b"one")
    assert RunReader(folder).state("abc") == b"one"
