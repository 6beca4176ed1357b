import pytest

from harness.core.errors import ConfigError, ModelError
from harness.variants import VARIANTS, Backtracking
from harness.variants.baselines import PUT_BACK
from tests.variants.play import make, play
from tests.variants.toy_model import ToyModel, fenced

DIG = "mine(10)\nbuild(2)\n"
TOO_MUCH = "mine(1)\nbuild(90)\n"


def replies(*codes: str) -> ToyModel:
    order = iter(codes)
    return ToyModel(script={"program": lambda request: fenced(next(order))})


def test_best_of_n_starts_from_the_root_each_time():
    search = make(VARIANTS["best_of_n"], seed=2)
    play(search, 5, 3)
    assert {program.depth for program in search.programs[1:]} == {1}


def test_random_parents_are_any_that_worked():
    search = make(VARIANTS["random"], ToyModel(programs=[DIG]), seed=2)
    play(search, 30, 1)
    parents = [program.parent_id for program in search.programs[1:]]
    assert len(set(parents)) > 8


def test_a_sequence_goes_on_from_failures_too_and_keeps_its_whole_dialogue():
    model = replies(DIG, TOO_MUCH, DIG)
    search = make(VARIANTS["sequential"], model)
    play(search, 3, 1)
    assert [program.status for program in search.programs[1:]] == ["ok", "error", "ok"]
    assert [program.depth for program in search.programs[1:]] == [1, 2, 3]
    last = [message.content for message in model.requests[-1].messages]
    assert fenced(DIG) in last
    assert fenced(TOO_MUCH) in last
    # It starts from the world that the failure left, in which one ore more was dug.
    assert search.programs[3].state.mined_by_hand == 21


def test_a_sequence_stays_in_its_world_when_replies_hold_no_program_or_never_come():
    texts = iter([fenced(DIG), "I would rather not.", "", fenced("mine(1)\n")])
    model = ToyModel(script={"program": lambda request: next(texts)}, retryable=True)
    model.fail = lambda request: len(model.requests) == 3
    search = make(VARIANTS["sequential"], model)
    play(search, 5, 1)
    assert [program.status for program in search.programs[1:]] == ["ok", "no_code", "model_error", "no_code", "ok"]
    first, *_, last = search.programs[1:]
    assert last.state.mined_by_hand == 11
    assert last.state.tick == first.state.tick + 60 + 600
    for request in model.requests[2:]:
        assert "found no program" in request.messages[-1].content or "out of order" in request.messages[-1].content
        assert f"Tick: {first.state.tick}\nScore: {first.score:.1f}" in request.messages[-1].content
        assert f"Inventory: iron-ore={first.state.ore}" in request.messages[-1].content


def test_backtracking_writes_a_failure_anew_from_the_world_before_it():
    model = replies(DIG, TOO_MUCH, DIG)
    search = make(Backtracking, model)
    play(search, 3, 1)
    first, failed, again = search.programs[1:]
    assert [program.status for program in (first, failed, again)] == ["ok", "error", "ok"]
    assert again.parent_id == failed.id
    assert again.meta["starts_from"] == first.id
    assert again.state.mined_by_hand == 20
    assert again.reward - again.holdout_reward == again.value
    told = model.requests[-1].messages[-1].content
    assert "Error at line 2: ValueError" in told
    assert told.endswith(PUT_BACK)
    assert f"Inventory: iron-ore={first.state.ore}" in told


def test_backtracking_names_the_first_of_equal_failures_and_counts_none_of_them_towards_the_world():
    search = make(Backtracking, replies(DIG, TOO_MUCH, TOO_MUCH, TOO_MUCH, DIG), max_retries=9, credit="world")
    play(search, 5, 1)
    first, failed, second, third, last = search.programs[1:]
    assert "same_as" not in failed.meta
    assert second.meta["same_as"] == third.meta["same_as"] == failed.id
    assert search.tree.values[search.node_of(last)] == first.value + last.value


def test_after_so_many_failures_they_are_dropped_and_the_step_begun_afresh():
    model = replies(DIG, TOO_MUCH, TOO_MUCH, TOO_MUCH, DIG)
    search = make(Backtracking, model, max_retries=2)
    play(search, 5, 1)
    first, *rest = search.programs[1:]
    assert [program.depth for program in rest] == [2, 3, 2, 3]
    assert fenced(TOO_MUCH) not in [message.content for message in model.requests[3].messages]
    assert rest[-1].meta["starts_from"] == first.id
    with pytest.raises(ConfigError, match="max_retries"):
        make(Backtracking, max_retries=0)


@pytest.mark.parametrize("name", ["sequential", "backtracking"])
def test_one_lost_reply_does_not_end_a_dialogue_and_several_in_a_row_do(name):
    model = ToyModel(programs=[DIG], retryable=True)
    model.fail = lambda request: len(model.requests) in (2, 3, 6)
    search = make(VARIANTS[name], model)
    play(search, 8, 1)
    statuses = [program.status for program in search.programs[1:]]
    assert [index for index, status in enumerate(statuses, start=1) if status == "model_error"] == [2, 3, 6]
    gone = ToyModel(programs=[DIG], retryable=True)
    gone.fail = lambda request: len(gone.requests) > 2
    search = make(VARIANTS[name], gone)
    with pytest.raises(ModelError):
        play(search, 20, 1)
    assert len(gone.requests) == 2 + 4


def test_a_refusal_that_cannot_pass_ends_a_dialogue_at_once():
    refused = ToyModel(fail=lambda request: True)
    with pytest.raises(ModelError):
        play(make(VARIANTS["sequential"], refused), 5, 1)
    assert len(refused.requests) == 1
