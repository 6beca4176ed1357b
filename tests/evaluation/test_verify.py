"""What windows come to, on slots whose production is written down."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.evaluation.verify import CONFIRMED_WINDOWS, MAX_WINDOWS, WINDOW_TICKS, Rate, verified_throughput
from harness.game import ProductionStatistics
from harness.tasks import Throughput


@dataclass
class Line:
    """Digs ore by a list of amounts, window by window; the last one goes on."""

    windows: Sequence[float]
    dug: list[float] = field(default_factory=list)

    def advance(self, ticks: int) -> None:
        assert ticks == WINDOW_TICKS
        self.dug.append(self.windows[min(len(self.dug), len(self.windows) - 1)])

    def production(self, *, full: bool = False) -> ProductionStatistics:
        assert full
        return ProductionStatistics(tick=WINDOW_TICKS * len(self.dug), produced={"iron-ore": sum(self.dug)})


def rate(*windows: float, quota: float = 16) -> Rate:
    line = Line(windows)
    return verified_throughput(line, line.production(full=True), Throughput(item="iron-ore", quota=quota))


@pytest.mark.parametrize(
    ("windows", "played", "amount"),
    [
        ([0], 1, 0),
        ([10, 10], 2, 10),  # not better: that is all there is
        ([5, 10, 12, 12], 4, 12),  # as long as it rises
        ([16, 16], CONFIRMED_WINDOWS, 16),
        ([20, 15, 20], CONFIRMED_WINDOWS, 17),  # the lowest, and a tenth of the best
        ([40, 0], 2, 0),  # and no output after it
        ([30, 10, 0], 2, 13),  # less than the quota: nothing to confirm any more
        (list(range(1, 50)), MAX_WINDOWS, MAX_WINDOWS),
    ],
)
def test_what_windows_come_to(windows: list[float], played: int, amount: float) -> None:
    found = rate(*windows)
    assert (len(found.windows), found.amount) == (played, pytest.approx(amount))


@given(windows=st.lists(st.integers(0, 60), min_size=1, max_size=12), quota=st.integers(1, 60))
def test_nothing_counts_beyond_the_best_window_and_a_quota_is_reached_only_over_all_that_confirm(
    windows: list[int], quota: int
) -> None:
    found = rate(*windows, quota=quota)
    assert 0 <= found.amount <= max(found.windows)
    assert len(found.windows) <= MAX_WINDOWS
    if found.amount >= quota:
        assert len(found.windows) >= CONFIRMED_WINDOWS
        assert min(found.windows[found.windows.index(max(found.windows)) :]) >= quota / 2
