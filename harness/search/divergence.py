"""How much what a program made differs from what programs make: divergences of sparse distributions from one.

A profile becomes a distribution over (kind, item) pairs, kind static or dynamic: shares of all it made. Many of them
are kept as rows of one sparse matrix, so that all divergences can be computed at once.
"""

from __future__ import annotations

import math
from array import array
from typing import Final

import numpy as np
import numpy.typing as npt

from harness.search.config import Divergence
from harness.search.exact import Exact, to_exact, to_float
from harness.search.frontier import Profile

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

NO_ROW: Final = -1
"""Row of a node that made nothing, or of which it is not known."""


def jensen_shannon(rows: Ints, shares: Floats, reference: Floats, num_rows: int) -> Floats:
    """Jensen-Shannon divergences of distributions P from one distribution Q, in bits, so in 0..1.

    JS = 1/2 sum p log2(p / m) + 1/2 sum q log2(q / m), m = (p + q) / 2. Where p is 0 the terms add up to q / 2, so a
    sum over what P holds suffices.

    Source: Lin, Divergence Measures Based on the Shannon Entropy, IEEE Trans. Information Theory 37 (1991), (4.1).

    Args:
        rows: (E,) which distribution an entry is of, 0..num_rows - 1.
        shares: (E,) p of the entry, above 0; those of a row add up to 1.
        reference: (E,) q of the entry's item.
        num_rows: how many distributions.
    """
    middle = (shares + reference) / 2
    terms = shares * np.log2(shares / middle)
    terms += np.where(reference > 0, reference * np.log2(np.where(reference > 0, reference, 1.0) / middle), 0.0)
    inside = np.bincount(rows, terms - reference, num_rows)
    return np.clip((inside + 1.0) / 2, 0.0, 1.0)


def kullback_leibler(
    rows: Ints, shares: Floats, reference: Floats, num_rows: int, *, whole: Floats, smoothing: float
) -> Floats:
    """Smoothed Kullback-Leibler divergences of distributions P from one distribution Q, in bits.

    KL = sum p' log2(p' / q') over all V items, where a mass of s is added to each distribution, spread evenly:
    p' = (p + s / V) / (1 + s), and q' likewise.

    Source: Kullback and Leibler, Annals of Mathematical Statistics 22 (1951); additive smoothing: Chen and Goodman,
    Computer Speech and Language 13 (1999), section 2.1.

    Args:
        rows: (E,) as in `jensen_shannon`, as are the next three.
        shares: (E,).
        reference: (E,).
        num_rows: how many.
        whole: (V,) q of every item.
        smoothing: s.
    """
    least = smoothing / len(whole) / (1 + smoothing)
    smoothed, other = shares / (1 + smoothing) + least, reference / (1 + smoothing) + least
    elsewhere = least * np.log2(least / (whole / (1 + smoothing) + least))
    inside = smoothed * np.log2(smoothed / other) - least * np.log2(least / other)
    return np.asarray(np.maximum(np.bincount(rows, inside, num_rows) + math.fsum(elsewhere), 0.0))


class Profiles:
    """What programs made, a row each, and the mean distribution Q of some of them.

    Q is summed exactly, so it depends on which rows are in it and not on their order.
    """

    def __init__(self, divergence: Divergence, smoothing: float) -> None:
        self._divergence = divergence
        self._smoothing = smoothing
        self._columns: dict[tuple[str, str], int] = {}
        self._starts = array("q", [0])
        self._entries = array("q")
        self._shares = array("d")
        self._masses: list[Exact] = []
        self._num_in = 0
        self._whole = np.zeros(0)

    @property
    def num_rows(self) -> int:
        """How many profiles there are."""
        return len(self._starts) - 1

    @property
    def num_items(self) -> int:
        """How many (kind, item) pairs there are; smoothing spreads its mass over all of them."""
        return len(self._columns)

    def add(self, profile: Profile) -> int:
        """Enters a profile and returns its row, `NO_ROW` if nothing was made."""
        kinds = (("static", profile.static), ("dynamic", profile.dynamic))
        made = sorted((kind, item, amount) for kind, of in kinds for item, amount in of.items() if amount > 0)
        total = math.fsum(amount for _, _, amount in made)
        if not made or not math.isfinite(total):
            return NO_ROW
        for kind, item, amount in made:
            if amount / total == 0:
                continue  # Too little of the whole for a number.
            column = self._columns.setdefault((kind, item), len(self._columns))
            if column == len(self._masses):
                self._masses.append(0)
            self._entries.append(column)
            self._shares.append(amount / total)
        self._starts.append(len(self._entries))
        return len(self._starts) - 2

    def include(self, row: int) -> None:
        """Counts a row towards Q."""
        self._num_in += 1
        for entry in range(self._starts[row], self._starts[row + 1]):
            self._masses[self._entries[entry]] += to_exact(self._shares[entry])

    def settle(self) -> None:
        """Computes Q anew from the rows included; `divergences` are from it until this is called again."""
        self._whole = np.array([to_float(mass) / self._num_in for mass in self._masses] if self._num_in else [])

    def divergences(self, first: int, last: int) -> Floats:
        """(last - first,) divergences of rows `first` to `last` - 1 from Q; 0 while Q is empty."""
        if not len(self._whole) or first == last:
            return np.zeros(last - first)
        starts = np.array(self._starts[first : last + 1], np.int64)
        rows = np.repeat(np.arange(last - first), np.diff(starts))
        begin, end = int(starts[0]), int(starts[-1])
        shares = np.array(self._shares[begin:end])
        columns = np.array(self._entries[begin:end], np.int64)
        known = columns < len(self._whole)
        reference = np.where(known, self._whole[np.where(known, columns, 0)], 0.0)
        if self._divergence == "jensen-shannon":
            return jensen_shannon(rows, shares, reference, last - first)
        return kullback_leibler(rows, shares, reference, last - first, whole=self._whole, smoothing=self._smoothing)
