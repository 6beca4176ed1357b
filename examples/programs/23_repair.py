"""A plant that somebody left in a bad state; the second program finds out what is wrong and puts it right."""

ore = nearest(Resource.IronOre)
field = nearest_buildable(Prototype.BurnerMiningDrill, BuildingBox(width=4, height=4), ore)
move_to(field.center)
for column in (1, 3):  # one of the drills without fuel
    drill = place_entity(Prototype.BurnerMiningDrill, Direction.DOWN, field.left_top + Position(x=column, y=1))
    if column == 1:
        insert_item(Prototype.Coal, drill, quantity=1)
below = field.left_top + Position(x=0.5, y=2.5)
belt = connect_entities(below, below.right(4), Position(x=-0.5, y=-5.5), Prototype.TransportBelt)

end = belt.outputs[0].position
move_to(end)
furnace = place_entity(Prototype.StoneFurnace, position=end + Position(x=0.5, y=2.5))  # no fuel
feeder = place_entity(Prototype.BurnerInserter, Direction.UP, end.down(1))  # the wrong way round, no fuel
taker = place_entity(Prototype.BurnerInserter, Direction.DOWN, end.down(4))
insert_item(Prototype.Coal, taker, quantity=1)
place_entity(Prototype.WoodenChest, position=taker.drop_position)
gap = belt.belts[len(belt.belts) // 2]
pickup_entity(gap)

# %% Nothing is known but what can be seen.

BURNERS = {Prototype.BurnerMiningDrill, Prototype.StoneFurnace, Prototype.BurnerInserter}


def refuel():
    """Coal for everything that has none left."""
    for machine in get_entities(BURNERS):
        if machine.fuel[Prototype.Coal] == 0:
            print("no fuel in", machine.name, "at", machine.position)
            move_to(machine.position)
            insert_item(Prototype.Coal, machine, quantity=5)


def close_gaps():
    """Joins pieces of belt that end right before another piece begins."""
    lines = get_entities({Prototype.BeltGroup})
    for line in lines:
        for last in line.outputs:
            for other in lines:
                first = other.inputs[0] if other.inputs else None
                if first and 1 < last.position.distance(first.position) < 3 and last.direction == first.direction:
                    print("gap after", last.position)
                    move_to(last.position)
                    place_entity(Prototype.TransportBelt, last.direction, last.output_position)


def turn_inserters():
    """An inserter that would take from a furnace to a belt is the wrong way round."""
    belts = [belt.position for belt in get_entities({Prototype.TransportBelt})]
    for inserter in get_entities({Prototype.BurnerInserter}):
        if any(inserter.drop_position.is_close(place) for place in belts):
            print("turned", inserter.position)
            rotate_entity(inserter, Direction.DOWN)


refuel()
close_gaps()
turn_inserters()
sleep(60)
for machine in get_entities(BURNERS):
    print(machine.name, machine.status, machine.warnings)
chest = get_entities({Prototype.WoodenChest})[0]
assert chest.inventory[Prototype.IronPlate] > 0, "still broken"
