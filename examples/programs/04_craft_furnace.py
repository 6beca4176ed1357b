"""Mines stone, crafts a furnace of it and sets it up beside the stone."""

stone = nearest(Resource.Stone)
move_to(stone)
harvest_resource(stone, quantity=10)

recipe = get_prototype_recipe(Prototype.StoneFurnace)
furnaces = inspect_inventory()[Prototype.Stone] // recipe.ingredients[0].count
craft_item(Prototype.StoneFurnace, quantity=furnaces)

box = nearest_buildable(Prototype.StoneFurnace, BuildingBox(width=2, height=2), stone)
move_to(box.center)
furnace = place_entity(Prototype.StoneFurnace, position=box.center)
print(furnace.status, furnace.warnings)
