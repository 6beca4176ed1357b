"""Inventories and dialogues for the scripted model's tests."""

from hypothesis import strategies as st

from harness.core.conversation import Message
from harness.llm.dialogue import EntityNote, ErrorNote, Observation, build_conversation
from harness.llm.prompts import program_system_prompt

LAB = {
    "coal": 500,
    "burner-mining-drill": 50,
    "wooden-chest": 10,
    "burner-inserter": 50,
    "inserter": 50,
    "transport-belt": 500,
    "stone-furnace": 10,
    "boiler": 2,
    "offshore-pump": 2,
    "steam-engine": 2,
    "electric-mining-drill": 50,
    "medium-electric-pole": 500,
    "pipe": 500,
    "assembling-machine-2": 10,
    "iron-plate": 40,
}
SYSTEM = program_system_prompt(api_reference="(reference)")
POWERED = EntityNote(name="steam-engine", x=3.5, y=7.5, status="working")


def dialogue(
    observation: Observation | str, *steps: tuple[str, Observation], system: str = SYSTEM
) -> tuple[Message, ...]:
    return tuple(build_conversation(system, observation, steps).messages)


entity_notes = st.builds(
    EntityNote,
    name=st.sampled_from(["burner-mining-drill", "stone-furnace", "wooden-chest", "steam-engine", "odd-thing"]),
    x=st.integers(-99, 99),
    y=st.integers(-99, 99),
    status=st.sampled_from(["working", "no_fuel", ""]),
)
errors = st.none() | st.builds(
    ErrorNote,
    message=st.sampled_from(
        [
            "no coal in inventory",
            "could not place: blocked by stone-furnace",
            "not enough stone",
            "iron-plate required",
            "",
        ]
    )
    | st.text(max_size=60),
    line=st.none() | st.integers(1, 60),
)
observations = st.builds(
    Observation,
    inventory=st.dictionaries(st.sampled_from(sorted(LAB)), st.integers(0, 600)),
    entities=st.lists(entity_notes, max_size=6),
    error=errors,
    output=st.lists(st.text(max_size=30), max_size=3),
)
dialogues = st.builds(
    lambda first, replies: dialogue(first, *replies),
    observations | st.text(max_size=300),
    st.lists(
        st.tuples(st.text(max_size=200) | st.just('```python\n"""Gather 5 coal by hand."""\nx = 1\n```'), observations)
    ),
)
