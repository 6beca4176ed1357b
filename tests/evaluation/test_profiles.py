from harness.evaluation import production_profile
from harness.evaluation.profiles import throughput
from harness.game import ProductionStatistics


def test_the_example_of_the_reference_environment():
    # mined 10 stone, coal and iron ore by hand, crafted a furnace, smelted 5 plates
    mined = {"stone": 10.0, "coal": 10.0, "iron-ore": 10.0}
    after = ProductionStatistics(
        tick=900,
        produced={**mined, "stone-furnace": 1.0, "iron-plate": 5.0},
        consumed={"stone": 5.0, "iron-ore": 5.0},
        harvested=mined,
        crafted={"stone-furnace": 1.0},
        crafted_from={"stone": 5.0},
    )
    static, dynamic = production_profile(ProductionStatistics(tick=0), after)
    assert static == {"stone-furnace": 1, "coal": 10, "stone": 10, "iron-ore": 10}
    assert dynamic == {"iron-plate": 5}


def test_only_what_rose_between_the_readings_counts():
    before = ProductionStatistics(tick=100, produced={"coal": 7.0, "stone": 3.0}, harvested={"stone": 3.0})
    after = ProductionStatistics(tick=1900, produced={"coal": 19.0, "stone": 3.0}, harvested={"stone": 3.0})
    assert production_profile(before, after) == ({}, {"coal": 12.0})
    assert throughput(before, after) == {"coal": 24.0}
    assert throughput(after, after) == {}
