import itertools

import pytest

from tests.mod.play import DOWN, LEFT, RIGHT, UP, Play, at

STOCK = {
    "transport-belt": 200, "underground-belt": 10, "pipe": 100, "pipe-to-ground": 10, "small-electric-pole": 50,
    "big-electric-pole": 10, "stone-wall": 50, "wooden-chest": 5, "burner-inserter": 5, "inserter": 5, "coal": 100,
    "boiler": 2, "steam-engine": 2, "offshore-pump": 1, "assembling-machine-1": 3, "iron-plate": 50,
}  # fmt: skip


@pytest.fixture
def stocked(play: Play) -> Play:
    play.reset(STOCK)
    return play


def connect(play: Play, source: object, target: object, *types: str, **more: object) -> dict[str, object]:
    result: dict[str, object] = play("connect_entities", waypoints=[source, target], types=list(types), **more)
    return result


def here(x: float, y: float) -> dict[str, object]:
    return {"position": at(x, y)}


def test_belts_form_one_line(stocked: Play) -> None:
    result = connect(stocked, here(3.5, 3.5), here(9.5, 7.5), "transport-belt")
    entities = list(result["entities"])  # type: ignore[call-overload]
    assert result["placed"] == result["required"] == len(entities) == 11
    assert stocked.held()["transport-belt"] == STOCK["transport-belt"] - 11
    for piece, after in itertools.pairwise(entities):
        dx = after["position"]["x"] - piece["position"]["x"]
        dy = after["position"]["y"] - piece["position"]["y"]
        assert {(0, -1): UP, (1, 0): RIGHT, (0, 1): DOWN, (-1, 0): LEFT}[(dx, dy)] == piece["direction"]


def test_a_belt_carries_from_inserter_to_inserter(stocked: Play) -> None:
    chest = stocked("place_entity", name="wooden-chest", position=at(3.5, 3.5))
    giver = stocked(
        "place_entity_next_to", name="burner-inserter", reference_position=chest["position"], direction=RIGHT
    )
    far = stocked("place_entity", name="wooden-chest", position=at(7.5, -3.5))
    taker = stocked("place_entity_next_to", name="burner-inserter", reference_position=far["position"], direction=LEFT)
    taker = stocked("rotate_entity", entity=taker, direction=RIGHT)
    stocked("insert_item", item="coal", target=chest, quantity=20)
    for inserter in (giver, taker):
        stocked("insert_item", item="coal", target=inserter, quantity=1)
    connect(stocked, giver, taker, "transport-belt")
    stocked("sleep", seconds=30)
    assert stocked("inspect_inventory", entity=far).get("coal", 0) > 0


def test_a_dry_run_only_counts(stocked: Play) -> None:
    result = connect(stocked, here(3.5, 3.5), here(9.5, 3.5), "transport-belt", dry_run=True)
    assert (result["required"], result["available"], result["placed"]) == (7, STOCK["transport-belt"], 0)
    assert stocked.held() == STOCK
    assert not stocked("get_entities")


def test_too_few_pieces_are_refused_and_nothing_is_built(stocked: Play) -> None:
    stocked.reset({"transport-belt": 3})
    refused = stocked.refused("connect_entities", waypoints=[here(3.5, 3.5), here(9.5, 3.5)], types=["transport-belt"])
    assert refused["code"] == "missing_items"
    assert refused["expected"] == {"name": "transport-belt", "count": 7}


def test_connecting_twice_builds_once(stocked: Play) -> None:
    first = connect(stocked, here(3.5, 3.5), here(9.5, 3.5), "transport-belt")
    again = connect(stocked, here(3.5, 3.5), here(9.5, 3.5), "transport-belt")
    assert first["placed"] == 7
    assert again["placed"] == 0


def test_a_line_goes_on_from_its_end_and_joins_another(stocked: Play) -> None:
    connect(stocked, here(3.5, 3.5), here(6.5, 3.5), "transport-belt")
    connect(stocked, here(12.5, 0.5), here(12.5, 8.5), "transport-belt")
    joined = connect(stocked, here(3.5, 3.5), here(12.5, 5.5), "transport-belt")
    assert joined["placed"] == 6 or joined["placed"] == 7
    belt = stocked("get_entity", name="transport-belt", position=at(3.5, 3.5))
    stocked("insert_item", item="coal", target=belt, quantity=1)
    stocked("sleep", seconds=20)
    last = stocked("get_entity", name="transport-belt", position=at(12.5, 8.5))
    assert {"coal": 1} in (last["inventory"]["left"], last["inventory"]["right"])


def test_machines_want_an_inserter(stocked: Play) -> None:
    chest = stocked("place_entity", name="wooden-chest", position=at(3.5, 3.5))
    refused = stocked.refused("connect_entities", waypoints=[chest, here(9.5, 3.5)], types=["transport-belt"])
    assert refused["code"] == "needs_inserter"


