"""Copper plates into cable, cable and iron plates into circuits: two assembling machines in a row."""

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
connect_entities(pump, boiler, connection_type=Prototype.Pipe)
connect_entities(boiler, engine, connection_type=Prototype.Pipe)

site = nearest_buildable(Prototype.AssemblingMachine1, BuildingBox(width=13, height=9), engine.position)
move_to(site.center)
row = site.left_top + Position(x=0.5, y=3.5)


def put(prototype, x, y=0, direction=Direction.RIGHT):
    return place_entity(prototype, direction, row + Position(x=x, y=y))


copper = put(Prototype.WoodenChest, 0)
into_cable = put(Prototype.Inserter, 1)
cable = set_entity_recipe(put(Prototype.AssemblingMachine1, 3), Prototype.CopperCable)
across = put(Prototype.Inserter, 5)
circuits = set_entity_recipe(put(Prototype.AssemblingMachine1, 7), Prototype.ElectronicCircuit)
out = put(Prototype.Inserter, 9)
goods = put(Prototype.WoodenChest, 10)
from_below = put(Prototype.Inserter, 7, 2, Direction.UP)
iron = put(Prototype.WoodenChest, 7, 3)

insert_item(Prototype.CopperPlate, copper, quantity=200)
insert_item(Prototype.IronPlate, iron, quantity=100)
connect_entities(engine, into_cable, cable, across, circuits, out, from_below, Prototype.SmallElectricPole)

sleep(60)
for machine in get_entities({Prototype.AssemblingMachine1}):
    print(machine.recipe.name, machine.status, machine.warnings)
print(get_entity(Prototype.WoodenChest, goods.position).inventory)
