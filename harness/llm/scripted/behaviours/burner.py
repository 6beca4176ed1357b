"""What the scripted model knows to build without electricity: burner drills, furnaces, burner inserters, belts.

Layouts are columns on an ore patch, read from the bottom up: a drill delivers upwards into what stands above it. `box`
is the free rectangle; its left top corner is on whole tiles, so even-sized entities centre on whole numbers from it.
"""

from __future__ import annotations

from harness.llm.scripted.draft import Draft, proto, resource

ORES = ("iron-ore", "iron-ore", "copper-ore", "copper-ore", "stone")


def pick_ore(draft: Draft, *, with_coal: bool = False) -> str:
    """An ore the task or the warnings speak of, else a chance one."""
    text = draft.situation.task + " " + draft.situation.question.partition("Your next step:")[2]
    hints = {"iron": "iron-ore", "copper": "copper-ore", "circuit": "copper-ore", "brick": "stone", "wall": "stone"}
    named = sorted({ore for hint, ore in hints.items() if hint in text})
    if named and draft.rng.random() < 0.7:
        return draft.rng.choice(named)
    return draft.rng.choice((*ORES, "coal") if with_coal else ORES)


def find_room(variable: str, entity: str, width: int, height: int, x: str, y: str) -> str:
    """The line that finds a free rectangle for an entity near (x, y), its corner on whole tiles."""
    size, centre = f"BuildingBox(width={width}, height={height})", f"Position(x={x}, y={y})"
    return f"{variable} = nearest_buildable({proto(entity)}, {size}, {centre})"


def find_box(ore: str, drill: str, width: int, height: int) -> str:
    """Lines that find a free rectangle on ore and walk beside its middle; `box` and `corner` are set."""
    return f"""ore = nearest({resource(ore)})
            move_to(ore)
            {find_room("box", drill, width, height, "int(ore.x)", "int(ore.y)")}
            corner = box.left_top
            move_to(Position(x=corner.x - 1, y=corner.y + {height / 2:g}))"""


def at(dx: float, dy: float) -> str:
    """The expression for a place in the box."""
    return f"Position(x=corner.x + {dx:g}, y=corner.y + {dy:g})"


def place(variable: str, name: str, dx: float, dy: float, direction: str = "UP") -> str:
    """The line that places an entity in the box."""
    return f"{variable} = place_entity({proto(name)}, direction=Direction.{direction}, position={at(dx, dy)})"


def drill_to_chest(draft: Draft) -> None:
    """Burner drills, each with a wooden chest at its drop position."""
    ore, fuel = pick_ore(draft, with_coal=True), draft.fuel()
    count = draft.most(4, burner_mining_drill=1, wooden_chest=1)
    amount = draft.fuel_each(count, (3, 5, 8, 20))
    draft.add(
        f"place {count} burner drill(s) on {ore}, each with a chest at its drop position",
        f"""
        for number in range({count}):
            {find_box(ore, "burner-mining-drill", 2, 3)}
            {place("drill", "burner-mining-drill", 1, 2)}
            drill = insert_item({proto(fuel)}, drill, quantity={amount})
            chest = place_entity(Prototype.WoodenChest, direction=Direction.UP, position=drill.drop_position)
            print("drill", drill.position, "chest", chest.position)
        """,
    )
    draft.spend({"burner-mining-drill": count, "wooden-chest": count, fuel: count * amount})


def drill_to_furnace(draft: Draft) -> None:
    """Burner drills that deliver straight into stone furnaces."""
    ore, fuel = pick_ore(draft), draft.fuel()
    count = draft.most(6, burner_mining_drill=1, stone_furnace=1)
    amount = draft.fuel_each(2 * count, (3, 5, 8, 10, 20))
    if draft.rng.random() < 0.4:
        furnace = (
            "furnace = place_entity_next_to(Prototype.StoneFurnace, reference_position=drill.position, "
            "direction=Direction.UP, spacing=0)"
        )
    else:
        furnace = place("furnace", "stone-furnace", 1, 1)
    draft.add(
        f"smelt {ore}: {count} burner drill(s), each feeding a stone furnace",
        f"""
        for number in range({count}):
            {find_box(ore, "burner-mining-drill", 2, 4)}
            {place("drill", "burner-mining-drill", 1, 3)}
            drill = insert_item({proto(fuel)}, drill, quantity={amount})
            {furnace}
            furnace = insert_item({proto(fuel)}, furnace, quantity={amount})
            print("drill", drill.position, "furnace", furnace.position)
        """,
    )
    draft.spend({"burner-mining-drill": count, "stone-furnace": count, fuel: 2 * count * amount})


