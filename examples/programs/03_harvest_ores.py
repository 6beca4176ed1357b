"""Mines some of every ore by hand."""

WANTED = {Resource.Stone: 10, Resource.Coal: 10, Resource.IronOre: 8, Resource.CopperOre: 5}

for resource, quantity in WANTED.items():
    place = nearest(resource)
    move_to(place)
    gathered = harvest_resource(place, quantity=quantity)
    print(f"{gathered} {resource[0]} near {place}")

inventory = inspect_inventory()
for resource, quantity in WANTED.items():
    assert inventory[resource] >= quantity, f"only {inventory[resource]} {resource[0]}"
