"""Smelts iron in a furnace that is filled and emptied by hand."""

coal = nearest(Resource.Coal)
move_to(coal)
harvest_resource(coal, quantity=5)
ore = nearest(Resource.IronOre)
move_to(ore)
harvest_resource(ore, quantity=10)

furnace = place_entity_next_to(Prototype.StoneFurnace, ore, Direction.RIGHT, spacing=1)
furnace = insert_item(Prototype.Coal, furnace, quantity=5)
furnace = insert_item(Prototype.IronOre, furnace, quantity=10)

while get_entity(Prototype.StoneFurnace, furnace.position).furnace_source[Prototype.IronOre] > 0:
    sleep(1)
sleep(4)

plates = extract_item(Prototype.IronPlate, furnace, quantity=10)
print(f"took {plates} plates out of the furnace")
craft_item(Prototype.IronGearWheel, quantity=plates // 2)
