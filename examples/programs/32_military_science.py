"""Military science: magazines to piercing rounds, grenades and walls, all three into the science machine.

             walls
               |
magazines -> rounds -> science <- grenades
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


def feed(machine, side, item, amount):
    """A chest of one ingredient on a side of a machine, with an inserter into it."""
    back = {Direction.UP: Direction.DOWN, Direction.DOWN: Direction.UP, Direction.LEFT: Direction.RIGHT}[side]
    loader = rotate_entity(place_entity_next_to(Prototype.Inserter, machine.position, side), back)
    insert_item(item, place_entity_next_to(Prototype.IronChest, loader.position, side), amount)
    return loader


def feed_both(machine, side, items):
    """Two ingredients from one side, their inserters next to one another at the machine's edge."""
    loaders = []
    for index, (item, amount) in enumerate(items.items()):
        place = machine.position + Position(2 * index - 1, 2 if side == Direction.DOWN else -2)
        loader = place_entity(Prototype.Inserter, Direction.UP if side == Direction.DOWN else Direction.DOWN, place)
        insert_item(item, place_entity_next_to(Prototype.IronChest, loader.position, side), amount)
        loaders.append(loader)
    return loaders


def beside(machine, side, recipe):
    """The machine on that side and the inserter that carries back from it."""
    carrier = place_entity_next_to(Prototype.Inserter, machine.position, side)
    following = place_entity_next_to(Prototype.AssemblingMachine2, carrier.position, side)
    back = {Direction.UP: Direction.DOWN, Direction.LEFT: Direction.RIGHT, Direction.RIGHT: Direction.LEFT}[side]
    return set_entity_recipe(following, recipe), rotate_entity(carrier, back)


engine = power_plant(2)
works = nearest_buildable(Prototype.AssemblingMachine2, BuildingBox(width=20, height=18), Position(0, 0))
move_to(works.center)
science = place_entity(Prototype.AssemblingMachine2, Direction.UP, works.center + Position(0.5, 0.5))
science = set_entity_recipe(science, Prototype.MilitarySciencePack)
rounds, rounds_back = beside(science, Direction.LEFT, Prototype.PiercingRoundsMagazine)
magazines, magazines_back = beside(rounds, Direction.LEFT, Prototype.FirearmMagazine)
grenades, grenades_back = beside(science, Direction.RIGHT, Prototype.Grenade)
walls, walls_back = beside(science, Direction.UP, Prototype.StoneWall)
unloader = place_entity_next_to(Prototype.Inserter, science.position, Direction.DOWN)
store = place_entity_next_to(Prototype.IronChest, unloader.position, Direction.DOWN)

powered = [science, rounds, rounds_back, magazines, magazines_back, grenades, grenades_back, walls, walls_back]
powered += [unloader, feed(magazines, Direction.UP, Prototype.IronPlate, 80)]
powered.append(feed(walls, Direction.UP, Prototype.StoneBrick, 100))
move_to(rounds.position.below(4))
powered += feed_both(rounds, Direction.DOWN, {Prototype.CopperPlate: 100, Prototype.SteelPlate: 20})
move_to(grenades.position.below(4))
powered += feed_both(grenades, Direction.DOWN, {Prototype.IronPlate: 50, Prototype.Coal: 100})
for machine in powered:
    connect_entities(engine, machine, Prototype.MediumElectricPole)

sleep(180)
packs = inspect_inventory(store)[Prototype.MilitarySciencePack]
print(f"{packs} military science packs in three minutes")
for machine in get_entities({Prototype.AssemblingMachine2}):
    print(machine.recipe, machine.status, machine.warnings)
assert packs > 0
