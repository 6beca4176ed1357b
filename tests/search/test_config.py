import math

import pytest

from harness.core.errors import ConfigError
from harness.search import PolicyConfig


@pytest.mark.parametrize(
    "wrong",
    [
        {"temperature": 0.0},
        {"temperature": math.nan},
        {"exploration_constant": -1.0},
        {"exploration_constant": math.inf},
        {"bound": "ucb2"},
        {"diversity_weight": 1.5},
        {"divergence": "euclidean"},
        {"smoothing": 0.0},
        {"beam_width": 0},
        {"beam_branching": 1.5},
        {"period": 0},
        {"compression": -0.1},
        {"prior_mean": math.inf},
        {"prior_count": 0.0},
        {"prior_freedom": 0.1},
        {"prior_variance": -1.0},
        {"widening_factor": 0},
        {"widening_exponent": 1.5},
        {"smoothing": "little"},
        {"temperature": True},
        {"widening_factor": "none"},
        {"period": True},
        {"failed_parents": 3},
    ],
)
def test_unusable_settings_are_refused_by_name(wrong):
    ((name, value),) = wrong.items()
    with pytest.raises(ConfigError, match=f"^{name}: expected .*, got {value!r}$"):
        PolicyConfig(**wrong)


def test_usable_ones_at_the_edge_are_taken():
    config = PolicyConfig(temperature=math.inf, widening_factor=math.inf, widening_exponent=0.0, diversity_weight=1.0)
    assert (config.temperature, config.compression) == (math.inf, None)
