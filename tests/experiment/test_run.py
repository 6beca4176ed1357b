"""What is looked for before anything is started."""

from functools import partial

import anyio
import pytest

from harness.core.errors import ConfigError
from harness.experiment import parse_experiment, start_run

GOOD = {"name": "tiny", "variant": "mcts", "model": "scripted/builder"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"model": "scripted/nobody"}, "scripted/nobody"),
        ({"world": {"inventory": {"water": 5}}}, "names of items, got 'water'"),
        ({"model_options": {"context_tokens": 1000}}, "got 1000; raise model_options.context_tokens"),
        ({"budget": {"ticks": 111_599}}, "budget.ticks: expected at least 111600.*none would be run"),
        (
            {"budget": {"ticks": 699}, "evaluation": {"max_program_ticks": 100, "accrual_s": 10}},
            "expected at least 700.*got 699",
        ),
        ({"servers": {"launcher": "external"}}, "addresses"),
    ],
)
def test_what_cannot_be_run_makes_no_folder(tmp_path, changes, said):
    config = parse_experiment(GOOD | changes, source="x")
    with pytest.raises(ConfigError, match=said):
        anyio.run(partial(start_run, config, tmp_path / "results", None))
    assert not (tmp_path / "results").exists()
