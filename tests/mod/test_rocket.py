"""launch_rocket, and what a silo takes by hand."""

import pytest

from harness.data import prototypes
from tests.mod.play import Play, at

PARTS = prototypes.entities()["rocket-silo"]["rocket_parts_required"]
POWER = """
local surface = game.get_surface(storage.surface)
surface.create_entity{name = "electric-energy-interface", position = {6, -8}, force = "player"}
"""


@pytest.fixture
def pad(play: Play) -> Play:
    play.reset(
        {"rocket-silo": 1, "substation": 1, "satellite": 2, "processing-unit": 20, "coal": 5, "cargo-landing-pad": 1}
    )
    play("place_entity", name="substation", position=at(6, -6))
    play.wire.scripts.run_code("agent", POWER, "power")
    play("place_entity", name="rocket-silo", position=at(6.5, 1.5))
    return play


def silo(play: Play) -> dict[str, object]:
    found: dict[str, object] = play("get_entity", name="rocket-silo", position=at(6.5, 1.5))
    return found


def test_a_rocket_that_is_not_ready_stays(pad: Play) -> None:
    given = pad("launch_rocket", position=at(6.5, 1.5))
    assert given["name"] == "rocket-silo"
    assert given["rocket_parts"] == 0


def test_a_rocket_that_is_ready_goes(pad: Play) -> None:
    pad.wire.scripts.run_code(
        "agent",
        "game.get_surface(storage.surface).find_entities_filtered{name = 'rocket-silo'}[1].rocket_parts = "
        + str(PARTS),
        "parts",
    )
    pad("sleep", seconds=20)
    assert silo(pad)["status"] == "waiting_to_launch_rocket"
    pad("insert_item", item="satellite", target={"name": "rocket-silo", "position": at(6.5, 1.5)}, quantity=1)
    assert pad.held()["satellite"] == 1
    refused = pad.refused("launch_rocket", position=at(6.5, 1.5))
    assert refused["code"] == "not_available"
    assert "cargo" in refused["message"]
    pad("place_entity", name="cargo-landing-pad", position=at(-6, 0))
    pad("launch_rocket", position=at(6.5, 1.5))
    pad("sleep", seconds=1)
    assert silo(pad)["status"] == "launching_rocket"


def test_a_silo_takes_the_ingredients_of_its_parts(pad: Play) -> None:
    place = {"name": "rocket-silo", "position": at(6.5, 1.5)}
    pad("insert_item", item="processing-unit", target=place, quantity=10)
    assert pad("inspect_inventory", entity=place) == {"processing-unit": 10}
    assert pad("extract_item", item="processing-unit", source=place, quantity=10) == 10
    assert pad.refused("insert_item", item="coal", target=place)["code"] == "not_accepted"
