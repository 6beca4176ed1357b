"""Stone into bricks without a hand in between, and the bricks and the rest of the stone carried away."""

DRILLS = 2

stone = nearest(Resource.Stone)
furnaces = []
for _ in range(DRILLS):
    box = nearest_buildable(Prototype.BurnerMiningDrill, BuildingBox(width=2, height=4), stone)
    move_to(box.center)
    drill = place_entity(Prototype.BurnerMiningDrill, Direction.DOWN, box.left_top + Position(x=1, y=1))
    furnace = place_entity_next_to(Prototype.StoneFurnace, drill.position, Direction.DOWN)
    insert_item(Prototype.Coal, drill, quantity=5)
    furnaces.append(insert_item(Prototype.Coal, furnace, quantity=5))

sleep(90)
bricks = 0
for furnace in furnaces:
    furnace = get_entity(Prototype.StoneFurnace, furnace.position)
    made = furnace.furnace_result[Prototype.StoneBrick]
    if made:
        bricks += extract_item(Prototype.StoneBrick, furnace, quantity=made)
print(f"{bricks} bricks for {DRILLS} drills in 90 seconds")
