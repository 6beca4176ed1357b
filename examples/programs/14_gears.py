"""An assembling machine that makes gears from a chest of plates into another chest."""

water = nearest(Resource.Water)
move_to(water)
pump = place_entity(Prototype.OffshorePump, position=water)
site = nearest_buildable(Prototype.Boiler, BuildingBox(width=5, height=5), pump.position)
move_to(site.center)
boiler = place_entity(Prototype.Boiler, position=site.center)
insert_item(Prototype.Coal, boiler, quantity=20)
site = nearest_buildable(Prototype.SteamEngine, BuildingBox(width=7, height=9), boiler.position)
move_to(site.center)
engine = place_entity(Prototype.SteamEngine, position=site.center)
connect_entities(pump, boiler, Prototype.Pipe)
connect_entities(boiler, engine, Prototype.Pipe)

site = nearest_buildable(Prototype.AssemblingMachine1, BuildingBox(width=9, height=5), engine.position)
move_to(site.center)
assembler = place_entity(Prototype.AssemblingMachine1, position=site.center)
assembler = set_entity_recipe(assembler, Prototype.IronGearWheel)
feeder = rotate_entity(place_entity_next_to(Prototype.Inserter, assembler.position, Direction.LEFT), Direction.RIGHT)
taker = place_entity_next_to(Prototype.Inserter, assembler.position, Direction.RIGHT)
plates = place_entity(Prototype.WoodenChest, position=feeder.pickup_position)
goods = place_entity(Prototype.WoodenChest, position=taker.drop_position)
insert_item(Prototype.IronPlate, plates, quantity=300)
for machine in (feeder, assembler, taker):
    connect_entities(engine, machine, Prototype.SmallElectricPole)

sleep(60)
assembler = get_entity(Prototype.AssemblingMachine1, assembler.position)
goods = get_entity(Prototype.WoodenChest, goods.position)
print(assembler.status, assembler.warnings, goods.inventory)
assert goods.inventory[Prototype.IronGearWheel] > 0
