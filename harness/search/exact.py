"""Sums that do not depend on the order of their terms.

Floating-point addition rounds, so a sum of results told in another order could differ in its last digit, and a search
with it. Results are therefore held as whole numbers of 2**-64 (`Exact`), which Python adds and multiplies without
rounding; a sum becomes a float once, when it is read.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

FRACTION_BITS: Final = 64
"""Binary digits kept after the point: a float of 2**-11 or more is held exactly, a smaller one within 2**-65."""

MAX_RESULT: Final = 1e15
"""Greatest magnitude of a result. Scores of whole factories are below 1e9; beyond this something else is wrong."""

Exact = int
"""A number times 2**64; a product of two is a number times 2**128."""


def to_exact(value: float) -> Exact:
    """The nearest whole number of 2**-64.

    Raises:
        ValueError: not a number of at most `MAX_RESULT`.
    """
    if not abs(value) <= MAX_RESULT:
        raise ValueError(f"expected a finite number of at most {MAX_RESULT:g}, got {value}")
    return round(math.ldexp(value, FRACTION_BITS))


def to_float(total: Exact) -> float:
    """The float nearest to an exact number."""
    return math.ldexp(float(total), -FRACTION_BITS)


def divided(total: Exact, count: int) -> Exact:
    """`total / count`, rounded to the nearest exact number, halves up."""
    return (2 * total + count) // (2 * count)


def spread(count: int, total: Exact, squares: int) -> float:
    """Sum of the squared deviations from the mean: Q - S**2 / n, without cancellation.

    Args:
        count: n, at least 1.
        total: S, sum of the numbers.
        squares: Q, sum of their squares, times 2**128.
    """
    return math.ldexp(float(count * squares - total * total), -2 * FRACTION_BITS) / count


@dataclass(slots=True)
class Moments:
    """Count, sum and sum of squares of numbers that come and go; taking one out undoes putting it in, exactly."""

    count: int = 0
    total: Exact = 0
    squares: int = 0

    def add(self, value: Exact) -> None:
        """Puts a number in."""
        self.count += 1
        self.total += value
        self.squares += value * value

    def remove(self, value: Exact) -> None:
        """Takes a number out that was put in."""
        self.count -= 1
        self.total -= value
        self.squares -= value * value

    @property
    def mean(self) -> float:
        """Their mean; 0 if there are none."""
        return to_float(self.total) / self.count if self.count else 0.0

    @property
    def deviation(self) -> float:
        """Their standard deviation, with divisor n; 0 if there are none."""
        return math.sqrt(spread(self.count, self.total, self.squares) / self.count) if self.count else 0.0
