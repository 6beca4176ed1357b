"""A red science factory on steam: from iron and copper ore in the ground to automation science packs in a chest.

The works are one row: iron furnace, gear machine, science machine, copper furnace, with an inserter between neighbours.
"""


def power_plant(pairs):
    """Boilers side by side with two engines each, all on one network; returns an engine of it."""
    water = nearest(Resource.Water)
    move_to(water)
    pump = place_entity(Prototype.OffshorePump, Direction.UP, water)
    site = nearest_buildable(Prototype.Boiler, BuildingBox(width=6 * pairs, height=18), pump.position)
    source, engines = pump, []
    for index in range(pairs):
        place = site.left_bottom + Position(3 + 6 * index, -2)
        move_to(place.up(3))
        boiler = place_entity(Prototype.Boiler, Direction.UP, place)
        insert_item(Prototype.Coal, boiler, 50)
        first = place_entity_next_to(Prototype.SteamEngine, boiler.position, Direction.UP, spacing=1)
        last = place_entity_next_to(Prototype.SteamEngine, first.position, Direction.UP)
        connect_entities(source, boiler, Prototype.Pipe)
        connect_entities(boiler, first, Prototype.Pipe)
        source = boiler
        engines += [first, last]
    for engine in engines[1:]:
        connect_entities(engines[0], engine, Prototype.MediumElectricPole)
    return engines[0]


def mine(resource, count):
    """Drills in a column on a field, all facing right, and returns them."""
    field = nearest_buildable(Prototype.ElectricMiningDrill, BuildingBox(width=3, height=3 * count), nearest(resource))
    move_to(field.center)
    return [
        place_entity(Prototype.ElectricMiningDrill, Direction.RIGHT, field.left_top + Position(1.5, 1.5 + 3 * index))
        for index in range(count)
    ]


engine = power_plant(2)
iron_drills = mine(Resource.IronOre, 2)
copper_drills = mine(Resource.CopperOre, 2)

works = nearest_buildable(Prototype.ElectricFurnace, BuildingBox(width=19, height=9), Position(0, 0))
move_to(works.center)
left = works.left_top + Position(3.5, 4.5)
iron_furnace = place_entity(Prototype.ElectricFurnace, Direction.UP, left)
plates = place_entity_next_to(Prototype.Inserter, iron_furnace.position, Direction.RIGHT)
gears = place_entity_next_to(Prototype.AssemblingMachine1, plates.position, Direction.RIGHT)
gears = set_entity_recipe(gears, Prototype.IronGearWheel)
carrier = place_entity_next_to(Prototype.Inserter, gears.position, Direction.RIGHT)
science = place_entity_next_to(Prototype.AssemblingMachine1, carrier.position, Direction.RIGHT)
science = set_entity_recipe(science, Prototype.AutomationSciencePack)
copper = place_entity_next_to(Prototype.Inserter, science.position, Direction.RIGHT)
copper_furnace = place_entity_next_to(Prototype.ElectricFurnace, copper.position, Direction.RIGHT)
copper = rotate_entity(copper, Direction.LEFT)
unloader = place_entity_next_to(Prototype.Inserter, science.position, Direction.DOWN)
store = place_entity(Prototype.IronChest, Direction.UP, unloader.drop_position)

powered = [iron_furnace, plates, gears, carrier, science, copper, copper_furnace, unloader]
for furnace, drills in ((iron_furnace, iron_drills), (copper_furnace, copper_drills)):
    loader = rotate_entity(place_entity_next_to(Prototype.Inserter, furnace.position, Direction.UP), Direction.DOWN)
    belt = connect_entities(drills[0], loader, Prototype.TransportBelt)
    for drill in drills[1:]:
        connect_entities(drill, belt, Prototype.TransportBelt)
    powered += [loader, *drills]
for machine in powered:
    connect_entities(engine, machine, Prototype.MediumElectricPole)

sleep(300)
packs = inspect_inventory(store)[Prototype.AutomationSciencePack]
print(f"{packs} science packs in five minutes")
assert packs > 20, get_entities()
