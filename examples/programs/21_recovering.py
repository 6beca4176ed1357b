"""Meets every kind of trouble a builder meets, and gets over it: too far, none left, blocked, locked, no room."""


def build(prototype, position, direction=Direction.UP, tries=5):
    """Builds one, whatever it takes: walks there, crafts it, or goes further right; gives what stands there."""
    for _ in range(tries):
        try:
            return place_entity(prototype, direction, position)
        except OutOfReachError as error:
            print("too far:", error.code)
            move_to(position)
        except MissingItemsError as error:
            print("none left:", error.code)
            craft_item(prototype)
        except BlockedError as error:
            print("blocked:", error.code)
            position = position.right(1)
    raise AssertionError(f"no place for {prototype} near {position}")


home = nearest_buildable(Prototype.StoneFurnace, BuildingBox(width=12, height=4), Position(x=0, y=-10)).center
first = build(Prototype.StoneFurnace, home)
second = build(Prototype.StoneFurnace, first.position)
assert second.position.x == first.position.x + 2, "right beside the first"

before = inspect_inventory()
try:
    craft_item(Prototype.ElectricMiningDrill)
except NotAvailableError as error:
    print("cannot craft it:", error.code)
assert inspect_inventory().items() == before.items(), "a call that fails changes nothing"

try:
    insert_item(Prototype.IronGearWheel, first, quantity=1)
except ToolError as error:
    print("a furnace takes no gears:", error.code)

try:
    nearest_buildable(Prototype.BurnerMiningDrill, BuildingBox(width=80, height=80), home)
except BlockedError as error:
    print("no such room:", error.code)
    box = nearest_buildable(Prototype.BurnerMiningDrill, BuildingBox(width=2, height=2), nearest(Resource.IronOre))

drill = build(Prototype.BurnerMiningDrill, box.center, Direction.DOWN)
drill = insert_item(Prototype.Coal, drill, quantity=2)
chest = build(Prototype.WoodenChest, drill.drop_position)
sleep(20)
print(get_entity(Prototype.WoodenChest, chest.position).inventory)
