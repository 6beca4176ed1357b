"""What the scripted model knows to build with electricity: steam power, electric drills, assembling machines."""

from __future__ import annotations

from harness.llm.scripted.behaviours.burner import find_box, find_room, pick_ore, place
from harness.llm.scripted.draft import Draft, proto

MILLS = {
    "iron-gear-wheel": "iron-ore",
    "copper-cable": "copper-ore",
    "pipe": "iron-ore",
    "iron-stick": "iron-ore",
    "iron-chest": "iron-ore",
    "stone-wall": "stone",
}
"""Products made of one smelted thing, and the ore under it."""

BENCH = {
    "iron-gear-wheel": ("iron-plate",),
    "copper-cable": ("copper-plate",),
    "electronic-circuit": ("iron-plate", "copper-cable"),
    "automation-science-pack": ("copper-plate", "iron-gear-wheel"),
    "inserter": ("iron-plate", "iron-gear-wheel", "electronic-circuit"),
}
"""Products an assembling machine is fed for by hand."""


def pole(draft: Draft) -> str:
    """The kind of pole held most of."""
    return max(("medium-electric-pole", "small-electric-pole"), key=lambda name: draft.stock[name])


def assembler(draft: Draft) -> str:
    """The best assembling machine held."""
    return "assembling-machine-2" if draft.stock["assembling-machine-2"] else "assembling-machine-1"


def _named(draft: Draft, names: tuple[str, ...]) -> str:
    """One of `names` that the task or the step asks for, else a chance one."""
    text = draft.situation.task + " " + draft.situation.question.partition("Your next step:")[2]
    wanted = [name for name in names if name in text]
    return draft.rng.choice(wanted) if wanted and draft.rng.random() < 0.8 else draft.rng.choice(names)


def steam_power(draft: Draft) -> None:
    """Offshore pump, boiler and steam engine joined by pipes."""
    coal = draft.rng.choice((10, 20, 30, 50))
    draft.add(
        "set up steam power: offshore pump, boiler, steam engine",
        f"""
        water = nearest(Resource.Water)
        move_to(water)
        pump = place_entity(Prototype.OffshorePump, direction=Direction.UP, position=water)
        {find_room("room", "boiler", 7, 7, "int(pump.position.x)", "int(pump.position.y)")}
        move_to(Position(x=room.left_top.x + 3, y=room.left_top.y + 5))
        site = Position(x=room.left_top.x + 3.5, y=room.left_top.y + 4)
        boiler = place_entity(Prototype.Boiler, direction=Direction.UP, position=site)
        boiler = insert_item(Prototype.Coal, boiler, quantity={coal})
        {find_room("room", "steam-engine", 7, 9, "int(boiler.position.x)", "int(boiler.position.y)")}
        move_to(Position(x=room.left_top.x + 3, y=room.left_top.y + 7))
        site = Position(x=room.left_top.x + 3.5, y=room.left_top.y + 4.5)
        engine = place_entity(Prototype.SteamEngine, direction=Direction.UP, position=site)
        water_pipes = connect_entities(pump, boiler, connection_type=Prototype.Pipe)
        steam_pipes = connect_entities(boiler, engine, connection_type=Prototype.Pipe)
        sleep(5)
        engine = get_entity(Prototype.SteamEngine, engine.position)
        print("engine", engine.position, engine.status, engine.warnings)
        """,
    )
    draft.spend({"offshore-pump": 1, "boiler": 1, "steam-engine": 1, "pipe": 20, "coal": coal})


def electric_drills(draft: Draft) -> None:
    """Electric drills that deliver into chests or furnaces, joined to the steam engine by poles."""
    ore, wires = pick_ore(draft, with_coal=True), pole(draft)
    smelt = ore != "coal" and draft.stock["stone-furnace"] > 0 and draft.rng.random() < 0.6
    sink = "stone-furnace" if smelt else "wooden-chest"
    limits = {"electric_mining_drill": 1, sink.replace("-", "_"): 1}
    count = draft.most(4, **limits)
    fuel = draft.fuel()
    receiver = (
        place("furnace", "stone-furnace", 2, 1)
        + f"\n            furnace = insert_item({proto(fuel)}, furnace, quantity=8)"
        if smelt
        else "chest = place_entity(Prototype.WoodenChest, direction=Direction.UP, position=drill.drop_position)"
    )
    draft.add(
        f"place {count} electric drill(s) on {ore}, each delivering into a {sink}, and connect them to power",
        f"""
        engine = get_entities({{Prototype.SteamEngine}})[0]
        for number in range({count}):
            {find_box(ore, "electric-mining-drill", 3, 5)}
            {place("drill", "electric-mining-drill", 1.5, 3.5)}
            {receiver}
            wires = connect_entities(engine, drill, connection_type={proto(wires)})
            print("drill", drill.position, get_entity(Prototype.ElectricMiningDrill, drill.position).status)
        """,
    )
    draft.spend({"electric-mining-drill": count, sink: count, wires: 8, fuel: 8 * count if smelt else 0})


