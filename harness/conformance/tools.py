"""Checks of the tools, each once on a scene of a few pieces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from harness.conformance.check import DOWN, RIGHT, UP, Checks, Scene, at, counts, named, shown

CHECKS = Checks()
_GROUND = (10.5, 0.5)
"""Free ground on every lab map: nothing of the country comes this near to the middle."""


@CHECKS.add("nearest, get_resource_patch", "the nearest ore is part of its patch")
def _patch(scene: Scene) -> str:
    ore = scene("nearest", name="iron-ore")
    patch = scene("get_resource_patch", name="iron-ore", position=ore, radius=10)
    box = patch["bounding_box"]
    inside = all(box["left_top"][axis] <= ore[axis] <= box["right_bottom"][axis] for axis in ("x", "y"))
    if patch["name"] == "iron-ore" and patch["size"] > 0 and inside:
        return "the nearest ore is part of its patch"
    return f"ore at {at(ore)}, patch of {patch['size']} {patch['name']} in {box}"


@CHECKS.add("nearest_buildable", "a drill fits on the ore found for it", burner_mining_drill=1)
def _buildable(scene: Scene) -> str:
    scene("move_to", position=scene("nearest", name="iron-ore"))
    drill = scene.go_and_place("burner-mining-drill", 2, 2, scene("nearest", name="iron-ore"))
    on_ore = any(each["name"] == "iron-ore" for each in drill.get("resources") or ())
    return "a drill fits on the ore found for it" if on_ore else f"drill over {drill.get('resources')}"


@CHECKS.add("move_to", "at (12.5, -6.5), more ticks than none")
def _move(scene: Scene) -> str:
    ticks = scene.ticks("move_to", position=(12.5, -6.5))
    x, y = at(scene("observe")["position"])
    return f"at ({x:g}, {y:g}), {'more ticks than none' if ticks > 0 else 'no ticks'}"


@CHECKS.add("can_place_entity, place_entity", "true, stone-furnace at (3, 0), false, 0 held", stone_furnace=1)
def _place(scene: Scene) -> str:
    asked = {"name": "stone-furnace", "position": (3, 0), "direction": UP}
    before = scene("can_place_entity", **asked)
    furnace = scene.place("stone-furnace", (3, 0))
    after = scene("can_place_entity", **asked)
    return f"{before}, {shown(furnace)}, {after}, {scene.held('stone-furnace')} held".lower()


@CHECKS.add("place_entity on something", "refused, 1 held", stone_furnace=2)
def _place_twice(scene: Scene) -> str:
    scene.place("stone-furnace", (3, 0))
    code = scene.refused("place_entity", name="stone-furnace", position=(3, 0), direction=UP)
    return f"{'done' if code == 'done' else 'refused'}, {scene.held('stone-furnace')} held"


@CHECKS.add("place_entity_next_to", "wooden-chest at (4.5, 0.5)", stone_furnace=1, wooden_chest=1)
def _next_to(scene: Scene) -> str:
    scene.place("stone-furnace", (3, 0))
    return shown(
        scene("place_entity_next_to", name="wooden-chest", reference_position=(3, 0), direction=RIGHT, spacing=0)
    )


@CHECKS.add("rotate_entity", "direction 4, belt leads to (4.5, 0.5)", transport_belt=1)
def _rotate(scene: Scene) -> str:
    belt = scene.place("transport-belt", (3.5, 0.5), UP)
    turned = scene("rotate_entity", entity=belt, direction=RIGHT)
    x, y = at(turned["output_position"])
    return f"direction {turned['direction']}, belt leads to ({x:g}, {y:g})"


@CHECKS.add("shift_entity", "wooden-chest at (5.5, 0.5) with 5 coal", wooden_chest=1, coal=5)
def _shift(scene: Scene) -> str:
    chest = scene.place("wooden-chest", (3.5, 0.5))
    scene("insert_item", item="coal", target=chest, quantity=5)
    shifted = scene("shift_entity", entity=chest, direction=RIGHT, distance=2)
    return f"{shown(shifted)} with {named(scene.look(shifted)['inventory'])}"


@CHECKS.add("pickup_entity", "nothing there, held: 5 coal, 1 wooden-chest", wooden_chest=1, coal=5)
def _pickup(scene: Scene) -> str:
    chest = scene.place("wooden-chest", (3.5, 0.5))
    scene("insert_item", item="coal", target=chest, quantity=5)
    scene("pickup_entity", name="wooden-chest", position=(3.5, 0.5))
    there = scene("get_entity", name="wooden-chest", position=(3.5, 0.5))
    return f"{shown(there)} there, held: {named(scene('inspect_inventory'))}"


@CHECKS.add("insert_item, extract_item", "7 in the chest, 4 taken, 3 left, 7 held", wooden_chest=1, coal=10)
def _insert(scene: Scene) -> str:
    chest = scene.place("wooden-chest", (3.5, 0.5))
    put = counts(scene("insert_item", item="coal", target=chest, quantity=7)["inventory"])
    taken = scene("extract_item", item="coal", source={"position": (3.5, 0.5)}, quantity=4)
    left = counts(scene.look(chest)["inventory"])
    return f"{put.get('coal', 0)} in the chest, {taken} taken, {left.get('coal', 0)} left, {scene.held('coal')} held"


@CHECKS.add("craft_item", "2 crafted of 4 iron-plate, 1 left, 60 ticks", iron_plate=5)
def _craft(scene: Scene) -> str:
    ticks = scene.ticks("craft_item", name="iron-gear-wheel", quantity=2)
    used = named(scene("production")["crafted_from"])
    made = scene.held("iron-gear-wheel")
    return f"{made} crafted of {used}, {scene.held('iron-plate')} left, {ticks} ticks"


@CHECKS.add("harvest_resource", "5 said, 5 held, 5 in the statistics")
def _harvest(scene: Scene) -> str:
    ore = scene("nearest", name="iron-ore")
    scene("move_to", position=ore)
    said = scene("harvest_resource", position=ore, quantity=5, radius=3)
    noted = counts(scene("production")["produced"]).get("iron-ore", 0)
    return f"{said} said, {scene.held('iron-ore')} held, {noted:g} in the statistics"


@CHECKS.add("get_prototype_recipe, set_entity_recipe", "2 iron-plate; iron-gear-wheel", assembling_machine_1=1)
def _recipe(scene: Scene) -> str:
    needs = scene("get_prototype_recipe", name="iron-gear-wheel")["ingredients"]
    machine = scene.place("assembling-machine-1", (4.5, 0.5))
    scene("set_entity_recipe", entity=machine, recipe="iron-gear-wheel")
    set_to = scene.look(machine).get("recipe")
    name = set_to["name"] if isinstance(set_to, dict) else set_to
    return f"{named({each['name']: each['amount'] for each in needs})}; {name}"


@CHECKS.add("get_entities", "2 wooden-chest, 1 stone-furnace", wooden_chest=2, stone_furnace=1)
def _entities(scene: Scene) -> str:
    for name, x in (("wooden-chest", 3.5), ("wooden-chest", 4.5), ("stone-furnace", 7)):
        scene.place(name, (x, 0.5 if name == "wooden-chest" else 0))
    found = [each["name"] for each in scene("get_entities", radius=50)]
    return ", ".join(f"{found.count(name)} {name}" for name in ("wooden-chest", "stone-furnace"))


@CHECKS.add("connect_entities with belts", "12 transport-belt; coal came along", transport_belt=20, coal=2)
def _belt(scene: Scene) -> str:
    ends = [{"position": (-5.5, -5.5)}, {"position": (5.5, -5.5)}]
    laid = scene("connect_entities", waypoints=ends, types=["transport-belt"])["entities"]
    scene("insert_item", item="coal", target=laid[0], quantity=1)
    scene("sleep", seconds=12)
    last = scene("get_entity", name="transport-belt", position=(5.5, -5.5))
    arrived = any(counts(lane).get("coal") for lane in (last or {}).get("inventory", {}).values())
    return f"{len(laid)} transport-belt; {'coal came along' if arrived else 'no coal came'}"


@CHECKS.add(
    "connect_entities with pipes and poles",
    "boiler working, steam-engine working, lamp powered",
    offshore_pump=1,
    boiler=1,
    steam_engine=1,
    small_lamp=1,
    radar=1,
    pipe=60,
    small_electric_pole=20,
    coal=10,
)
def _power(scene: Scene) -> str:
    water = scene("nearest", name="water")
    scene("move_to", position=water)
    pump = scene.place("offshore-pump", at(water))
    boiler = scene.go_and_place("boiler", 5, 5, pump["position"])
    scene("insert_item", item="coal", target=boiler, quantity=10)
    engine = scene.go_and_place("steam-engine", 7, 9, boiler["position"])
    for pair in ([pump, boiler], [boiler, engine]):
        scene("connect_entities", waypoints=[scene.look(each) for each in pair], types=["pipe"])
    radar = scene.go_and_place("radar", 5, 5, engine["position"])
    lamp = scene(
        "place_entity_next_to", name="small-lamp", reference_position=radar["position"], direction=DOWN, spacing=1
    )
    scene("connect_entities", waypoints=[engine, radar, lamp], types=["small-electric-pole"])
    scene("sleep", seconds=20)
    machines = ", ".join(f"{each['name']} {scene.look(each)['status']}" for each in (boiler, engine))
    return f"{machines}, lamp {'powered' if scene.look(lamp)['energy'] > 0 else 'dark'}"


@CHECKS.add("set_research, get_research_progress", "10 automation-science-pack, automation under way")
def _research(scene: Scene) -> str:
    needed = scene("set_research", technology="automation")
    current = scene("observe")["research"].get("current")
    return f"{named({each['name']: each['count'] for each in needed})}, {current} under way"


@CHECKS.add("launch_rocket without a silo", "not_found")
def _rocket(scene: Scene) -> str:
    return scene.refused("launch_rocket", position=_GROUND)


@CHECKS.add(
    "export_blueprint, import_blueprint",
    "stone-furnace at (3, 0), wooden-chest at (4.5, 0.5); the copy says the same",
    stone_furnace=2,
    wooden_chest=2,
)
def _blueprint(scene: Scene) -> str:
    scene.place("stone-furnace", (3, 0))
    scene.place("wooden-chest", (4.5, 0.5))
    area = {"left_top": (2, -1), "right_bottom": (5, 1)}
    plan = scene("export_blueprint", area=area)["entities"]
    pieces = [{"name": each["name"], **each["position"], "direction": each.get("direction", UP)} for each in plan]
    copy = scene("import_blueprint", entities=pieces, wires=[], position=(2, 5), direction=UP)
    same = _offsets(copy) == _offsets(plan)
    return f"{', '.join(shown(each) for each in plan)}; the copy {'says the same' if same else 'is another'}"


def _offsets(pieces: Sequence[Mapping[str, Any]]) -> set[tuple[str, float, float]]:
    """Each piece and how far it stands from the first."""
    left, top = at(pieces[0]["position"])
    places = [(str(each["name"]), *at(each["position"])) for each in pieces]
    return {(name, x - left, y - top) for name, x, y in places}
