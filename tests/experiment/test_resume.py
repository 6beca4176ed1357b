"""Which run is taken up, with what configuration; what the records may have suffered; all in process, on toy worlds."""

import json
import shutil
from pathlib import Path

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.core.errors import ConfigError, RecordError
from harness.evaluation import FactorioEvaluator
from harness.experiment import load_programs, parse_experiment, resume_run
from harness.experiment.recorder import Recorder, model_call, model_call_record, root_state
from harness.experiment.resume import changed_keys, choose_run
from harness.experiment.run import new_manifest
from harness.experiment.stored import KeepingEvaluator, StateStore
from harness.game import GameState
from harness.llm.recording import RecordingModel
from harness.records import RunFolder, RunReader, RunWriter, create_run
from harness.variants import VARIANTS
from tests.evaluation.toy import ToyState, ToyWorld
from tests.variants.toy_model import ToyModel

CONFIG = {"name": "tiny", "variant": "mcts", "model": "scripted/builder", "search": {"iterations": 4}}


def carried(state: ToyState) -> GameState:
    return GameState(
        entities=state.entities,
        inventory=state.inventory,
        timestamp=state.tick,
        position=state.position,
        research=state.research,
        snapshot=json.dumps(vars(state)),
        snapshot_hash=state.hash,
    )


class CarriedWorld(ToyWorld):
    """The toy world with states that can be written and read."""

    def reset(self, state=None) -> None:
        super().reset(ToyState(**json.loads(state.snapshot)) if state is not None else None)

    def state(self):
        return carried(super().state())


def sit(folder: RunFolder, variant: str, *, deterministic: bool = True, iterations: int = 4) -> ToyModel:
    """One sitting on the records in `folder`, as a run has it; the model that was asked."""
    writer, reader, model = RunWriter(folder), RunReader(folder), ToyModel()
    store = StateStore(reader, writer)
    programs = load_programs(reader, in_order=not deterministic, store=store)
    if not deterministic:
        writer.keep_programs(len(programs))

    def record(call) -> None:
        if not call.replayed:
            writer.write_model_call(model_call_record(call))

    options = {"max_steps": 2, "num_candidates": 2} if variant == "planning" else {}
    evaluator = FactorioEvaluator([CarriedWorld() for _ in range(3)], accrual_ticks=600, max_program_ticks=0)
    search = VARIANTS[variant](
        RecordingModel(model, record, replay=map(model_call, reader.model_calls())),
        KeepingEvaluator(evaluator, store),
        root_state(programs) or carried(ToyState()),
        api_reference="mine, build, sleep, print",
        observers=[Recorder(writer)],
        deterministic=deterministic,
        seed=5,
        **options,
    )
    search.resume(programs)
    anyio.run(search.search, iterations, 2, 10.0)
    return model


def tree(folder: RunFolder) -> list[dict]:
    return [record.model_dump(exclude={"timing"}) for record in RunReader(folder).programs()]


def copy_of(folder: RunFolder, to: Path) -> RunFolder:
    shutil.copytree(folder.root, to)
    return RunFolder(to)


@pytest.fixture(scope="module", params=["mcts", "chunked", "planning"])
def whole(request, tmp_path_factory):
    """A variant and a finished run of it."""
    folder = create_run(tmp_path_factory.mktemp("whole"), "tiny")
    sit(folder, request.param)
    return request.param, folder


def lose_states(folder: RunFolder, data: st.DataObject) -> None:
    names = sorted(path.name for path in folder.states.iterdir())
    for name in data.draw(st.lists(st.sampled_from(names), unique=True, max_size=4), label="states lost"):
        path = folder.states / name
        if data.draw(st.booleans(), label="only cut"):
            path.write_bytes(path.read_bytes()[:-7])
        else:
            path.unlink()


def cut(path: Path, data: st.DataObject) -> None:
    content = path.read_bytes()
    kept = content[: data.draw(st.integers(0, len(content)), label=f"bytes of {path.name} left")]
    if data.draw(st.booleans(), label=f"last line of {path.name} twice"):
        kept = kept[: kept.rfind(b"\n") + 1]
        kept += kept[kept.rfind(b"\n", 0, -1) + 1 :]
    path.write_bytes(kept)


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_whatever_the_records_suffered_the_run_ends_in_the_same_tree(tmp_path_factory, whole, data):
    variant, finished = whole
    folder = copy_of(finished, tmp_path_factory.mktemp("cut") / "run")
    asked_before = list(RunReader(folder).model_calls())
    if data.draw(st.booleans(), label="nodes cut"):
        cut(folder.programs, data)
    if data.draw(st.booleans(), label="calls cut"):
        cut(folder.model_calls, data)
    lose_states(folder, data)
    left = len({(call.request_hash, call.seed) for call in RunReader(folder).model_calls()})
    model = sit(folder, variant)
    assert tree(folder) == tree(finished)
    assert len(model.requests) <= len(asked_before) - left
    for record in RunReader(folder).programs():
        assert record.state is None or RunReader(folder).has_state(record.state)
    calls = [(call.request_hash, call.seed) for call in RunReader(folder).model_calls()]
    assert len(calls) == len(set(calls))


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_in_throughput_mode_all_that_can_be_gone_on_from_is_kept(tmp_path_factory, whole, data):
    variant, finished = whole
    folder = copy_of(finished, tmp_path_factory.mktemp("cut") / "run")
    cut(folder.programs, data)
    lose_states(folder, data)
    reader = RunReader(folder)
    RunWriter(folder)
    kept = tree(folder)
    lost = [index for index, node in enumerate(kept) if node["state"] and not reader.has_state(node["state"])]
    kept = kept[: lost[0]] if lost else kept
    sit(folder, variant, deterministic=False)
    after = tree(folder)
    assert after[: len(kept)] == kept
    samples = {(node["iteration"], node["sample"]) for node in after[1:]}
    assert samples == {(iteration, sample) for iteration in range(4) for sample in range(2)}


