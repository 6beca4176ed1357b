"""Gathers some of everything by hand, and makes chests of the wood."""

WANTED = {Resource.Wood: 10, Resource.Stone: 10, Resource.Coal: 10, Resource.IronOre: 8, Resource.CopperOre: 5}

for resource, quantity in WANTED.items():
    place = nearest(resource)
    move_to(place)
    gathered = harvest_resource(place, quantity=quantity)
    print(f"{gathered} {resource[0]} near {place}")

inventory = inspect_inventory()
for resource, quantity in WANTED.items():
    assert inventory[resource] >= quantity, f"only {inventory[resource]} {resource[0]}"

craft_item(Prototype.WoodenChest, quantity=2)
chest = place_entity_next_to(Prototype.WoodenChest, nearest(Resource.CopperOre), Direction.UP, spacing=1)
for ore in (Prototype.CopperOre, Prototype.IronOre):
    chest = insert_item(ore, chest, quantity=inventory[ore])
print(chest.inventory)
