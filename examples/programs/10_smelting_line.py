"""Six drills on one belt, four furnaces along it, and each furnace with a chest for its plates."""

DRILLS, FURNACES = 6, 4
GAP = 3


def fuelled(prototype, position, direction, coal):
    machine = place_entity(prototype, direction, position)
    return insert_item(Prototype.Coal, machine, quantity=coal)


# Drills in two rows, each dropping onto the belt between them.
ore = nearest(Resource.IronOre)
box = nearest_buildable(Prototype.BurnerMiningDrill, BuildingBox(width=DRILLS, height=5), ore)
move_to(box.center)
drills = []
for column in range(DRILLS // 2):
    x = 1 + 2 * column
    drills.append(fuelled(Prototype.BurnerMiningDrill, box.left_top + Position(x=x, y=1), Direction.DOWN, 10))
    drills.append(fuelled(Prototype.BurnerMiningDrill, box.left_top + Position(x=x, y=4), Direction.UP, 10))

# The row of furnaces: belt above, inserter, furnace, inserter, chest below.
site = nearest_buildable(Prototype.StoneFurnace, BuildingBox(width=GAP * FURNACES + 2, height=7), Position(x=0, y=0))
move_to(site.center)
start = site.left_top + Position(x=1.5, y=0.5)
chests = []
for rank in range(FURNACES):
    at = start + Position(x=GAP * rank, y=0)
    fuelled(Prototype.StoneFurnace, at.below(2.5) + Position(x=0.5, y=0), Direction.UP, 5)
    fuelled(Prototype.BurnerInserter, at.below(1), Direction.DOWN, 2)
    fuelled(Prototype.BurnerInserter, at.below(4), Direction.DOWN, 2)
    chests.append(place_entity(Prototype.WoodenChest, position=at.below(5)))

first = Position(x=box.left_top.x + 0.5, y=box.left_top.y + 2.5)
end = start + Position(x=GAP * FURNACES - 2, y=0)
collected = connect_entities(first, first.right(DRILLS - 1), Prototype.TransportBelt)
belts = connect_entities(collected, start.left(1), end, Prototype.TransportBelt)
print(len(belts.belts), "belts", belts.status)

sleep(120)
for chest in chests:
    print(get_entity(Prototype.WoodenChest, chest.position).inventory)
