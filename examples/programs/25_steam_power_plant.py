"""A steam power plant with two engines, and four electric drills that fill chests with iron ore."""

# Water, a boiler, and two engines in a row behind it.
water = nearest(Resource.Water)
move_to(water)
pump = place_entity(Prototype.OffshorePump, Direction.UP, water)
site = nearest_buildable(Prototype.Boiler, BuildingBox(width=8, height=20), pump.position)
corner = site.left_bottom
move_to(corner.up(6))
boiler = place_entity(Prototype.Boiler, Direction.UP, corner + Position(3, -2))
insert_item(Prototype.Coal, boiler, 100)
move_to(boiler.position.up(6))
first = place_entity_next_to(Prototype.SteamEngine, boiler.position, Direction.UP, spacing=1)
second = place_entity_next_to(Prototype.SteamEngine, first.position, Direction.UP, spacing=0)
connect_entities(pump, boiler, Prototype.Pipe)
connect_entities(boiler, first, Prototype.Pipe)
connect_entities(first, second, Prototype.SmallElectricPole)

# Drills in a square on the ore, each with a chest where it drops.
ore = nearest(Resource.IronOre)
field = nearest_buildable(Prototype.ElectricMiningDrill, BuildingBox(width=8, height=8), ore)
move_to(field.center)
chests = []
for dx, dy in ((2, 1), (6, 1), (2, 6), (6, 6)):
    drill = place_entity(
        Prototype.ElectricMiningDrill, Direction.UP if dy == 6 else Direction.DOWN, field.left_top + Position(dx, dy)
    )
    chests.append(place_entity(Prototype.IronChest, Direction.UP, drill.drop_position))
    connect_entities(second, drill, Prototype.SmallElectricPole)

sleep(60)
for chest in chests:
    held = inspect_inventory(chest)[Prototype.IronOre]
    print(chest.position, held)
    assert held > 20, f"the drill at {chest.position} mined only {held}"
print(get_entity(Prototype.SteamEngine, second.position).status)
