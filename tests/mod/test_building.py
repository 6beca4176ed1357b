import pytest

from tests.mod.play import DOWN, LEFT, RIGHT, UP, Play, at

STOCK = {
    "coal": 100, "iron-plate": 100, "burner-mining-drill": 5, "stone-furnace": 5, "wooden-chest": 5, "inserter": 10,
    "burner-inserter": 10, "transport-belt": 100, "assembling-machine-1": 5, "offshore-pump": 2, "boiler": 2,
    "small-electric-pole": 20, "underground-belt": 4, "lab": 1, "steel-chest": 1, "chemical-plant": 1,
    "electric-mining-drill": 1,
}  # fmt: skip


@pytest.fixture
def stocked(play: Play) -> Play:
    play.reset(STOCK)
    return play


def test_a_fresh_furnace_reports_what_it_lacks(stocked: Play) -> None:
    furnace = stocked("place_entity", name="stone-furnace", position=at(4, 2))
    assert furnace["warnings"] == ["out of fuel", "no ingredients to smelt"]
    assert furnace["position"] == at(4, 2)
    assert stocked.held()["stone-furnace"] == STOCK["stone-furnace"] - 1
    again = stocked("get_entity", name="stone-furnace", position=at(4, 2))
    assert again == furnace
    assert stocked("get_entities") == [furnace]


@pytest.mark.parametrize("direction", [UP, RIGHT, DOWN, LEFT])
@pytest.mark.parametrize("name", ["inserter", "transport-belt", "burner-mining-drill", "boiler", "chemical-plant"])
def test_the_direction_asked_for_is_the_direction_reported(stocked: Play, name: str, direction: int) -> None:
    spot = stocked("nearest", name="iron-ore") if "drill" in name else at(5, 2)
    stocked("move_to", position=spot)
    entity = stocked("place_entity", name=name, position=spot, direction=direction)
    assert entity["direction"] == direction
    turned = stocked("rotate_entity", entity=entity, direction=(direction + 4) % 16)
    assert turned["direction"] == (direction + 4) % 16


def test_a_machine_without_sides_faces_up_whatever_was_asked(stocked: Play) -> None:
    """An assembling machine 1 takes no fluids, so all its sides are alike and the game does not turn it."""
    for direction in (RIGHT, DOWN, LEFT, UP):
        entity = stocked("place_entity", name="assembling-machine-1", position=at(5, 2), direction=direction)
        assert entity["direction"] == UP
        assert stocked.refused("rotate_entity", entity=entity, direction=RIGHT)["code"] == "cannot_rotate"
        assert stocked("rotate_entity", entity=entity, direction=UP)["direction"] == UP
        stocked("pickup_entity", name=entity["name"], position=entity["position"])


@pytest.mark.parametrize("name", ["burner-mining-drill", "electric-mining-drill", "pumpjack"])
def test_what_mines_is_built_on_its_resource_only(play: Play, name: str) -> None:
    """As the game refuses a player (`require_resources_to_place`); ore is nothing for a pumpjack."""
    play.reset({name: 2}, all_technologies=True)
    assert not play("can_place_entity", name=name, position=at(5, 2))
    error = play.refused("place_entity", name=name, position=at(5, 2))
    assert (error["code"], error["found"]) == ("blocked", "nothing to mine there")
    assert "nearest" in error["hint"]
    for resource in ("iron-ore", "crude-oil"):
        spot = play("nearest", name=resource)
        play("move_to", position=spot)
        if (resource == "crude-oil") == (name == "pumpjack"):
            assert play("place_entity", name=name, position=spot)["name"] == name
        else:
            play.refused("place_entity", name=name, position=spot)


def test_an_inserter_drops_where_it_points(stocked: Play) -> None:
    inserter = stocked("place_entity", name="inserter", position=at(3.5, 0.5), direction=RIGHT)
    assert inserter["pickup_position"] == at(2.5, 0.5)
    assert inserter["drop_position"] == at(4.5, 0.5)


