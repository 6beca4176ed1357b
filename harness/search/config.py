"""What policies can be told, checked once, with errors that say what was expected."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Literal

from harness.core.errors import ConfigError

Divergence = Literal["jensen-shannon", "kullback-leibler"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyConfig:
    """The parameters of all policies; each reads what concerns it.

    Raises:
        ConfigError: one is not usable.
    """

    temperature: float = 1.0
    """Of `softmax` and `diversity`, in standard deviations; near 0 is greedy, infinity uniform."""

    exploration_constant: float = 1.41
    """Of `uct`: weight of the bound against the mean, which lies in 0..1."""

    bound: Literal["ucb", "puct"] = "ucb"
    """Of `uct`: the UCB1 bound, or the PUCT bound, which weighs children by the priors they were told with."""

    diversity_weight: float = 0.5
    """Of `diversity`: share of the divergence in the score, 0..1; the rest is the reward's."""

    divergence: Divergence = "jensen-shannon"
    """Of `diversity`."""

    smoothing: float = 1e-3
    """Of `diversity` with `kullback-leibler`: probability mass added to every item, relative to the whole."""

    beam_width: int = 4
    """Of `beam`: nodes of a layer that are continued."""

    beam_branching: int = 4
    """Of `beam`: children for each of them before the next layer is looked at."""

    period: int = 200
    """Of `weighted`: nodes from one peak of the schedule to the next."""

    compression: float | None = None
    """Of `weighted`: strength of the preference for high rewards, at least 0; `None` follows the schedule, 0..1."""

    prior_mean: float = 0.0
    """Of `thompson`: the prior's mean, in standard deviations above the mean of all results."""

    prior_count: float = 1.0
    """Of `thompson`: how many results the prior's mean is worth."""

    prior_freedom: float = 1.0
    """Of `thompson`: how many results the prior's variance is worth."""

    prior_variance: float = 1.0
    """Of `thompson`: the prior's variance, in variances of all results."""

    widening_factor: float | None = None
    """A node seen N times may have `widening_factor * N ** widening_exponent` children that can grow.

    `None` leaves it to the policy: 2 for `uct`, 4 for `thompson`, no limit for the others; infinity is no limit.
    """

    widening_exponent: float = 0.5
    """See `widening_factor`."""

    failed_parents: bool = False
    """Whether failed nodes may be continued."""

    def __post_init__(self) -> None:
        for each in fields(PolicyConfig):
            value, default = getattr(self, each.name), each.default
            if isinstance(default, float) or (default is None and value is not None):
                _check(each.name, value, "a number", isinstance(value, int | float) and not isinstance(value, bool))
        _check("temperature", self.temperature, "a number of at least 1e-9", self.temperature >= 1e-9)
        bounds = {"exploration_constant": 0.0, "prior_count": 1e-9, "prior_freedom": 0.5, "prior_variance": 0.0}
        for name, least in bounds.items():
            value = getattr(self, name)
            _check(name, value, f"a finite number of at least {least:g}", least <= value < math.inf)
        _check("bound", self.bound, "ucb or puct", self.bound in ("ucb", "puct"))
        _check("diversity_weight", self.diversity_weight, "a number in 0..1", 0 <= self.diversity_weight <= 1)
        known = ("jensen-shannon", "kullback-leibler")
        _check("divergence", self.divergence, " or ".join(known), self.divergence in known)
        _check("smoothing", self.smoothing, "a number in 1e-12..1", 1e-12 <= self.smoothing <= 1)
        for name in ("beam_width", "beam_branching", "period"):
            value = getattr(self, name)
            _check(name, value, "a whole number of at least 1", type(value) is int and value >= 1)
        if self.compression is not None:
            _check("compression", self.compression, "a finite number of at least 0", 0 <= self.compression < math.inf)
        _check("prior_mean", self.prior_mean, "a finite number", math.isfinite(self.prior_mean))
        if self.widening_factor is not None:
            _check("widening_factor", self.widening_factor, "a number above 0, or none", self.widening_factor > 0)
        _check("failed_parents", self.failed_parents, "true or false", isinstance(self.failed_parents, bool))
        _check("widening_exponent", self.widening_exponent, "a number in 0..1", 0 <= self.widening_exponent <= 1)


def _check(name: str, value: object, expected: str, usable: bool) -> None:
    if not usable:
        raise ConfigError(f"{name}: expected {expected}, got {value!r}")
