"""Two furnaces in a row: ore into plates, plates into steel."""

ore = nearest(Resource.IronOre)
move_to(ore)
harvest_resource(ore, quantity=30)
site = nearest_buildable(Prototype.StoneFurnace, BuildingBox(width=12, height=4), ore)
move_to(site.center)

chest = place_entity(Prototype.WoodenChest, position=site.left_top + Position(x=0.5, y=1.5))
insert_item(Prototype.IronOre, chest, quantity=30)
previous, line = chest, []
for prototype in (Prototype.StoneFurnace, Prototype.StoneFurnace, Prototype.WoodenChest):
    inserter = place_entity_next_to(Prototype.BurnerInserter, previous.position, Direction.RIGHT)
    insert_item(Prototype.Coal, inserter, quantity=2)
    previous = place_entity_next_to(prototype, inserter.position, Direction.RIGHT)
    if prototype is Prototype.StoneFurnace:
        insert_item(Prototype.Coal, previous, quantity=5)
    line.append(previous)

sleep(130)
iron, steel, goods = (get_entity(prototype_by_name[machine.name], machine.position) for machine in line)
print(iron.furnace_result, steel.furnace_source, goods.inventory)
assert goods.inventory[Prototype.SteelPlate] >= 5
