"""Whatever a program can build it can take back, from every direction, and nothing is lost or made on the way."""

import pytest

from harness.api.prototypes import Prototype
from harness.data import prototypes
from tests.mod.play import DOWN, LEFT, RIGHT, UP, Play, at

_NO_BUILDINGS = {"car", "spider-vehicle", "locomotive", "cargo-wagon", "straight-rail", "resource", "land-mine"}
BUILDINGS = sorted(
    {
        prototype.value[0]
        for prototype in Prototype
        if prototypes.entities().get(prototype.value[0], {}).get("type", "resource") not in _NO_BUILDINGS
        and prototype.value[0] in prototypes.items()
    }
)
_GROUND = {"offshore-pump": "water", "electric-mining-drill": "iron-ore", "burner-mining-drill": "coal",
           "pumpjack": "crude-oil"}  # fmt: skip


@pytest.mark.parametrize("name", BUILDINGS)
def test_what_is_built_can_be_taken_back(play: Play, name: str) -> None:
    play.reset({name: 2})
    for direction in (UP, RIGHT, DOWN, LEFT):
        place = play("nearest", name=_GROUND[name]) if name in _GROUND else at(6.5, 5.5)
        play("move_to", position=place if name in _GROUND else at(0, 0))
        built = play("place_entity", name=name, position=place, direction=direction, exact=False)
        assert play.held() == {name: 1}
        play("sleep", seconds=1)
        play("pickup_entity", name=name, position=built["position"])
        assert play.held() == {name: 2}
        assert play("get_entities") in ([], {})
