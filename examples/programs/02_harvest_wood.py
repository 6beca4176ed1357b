"""Chops trees and makes a chest of the wood."""

tree = nearest(Resource.Wood)
move_to(tree)
wood = harvest_resource(tree, quantity=10)
print(f"gathered {wood} wood")
craft_item(Prototype.WoodenChest, quantity=2)

chest = place_entity_next_to(Prototype.WoodenChest, tree, Direction.LEFT, spacing=3)
chest = insert_item(Prototype.WoodenChest, chest, quantity=1)
assert chest.inventory[Prototype.WoodenChest] == 1
