"""Two burner drills on coal that face each other: each feeds the other, so they never run out."""

coal = nearest(Resource.Coal)
box = nearest_buildable(Prototype.BurnerMiningDrill, BuildingBox(width=4, height=2), coal)
move_to(box.center)
left = place_entity(Prototype.BurnerMiningDrill, position=box.left_top + Position(x=1, y=1), direction=Direction.RIGHT)
right = place_entity_next_to(Prototype.BurnerMiningDrill, left.position, Direction.RIGHT)
right = rotate_entity(right, Direction.LEFT)
print(left.drop_position, right.drop_position)

for drill in (left, right):
    insert_item(Prototype.Coal, drill, quantity=1)

sleep(60)
for drill in get_entities({Prototype.BurnerMiningDrill}, position=coal, radius=20):
    print(drill.status, drill.fuel)
    assert drill.status == EntityStatus.WORKING, drill.warnings
