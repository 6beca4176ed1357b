"""A chest of mixed plates sorted by filtering inserters; long-handed ones reach over what stands between."""

water = nearest(Resource.Water)
move_to(water)
pump = place_entity(Prototype.OffshorePump, position=water)
site = nearest_buildable(Prototype.Boiler, BuildingBox(width=5, height=5), pump.position)
move_to(site.center)
boiler = place_entity(Prototype.Boiler, position=site.center)
insert_item(Prototype.Coal, boiler, quantity=20)
site = nearest_buildable(Prototype.SteamEngine, BuildingBox(width=7, height=9), boiler.position)
move_to(site.center)
engine = place_entity(Prototype.SteamEngine, position=site.center)
connect_entities(pump, boiler, Prototype.Pipe)
connect_entities(boiler, engine, Prototype.Pipe)

site = nearest_buildable(Prototype.WoodenChest, BuildingBox(width=13, height=7), engine.position)
move_to(site.center)
middle = Position(x=site.left_top.x + 6.5, y=site.left_top.y + 3.5)
mixed = place_entity(Prototype.WoodenChest, position=middle)
for item in (Prototype.IronPlate, Prototype.CopperPlate):
    insert_item(item, mixed, quantity=40)

sorted_goods = {}
for item, direction, step in (
    (Prototype.IronPlate, Direction.LEFT, -1),
    (Prototype.CopperPlate, Direction.RIGHT, 1),
):
    picker = place_entity(Prototype.FilterInserter, direction, middle + Position(x=step, y=0))
    picker = set_entity_recipe(picker, item)
    between = place_entity(Prototype.WoodenChest, position=picker.drop_position)
    # Two tiles either way: over the wall, into the chest beyond.
    arm = place_entity(Prototype.LongHandedInserter, direction, between.position + Position(x=2 * step, y=0))
    place_entity(Prototype.StoneWall, position=between.position + Position(x=step, y=0))
    sorted_goods[item] = place_entity(Prototype.WoodenChest, position=arm.drop_position)
    for machine in (picker, arm):
        connect_entities(engine, machine, Prototype.SmallElectricPole)

sleep(60)
for item, chest in sorted_goods.items():
    inventory = get_entity(Prototype.WoodenChest, chest.position).inventory
    print(item, inventory)
    assert inventory[item] == 40 and len(inventory) == 1, inventory
