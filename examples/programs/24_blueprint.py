"""A mine with its furnace built by hand, copied as a blueprint string, and built twice more from the string."""

site = nearest_buildable(Prototype.BurnerMiningDrill, BuildingBox(width=8, height=6), nearest(Resource.IronOre))
corner = site.left_top
move_to(site.center)
drill = place_entity(Prototype.BurnerMiningDrill, Direction.DOWN, corner + Position(x=1, y=1))
furnace = place_entity_next_to(Prototype.StoneFurnace, drill.position, Direction.DOWN)
inserter = place_entity(Prototype.BurnerInserter, Direction.DOWN, corner + Position(x=0.5, y=4.5))
chest = place_entity(Prototype.WoodenChest, position=inserter.drop_position)

text = export_blueprint(corner, width=2, height=6)
print(len(text), "characters:", text[:20])
copy = import_blueprint(text, corner.right(3))
turned = import_blueprint(text, corner.right(6), Direction.DOWN)
for machine in (*copy, *turned):
    print(machine.name, machine.position, machine.direction)
assert export_blueprint(copy) == text, "a copy gives the same string again"

try:
    import_blueprint(text, corner)
except BlockedError as error:
    print(f"not twice in one place: {error.code}")

for machine in get_entities({Prototype.BurnerMiningDrill, Prototype.StoneFurnace, Prototype.BurnerInserter}):
    insert_item(Prototype.Coal, machine, quantity=2 if machine.name == "burner-inserter" else 5)
sleep(60)
for chest in get_entities({Prototype.WoodenChest}):
    print(chest.position, chest.inventory)
