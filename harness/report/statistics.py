"""Statistics for comparing methods over few, paired runs. Pure and seeded.

Values come by task: a mapping task -> (n,) array, one value a seed, in the order of the seeds. Tasks are strata: they
are never resampled, since a comparison is about these tasks and not about others.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Statistic = Callable[[Floats], Floats]
"""Takes (..., n) values and gives one number for each of the leading places."""

NUM_RESAMPLES: Final = 10_000
CONFIDENCE: Final = 0.95


class Estimate(NamedTuple):
    """A number and its interval."""

    value: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether all of the interval lies on one side of 0."""
        return self.low > 0 or self.high < 0


def mean(values: Floats) -> Floats:
    """Mean over the last axis."""
    return np.asarray(values.mean(axis=-1))


def interquartile_mean(values: Floats) -> Floats:
    """Mean of the middle half over the last axis: floor(n / 4) values are left out at each end.

    Source: Agarwal et al., Deep RL at the Edge of the Statistical Precipice, NeurIPS 2021, section 4.3.
    """
    ordered = np.sort(values, axis=-1)
    cut = ordered.shape[-1] // 4
    return np.asarray(ordered[..., cut : ordered.shape[-1] - cut].mean(axis=-1))


def stratified_bootstrap(
    strata: Mapping[str, Floats],
    statistic: Statistic = mean,
    *,
    seed: int = 0,
    num_resamples: int = NUM_RESAMPLES,
    confidence: float = CONFIDENCE,
) -> Estimate:
    """The mean over strata of a statistic, with a percentile interval; runs are resampled within each stratum.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13; strata as in Agarwal et al. 2021.

    Raises:
        ValueError: there is no stratum, or an empty one.
    """
    if not strata or any(len(values) == 0 for values in strata.values()):
        raise ValueError(f"bootstrap: expected strata of at least one value each, got {dict(strata)}")
    rng = np.random.default_rng(seed)
    resampled = np.zeros(num_resamples)
    for _, values in sorted(strata.items()):
        chosen = rng.integers(0, len(values), (num_resamples, len(values)))
        resampled += statistic(np.asarray(values)[chosen]) / len(strata)
    value = sum(float(statistic(np.asarray(values))) for values in strata.values()) / len(strata)
    tail = 100 * (1 - confidence) / 2
    low, high = np.percentile(resampled, [tail, 100 - tail])
    return Estimate(value, float(low), float(high))


def paired_difference(first: Mapping[str, Floats], second: Mapping[str, Floats], *, seed: int = 0) -> Estimate:
    """Mean of `first - second` over pairs of one task and one seed, with its stratified bootstrap interval.

    Raises:
        ValueError: the two do not pair.
    """
    if {task: len(values) for task, values in first.items()} != {task: len(values) for task, values in second.items()}:
        raise ValueError("paired difference: expected the same tasks with as many seeds each")
    return stratified_bootstrap({task: first[task] - second[task] for task in first}, seed=seed)


def probability_of_improvement(
    first: Mapping[str, Floats], second: Mapping[str, Floats], *, seed: int = 0, num_resamples: int = NUM_RESAMPLES
) -> Estimate:
    """Chance that a run of the first beats a run of the second on the same task, ties counting half; with its interval.

    Mean over tasks of the share of all pairs of runs, of whichever seeds; runs of both are resampled within each task.

    Source: Agarwal et al. 2021, section 4.3; the Mann-Whitney statistic U / (n m).
    """
    rng = np.random.default_rng(seed)
    value, resampled = 0.0, np.zeros(num_resamples)
    for task, values in sorted(first.items()):
        gaps = values[:, None] - second[task][None, :]
        wins = (gaps > 0) + 0.5 * (gaps == 0)
        value += float(wins.mean()) / len(first)
        mine, theirs = (rng.multinomial(n, np.full(n, 1 / n), num_resamples) / n for n in wins.shape)
        resampled += ((mine @ wins) * theirs).sum(axis=1) / len(first)
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(resampled, [tail, 100 - tail])
    return Estimate(value, float(low), float(high))


def pass_at_k(num_samples: int, num_correct: int, k: int) -> float:
    """Unbiased estimate of the chance that at least one of k samples is correct: 1 - C(n - c, k) / C(n, k).

    Source: Chen et al., Evaluating Large Language Models Trained on Code, arXiv 2107.03374, equation 1.

    Raises:
        ValueError: not 0 <= c <= n, or not 1 <= k <= n.
    """
    if not (0 <= num_correct <= num_samples and 1 <= k <= num_samples):
        raise ValueError(f"pass@k: expected 0 <= c <= n and 1 <= k <= n, got n={num_samples}, c={num_correct}, k={k}")
    return 1 - math.comb(num_samples - num_correct, k) / math.comb(num_samples, k)


def success_rate(num_successes: int, num_runs: int) -> Estimate:
    """The share of runs that succeeded, with the 95 % interval of Wilson's score.

    Where none or all did, the far end is that of the rule of three, 3 / n, if that is wider.

    Source: Wilson, JASA 22 (1927); rule of three: Hanley and Lippman-Hand, JAMA 249 (1983).

    Raises:
        ValueError: not 0 <= successes <= runs, or no run.
    """
    if not (0 <= num_successes <= num_runs and num_runs > 0):
        raise ValueError(f"success rate: expected 0 <= successes <= runs, got {num_successes} of {num_runs}")
    z, n, share = 1.959963984540054, num_runs, num_successes / num_runs
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low, high = max(0.0, centre - half), min(1.0, centre + half)
    if num_successes == 0:
        low, high = 0.0, min(1.0, max(high, rule_of_three(n)))
    if num_successes == n:
        low, high = max(0.0, min(low, 1 - rule_of_three(n))), 1.0
    return Estimate(share, low, high)


def rule_of_three(num_runs: int) -> float:
    """Upper end of the 95 % interval of a rate of which nothing was seen in n runs: 3 / n, at most 1.

    Source: Hanley and Lippman-Hand, JAMA 249 (1983).
    """
    return min(1.0, 3 / num_runs)
