"""Ore from a drill over a belt to a furnace a few tiles off the field."""

ore = nearest(Resource.IronOre)
box = nearest_buildable(Prototype.BurnerMiningDrill, BuildingBox(width=2, height=2), ore)
move_to(box.center)
drill = place_entity(Prototype.BurnerMiningDrill, position=box.center, direction=Direction.DOWN)
insert_item(Prototype.Coal, drill, quantity=5)

free = nearest_buildable(Prototype.AssemblingMachine1, BuildingBox(width=5, height=5), Position(x=0, y=-8))
move_to(free.center)
furnace = place_entity(Prototype.StoneFurnace, position=free.center)
insert_item(Prototype.Coal, furnace, quantity=5)
inserter = place_entity_next_to(Prototype.BurnerInserter, furnace.position, Direction.UP)
inserter = rotate_entity(inserter, Direction.DOWN)
insert_item(Prototype.Coal, inserter, quantity=1)

plan = connect_entities(drill, inserter, Prototype.TransportBelt, dry_run=True)
print(plan)
belts = connect_entities(drill, inserter, Prototype.TransportBelt)
print(belts.outputs[0].position, inserter.pickup_position)

sleep(60)
furnace = get_entity(Prototype.StoneFurnace, furnace.position)
print(furnace.furnace_result)
assert furnace.furnace_result[Prototype.IronPlate] > 0, furnace.warnings
