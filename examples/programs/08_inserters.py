"""A furnace that inserters fill from one chest and empty into another."""

ORE = 20

ore = nearest(Resource.IronOre)
move_to(ore)
harvest_resource(ore, quantity=ORE)

box = nearest_buildable(Prototype.StoneFurnace, BuildingBox(width=8, height=4), ore)
move_to(box.center)
furnace = place_entity(Prototype.StoneFurnace, position=box.center)
insert_item(Prototype.Coal, furnace, quantity=5)

# The taker drops away from the furnace as placed; the feeder has to be turned towards it.
taker = place_entity_next_to(Prototype.BurnerInserter, furnace.position, Direction.RIGHT)
feeder = place_entity_next_to(Prototype.BurnerInserter, furnace.position, Direction.LEFT)
feeder = rotate_entity(feeder, Direction.RIGHT)
for inserter in (feeder, taker):
    insert_item(Prototype.Coal, inserter, quantity=1)
store = place_entity(Prototype.WoodenChest, position=feeder.pickup_position)
goods = place_entity(Prototype.WoodenChest, position=taker.drop_position)
insert_item(Prototype.IronOre, store, quantity=ORE)

sleep(ORE * 3.2 + 10)
goods = get_entity(Prototype.WoodenChest, goods.position)
print(goods.inventory)
assert goods.inventory[Prototype.IronPlate] == ORE
