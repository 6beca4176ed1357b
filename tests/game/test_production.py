import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.errors import ServerError
from harness.data.prices import prices
from harness.game import ProductionStatistics

AMOUNTS = st.dictionaries(st.sampled_from(["iron-ore", "iron-plate", "coal", "water"]), st.integers(1, 50).map(float))


def statistics(**fields: object) -> ProductionStatistics:
    return ProductionStatistics(**({"tick": 0} | fields))  # type: ignore[arg-type]


def test_split_is_by_hand_and_by_machine() -> None:
    # The example of the agent API: ten of each mined, one furnace crafted, five plates smelted.
    after = statistics(
        produced={"stone": 10, "coal": 10, "iron-ore": 10, "stone-furnace": 1, "iron-plate": 5},
        consumed={"stone": 5, "iron-ore": 5},
        harvested={"stone": 10, "coal": 10, "iron-ore": 10},
        crafted={"stone-furnace": 1},
        crafted_from={"stone": 5},
    )
    static, dynamic = after.split()
    assert static == {"stone": 10, "coal": 10, "iron-ore": 10, "stone-furnace": 1}
    assert dynamic == {"iron-plate": 5}


def test_automated_score_leaves_hands_out() -> None:
    price = prices("reference")
    after = statistics(
        produced={"stone": 5, "stone-furnace": 1, "iron-plate": 2},
        consumed={"stone": 5, "iron-ore": 2},
        harvested={"stone": 5},
        crafted={"stone-furnace": 1},
        crafted_from={"stone": 5},
    )
    machines = 2 * price["iron-plate"] - 2 * price["iron-ore"]
    assert abs(after.automated_score() - machines) < 1e-9
    assert abs(after.score() - machines - price["stone-furnace"]) < 1e-9


@given(AMOUNTS, AMOUNTS)
def test_difference_adds_up(before: dict[str, float], more: dict[str, float]) -> None:
    total = {name: before.get(name, 0) + more.get(name, 0) for name in before | more}
    change = statistics(tick=9, produced=total).since(statistics(tick=4, produced=before))
    assert change.tick == 5
    assert change.produced == more
    assert abs(change.score() - (statistics(produced=total).score() - statistics(produced=before).score())) < 1e-6


def test_empty_mappings_of_the_wire_may_be_lists() -> None:
    read = ProductionStatistics.from_wire({"tick": 3, "elapsed_ticks": 1, "produced": {"coal": 2}, "consumed": []})
    assert read == statistics(tick=3, elapsed_ticks=1, produced={"coal": 2.0})


@pytest.mark.parametrize("crafted", [[1], 5, {"coal": "many"}])
def test_an_answer_that_holds_no_amounts_is_the_servers_fault(crafted: object) -> None:
    with pytest.raises(ServerError, match="crafted"):
        ProductionStatistics.from_wire({"tick": 0, "elapsed_ticks": 0, "crafted": crafted})
    assert ProductionStatistics.from_wire({"tick": 0, "elapsed_ticks": 0, "crafted": []}).crafted == {}