def mill(draft: Draft) -> None:
    """Drill, furnace, inserter, assembling machine, inserter, chest: a product from ore without hands."""
    product = _named(draft, tuple(sorted(MILLS)))
    ore, machine, wires, fuel = MILLS[product], assembler(draft), pole(draft), draft.fuel()
    amount = draft.fuel_each(2, (5, 10, 20, 30))
    draft.add(
        f"build a mill for {product} on {ore}: drill, furnace, inserter, assembling machine, inserter, chest",
        f"""
        engine = get_entities({{Prototype.SteamEngine}})[0]
        {find_box(ore, "burner-mining-drill", 3, 10).replace("            ", "        ")}
        {place("drill", "burner-mining-drill", 1, 9)}
        {place("furnace", "stone-furnace", 1, 7)}
        {place("feeder", "inserter", 1.5, 5.5)}
        {place("machine", machine, 1.5, 3.5)}
        machine = set_entity_recipe(machine, {proto(product)})
        {place("emptier", "inserter", 1.5, 1.5)}
        {place("store", "wooden-chest", 1.5, 0.5)}
        drill = insert_item({proto(fuel)}, drill, quantity={amount})
        furnace = insert_item({proto(fuel)}, furnace, quantity={amount})
        for target in (machine, feeder, emptier):
            connect_entities(engine, target, connection_type={proto(wires)})
        sleep({draft.rng.choice((10, 20, 30))})
        print("mill", get_entity({proto(machine)}, machine.position).status, inspect_inventory(store))
        """,
    )
    draft.spend(
        {
            "burner-mining-drill": 1,
            "stone-furnace": 1,
            "inserter": 2,
            machine: 1,
            "wooden-chest": 1,
            wires: 10,
            fuel: 2 * amount,
        }
    )


def bench(draft: Draft) -> None:
    """An assembling machine near the steam engine, filled by hand, emptied into a chest."""
    able = tuple(product for product, parts in BENCH.items() if all(draft.stock[part] > 1 for part in parts))
    product = _named(draft, able or tuple(sorted(BENCH)))
    machine, wires = assembler(draft), pole(draft)
    fill = "\n        ".join(
        f"machine = insert_item({proto(part)}, machine, quantity={max(1, min(draft.stock[part], 20))})"
        for part in BENCH[product]
    )
    draft.add(
        f"set up an assembling machine for {product}, filled by hand",
        f"""
        engine = get_entities({{Prototype.SteamEngine}})[0]
        {find_room("room", machine, 5, 7, "int(engine.position.x)", "int(engine.position.y)")}
        site = Position(x=room.left_top.x + 2.5, y=room.left_top.y + 4.5)
        move_to(Position(x=room.left_top.x, y=room.left_top.y + 6))
        machine = place_entity({proto(machine)}, direction=Direction.UP, position=site)
        machine = set_entity_recipe(machine, {proto(product)})
        {fill}
        emptier = place_entity_next_to(Prototype.Inserter, machine.position, Direction.UP, spacing=0)
        store = place_entity(Prototype.WoodenChest, direction=Direction.UP, position=emptier.drop_position)
        for target in (machine, emptier):
            connect_entities(engine, target, connection_type={proto(wires)})
        sleep({draft.rng.choice((10, 20, 30))})
        print("bench", inspect_inventory(store), get_entity({proto(machine)}, machine.position).warnings)
        """,
    )
    draft.spend({machine: 1, "inserter": 1, "wooden-chest": 1, wires: 6})
    draft.spend({part: min(draft.stock[part], 20) for part in BENCH[product]})