def test_a_longer_run_begins_like_a_shorter_one(tmp_path, whole):
    variant, finished = whole
    folder = copy_of(finished, tmp_path / "run")
    sit(folder, variant, iterations=7)
    other = create_run(tmp_path, "long")
    sit(other, variant, iterations=7)
    assert tree(folder) == tree(other)
    assert len(tree(folder)) > len(tree(finished))


def test_a_node_that_comes_out_otherwise_is_refused(tmp_path, whole):
    variant, finished = whole
    folder = copy_of(finished, tmp_path / "run")
    records = RunReader(folder).programs()
    # Its world cannot be had any more, and its line says what no world will give again.
    number = next(record.index for record in records if record.index and record.state is not None)
    lines = folder.programs.read_bytes().splitlines()
    lines[number] = json.dumps({**json.loads(lines[number]), "value": 1e9}).encode()
    folder.programs.write_bytes(b"\n".join(lines) + b"\n")
    folder.state(records[number].state).unlink()
    with pytest.raises(RecordError, match="its state was lost"):
        sit(folder, variant)


def run(results: Path, status: str, **search) -> RunFolder:
    folder = create_run(results, "tiny")
    config = parse_experiment({**CONFIG, "search": {"iterations": 4, **search}}, source="here")
    writer = RunWriter(folder)
    writer.write_config(config.resolved())
    writer.write_manifest(new_manifest(config, folder).model_copy(update={"status": status}))
    return folder


def test_the_newest_run_that_did_not_finish_is_taken_up(tmp_path):
    finished = run(tmp_path, "finished")
    with pytest.raises(ConfigError, match=r"v001; look at one.*--iterations"):
        choose_run(tmp_path, "tiny")
    assert choose_run(tmp_path, "tiny", extend=True) == finished
    wanted = run(tmp_path, "interrupted")
    run(tmp_path, "finished")
    create_run(tmp_path, "tiny")  # Cut off before there was anything in it.
    assert choose_run(tmp_path, "tiny") == wanted
    assert choose_run(tmp_path, "tiny/v003").version == "v003"


def test_a_finished_run_is_not_taken_up_but_can_go_on(tmp_path):
    folder = run(tmp_path, "finished")
    with pytest.raises(ConfigError, match=r"this one did.*--iterations N, more than 4"):
        resume_run(folder)
    with pytest.raises(ConfigError, match="expected more than the 4 that the run has, got 4"):
        resume_run(folder, iterations=4)
    config, _ = resume_run(folder, iterations=9)
    assert config.search.iterations == 9


def test_a_run_cut_off_before_it_had_a_manifest_is_begun(tmp_path):
    folder = run(tmp_path, "running")
    folder.manifest.unlink()
    config, _ = resume_run(folder)
    assert config.search.iterations == 4
    folder.config.unlink()
    with pytest.raises(RecordError, match="cut off before it began"):
        resume_run(folder)
    with pytest.raises(ConfigError, match="v001 was cut off before it began: start a new run"):
        choose_run(tmp_path, "tiny")


def test_a_recorded_configuration_may_name_other_servers_and_nothing_else(tmp_path):
    folder = run(tmp_path, "interrupted")
    text = folder.config.read_text()
    folder.config.write_text(text.replace("slots: 2", "slots: 3"))
    assert resume_run(folder)[0].servers.slots == 3
    folder.config.write_text(text.replace("accrual_s: 60.0", "accrual_s: 61.0"))
    with pytest.raises(ConfigError, match="only its servers may be changed"):
        resume_run(folder)


def test_what_changed_in_the_file_since_is_named(tmp_path):
    config = parse_experiment(CONFIG, source="here")
    path = tmp_path / "tiny.yaml"
    assert changed_keys(config, tmp_path, "tiny") == []
    same = "variant: mcts\nmodel: scripted/builder\nsearch: { iterations: 4 }\n"
    path.write_text(same)
    assert changed_keys(config, tmp_path, "tiny") == []
    path.write_text(same.replace("4", "5") + "evaluation: { accrual_s: 5 }\n")
    assert changed_keys(config, tmp_path, "tiny") == ["evaluation.accrual_s", "search.iterations"]
    path.write_text("variant: [")
    assert changed_keys(config, tmp_path, "tiny") == ["its file cannot be used any more"]
