"""Logistic science from plates: seven machines in two rows pass gears, cable and circuits to where they are used.

cable -> circuits -> inserters <- gears
                         |
gears -> belts ---->  science  -> chest
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


def feed(machine, item, amount, side=Direction.UP):
    """A chest of plates with an inserter into a machine."""
    back = Direction.DOWN if side == Direction.UP else Direction.UP
    loader = rotate_entity(place_entity_next_to(Prototype.Inserter, machine.position, side), back)
    insert_item(item, place_entity_next_to(Prototype.IronChest, loader.position, side), amount)
    return loader


def beside(machine, side, recipe):
    """The next machine in a chain and the inserter that carries from one to the other."""
    carrier = place_entity_next_to(Prototype.Inserter, machine.position, side)
    following = place_entity_next_to(Prototype.AssemblingMachine2, carrier.position, side)
    return set_entity_recipe(following, recipe), carrier


engine = power_plant(2)
works = nearest_buildable(Prototype.AssemblingMachine2, BuildingBox(width=20, height=14), Position(0, 0))
move_to(works.center)
cable = place_entity(Prototype.AssemblingMachine2, Direction.UP, works.left_top + Position(3.5, 4.5))
cable = set_entity_recipe(cable, Prototype.CopperCable)
circuits, to_circuits = beside(cable, Direction.RIGHT, Prototype.ElectronicCircuit)
arms, to_arms = beside(circuits, Direction.RIGHT, Prototype.Inserter)
gears, gears_back = beside(arms, Direction.RIGHT, Prototype.IronGearWheel)
gears_back = rotate_entity(gears_back, Direction.LEFT)
science, to_science = beside(arms, Direction.DOWN, Prototype.LogisticsSciencePack)
belts, belts_back = beside(science, Direction.LEFT, Prototype.TransportBelt)
belts_back = rotate_entity(belts_back, Direction.RIGHT)
more_gears, more_back = beside(belts, Direction.LEFT, Prototype.IronGearWheel)
more_back = rotate_entity(more_back, Direction.RIGHT)
unloader = place_entity_next_to(Prototype.Inserter, science.position, Direction.RIGHT)
store = place_entity(Prototype.IronChest, Direction.UP, unloader.drop_position)

powered = [cable, circuits, to_circuits, arms, to_arms, gears, gears_back, science, to_science]
powered += [belts, belts_back, more_gears, more_back, unloader]
powered.append(feed(cable, Prototype.CopperPlate, 100))
powered += [feed(machine, Prototype.IronPlate, 100) for machine in (circuits, arms, gears)]
powered += [feed(machine, Prototype.IronPlate, 100, Direction.DOWN) for machine in (belts, more_gears)]
for machine in powered:
    connect_entities(engine, machine, Prototype.MediumElectricPole)

sleep(300)
packs = inspect_inventory(store)[Prototype.LogisticsSciencePack]
print(f"{packs} logistic science packs in five minutes")
assert packs > 0
