"""Ore to plates by electricity alone: a drill, a belt, and two electric furnaces that share it."""


def power_plant(pairs):
    """Builds boilers with two engines each, side by side, and returns the last engine."""
    water = nearest(Resource.Water)
    move_to(water)
    pump = place_entity(Prototype.OffshorePump, Direction.UP, water)
    site = nearest_buildable(Prototype.Boiler, BuildingBox(width=6 * pairs, height=18), pump.position)
    source, engine = pump, None
    for index in range(pairs):
        place = site.left_bottom + Position(3 + 6 * index, -2)
        move_to(place.up(3))
        boiler = place_entity(Prototype.Boiler, Direction.UP, place)
        insert_item(Prototype.Coal, boiler, 50)
        engine = place_entity_next_to(Prototype.SteamEngine, boiler.position, Direction.UP, spacing=1)
        behind = place_entity_next_to(Prototype.SteamEngine, engine.position, Direction.UP)
        connect_entities(source, boiler, Prototype.Pipe)
        connect_entities(boiler, engine, Prototype.Pipe)
        source = boiler
        engine = behind
    return engine


engine = power_plant(2)

# The furnaces stand in a row below the belt; inserters lift ore in and plates out.
ore = nearest(Resource.IronOre)
field = nearest_buildable(Prototype.ElectricMiningDrill, BuildingBox(width=3, height=6), ore)
move_to(field.center)
drills = [
    place_entity(Prototype.ElectricMiningDrill, Direction.RIGHT, field.left_top + Position(1.5, 1.5)),
    place_entity(Prototype.ElectricMiningDrill, Direction.RIGHT, field.left_top + Position(1.5, 4.5)),
]
works = nearest_buildable(Prototype.ElectricFurnace, BuildingBox(width=12, height=8), Position(0, 0))
move_to(works.center)
loaders, chests = [], []
for column in (2, 7):
    furnace = place_entity(Prototype.ElectricFurnace, Direction.UP, works.left_top + Position(column + 0.5, 3.5))
    loaders.append(place_entity_next_to(Prototype.Inserter, furnace.position, Direction.UP))
    loaders[-1] = rotate_entity(loaders[-1], Direction.DOWN)
    unloader = place_entity_next_to(Prototype.Inserter, furnace.position, Direction.DOWN)
    chests.append(place_entity(Prototype.IronChest, Direction.UP, unloader.drop_position))
    connect_entities(engine, furnace, Prototype.MediumElectricPole)
belt = connect_entities(drills[0], loaders[0], loaders[1], Prototype.TransportBelt)
connect_entities(drills[1], belt, Prototype.TransportBelt)
for drill in drills:
    connect_entities(engine, drill, Prototype.MediumElectricPole)
for loader in loaders:
    connect_entities(engine, loader, Prototype.MediumElectricPole)

sleep(120)
for chest in chests:
    print(inspect_inventory(chest))
print(belt)
