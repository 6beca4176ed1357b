"""States of a run that are on disk: what is given by name is the state, and few are in memory."""

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor

import anyio
import pytest

from harness.core.errors import RecordError
from harness.evaluation import FactorioEvaluator, Program
from harness.experiment.stored import KeepingEvaluator, StateStore
from harness.game import GameState
from harness.records import RunReader, RunWriter, create_run
from tests.evaluation.toy import ToyState
from tests.experiment.test_resume import CarriedWorld, carried

MOST_ALIVE = 40


def numbered(number: int) -> GameState:
    return GameState(entities=[{"name": "stone-furnace", "number": number}], inventory={"coal": number}, timestamp=0)


@pytest.fixture
def store(tmp_path):
    folder = create_run(tmp_path, "tiny")
    return StateStore(RunReader(folder), RunWriter(folder))


def test_a_kept_state_is_told_like_the_state_itself(store):
    state = numbered(7)
    kept = store.keep(state)
    assert (kept.hash, kept.inventory, kept.to_bytes()) == (state.hash, {"coal": 7}, state.to_bytes())
    assert store.keep(kept) is kept
    assert store.named(state.hash).entities == state.entities


def test_few_states_are_in_memory_however_many_are_kept(store):
    alive = []
    kept = []
    for number in range(100):
        state = numbered(number)
        alive.append(weakref.ref(state))
        kept.append(store.keep(state))
    del state
    gc.collect()
    assert 0 < sum(each() is not None for each in alive) < MOST_ALIVE
    assert [each.inventory["coal"] for each in kept] == list(range(100))


def test_threads_may_keep_and_read_at_the_same_time(store):
    def keep_and_read(number):
        return store.keep(numbered(number % 50)).inventory["coal"]

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(keep_and_read, range(200))) == [number % 50 for number in range(200)]


def test_a_state_that_was_lost_since_is_named_when_it_is_used(tmp_path):
    folder = create_run(tmp_path, "tiny")
    name = StateStore(RunReader(folder), RunWriter(folder)).keep(numbered(1)).hash
    known = StateStore(RunReader(folder)).named(name)
    folder.state(name).unlink()
    with pytest.raises(RecordError, match=name):
        _ = known.inventory


def test_programs_go_on_from_kept_states_as_from_any_other(store):
    def evaluator():
        return FactorioEvaluator([CarriedWorld() for _ in range(3)], accrual_ticks=600)

    def chain(evaluator):
        results, state = [], carried(ToyState())
        for code in ("mine(20)\n", "build(2)\n", "mine(1)\n"):
            (result,) = anyio.run(evaluator.evaluate, [Program(code, state=state)], 10.0)
            state = result.state
            results.append((result.status, result.advantage, result.state.hash, result.response))
        return results

    plain, keeping = evaluator(), KeepingEvaluator(evaluator(), store)
    assert (keeping.num_slots, keeping.accrual_ticks) == (plain.num_slots, plain.accrual_ticks)
    assert chain(keeping) == chain(plain)
