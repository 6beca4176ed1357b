"""A belt that dives under a wall which stands in its way."""

site = nearest_buildable(Prototype.TransportBelt, BuildingBox(width=14, height=11), Position(x=0, y=0))
move_to(site.center)
middle = Position(x=site.left_top.x + 7.5, y=site.left_top.y + 5.5)
wall = connect_entities(middle.up(5), middle.down(5), Prototype.StoneWall)
print(len(wall.entities), "pieces of wall")

start, end = middle.left(6), middle.right(6)
plan = connect_entities(start, end, {Prototype.TransportBelt, Prototype.UndergroundBelt}, dry_run=True)
line = connect_entities(start, end, {Prototype.TransportBelt, Prototype.UndergroundBelt})
hidden = [belt for belt in line.belts if isinstance(belt, UndergroundBelt)]
print(plan, len(line.belts), "pieces of belt,", len(hidden), "of them underground")
assert hidden

# An inserter at each end: from a chest onto the belt, and off it into another.
loader = place_entity(Prototype.BurnerInserter, Direction.DOWN, start.up(1))
unloader = place_entity(Prototype.BurnerInserter, Direction.DOWN, end.down(1))
source = place_entity(Prototype.WoodenChest, position=loader.pickup_position)
goods = place_entity(Prototype.WoodenChest, position=unloader.drop_position)
for inserter in (loader, unloader):
    insert_item(Prototype.Coal, inserter, quantity=3)
insert_item(Prototype.IronPlate, source, quantity=20)

sleep(60)
goods = get_entity(Prototype.WoodenChest, goods.position)
print(goods.inventory)
assert goods.inventory[Prototype.IronPlate] == 20
