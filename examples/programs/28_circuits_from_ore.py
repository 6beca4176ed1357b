"""Electronic circuits from ore: copper to cable on one side, iron on the other, circuits in a chest below."""


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


engine = power_plant(2)
works = nearest_buildable(Prototype.ElectricFurnace, BuildingBox(width=19, height=9), Position(0, 0))
move_to(works.center)
copper_furnace = place_entity(Prototype.ElectricFurnace, Direction.UP, works.left_top + Position(3.5, 4.5))
plates = place_entity_next_to(Prototype.Inserter, copper_furnace.position, Direction.RIGHT)
cable = place_entity_next_to(Prototype.AssemblingMachine2, plates.position, Direction.RIGHT)
cable = set_entity_recipe(cable, Prototype.CopperCable)
carrier = place_entity_next_to(Prototype.Inserter, cable.position, Direction.RIGHT)
circuits = place_entity_next_to(Prototype.AssemblingMachine2, carrier.position, Direction.RIGHT)
circuits = set_entity_recipe(circuits, Prototype.ElectronicCircuit)
iron = place_entity_next_to(Prototype.Inserter, circuits.position, Direction.RIGHT)
iron_furnace = place_entity_next_to(Prototype.ElectricFurnace, iron.position, Direction.RIGHT)
iron = rotate_entity(iron, Direction.LEFT)
unloader = place_entity_next_to(Prototype.Inserter, circuits.position, Direction.DOWN)
store = place_entity_next_to(Prototype.IronChest, unloader.position, Direction.DOWN)

powered = [copper_furnace, plates, cable, carrier, circuits, iron, iron_furnace, unloader]
for resource, furnace in ((Resource.CopperOre, copper_furnace), (Resource.IronOre, iron_furnace)):
    loader = rotate_entity(place_entity_next_to(Prototype.Inserter, furnace.position, Direction.UP), Direction.DOWN)
    field = nearest_buildable(Prototype.ElectricMiningDrill, BuildingBox(width=3, height=3), nearest(resource))
    move_to(field.center)
    drill = place_entity(Prototype.ElectricMiningDrill, Direction.RIGHT, field.center)
    connect_entities(drill, loader, Prototype.TransportBelt)
    powered += [loader, drill]
for consumer in powered:
    connect_entities(engine, consumer, Prototype.MediumElectricPole)

sleep(240)
made = inspect_inventory(store)[Prototype.ElectronicCircuit]
print(f"{made} circuits in four minutes")
assert made > 40, get_entities()
