import math

import pytest

from harness.core.errors import ConfigError
from harness.experiment import list_experiments, load_experiment, parse_experiment
from harness.search import POLICIES

GOOD = {"name": "x", "variant": "mcts", "model": "scripted/builder"}


def message(data: dict) -> str:
    with pytest.raises(ConfigError) as caught:
        parse_experiment(data, source="experiments/x.yaml")
    return str(caught.value)


def test_defaults_are_written_out_and_read_back():
    config = parse_experiment(GOOD, source="x")
    assert parse_experiment(config.resolved(), source="x") == config
    assert config.search.exploration_constant == 1.41
    assert config.search.policy is None


def test_a_key_that_does_not_exist_is_named_with_the_nearest_one():
    text = message(GOOD | {"serch": {}})
    assert "experiments/x.yaml: key serch: expected one of" in text
    assert "did you mean search?" in text
    assert "did you mean iterations?" in message(GOOD | {"search": {"iteratons": 3}})


@pytest.mark.parametrize(
    ("change", "key", "got"),
    [
        ({"variant": "dfs"}, "variant", "'dfs'"),
        ({"servers": {"slots": 0}}, "servers.slots", "0"),
        ({"search": {"iterations": "many"}}, "search.iterations", "'many'"),
        ({"budget": {"usd": -1}}, "budget.usd", "-1"),
        ({"budget": {"wall_s": math.inf}}, "budget.wall_s", "inf"),
        ({"evaluation": {"accrual_s": math.inf}}, "evaluation.accrual_s", "inf"),
        ({"evaluation": {"accrual_s": 1e300}}, "evaluation.accrual_s", "1e+300"),
        ({"search": {"timeout_s": math.nan}}, "search.timeout_s", "nan"),
        ({"search": {"temperature": 1e-12}}, "search.temperature", "1e-12"),
        ({"search": {"policy_options": {"smoothing": "x"}}}, "search.policy_options", "{'smoothing': 'x'}"),
        ({"task": {"goal": "Much.", "success": {"score": math.inf}}}, "success.score", "inf"),
        ({"name": "../escape"}, "name", "'../escape'"),
    ],
)
def test_a_bad_value_is_named_with_key_expected_and_got(change, key, got):
    text = message(GOOD | change)
    assert f"key {key}" in text
    assert "expected" in text
    assert f"got {got}" in text


def test_no_limit_on_children_can_be_asked_for_and_counts_in_the_digest():
    def digest(factor):
        options = {} if factor is None else {"search": {"policy_options": {"widening_factor": factor}}}
        return parse_experiment(GOOD | options, source="x").digest()

    assert len({digest(math.inf), digest(4.0), digest(None)}) == 3


def test_a_key_that_may_be_several_things_gets_one_line():
    text = message(GOOD | {"world": {"inventory": "labb"}})
    assert len(text.splitlines()) == 1
    assert "key world.inventory: expected 'lab' or 'empty' or" in text
    assert "got 'labb'" in text


def test_a_missing_key_is_named():
    assert "key model: expected a value" in message({"name": "x", "variant": "mcts"})


def test_several_faults_are_told_at_once():
    assert len(message({"name": "x", "varant": "mcts"}).splitlines()) == 3


def test_the_digest_leaves_out_what_cannot_change_a_result():
    one = parse_experiment(GOOD, source="x")
    assert one.digest() == parse_experiment(GOOD | {"servers": {"slots": 5}}, source="x").digest()
    assert one.digest() != parse_experiment(GOOD | {"seed": 5}, source="x").digest()


def test_files(tmp_path):
    (tmp_path / "chunked_01.yaml").write_text("variant: chunked\nmodel: scripted/builder\nseed: 4\n")
    (tmp_path / "broken.yaml").write_text("variant: [")
    (tmp_path / "list.yaml").write_text("- 1\n")
    assert list_experiments(tmp_path) == ["broken", "chunked_01", "list"]
    assert load_experiment(tmp_path, "chunked_01").seed == 4
    assert load_experiment(tmp_path, "chunked_01.yaml", seed=9).seed == 9
    with pytest.raises(ConfigError, match="did you mean chunked_01"):
        load_experiment(tmp_path, "chunked_1")
    with pytest.raises(ConfigError, match="expected a YAML file"):
        load_experiment(tmp_path, "broken")
    with pytest.raises(ConfigError, match="expected keys and values"):
        load_experiment(tmp_path, "list")


def test_every_policy_can_be_configured_and_no_other():
    for policy in POLICIES:
        assert parse_experiment({**GOOD, "search": {"policy": policy}}, source="x").search.policy == policy
    with pytest.raises(ConfigError, match=r"search\.policy"):
        parse_experiment({**GOOD, "search": {"policy": "nope"}}, source="x")


def test_a_baseline_that_is_made_by_its_policy_takes_no_other():
    assert "no search.policy for variant best_of_n" in message(
        GOOD | {"variant": "best_of_n", "search": {"policy": "uct"}}
    )
    parse_experiment(GOOD | {"variant": "best_of_n", "search": {"policy": "root"}}, source="x")
