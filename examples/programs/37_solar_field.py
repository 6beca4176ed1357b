"""Electricity without fuel: a field of solar panels with accumulators runs drills on copper ore."""

ore = nearest(Resource.CopperOre)
field = nearest_buildable(Prototype.ElectricMiningDrill, BuildingBox(width=8, height=8), ore)
move_to(field.center)
drills, chests = [], []
for dx, dy, facing in (
    (1.5, 1.5, Direction.DOWN),
    (5.5, 1.5, Direction.DOWN),
    (1.5, 6.5, Direction.UP),
    (5.5, 6.5, Direction.UP),
):
    drill = place_entity(Prototype.ElectricMiningDrill, facing, field.left_top + Position(dx, dy))
    chests.append(place_entity(Prototype.IronChest, Direction.UP, drill.drop_position))
    drills.append(drill)

# Panels in rows of four, a pole after each row, accumulators at the end.
site = nearest_buildable(Prototype.SolarPanel, BuildingBox(width=15, height=15), Position(0, 0))
poles = []
for row in range(3):
    y = site.left_top.y + 1.5 + 4 * row
    for column in range(4):
        place = Position(site.left_top.x + 1.5 + 3 * column, y)
        move_to(place.below(4))
        place_entity(Prototype.SolarPanel, Direction.UP, place)
    for x in (2.5, 8.5):
        poles.append(place_entity(Prototype.MediumElectricPole, Direction.UP, Position(site.left_top.x + x, y + 2)))
batteries = []
for index in range(4):
    place = Position(site.left_top.x + 1 + 2 * index, site.left_top.y + 13)
    move_to(place.below(3))
    batteries.append(place_entity(Prototype.Accumulator, Direction.UP, place))
for drill in drills:
    connect_entities(poles[0], drill, Prototype.MediumElectricPole)

sleep(120)
for chest in chests:
    print(inspect_inventory(chest))
charged = [get_entity(Prototype.Accumulator, battery.position) for battery in batteries]
print([(battery.status, battery.energy) for battery in charged])
print([get_entity(Prototype.ElectricMiningDrill, drill.position).status for drill in drills])
