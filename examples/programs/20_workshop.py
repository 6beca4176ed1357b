"""Two programs in one world: the first leaves a function and classes, the second builds with them."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Mine:
    """A burner drill and what it drops into."""

    resource: str
    drill: Entity
    sink: Entity
    taken: int = 0

    def refuel(self, coal=2):
        if self.drill.fuel[Prototype.Coal] < coal:
            self.drill = insert_item(Prototype.Coal, self.drill, quantity=coal)


@dataclass
class Workshop:
    """All mines, and a count of what they gave."""

    mines: list = field(default_factory=list)
    stock: Counter = field(default_factory=Counter)

    def open_mine(self, resource):
        where = nearest(resource)
        box = nearest_buildable(Prototype.BurnerMiningDrill, BuildingBox(width=2, height=2), where)
        move_to(box.center)
        drill = place_entity(Prototype.BurnerMiningDrill, Direction.DOWN, box.center)
        drill = insert_item(Prototype.Coal, drill, quantity=3)
        sink = place_entity(Prototype.WoodenChest, position=drill.drop_position)
        self.mines.append(Mine(resource[0], drill, sink))

    def collect(self, mine):
        raise NotImplementedError


def rounds(workshop, count, seconds):
    """Waits, collects from every mine and refuels it, so many times."""
    for _ in range(count):
        sleep(seconds)
        for mine in workshop.mines:
            workshop.stock[mine.resource] += workshop.collect(mine)
            mine.drill = get_entity(Prototype.BurnerMiningDrill, mine.drill.position)
            mine.refuel()


workshop = Workshop()
for resource in (Resource.IronOre, Resource.CopperOre):
    workshop.open_mine(resource)
print(len(workshop.mines), "mines")

# %% The next program finds all of it and goes on.


class Depot(Workshop):
    """A workshop that takes what the chests hold."""

    def collect(self, mine):
        chest = get_entity(Prototype.WoodenChest, mine.sink.position)
        found = chest.inventory[mine.resource]
        mine.taken += found
        return extract_item(prototype_by_name[mine.resource], chest, quantity=found) if found else 0


depot = Depot(workshop.mines)
depot.open_mine(Resource.Stone)
rounds(depot, 3, 40)
print(dict(depot.stock))
assert all(depot.stock[mine.resource] == mine.taken > 0 for mine in workshop.mines)
