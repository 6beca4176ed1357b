"""How the next parent is chosen: one Protocol, several plain policies, chosen by name in `POLICIES`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from harness.core.errors import ConfigError
from harness.search.policies.base import Policy, PolicyMaker
from harness.search.policies.baselines import Latest, RootOnly, Uniform
from harness.search.policies.beam import Beam
from harness.search.policies.diversity import Diversity
from harness.search.policies.softmax import Softmax
from harness.search.policies.thompson import Thompson
from harness.search.policies.uct import Uct
from harness.search.policies.weighted import Weighted

POLICIES: Final[Mapping[str, PolicyMaker]] = {
    "softmax": Softmax,
    "uct": Uct,
    "diversity": Diversity,
    "beam": Beam,
    "weighted": Weighted,
    "thompson": Thompson,
    "uniform": Uniform,
    "root": RootOnly,
    "latest": Latest,
}
"""Every policy by the name configurations use."""


def policy_named(name: str) -> PolicyMaker:
    """What makes the policy called `name`.

    Raises:
        ConfigError: there is none of that name.
    """
    if name not in POLICIES:
        raise ConfigError(f"policy: expected one of {', '.join(POLICIES)}, got {name!r}")
    return POLICIES[name]


__all__ = ["POLICIES", "Policy", "PolicyMaker", "policy_named"]
