"""Looks around: where each resource is, how far away and how much of it there is. Builds nothing."""

start = Position(x=0, y=0)
for resource in (Resource.IronOre, Resource.CopperOre, Resource.Coal, Resource.Stone, Resource.Water, Resource.Wood):
    found = nearest(resource)
    patch = get_resource_patch(resource, found)
    box = patch.bounding_box
    print(f"{patch.name}: {patch.size} in {box.width():.0f}x{box.height():.0f} tiles, {found.distance(start):.0f} away")

inventory = inspect_inventory()
print(f"{inventory[Prototype.Coal]} coal, {inventory[Prototype.BurnerMiningDrill]} burner drills")
gear = get_prototype_recipe(Prototype.IronGearWheel)
print("a gear takes", [(part.name, part.count) for part in gear.ingredients])
