import pytest

from harness.core.errors import ConfigError
from harness.evaluation import Program
from harness.tasks import parse_task
from harness.variants.credit import credit_of
from tests.variants.play import make, play
from tests.variants.toy_model import ToyModel

DIG = "mine(10)\nbuild(2)\n"


def test_along_a_path_advantages_add_up():
    search = make(model=ToyModel(programs=[DIG]), policy="latest", credit="world")
    play(search, 3, 1)
    total = 0.0
    for program in search.programs[1:]:
        total += program.value
        assert search.tree.values[search.node_of(program)] == pytest.approx(total)


def test_without_a_word_a_node_counts_as_its_advantage():
    search = make(model=ToyModel(programs=[DIG]), policy="latest")
    play(search, 3, 1)
    for program in search.programs[1:]:
        assert search.tree.values[search.node_of(program)] == program.value


def test_on_a_task_with_a_quota_a_node_counts_as_its_share_of_it():
    task = {"goal": "Dig {item}.", "success": {"throughput": {"item": "iron-ore", "quota": 1200}}}
    search = make(
        model=ToyModel(programs=[DIG]),
        policy="latest",
        task=parse_task(task, name="dig", source="here"),
        stop_on_success=False,
    )
    play(search, 2, 1)
    # Two drills dig 120 ore a minute, four twice as many.
    assert [search.tree.values[search.node_of(program)] for program in search.programs[1:]] == pytest.approx([0.1, 0.2])


def test_a_step_counts_as_its_advantage_on_any_task_if_asked_for():
    judged = Program("", value=5.0, meta={"task": {"quota": 16, "throughput": 4}})
    assert credit_of(judged, 3.0, "step") == 5.0
    assert credit_of(judged, 3.0, "world") == credit_of(judged, 3.0, None) == 0.25
    assert credit_of(Program("", value=5.0), 3.0, "world") == 8.0


def test_a_credit_nobody_knows_is_refused():
    with pytest.raises(ConfigError, match="credit: expected one of step, world or none, got 'path'"):
        make(credit="path")
