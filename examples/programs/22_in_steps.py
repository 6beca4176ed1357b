"""Step 1: a power plant by the lake."""

water = nearest(Resource.Water)
move_to(water)
pump = place_entity(Prototype.OffshorePump, position=water)
site = nearest_buildable(Prototype.Boiler, BuildingBox(width=5, height=5), pump.position)
move_to(site.center)
boiler = place_entity(Prototype.Boiler, position=site.center)
insert_item(Prototype.Coal, boiler, quantity=50)
site = nearest_buildable(Prototype.SteamEngine, BuildingBox(width=7, height=9), boiler.position)
move_to(site.center)
engine = place_entity(Prototype.SteamEngine, position=site.center)
connect_entities(pump, boiler, Prototype.Pipe)
connect_entities(boiler, engine, Prototype.Pipe)

"""Step 2: electric drills on iron and on copper, each onto a belt of its own."""


def mine(resource):
    """Two drills side by side and the belt below them; gives the belt."""
    box = nearest_buildable(Prototype.ElectricMiningDrill, BuildingBox(width=6, height=4), nearest(resource))
    drills = []
    for rank in range(2):
        at = box.left_top + Position(x=1.5 + 3 * rank, y=1.5)
        move_to(at)
        drills.append(place_entity(Prototype.ElectricMiningDrill, Direction.DOWN, at))
    belt = connect_entities(drills[0].drop_position, drills[1].drop_position.right(3), Prototype.TransportBelt)
    connect_entities(engine, *drills, Prototype.MediumElectricPole)
    return belt


belts = {Prototype.IronPlate: mine(Resource.IronOre), Prototype.CopperPlate: mine(Resource.CopperOre)}

"""Step 3: an electric furnace at the end of each belt, its plates into a chest."""


def smelt(belt):
    """Furnace and chest right of where the belt ends; gives the chest."""
    end = belt.outputs[0].position
    move_to(end)
    feeder = place_entity(Prototype.Inserter, Direction.RIGHT, end.right(1))
    furnace = place_entity(Prototype.ElectricFurnace, position=end.right(3))
    taker = place_entity(Prototype.Inserter, Direction.RIGHT, end.right(5))
    chest = place_entity(Prototype.WoodenChest, position=taker.drop_position)
    connect_entities(engine, feeder, furnace, taker, Prototype.MediumElectricPole)
    return chest


chests = {plate: smelt(belt) for plate, belt in belts.items()}

"""Step 4: let it run, and look."""

sleep(60)
for plate, chest in chests.items():
    inventory = get_entity(Prototype.WoodenChest, chest.position).inventory
    print(plate, inventory[plate])
    assert inventory[plate] > 0
