"""Electronic circuits: two cable machines hand their cable straight to the circuit machine between them."""

water = nearest(Resource.Water)
move_to(water)
pump = place_entity(Prototype.OffshorePump, Direction.UP, water)
site = nearest_buildable(Prototype.Boiler, BuildingBox(width=8, height=18), pump.position)
move_to(site.left_bottom + Position(3, -6))
boiler = place_entity(Prototype.Boiler, Direction.UP, site.left_bottom + Position(3, -2))
insert_item(Prototype.Coal, boiler, 50)
engine = place_entity_next_to(Prototype.SteamEngine, boiler.position, Direction.UP, spacing=1)
connect_entities(pump, boiler, Prototype.Pipe)
connect_entities(boiler, engine, Prototype.Pipe)

works = nearest_buildable(Prototype.AssemblingMachine1, BuildingBox(width=19, height=9), Position(0, 0))
move_to(works.center)
middle = place_entity(Prototype.AssemblingMachine1, Direction.UP, works.center)
middle = set_entity_recipe(middle, Prototype.ElectronicCircuit)

powered = [middle]
for side in (Direction.LEFT, Direction.RIGHT):
    # One inserter carries cable to the middle, so it faces back towards it.
    carrier = place_entity_next_to(Prototype.Inserter, middle.position, side)
    powered.append(rotate_entity(carrier, Direction.RIGHT if side == Direction.LEFT else Direction.LEFT))
    cables = place_entity_next_to(Prototype.AssemblingMachine1, carrier.position, side)
    powered.append(set_entity_recipe(cables, Prototype.CopperCable))
    loader = place_entity_next_to(Prototype.Inserter, cables.position, Direction.UP)
    powered.append(rotate_entity(loader, Direction.DOWN))
    chest = place_entity(Prototype.IronChest, Direction.UP, loader.position.up())
    insert_item(Prototype.CopperPlate, chest, 150)

loader = rotate_entity(place_entity_next_to(Prototype.Inserter, middle.position, Direction.UP), Direction.DOWN)
insert_item(Prototype.IronPlate, place_entity(Prototype.IronChest, Direction.UP, loader.position.up()), 200)
unloader = place_entity_next_to(Prototype.Inserter, middle.position, Direction.DOWN)
store = place_entity(Prototype.IronChest, Direction.UP, unloader.drop_position)
for machine in [*powered, loader, unloader]:
    connect_entities(engine, machine, Prototype.MediumElectricPole)

sleep(120)
made = inspect_inventory(store)[Prototype.ElectronicCircuit]
print(f"{made} circuits in two minutes")
assert made > 50, get_entities({Prototype.AssemblingMachine1, Prototype.Inserter})