def coal_pair(draft: Draft) -> None:
    """Two burner drills on coal that deliver into each other and so never stop."""
    pairs = draft.most(3, burner_mining_drill=2)
    fuel = draft.fuel()
    draft.add(
        f"mine coal with {pairs} pair(s) of burner drills that fuel each other",
        f"""
        for number in range({pairs}):
            {find_box("coal", "burner-mining-drill", 2, 4)}
            {place("lower", "burner-mining-drill", 1, 3, "UP")}
            {place("upper", "burner-mining-drill", 1, 1, "DOWN")}
            lower = insert_item({proto(fuel)}, lower, quantity=3)
            upper = insert_item({proto(fuel)}, upper, quantity=3)
            print("coal drills", lower.position, upper.position)
        """,
    )
    draft.spend({"burner-mining-drill": 2 * pairs, fuel: 6 * pairs})


def coal_to_chest(draft: Draft) -> None:
    """A burner drill on coal that fills a chest, for fuel later."""
    fuel = draft.fuel()
    draft.add(
        "mine coal into a chest, for fuel later",
        f"""
        {find_box("coal", "burner-mining-drill", 2, 3).replace("            ", "        ")}
        {place("drill", "burner-mining-drill", 1, 2)}
        drill = insert_item({proto(fuel)}, drill, quantity=5)
        chest = place_entity(Prototype.WoodenChest, direction=Direction.UP, position=drill.drop_position)
        print("coal chest", chest.position, drill.status)
        """,
    )
    draft.spend({"burner-mining-drill": 1, "wooden-chest": 1, fuel: 5})


def inserter_column(draft: Draft) -> None:
    """Drill, chest, burner inserter, furnace, burner inserter, chest: a smelter that empties itself."""
    ore, fuel = pick_ore(draft), draft.fuel()
    amount = draft.fuel_each(4, (4, 5, 8, 20))
    draft.add(
        f"build a column on {ore}: drill, chest, burner inserter, furnace, burner inserter, chest",
        f"""
        {find_box(ore, "burner-mining-drill", 2, 8).replace("            ", "        ")}
        {place("drill", "burner-mining-drill", 1, 7)}
        {place("buffer", "wooden-chest", 0.5, 5.5)}
        {place("feeder", "burner-inserter", 0.5, 4.5)}
        {place("furnace", "stone-furnace", 1, 3)}
        {place("emptier", "burner-inserter", 0.5, 1.5)}
        {place("store", "wooden-chest", 0.5, 0.5)}
        for machine in (drill, feeder, furnace, emptier):
            insert_item({proto(fuel)}, machine, quantity={amount})
        sleep({draft.rng.choice((5, 10, 20))})
        print("stored", inspect_inventory(store), get_entity(Prototype.StoneFurnace, furnace.position).status)
        """,
    )
    draft.spend(
        {"burner-mining-drill": 1, "wooden-chest": 2, "burner-inserter": 2, "stone-furnace": 1, fuel: 4 * amount}
    )


def steel_column(draft: Draft) -> None:
    """Drill, furnace, burner inserter, furnace: iron plates and then steel."""
    fuel, amount = draft.fuel(), draft.fuel_each(4, (5, 10, 20))
    draft.add(
        "build a steel column on iron ore: drill, furnace, burner inserter, second furnace",
        f"""
        {find_box("iron-ore", "burner-mining-drill", 2, 7).replace("            ", "        ")}
        {place("drill", "burner-mining-drill", 1, 6)}
        {place("first", "stone-furnace", 1, 4)}
        {place("feeder", "burner-inserter", 0.5, 2.5)}
        {place("second", "stone-furnace", 1, 1)}
        for machine in (drill, first, feeder, second):
            insert_item({proto(fuel)}, machine, quantity={amount})
        print("steel column", second.position)
        """,
    )
    draft.spend({"burner-mining-drill": 1, "stone-furnace": 2, "burner-inserter": 1, fuel: 4 * amount})


def belt_to_furnace(draft: Draft) -> None:
    """A drill, a belt, and a burner inserter that feeds a furnace away from the ore."""
    ore, fuel = pick_ore(draft), draft.fuel()
    away = draft.rng.choice((8, 10, 12, -10))
    draft.add(
        f"carry {ore} by belt from a drill to a furnace",
        f"""
        {find_box(ore, "burner-mining-drill", 2, 3).replace("            ", "        ")}
        {place("drill", "burner-mining-drill", 1, 2)}
        drill = insert_item({proto(fuel)}, drill, quantity=5)
        {find_room("room", "stone-furnace", 6, 4, f"int(drill.position.x) + {away}", "int(drill.position.y)")}
        site = Position(x=room.left_top.x + 4, y=room.left_top.y + 2)
        move_to(site)
        furnace = place_entity(Prototype.StoneFurnace, direction=Direction.UP, position=site)
        mouth = Position(x=site.x - 1.5, y=site.y - 0.5)
        feeder = place_entity(Prototype.BurnerInserter, direction=Direction.RIGHT, position=mouth)
        furnace = insert_item({proto(fuel)}, furnace, quantity=5)
        feeder = insert_item({proto(fuel)}, feeder, quantity=2)
        belts = connect_entities(drill, feeder, connection_type=Prototype.TransportBelt)
        print("belt", belts)
        """,
    )
    draft.spend(
        {"burner-mining-drill": 1, "stone-furnace": 1, "burner-inserter": 1, "transport-belt": abs(away) + 6, fuel: 12}
    )
