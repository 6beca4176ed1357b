"""Red and green science from ore, on steam: a belt with iron plates on one lane and copper on the other runs round a
block of eight machines that hand one another what they make.

        +------------- plates, back along the top ------------+
      gears -> belts -> GREEN -> chest                        |
                          ^                                   |
      cable -> circuits -> inserters <- gears -> RED -> chest |
    furnaces ------------- plates, along the bottom ----------+
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


PITCH = 4
powered = []


def machine(prototype, column, row, recipe=None):
    """A machine in the block; row 0 is the upper one."""
    place = block + Position(PITCH * column, PITCH * row)
    move_to(place + Position(0, 2))
    built = place_entity(prototype, Direction.UP, place)
    powered.append(built)
    return set_entity_recipe(built, recipe) if recipe else built


def arm(position, direction):
    """An inserter that drops to the side it faces."""
    move_to(position + Position(2, 2))
    powered.append(place_entity(Prototype.Inserter, direction, position))
    return powered[-1]


def mine(resource, count):
    """Drills in a column on a field, facing right."""
    field = nearest_buildable(Prototype.ElectricMiningDrill, BuildingBox(width=3, height=3 * count), nearest(resource))
    move_to(field.center)
    drills = []
    for index in range(count):
        place = field.left_top + Position(1.5, 1.5 + 3 * index)
        drills.append(place_entity(Prototype.ElectricMiningDrill, Direction.RIGHT, place))
    powered.extend(drills)
    return drills


engine = power_plant(3)

# Coal for the boilers: burner inserters help themselves to what they carry, so the plant starts and goes on by itself.
feeders = []
for boiler in get_entities({Prototype.Boiler}):
    feeder = place_entity_next_to(Prototype.BurnerInserter, boiler.position, Direction.DOWN)
    feeder = rotate_entity(feeder, Direction.UP)
    feeders.append(insert_item(Prototype.Coal, feeder, 2))
coal_drills = mine(Resource.Coal, 2)
line = connect_entities(coal_drills[0], *feeders, Prototype.TransportBelt)
connect_entities(coal_drills[1], line, Prototype.TransportBelt)

site = nearest_buildable(Prototype.AssemblingMachine2, BuildingBox(width=34, height=20), Position(0, 0))
corner = site.left_top
bus_y = 13.5

# Furnaces left of the block: iron above the bus, copper below it; each drops on the far lane.
loaders = {Prototype.IronPlate: [], Prototype.CopperPlate: []}
for metal, columns, side in ((Prototype.IronPlate, (2.5, 6.5), -1), (Prototype.CopperPlate, (2.5, 6.5), 1)):
    for column in columns:
        place = corner + Position(column, bus_y + 3 * side)
        move_to(place + Position(2, 2))
        powered.append(place_entity(Prototype.ElectricFurnace, Direction.UP, place))
        inward, outward = (Direction.DOWN, Direction.UP) if side < 0 else (Direction.UP, Direction.DOWN)
        arm(corner + Position(column, bus_y + side), inward)
        loaders[metal].append(arm(corner + Position(column, bus_y + 5 * side), inward))

# The bus runs along the bottom, up on the right and back along the top.
block = corner + Position(12.5, 6.5)
turns = [(2.5, bus_y), (31.5, bus_y), (31.5, 3.5), (11.5, 3.5)]
print(connect_entities(*[corner + Position(x, y) for x, y in turns], Prototype.TransportBelt))

# The block: what each machine makes, and the arms between neighbours.
gears = machine(Prototype.AssemblingMachine2, 0, 0, Prototype.IronGearWheel)
belts = machine(Prototype.AssemblingMachine2, 1, 0, Prototype.TransportBelt)
green = machine(Prototype.AssemblingMachine2, 2, 0, Prototype.LogisticsSciencePack)
cable = machine(Prototype.AssemblingMachine2, 0, 1, Prototype.CopperCable)
circuits = machine(Prototype.AssemblingMachine2, 1, 1, Prototype.ElectronicCircuit)
inserters = machine(Prototype.AssemblingMachine2, 2, 1, Prototype.Inserter)
more_gears = machine(Prototype.AssemblingMachine2, 3, 1, Prototype.IronGearWheel)
red = machine(Prototype.AssemblingMachine2, 4, 1, Prototype.AutomationSciencePack)
for column, row, direction in (
    (0, 0, Direction.RIGHT),
    (1, 0, Direction.RIGHT),
    (0, 1, Direction.RIGHT),
    (1, 1, Direction.RIGHT),
    (2, 1, Direction.LEFT),
    (3, 1, Direction.RIGHT),
):
    arm(block + Position(PITCH * column + 2, PITCH * row), direction)
arm(block + Position(PITCH * 2, 2), Direction.UP)
for column in range(5):
    arm(block + Position(PITCH * column, PITCH + 2), Direction.UP)
for column in range(2):
    arm(block + Position(PITCH * column, -2), Direction.DOWN)
stores = {}
for product, place in (
    (Prototype.LogisticsSciencePack, Position(PITCH * 2 + 2, 0)),
    (Prototype.AutomationSciencePack, Position(PITCH * 4, 2)),
):
    out = arm(block + place, Direction.RIGHT if place.y == 0 else Direction.UP)
    stores[product] = place_entity(Prototype.IronChest, Direction.UP, out.drop_position)

for resource, metal, count in (
    (Resource.IronOre, Prototype.IronPlate, 3),
    (Resource.CopperOre, Prototype.CopperPlate, 2),
):
    drills = mine(resource, count)
    line = connect_entities(drills[0], *loaders[metal], Prototype.TransportBelt)
    for drill in drills[1:]:
        connect_entities(drill, line, Prototype.TransportBelt)
for consumer in powered:
    connect_entities(engine, consumer, Prototype.MediumElectricPole)

sleep(600)
for product, store in stores.items():
    print(product.name, inspect_inventory(store)[product])
    assert inspect_inventory(store)[product] > 40
