"""A burner drill that drops its ore straight into a furnace."""

ore = nearest(Resource.IronOre)
box = nearest_buildable(Prototype.BurnerMiningDrill, BuildingBox(width=2, height=2), ore)
move_to(box.center)
drill = place_entity(Prototype.BurnerMiningDrill, position=box.center, direction=Direction.UP)
drill = insert_item(Prototype.Coal, drill, quantity=5)

furnace = place_entity_next_to(Prototype.StoneFurnace, drill.position, Direction.UP)
furnace = insert_item(Prototype.Coal, furnace, quantity=5)

sleep(30)
drill = get_entity(Prototype.BurnerMiningDrill, drill.position)
furnace = get_entity(Prototype.StoneFurnace, furnace.position)
print(drill.status, drill.warnings)
print(furnace.status, furnace.furnace_result)