def test_underground_belts_pass_below_a_wall(stocked: Play) -> None:
    connect(stocked, here(6.5, -8.5), here(6.5, 12.5), "stone-wall")
    connect(stocked, here(6.5, 12.5), here(-6.5, 12.5), "stone-wall")
    connect(stocked, here(6.5, -8.5), here(-6.5, -8.5), "stone-wall")
    result = connect(stocked, here(3.5, 3.5), here(10.5, 3.5), "transport-belt", "underground-belt")
    names = [piece["name"] for piece in result["entities"]]  # type: ignore[attr-defined]
    assert names.count("underground-belt") == 2
    ends = [piece for piece in result["entities"] if piece["name"] == "underground-belt"]  # type: ignore[attr-defined]
    assert [end["is_input"] for end in ends] == [True, False]
    assert ends[0]["connected_to"] == ends[1]["id"]
    belt = stocked("get_entity", name="transport-belt", position=at(3.5, 3.5))
    stocked("insert_item", item="coal", target=belt, quantity=1)
    stocked("sleep", seconds=10)
    last = stocked("get_entity", name="transport-belt", position=at(10.5, 3.5))
    assert {"coal": 1} in (last["inventory"]["left"], last["inventory"]["right"])


def test_steam_power_end_to_end(stocked: Play) -> None:
    water = stocked("nearest", name="water")
    stocked("move_to", position=water)
    pump = stocked("place_entity", name="offshore-pump", position=water)
    away = pump["direction"]
    boiler = stocked(
        "place_entity_next_to", name="boiler", reference_position=pump["position"], direction=away, spacing=3
    )
    engine = stocked(
        "place_entity_next_to", name="steam-engine", reference_position=boiler["position"], direction=away, spacing=4
    )
    machine = stocked(
        "place_entity_next_to",
        name="assembling-machine-1",
        reference_position=engine["position"],
        direction=away,
        spacing=9,
    )
    assert connect(stocked, pump, boiler, "pipe")["placed"]
    assert connect(stocked, boiler, engine, "pipe")["placed"]
    assert connect(stocked, pump, boiler, "pipe")["placed"] == 0
    poles = connect(stocked, engine, machine, "small-electric-pole")
    assert poles["placed"]
    assert connect(stocked, engine, machine, "small-electric-pole")["placed"] == 0
    stocked("insert_item", item="coal", target=boiler, quantity=10)
    stocked("set_entity_recipe", entity=machine, recipe="iron-gear-wheel")
    stocked("insert_item", item="iron-plate", target=machine, quantity=6)
    stocked("sleep", seconds=10)
    made = stocked("get_entity", name="assembling-machine-1", position=machine["position"])
    assert made["assembling_machine_output"] == {"iron-gear-wheel": 3}
    engine = stocked("get_entity", name="steam-engine", position=engine["position"])
    assert engine["electrical_id"] == made["electrical_id"]


def test_pipes_do_not_touch_a_foreign_line(stocked: Play) -> None:
    connect(stocked, here(0.5, 5.5), here(12.5, 5.5), "pipe")
    connect(stocked, here(0.5, 9.5), here(12.5, 9.5), "pipe")
    # The straight way between the two lines' ends passes beside the first one.
    connect(stocked, here(15.5, 2.5), here(-2.5, 7.5), "pipe")
    segments = {}
    for pipe in stocked("get_entities", names=["pipe"]):
        segments.setdefault(pipe["fluidbox_id"], []).append(pipe["position"])
    assert len(segments) == 3


def test_a_steam_port_does_not_take_water(stocked: Play) -> None:
    boiler = stocked("place_entity", name="boiler", position=at(4.5, 4))
    water = stocked("nearest", name="water")
    stocked("move_to", position=water)
    pump = stocked("place_entity", name="offshore-pump", position=water)
    engine = stocked(
        "place_entity_next_to", name="steam-engine", reference_position=boiler["position"], direction=UP, spacing=3
    )
    assert stocked.refused("connect_entities", waypoints=[pump, engine], types=["pipe"])["code"] == "fluid_mismatch"


@pytest.mark.parametrize(("name", "reach"), [("small-electric-pole", 7.5), ("big-electric-pole", 32)])
def test_poles_are_as_far_apart_as_wires_reach(stocked: Play, name: str, reach: float) -> None:
    result = connect(stocked, here(0.5, 5.5), here(40.5, 8.5), name)
    poles = list(result["entities"])  # type: ignore[call-overload]
    assert len({pole["electrical_id"] for pole in poles}) == 1
    for pole, after in itertools.pairwise(poles):
        dx = after["position"]["x"] - pole["position"]["x"]
        dy = after["position"]["y"] - pole["position"]["y"]
        assert dx * dx + dy * dy <= reach * reach + 1e-6
    assert len(poles) <= 40 / reach + 3


def test_kinds_do_not_mix(stocked: Play) -> None:
    for types in (["pipe", "transport-belt"], ["wooden-chest"], []):
        refused = stocked.refused("connect_entities", waypoints=[here(0.5, 5.5), here(4.5, 5.5)], types=types)
        assert refused["code"] == "bad_argument"
