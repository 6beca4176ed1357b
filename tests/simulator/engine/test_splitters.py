"""Splitters: how they share, what priorities and filters do to that, and that nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.simulator.engine.systems.belt_tables import Belts
from harness.simulator.engine.world import World
from tests.simulator.engine.logistics import put_back, take_off, total_items

EAST = 4
LEFT, RIGHT, NONE = 0, 1, -1
SECONDS = 30
"""What is measured, after `WARM_UP` ticks."""

WARM_UP = 600
"""Longer than it takes to fill the belts, blocked ends too."""


class Rig:
    """Two belts into a splitter and two out of it; all eastward, the left ones to the north.

    Fed lanes are kept full at their back; what arrives at the last belts is taken off and counted.
    """

    def __init__(self, fed: tuple[int, ...], open_ends: tuple[int, ...], tier: str = "") -> None:
        self.world, self.open_ends, self.fed = World(), open_ends, fed
        build = self.world.create_entity
        self.splitter = build(0, f"{tier}splitter", 4.5, 1, direction=EAST)
        self.belts = [
            [build(0, f"{tier}transport-belt", x + 0.5, y + 0.5, direction=EAST) for x in (*range(4), *range(5, 9))]
            for y in (0, 1)
        ]
        self.items = dict.fromkeys(fed, "iron-plate")
        self.out: list[dict[str, int]] = [{}, {}]
        self.entered = [0, 0]

    @property
    def table(self) -> Any:
        belts = self.world.storage.tables["belts"]
        assert isinstance(belts, Belts)
        return belts.records[int(self.world.entities.component[self.splitter])]

    def run(self, ticks: int, lanes: tuple[int, ...] = (1, 2)) -> None:
        for _ in range(ticks):
            for half in self.fed:
                for lane in lanes:
                    self.entered[half] += put_back(self.world, self.belts[half][0], lane, self.items[half])
            self.world.advance(1)
            for half in self.open_ends:
                self.empty(self.belts[half][-1], self.out[half])

    def empty(self, row: int, count: dict[str, int]) -> None:
        """Takes everything off a belt, as the end of a longer one would."""
        for name in (*take_off(self.world, row, 1), *take_off(self.world, row, 2)):
            count[name] = count.get(name, 0) + 1


def rates(rig: Rig) -> tuple[float, float]:
    """Items a second that leave by the left and the right half."""
    rig.run(WARM_UP)
    for count in rig.out:
        count.clear()
    rig.entered = [0, 0]
    rig.run(SECONDS * 60)
    left, right = (sum(count.values()) / SECONDS for count in rig.out)
    return left, right


@pytest.mark.parametrize("fed", [LEFT, RIGHT])
def test_one_full_belt_is_shared_by_two(fed: int) -> None:
    assert rates(Rig((fed,), (LEFT, RIGHT))) == pytest.approx((7.5, 7.5), rel=0.01)


@pytest.mark.parametrize("open_end", [LEFT, RIGHT])
@pytest.mark.parametrize(("tier", "expected"), [("", 15), ("fast-", 30), ("express-", 45)])
def test_with_one_end_blocked_all_goes_to_the_other(tier: str, expected: float, open_end: int) -> None:
    assert rates(Rig((LEFT,), (open_end,), tier))[open_end] == pytest.approx(expected, rel=0.01)


def test_two_full_belts_into_one_give_half_each() -> None:
    rig = Rig((LEFT, RIGHT), (RIGHT,))
    assert rates(rig)[RIGHT] == pytest.approx(15, rel=0.01)
    assert [entered / SECONDS for entered in rig.entered] == pytest.approx([7.5, 7.5], rel=0.02)


def test_two_full_belts_into_two_are_not_slowed() -> None:
    assert rates(Rig((LEFT, RIGHT), (LEFT, RIGHT))) == pytest.approx((15, 15), rel=0.01)


@pytest.mark.parametrize("first", [LEFT, RIGHT])
def test_the_half_with_input_priority_goes_first_and_alone_when_it_is_full(first: int) -> None:
    rig = Rig((LEFT, RIGHT), (LEFT,))
    rig.table["input_priority"] = first
    assert rates(rig)[LEFT] == pytest.approx(15, rel=0.01)
    assert rig.entered[first] / SECONDS == pytest.approx(15, rel=0.02)
    assert rig.entered[1 - first] == 0


def test_input_priority_lets_the_other_half_fill_what_is_left() -> None:
    rig = Rig((LEFT, RIGHT), (LEFT,))
    rig.table["input_priority"] = LEFT
    rig.run(WARM_UP)
    rig.entered = [0, 0]
    rig.fed = (RIGHT,)
    rig.run(WARM_UP)
    assert rig.entered[RIGHT] > 60


@pytest.mark.parametrize("first", [LEFT, RIGHT])
def test_output_priority_sends_everything_one_way(first: int) -> None:
    rig = Rig((LEFT,), (LEFT, RIGHT))
    rig.table["output_priority"] = first
    assert rates(rig)[first] == pytest.approx(15, rel=0.01)
    assert sum(rig.out[1 - first].values()) == 0


def test_output_priority_gives_the_rest_to_the_other_half() -> None:
    rig = Rig((LEFT, RIGHT), (LEFT, RIGHT))
    rig.table["output_priority"] = LEFT
    assert rates(rig) == pytest.approx((15, 15), rel=0.01)
    blocked = Rig((LEFT,), (RIGHT,))
    blocked.table["output_priority"] = LEFT
    assert rates(blocked)[RIGHT] == pytest.approx(15, rel=0.01)


def test_a_filter_sorts_and_waits_rather_than_let_an_item_out_the_wrong_way() -> None:
    rig = Rig((LEFT, RIGHT), (LEFT, RIGHT))
    rig.items = {LEFT: "iron-plate", RIGHT: "copper-plate"}
    rig.table["output_priority"] = RIGHT
    rig.table["filter_item"] = rig.world.item_id("iron-plate")
    assert rates(rig) == pytest.approx((15, 15), rel=0.01)
    assert rig.out[LEFT].keys() == {"copper-plate"}
    assert rig.out[RIGHT].keys() == {"iron-plate"}
    rig.open_ends = (LEFT,)
    before = rig.out[LEFT]["copper-plate"]
    rig.items = {LEFT: "iron-plate", RIGHT: "iron-plate"}
    rig.run(WARM_UP)
    assert rig.out[LEFT].keys() == {"copper-plate"}
    assert rig.out[LEFT]["copper-plate"] - before < 100


choices = st.sampled_from([NONE, LEFT, RIGHT])
steps = st.lists(
    st.tuples(choices, choices, st.booleans(), st.sampled_from(["iron-plate", "coal"]), st.integers(1, 40)),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(steps)
def test_items_are_neither_made_nor_lost(todo: Any) -> None:
    rig = Rig((LEFT, RIGHT), (RIGHT,))
    rows = [rig.splitter, *rig.belts[0], *rig.belts[1]]
    for input_priority, output_priority, filtered, item, ticks in todo:
        rig.table["input_priority"], rig.table["output_priority"] = input_priority, output_priority
        rig.table["filter_item"] = rig.world.item_id("coal") if filtered else NONE
        rig.items = {LEFT: item, RIGHT: "iron-plate"}
        rig.run(ticks)
        assert total_items(rig.world, rows) == sum(rig.entered) - sum(rig.out[RIGHT].values())
