"""One belt of ore shared out evenly between two lines of furnaces by a splitter."""


def fuelled(prototype, position, direction, coal):
    machine = place_entity(prototype, direction, position)
    return insert_item(Prototype.Coal, machine, quantity=coal)


ore = nearest(Resource.IronOre)
field = nearest_buildable(Prototype.BurnerMiningDrill, BuildingBox(width=4, height=5), ore)
move_to(field.center)
for column in (1, 3):
    fuelled(Prototype.BurnerMiningDrill, field.left_top + Position(x=column, y=1), Direction.DOWN, 10)
    fuelled(Prototype.BurnerMiningDrill, field.left_top + Position(x=column, y=4), Direction.UP, 10)
first = field.left_top + Position(x=0.5, y=2.5)

# The splitter stands across two tiles; a belt leads in on its upper one, two lead on.
site = nearest_buildable(Prototype.Splitter, BuildingBox(width=8, height=12), Position(x=0, y=0))
move_to(site.center)
middle = site.left_top + Position(x=1.5, y=6)
splitter = place_entity(Prototype.Splitter, Direction.RIGHT, middle)
print(splitter.input_positions, splitter.output_positions)
ends = []
for side, direction in ((-1, Direction.UP), (1, Direction.DOWN)):
    out = middle + Position(x=1, y=0.5 * side)
    end = out + Position(x=3, y=0)
    connect_entities(out, end, Prototype.TransportBelt)
    fuelled(Prototype.BurnerInserter, end + Position(x=0, y=side), direction, 2)
    furnace = fuelled(Prototype.StoneFurnace, end + Position(x=0.5, y=2.5 * side), Direction.UP, 5)
    ends.append(furnace)

line = connect_entities(first, first.right(3), Prototype.TransportBelt)
line = connect_entities(line, splitter, Prototype.TransportBelt)

sleep(60)
counts = [get_entity(Prototype.StoneFurnace, furnace.position).furnace_result[Prototype.IronPlate] for furnace in ends]
print(counts)
assert min(counts) > 0 and abs(counts[0] - counts[1]) <= 1, f"not shared evenly: {counts}"
