"""A burner drill that mines iron ore into a chest."""

ore = nearest(Resource.IronOre)
move_to(ore)
drill = place_entity(Prototype.BurnerMiningDrill, position=ore, direction=Direction.DOWN)
drill = insert_item(Prototype.Coal, drill, quantity=5)
chest = place_entity(Prototype.WoodenChest, position=drill.drop_position)

sleep(40)
drill = get_entity(Prototype.BurnerMiningDrill, drill.position)
chest = get_entity(Prototype.WoodenChest, chest.position)
print(drill.status, chest.inventory)
assert drill.status == EntityStatus.WORKING, drill.warnings
