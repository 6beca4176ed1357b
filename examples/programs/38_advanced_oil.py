"""Advanced oil processing: heavy oil into a tank, light oil cracked to petroleum gas, all the gas into another tank."""


def power_plant(pairs):
    """Boilers side by side with two engines each, all on one network; returns an engine and the water line."""
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
        line = connect_entities(source, boiler, Prototype.Pipe)
        connect_entities(boiler, first, Prototype.Pipe)
        source = boiler
        engines += [first, last]
    for engine in engines[1:]:
        connect_entities(engines[0], engine, Prototype.MediumElectricPole)
    return engines[0], line


def port(points, fluid):
    """The first of a machine's connection points for a fluid."""
    return next(point for point in points if point.type == fluid)


engine, water_line = power_plant(2)
place = nearest(Resource.CrudeOil)
jacks = []
for _ in range(2):
    place = nearest_buildable(Prototype.PumpJack, BuildingBox(width=3, height=3), place).center
    move_to(place)
    jacks.append(place_entity(Prototype.PumpJack, Direction.UP, place))

# From bottom to top: refinery, cracking plant, tanks; room between them for the pipes.
works = nearest_buildable(Prototype.OilRefinery, BuildingBox(width=21, height=28), place)
move_to(works.center)
refinery = place_entity(Prototype.OilRefinery, Direction.UP, works.center + Position(0, 8))
refinery = set_entity_recipe(refinery, RecipeName.AdvancedOilProcessing)
cracker = place_entity(Prototype.ChemicalPlant, Direction.UP, works.center + Position(0, -2))
cracker = set_entity_recipe(cracker, RecipeName.LightOilCracking)
move_to(works.center - Position(0, 6))
heavy_tank = place_entity(Prototype.StorageTank, Direction.UP, works.center + Position(-7, -2))
gas_tank = place_entity(Prototype.StorageTank, Direction.UP, works.center + Position(5, -10))
print(refinery.input_connection_points, refinery.output_connection_points)
print(cracker.input_connection_points, cracker.output_connection_points)

pipes = {Prototype.Pipe, Prototype.UndergroundPipe}
connect_entities(
    port(refinery.output_connection_points, "light-oil"), port(cracker.input_connection_points, "light-oil"), pipes
)
connect_entities(port(refinery.output_connection_points, "heavy-oil"), heavy_tank, pipes)
gas = connect_entities(port(cracker.output_connection_points, "petroleum-gas"), gas_tank, pipes)
connect_entities(port(refinery.output_connection_points, "petroleum-gas"), gas, pipes)
crude = connect_entities(jacks[0], refinery, pipes)
connect_entities(jacks[1], crude, pipes)
water_line = connect_entities(water_line, port(refinery.input_connection_points, "water"), pipes)
connect_entities(water_line, port(cracker.input_connection_points, "water"), pipes)
for machine in (*jacks, refinery, cracker):
    connect_entities(engine, machine, Prototype.MediumElectricPole)

sleep(120)
heavy = get_entity(Prototype.StorageTank, heavy_tank.position)
gas = get_entity(Prototype.StorageTank, gas_tank.position)
print(heavy.fluid_box, gas.fluid_box)
assert heavy.fluid_box[0]["name"] == "heavy-oil" and gas.fluid_box[0]["name"] == "petroleum-gas"
