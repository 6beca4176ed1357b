"""From nothing: mines stone, crafts a furnace, smelts iron in it by hand and makes gears of the plates."""

for resource, quantity in ((Resource.Stone, 5), (Resource.Coal, 5), (Resource.IronOre, 10)):
    place = nearest(resource)
    move_to(place)
    harvest_resource(place, quantity=quantity)
craft_item(Prototype.StoneFurnace)

box = nearest_buildable(Prototype.StoneFurnace, BuildingBox(width=2, height=2), place)
move_to(box.center)
furnace = place_entity(Prototype.StoneFurnace, position=box.center)
print(furnace.status, furnace.warnings)

furnace = insert_item(Prototype.Coal, furnace, quantity=5)
furnace = insert_item(Prototype.IronOre, furnace, quantity=10)
while furnace.furnace_source[Prototype.IronOre] > 0:
    sleep(1)
    furnace = get_entity(Prototype.StoneFurnace, furnace.position)
sleep(4)

plates = extract_item(Prototype.IronPlate, furnace, quantity=10)
print(f"took {plates} plates out of the furnace")
craft_item(Prototype.IronGearWheel, quantity=plates // 2)
