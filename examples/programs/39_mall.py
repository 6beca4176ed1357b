"""A mall: one cell a product, laid out by a class that knows what a cell needs and what it made."""

from dataclasses import dataclass, field


def power_plant(pairs):
    """Boilers side by side with two engines each, all on one network; returns an engine of it."""
    water = nearest(Resource.Water)
    move_to(water)
    pump = place_entity(Prototype.OffshorePump, Direction.UP, water)
    site = nearest_buildable(Prototype.Boiler, BuildingBox(width=6 * pairs, height=18), pump.position)
    source, engines = pump, []
    for index in range(pairs):
        place = site.left_bottom + Position(3 + 6 * index, -2)
        move_to(place.up(3))
        boiler = place_entity(Prototype.Boiler, Direction.UP, place)
        insert_item(Prototype.Coal, boiler, 50)
        first = place_entity_next_to(Prototype.SteamEngine, boiler.position, Direction.UP, spacing=1)
        last = place_entity_next_to(Prototype.SteamEngine, first.position, Direction.UP)
        connect_entities(source, boiler, Prototype.Pipe)
        connect_entities(boiler, first, Prototype.Pipe)
        source = boiler
        engines += [first, last]
    for engine in engines[1:]:
        connect_entities(engines[0], engine, Prototype.MediumElectricPole)
    return engines[0]


@dataclass
class Cell:
    """A machine with a chest and an inserter for each ingredient above it, and one of each for the product below."""

    product: Prototype
    left_top: Position
    powered: list = field(default_factory=list)
    store: Chest | None = None

    def build(self, crafts):
        """Builds the cell with the ingredients for a number of crafts."""
        move_to(self.left_top + Position(6, 4))
        machine = place_entity(Prototype.AssemblingMachine2, Direction.UP, self.left_top + Position(1.5, 3.5))
        machine = set_entity_recipe(machine, self.product)
        recipe = get_prototype_recipe(self.product)
        for column, ingredient in enumerate(recipe.ingredients):
            chest = place_entity(Prototype.IronChest, Direction.UP, self.left_top + Position(column + 0.5, 0.5))
            insert_item(prototype_by_name[ingredient.name], chest, int(ingredient.count * crafts))
            place = self.left_top + Position(column + 0.5, 1.5)
            self.powered.append(place_entity(Prototype.Inserter, Direction.DOWN, place))
        unloader = place_entity(Prototype.Inserter, Direction.DOWN, self.left_top + Position(1.5, 5.5))
        self.store = place_entity(Prototype.IronChest, Direction.UP, self.left_top + Position(1.5, 6.5))
        self.powered += [machine, unloader]

    @property
    def made(self):
        """How many the cell has put into its chest."""
        return inspect_inventory(self.store)[self.product]


engine = power_plant(2)
products = [
    Prototype.TransportBelt,
    Prototype.Inserter,
    Prototype.Pipe,
    Prototype.IronChest,
    Prototype.BurnerMiningDrill,
    Prototype.AutomationSciencePack,
]
products.remove(Prototype.BurnerMiningDrill)
works = nearest_buildable(
    Prototype.AssemblingMachine2, BuildingBox(width=5 * len(products) + 2, height=9), Position(0, 0)
)
cells = [Cell(product, works.left_top + Position(1 + 5 * index, 1)) for index, product in enumerate(products)]
for cell in cells:
    cell.build(crafts=10)
    for machine in cell.powered:
        connect_entities(engine, machine, Prototype.MediumElectricPole)

sleep(90)
for cell in cells:
    print(f"{cell.made} of {cell.product.value[0]}")
    assert cell.made > 0, cell.product