def test_placement_is_refused_with_a_reason(stocked: Play) -> None:
    stocked("place_entity", name="wooden-chest", position=at(4.5, 2.5))
    refusals = {
        "out_of_reach": {"name": "stone-furnace", "position": at(40, 0)},
        "missing_items": {"name": "steam-engine", "position": at(5, 5)},
        "blocked": {"name": "stone-furnace", "position": at(4, 2)},
        "bad_argument": {"name": "no-such-thing", "position": at(4, 2)},
    }
    for code, args in refusals.items():
        assert stocked.refused("place_entity", **args)["code"] == code
        assert stocked("can_place_entity", direction=UP, **args) is False
    blocked = stocked.refused("place_entity", name="stone-furnace", position=at(4, 2))
    assert "wooden-chest" in blocked["message"]
    assert stocked.refused("place_entity", name="wooden-chest", position=at(4.5, 2.5))["code"] == "blocked"
    assert stocked.refused("place_entity", name="inserter", position=at(2, 2), direction=3)["code"] == "bad_argument"


def test_what_can_be_placed_says_so_and_stays_away(stocked: Play) -> None:
    before = stocked.wire.game.world.state_hash()
    assert stocked("can_place_entity", name="stone-furnace", position=at(4, 2), direction=UP) is True
    assert stocked.wire.game.world.state_hash() == before


def test_not_exact_finds_a_place_nearby(stocked: Play) -> None:
    stocked("place_entity", name="wooden-chest", position=at(4.5, 2.5))
    furnace = stocked("place_entity", name="stone-furnace", position=at(4, 2), exact=False)
    assert furnace["position"] != at(4, 2)
    assert abs(furnace["position"]["x"] - 4) <= 10


def test_the_character_steps_aside(stocked: Play) -> None:
    furnace = stocked("place_entity", name="stone-furnace", position=at(0, 0))
    assert furnace["position"] == at(0, 0)
    here = stocked("observe")["position"]
    assert max(abs(here["x"]), abs(here["y"])) > 0.7


def test_a_pump_finds_the_shore(stocked: Play) -> None:
    water = stocked("nearest", name="water")
    stocked("move_to", position=water)
    pump = stocked("place_entity", name="offshore-pump", position=water)
    (point,) = pump["connection_points"]
    # The pipe goes out on the side the pump faces by the API, away from the water.
    dx, dy = point["x"] - pump["position"]["x"], point["y"] - pump["position"]["y"]
    assert {(0, -1): UP, (1, 0): RIGHT, (0, 1): DOWN, (-1, 0): LEFT}[(dx, dy)] == pump["direction"]
    stocked("sleep", seconds=1)
    assert stocked("get_entity", name="offshore-pump", position=pump["position"])["fluid_box"][0]["name"] == "water"


@pytest.mark.parametrize(
    ("direction", "expected"), [(UP, (0.5, -3)), (RIGHT, (3, 0.5)), (DOWN, (0.5, 3)), (LEFT, (-3, 0.5))]
)
def test_next_to_leaves_the_spacing(stocked: Play, direction: int, expected: tuple[float, float]) -> None:
    first = stocked("place_entity", name="stone-furnace", position=at(4, 4))
    chest = stocked(
        "place_entity_next_to",
        name="wooden-chest",
        reference_position=first["position"],
        direction=direction,
        spacing=1,
    )
    # Half of both sizes (1 + 0.5) plus the spacing, on the next half tile; a 1x1 sits in the middle of its tile.
    dx, dy = chest["position"]["x"] - 4, chest["position"]["y"] - 4
    away = {UP: -dy, RIGHT: dx, DOWN: dy, LEFT: -dx}[direction]
    assert 2 <= away <= 3
    assert abs(dx if direction in (UP, DOWN) else dy) <= 0.5


def test_an_inserter_next_to_a_chest_takes_from_it(stocked: Play) -> None:
    chest = stocked("place_entity", name="wooden-chest", position=at(4.5, 4.5))
    inserter = stocked(
        "place_entity_next_to", name="inserter", reference_position=chest["position"], direction=RIGHT, spacing=0
    )
    assert inserter["pickup_position"] == chest["position"]
    assert inserter["direction"] == RIGHT


