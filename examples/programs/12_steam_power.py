"""Water, a boiler and a steam engine, and a radar and a lamp on them."""

water = nearest(Resource.Water)
move_to(water)
pump = place_entity(Prototype.OffshorePump, position=water)

site = nearest_buildable(Prototype.Boiler, BuildingBox(width=5, height=5), pump.position)
move_to(site.center)
boiler = place_entity(Prototype.Boiler, Direction.UP, site.center)
boiler = insert_item(Prototype.Coal, boiler, quantity=10)
site = nearest_buildable(Prototype.SteamEngine, BuildingBox(width=7, height=9), boiler.position)
move_to(site.center)
engine = place_entity(Prototype.SteamEngine, Direction.UP, site.center)

water_pipes = connect_entities(pump, boiler, Prototype.Pipe)
steam_pipes = connect_entities(boiler, engine, Prototype.Pipe)
site = nearest_buildable(Prototype.Radar, BuildingBox(width=5, height=7), engine.position)
move_to(site.center)
radar = place_entity(Prototype.Radar, position=site.left_top + Position(x=2.5, y=2.5))
lamp = place_entity_next_to(Prototype.SmallLamp, radar.position, Direction.DOWN, spacing=1)
connect_entities(engine, radar, lamp, Prototype.SmallElectricPole)

sleep(20)
for prototype, place in ((Prototype.Boiler, boiler), (Prototype.SteamEngine, engine), (Prototype.Radar, radar)):
    machine = get_entity(prototype, place.position)
    print(machine.name, machine.status, machine.warnings)
    assert machine.status == EntityStatus.WORKING
lamp = get_entity(Prototype.SmallLamp, lamp.position)
print(lamp.status, "with", lamp.energy, "J")
assert lamp.energy > 0
