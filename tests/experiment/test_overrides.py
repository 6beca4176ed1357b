import pytest

from harness.core.errors import ConfigError
from harness.experiment import load_experiment
from harness.experiment.overrides import with_overrides


def test_keys_are_put_in_as_yaml_reads_them():
    data = {"budget": {"ticks": 5}, "variant": "mcts"}
    changed = with_overrides(data, ["budget.samples=20", "budget.usd=null", "world.inventory={coal: 5}", "seed=3"])
    assert changed == {
        "budget": {"ticks": 5, "samples": 20, "usd": None},
        "variant": "mcts",
        "world": {"inventory": {"coal": 5}},
        "seed": 3,
    }
    assert data == {"budget": {"ticks": 5}, "variant": "mcts"}


@pytest.mark.parametrize(
    ("override", "message"),
    [("budget.samples", "KEY=VALUE"), ("=3", "KEY=VALUE"), ("variant.x=3", "keys of its own"), ("a=[", "YAML")],
)
def test_what_cannot_be_put_in_is_said(override, message):
    with pytest.raises(ConfigError, match=message):
        with_overrides({"variant": "mcts"}, [override])


def test_an_experiment_is_checked_with_its_overrides(tmp_path):
    (tmp_path / "tiny.yaml").write_text("variant: mcts\nmodel: scripted/builder\n")
    assert load_experiment(tmp_path, "tiny", overrides=["budget.samples=20"]).budget.samples == 20
    with pytest.raises(ConfigError, match=r"budget\.sample: .*did you mean samples"):
        load_experiment(tmp_path, "tiny", overrides=["budget.sample=20"])
