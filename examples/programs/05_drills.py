"""Burner drills that need nobody to carry the ore: one fills a chest, one feeds a furnace."""

ore = nearest(Resource.IronOre)
box = nearest_buildable(Prototype.BurnerMiningDrill, BuildingBox(width=2, height=2), ore)
move_to(box.center)
miner = place_entity(Prototype.BurnerMiningDrill, Direction.DOWN, box.center)
miner = insert_item(Prototype.Coal, miner, quantity=5)
chest = place_entity(Prototype.WoodenChest, position=miner.drop_position)

box = nearest_buildable(Prototype.BurnerMiningDrill, BuildingBox(width=2, height=4), ore)
move_to(box.center)
feeder = place_entity(Prototype.BurnerMiningDrill, Direction.UP, box.left_top + Position(x=1, y=3))
feeder = insert_item(Prototype.Coal, feeder, quantity=5)
furnace = place_entity_next_to(Prototype.StoneFurnace, feeder.position, Direction.UP)
furnace = insert_item(Prototype.Coal, furnace, quantity=5)

sleep(40)
for drill in (miner, feeder):
    drill = get_entity(Prototype.BurnerMiningDrill, drill.position)
    print(drill.status, drill.warnings)
    assert drill.status == EntityStatus.WORKING
print(get_entity(Prototype.WoodenChest, chest.position).inventory)
print(get_entity(Prototype.StoneFurnace, furnace.position).furnace_result)