def test_next_to_needs_the_item(stocked: Play) -> None:
    refused = stocked.refused("place_entity_next_to", name="steam-engine", reference_position=at(4, 4), direction=UP)
    assert refused["code"] == "missing_items"


def test_a_drill_next_to_bare_ground_is_refused(stocked: Play) -> None:
    refused = stocked.refused(
        "place_entity_next_to", name="burner-mining-drill", reference_position=at(4, 4), direction=UP
    )
    assert refused["code"] == "no_resource"


def test_nearest_buildable_gives_ground_for_a_drill(stocked: Play) -> None:
    ore = stocked("nearest", name="iron-ore")
    box = stocked("nearest_buildable", name="burner-mining-drill", width=4, height=4, position=ore)
    assert box["right_bottom"]["x"] - box["left_top"]["x"] == 4
    centre = at(box["left_top"]["x"] + 2, box["left_top"]["y"] + 2)
    stocked("move_to", position=centre)
    drill = stocked("place_entity", name="burner-mining-drill", position=centre, direction=UP)
    assert drill["resources"] == [{"name": "iron-ore", "count": 40_000}]
    # The engine lays ground where it is looked at first; that is not the tool's doing.
    stocked("get_entities", position=ore, radius=80)
    refused = stocked.refused("nearest_buildable", name="burner-mining-drill", width=25, height=25, position=ore)
    assert refused["code"] == "no_space"


def test_items_go_in_and_out(stocked: Play) -> None:
    chest = stocked("place_entity", name="wooden-chest", position=at(4.5, 2.5))
    filled = stocked("insert_item", item="coal", target=chest, quantity=30)
    assert filled["inventory"] == {"coal": 30}
    assert stocked("inspect_inventory", entity=chest) == {"coal": 30}
    assert stocked("extract_item", item="coal", source={"position": chest["position"]}, quantity=12) == 12
    assert stocked("extract_item", item="coal", source={"position": chest["position"]}, quantity=50) == 18
    assert stocked.held()["coal"] == STOCK["coal"]
    assert (
        stocked.refused("extract_item", item="coal", source={"position": chest["position"]})["code"] == "missing_items"
    )


def test_insertion_follows_what_a_building_takes(stocked: Play) -> None:
    furnace = stocked("place_entity", name="stone-furnace", position=at(4, 2))
    machine = stocked("place_entity", name="assembling-machine-1", position=at(-4.5, 2.5))
    assert stocked("insert_item", item="coal", target=furnace, quantity=5)["fuel"] == {"coal": 5}
    assert stocked.refused("insert_item", item="inserter", target=furnace)["code"] == "not_accepted"
    assert stocked.refused("insert_item", item="iron-plate", target=machine)["code"] == "not_accepted"
    machine = stocked("set_entity_recipe", entity=machine, recipe="iron-gear-wheel")
    assert machine["recipe"]["name"] == "iron-gear-wheel"
    machine = stocked("insert_item", item="iron-plate", target=machine, quantity=10)
    assert machine["assembling_machine_input"] == {"iron-plate": 10}
    assert stocked.refused("insert_item", item="coal", target=machine)["code"] == "not_accepted"
    assert stocked.refused("set_entity_recipe", entity=machine, recipe="iron-plate")["code"] == "not_available"
    assert stocked.refused("insert_item", item="steel-plate", target=furnace)["code"] == "missing_items"


def test_picking_up_brings_everything_back(stocked: Play) -> None:
    furnace = stocked("place_entity", name="stone-furnace", position=at(4, 2))
    stocked("insert_item", item="coal", target=furnace, quantity=7)
    stocked("insert_item", item="iron-plate", target=furnace, quantity=9)
    assert stocked("pickup_entity", name="stone-furnace", position=furnace["position"]) is True
    assert stocked.held() == STOCK
    assert stocked.refused("pickup_entity", name="stone-furnace", position=furnace["position"])["code"] == "not_found"


def test_belts_carry_one_item_a_call_and_give_it_back(stocked: Play) -> None:
    belt = stocked("place_entity", name="transport-belt", position=at(4.5, 2.5), direction=RIGHT)
    belt = stocked("insert_item", item="coal", target=belt, quantity=5)
    assert belt["inventory"]["left"] == {"coal": 1}
    assert stocked.held()["coal"] == STOCK["coal"] - 1
    stocked("pickup_entity", name="transport-belt", position=belt["position"])
    assert stocked.held() == STOCK


