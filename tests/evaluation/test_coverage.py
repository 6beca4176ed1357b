"""The covered share of a good, by hand-computed balances of one stretch of time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.evaluation.coverage import Coverage
from harness.game import Machine, ProductionStatistics


def flow(
    produced: dict[str, float],
    consumed: dict[str, float],
    crafts: dict[str, tuple[int, int]] | None = None,
    stocks: dict[int, dict[str, float]] | None = None,
) -> ProductionStatistics:
    """`crafts` names by recipe how many machines followed it and how many crafts all of them finished."""
    machines: dict[int, Machine] = {}
    for recipe, (count, finished) in (crafts or {}).items():
        for rank in range(count):
            machines[len(machines) + 1] = Machine(recipe, finished if rank == 0 else 0)
    return ProductionStatistics(
        tick=18_000, produced=produced, consumed=consumed, machines=machines, stocks=stocks or {}
    )


def test_what_comes_out_of_the_ground_is_covered_whole() -> None:
    coverage = Coverage(flow({"iron-ore": 80.0}, {"iron-ore": 500.0}))
    assert coverage.of("iron-ore") == coverage.of("crude-oil") == coverage.of("water") == 1.0


def test_half_of_the_ore_dug_covers_half_of_what_is_made_of_it() -> None:
    made = flow(
        {"iron-ore": 99.0, "iron-plate": 200.0, "iron-gear-wheel": 100.0},
        {"iron-ore": 200.0, "iron-plate": 200.0},
        {"iron-plate": (1, 200), "iron-gear-wheel": (1, 100)},
    )
    coverage = Coverage(made)
    # 99 ore and one craft in the furnace of 200 used; 100 covered plates and a craft (2 plates) in the machine of 200
    assert coverage.of("iron-plate") == pytest.approx(0.5)
    assert coverage.of("iron-gear-wheel") == pytest.approx(0.51)
    assert coverage.short == {"iron-ore": 0.5, "iron-plate": 0.51}


def test_the_ingredient_covered_least_decides() -> None:
    made = flow(
        {"copper-plate": 10.0, "copper-ore": 10.0, "automation-science-pack": 40.0, "iron-gear-wheel": 40.0},
        {"copper-plate": 40.0, "copper-ore": 10.0, "iron-gear-wheel": 40.0, "iron-plate": 80.0},
        {"automation-science-pack": (2, 40), "copper-plate": (1, 10), "iron-gear-wheel": (1, 40)},
    )
    coverage = Coverage(made)
    # gears of plates nobody makes: one craft (2) of 80; then so many gears and two crafts of 40
    assert coverage.of("iron-gear-wheel") == pytest.approx(2 / 80)
    assert coverage.of("automation-science-pack") == pytest.approx((40 * 2 / 80 + 2) / 40)


def test_a_craft_in_each_machine_is_no_deficit_but_never_more_than_a_tenth() -> None:
    def of(machines: int, dug: float) -> float:
        made = flow({"iron-ore": dug, "iron-plate": 100.0}, {"iron-ore": 100.0}, {"iron-plate": (machines, 100)})
        return Coverage(made).of("iron-plate")

    assert of(5, 95.0) == 1.0
    assert of(5, 94.0) == pytest.approx(0.99)
    assert of(1, 95.0) == pytest.approx(0.96)
    assert of(80, 0.0) == pytest.approx(0.1)


def test_of_several_recipes_each_counts_by_its_crafts() -> None:
    made = flow(
        {"petroleum-gas": 450.0 + 200.0, "crude-oil": 1000.0, "water": 300.0},
        {"crude-oil": 1000.0, "light-oil": 300.0, "water": 300.0},
        {"basic-oil-processing": (1, 10), "light-oil-cracking": (1, 10)},
    )
    # cracked out of a tank of light oil: 10 x 20 of the gas; a craft's 30 of the 300 light oil go uncounted
    assert Coverage(made).of("petroleum-gas") == pytest.approx((450 * 1.0 + 200 * 0.1) / 650)


def test_gas_out_of_barrels_is_a_stock() -> None:
    made = flow(
        {"plastic-bar": 20.0, "coal": 10.0},
        {"petroleum-gas": 200.0, "coal": 10.0},
        {"empty-petroleum-gas-barrel": (1, 4), "plastic-bar": (1, 10)},
    )
    assert Coverage(made).of("plastic-bar") == pytest.approx(0.1)


def test_burnt_coal_is_no_ingredient_unless_fuel_counts() -> None:
    made = flow(
        {"plastic-bar": 20.0, "coal": 10.0, "petroleum-gas": 200.0, "crude-oil": 500.0},
        {"petroleum-gas": 200.0, "coal": 10.0 + 90.0, "crude-oil": 500.0},
        {"basic-oil-processing": (1, 5), "plastic-bar": (1, 10)},
    )
    assert Coverage(made).of("plastic-bar") == 1.0
    # 10 coal dug and one craft's of 100 used, which is short once as an ingredient and once as fuel
    assert Coverage(made, fuel_counts=True).of("plastic-bar") == pytest.approx(0.11 * 0.11)


def test_coal_that_a_chest_gives_to_be_burnt_is_no_ingredient_either() -> None:
    made = flow(
        {"plastic-bar": 20.0, "coal": 10.0, "petroleum-gas": 200.0, "crude-oil": 500.0},
        {"petroleum-gas": 200.0, "coal": 10.0 + 90.0, "crude-oil": 500.0},
        {"basic-oil-processing": (1, 5), "plastic-bar": (1, 10)},
        {1: {"coal": -102.0}},
    )
    assert Coverage(made).of("plastic-bar") == 1.0
    assert Coverage(made, fuel_counts=True).of("plastic-bar") < 0.1


def test_what_chests_gave_is_not_made_good_by_what_other_chests_got() -> None:
    made = flow(
        {"iron-ore": 500.0, "iron-plate": 100.0},
        {"iron-ore": 100.0},
        {"iron-plate": (1, 100)},
        {1: {"iron-ore": -92.0}, 2: {"iron-ore": 492.0}},
    )
    # a hand's 12 of the 92 are no loss: 80 of 100 came out of the chest, and one craft goes uncounted
    assert Coverage(made).of("iron-plate") == pytest.approx(0.21)
    level = flow(dict(made.produced), dict(made.consumed), {"iron-plate": (1, 100)}, {1: {"iron-ore": -12.0}})
    assert Coverage(level).of("iron-plate") == 1.0


def test_a_row_of_chests_gives_no_more_than_one() -> None:
    chests = {number: {"iron-ore": -12.0} for number in range(1, 9)}
    made = flow(
        {"iron-ore": 500.0, "iron-plate": 96.0},
        {"iron-ore": 96.0},
        {"iron-plate": (1, 96)},
        {**chests, 9: {"iron-ore": 500.0}},
    )
    # of 8 * 12 one hand's 12 are no loss, and one craft goes uncounted: 13 of 96
    assert Coverage(made).of("iron-plate") == pytest.approx(13 / 96)


def test_a_furnace_that_stood_still_at_both_readings_is_judged_by_what_was_used() -> None:
    idle = flow({"iron-plate": 50.0}, {"iron-ore": 50.0}, {"": (1, 50)})
    assert Coverage(idle).of("iron-plate") == 0.0
    assert Coverage(flow({"iron-plate": 50.0}, {})).of("iron-plate") == 0.0


@given(dug=st.floats(0, 1000), used=st.floats(1, 1000), stock=st.floats(0, 1000), more=st.floats(0, 1000))
def test_a_share_is_one_and_never_rises_with_what_comes_out_of_stock(
    dug: float, used: float, stock: float, more: float
) -> None:
    def of(drawn: float, burnt: float) -> float:
        made = flow(
            {"iron-ore": dug, "iron-plate": used},
            {"iron-ore": used + burnt},
            {"iron-plate": (1, int(used))},
            {1: {"iron-ore": -drawn}},
        )
        return Coverage(made).of("iron-plate")

    assert 0.0 <= of(stock + more, 0.0) <= of(stock, 0.0) <= 1.0
    assert of(0.0, more) <= of(0.0, 0.0) + 1e-9
