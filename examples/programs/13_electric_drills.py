"""A power plant at the lake, poles to the iron field, and electric drills there that fill chests."""

DRILLS = 4


def build_plant():
    """A pump, a boiler and an engine, all connected; gives the engine."""
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
    return engine


engine = build_plant()
ore = nearest(Resource.IronOre)
box = nearest_buildable(Prototype.ElectricMiningDrill, BuildingBox(width=3 * DRILLS, height=4), ore)
drills = []
for rank in range(DRILLS):
    place = box.left_top + Position(x=1.5 + 3 * rank, y=1.5)
    move_to(place)
    drill = place_entity(Prototype.ElectricMiningDrill, Direction.DOWN, place)
    place_entity(Prototype.IronChest, position=drill.drop_position)
    drills.append(drill)

poles = connect_entities(engine, drills[0], Prototype.SmallElectricPole)
print(f"{len(poles.poles)} poles to the first drill")
for drill in drills[1:]:
    poles = connect_entities(poles, drill, Prototype.SmallElectricPole)

sleep(30)
for drill in drills:
    drill = get_entity(Prototype.ElectricMiningDrill, drill.position)
    print(drill.status, drill.warnings)
    assert drill.status == EntityStatus.WORKING