def test_a_machine_works_while_time_passes(stocked: Play) -> None:
    ore = stocked("nearest", name="iron-ore")
    stocked("move_to", position=ore)
    drill = stocked("place_entity", name="burner-mining-drill", position=ore, direction=DOWN)
    stocked("insert_item", item="coal", target=drill, quantity=5)
    chest = stocked("place_entity", name="wooden-chest", position=drill["drop_position"])
    stocked("sleep", seconds=10)
    mined = stocked("inspect_inventory", entity=chest)["iron-ore"]
    assert mined == 2
    statistics = stocked("production")
    assert statistics["produced"] == {"iron-ore": 2}
    assert not statistics["harvested"]


def test_a_group_is_picked_up_as_a_whole_or_not_at_all(stocked: Play) -> None:
    belts = [stocked("place_entity", name="transport-belt", position=at(x, 4.5), direction=RIGHT) for x in (1.5, 2.5)]
    stocked("insert_item", item="coal", target=belts[0])
    members = [{"name": belt["name"], "position": belt["position"]} for belt in belts]
    nowhere = {"name": "transport-belt", "position": at(7.5, 4.5)}
    assert stocked.refused("pickup_entity", members=[*members, nowhere])["code"] == "not_found"
    assert stocked("pickup_entity", members=[*members, members[0]]) is True
    assert stocked.held() == STOCK


def test_a_line_of_belts_is_filled_from_its_first_belt_on(stocked: Play) -> None:
    belts = [stocked("place_entity", name="transport-belt", position=at(x, 4.5), direction=RIGHT) for x in (1.5, 2.5)]
    members = [{"name": belt["name"], "position": belt["position"]} for belt in belts]
    first, second = stocked("insert_item", item="coal", members=members, quantity=3)["members"]
    assert first["inventory"]["left"] == {"coal": 1}
    on_line = sum(sum(lane.values()) for belt in (first, second) for lane in belt["inventory"].values() if lane)
    assert on_line == 3
    assert stocked.held()["coal"] == STOCK["coal"] - 3


def test_an_inserter_whose_side_is_taken_goes_to_another(stocked: Play) -> None:
    chest = stocked("place_entity", name="wooden-chest", position=at(4.5, 4.5))
    stocked("place_entity", name="small-electric-pole", position=at(5.5, 4.5))
    inserter = stocked("place_entity_next_to", name="inserter", reference_position=chest["position"], direction=RIGHT)
    # One tile away on the first other side in the order up, right, down, left; it still takes from the chest.
    assert inserter["position"] == at(4.5, 3.5)
    assert inserter["direction"] == UP
    assert inserter["pickup_position"] == chest["position"]


def test_an_inserter_goes_to_the_middle_of_a_large_machines_side(stocked: Play) -> None:
    ore = stocked("nearest", name="iron-ore")
    stocked("move_to", position=ore)
    drill = stocked("place_entity", name="electric-mining-drill", position=ore, exact=False)
    x, y = drill["position"]["x"], drill["position"]["y"]
    stocked("place_entity", name="wooden-chest", position=at(x + 2, y))
    inserter = stocked("place_entity_next_to", name="inserter", reference_position=at(x, y), direction=RIGHT)
    assert inserter["position"] == at(x, y - 2)
    assert inserter["direction"] == UP


def test_items_in_the_way_are_picked_up(stocked: Play) -> None:
    belt = stocked("place_entity", name="transport-belt", position=at(4.5, 4.5), direction=RIGHT)
    spilled = (
        "game.get_surface(storage.surface).spill_item_stack{position = {6.5, 4.5}, stack = {name = 'coal', count = 1}}"
    )
    stocked.wire.scripts.run_code("agent", spilled, "spill")
    stocked(
        "place_entity_next_to", name="wooden-chest", reference_position=belt["position"], direction=RIGHT, spacing=1
    )
    assert stocked.held()["coal"] == STOCK["coal"] + 1
