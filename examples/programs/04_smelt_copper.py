"""Smelts copper in three furnaces at once and makes cable of it."""

FURNACES = 3
ORE_EACH = 6

ore = nearest(Resource.CopperOre)
move_to(ore)
harvest_resource(ore, quantity=FURNACES * ORE_EACH)

box = nearest_buildable(Prototype.StoneFurnace, BuildingBox(width=3 * FURNACES, height=2), ore)
move_to(box.center)
furnaces = []
for rank in range(FURNACES):
    furnace = place_entity(Prototype.StoneFurnace, position=box.left_top + Position(x=1 + 3 * rank, y=1))
    insert_item(Prototype.Coal, furnace, quantity=2)
    furnaces.append(insert_item(Prototype.CopperOre, furnace, quantity=ORE_EACH))

seconds_a_plate = 3.2
sleep(ORE_EACH * seconds_a_plate + 1)

plates = sum(extract_item(Prototype.CopperPlate, furnace, quantity=ORE_EACH) for furnace in furnaces)
print(f"{plates} copper plates")
craft_item(Prototype.CopperCable, quantity=2 * plates)
