import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.core.conversation import Conversation, Message
from harness.core.errors import ConfigError
from harness.llm import EntityNote, ErrorNote, Observation, build_conversation, estimate_tokens, fit_conversation
from harness.llm.fitting import MIN_ROOM_TOKENS, cut_text
from harness.llm.scripted.reading import read_dialogue
from harness.llm.summaries import summarise_turn

RULES = "Play.\n" + "rules " * 30
LEAST = estimate_tokens(RULES) + MIN_ROOM_TOKENS


def program(*steps: str) -> str:
    return "I think.\n```python\n" + "".join(f'"""{step}"""\nwork()\n' for step in steps) + "```"


def size(conversation: Conversation, count=estimate_tokens) -> int:
    return sum(count(message.content) for message in conversation.messages)


observations = st.builds(
    Observation,
    tick=st.integers(0, 10**6),
    score=st.floats(-100, 1e5),
    score_change=st.none() | st.floats(-100, 1e4),
    entities=st.lists(
        st.builds(EntityNote, name=st.sampled_from(["stone-furnace", "boiler"]), x=st.just(1.0), y=st.just(2.0)),
        max_size=30,
    ),
    output=st.lists(st.text(max_size=60), max_size=20),
    warnings=st.lists(st.just("furnace at (1, 2): out of fuel"), max_size=10),
    error=st.none() | st.builds(ErrorNote, message=st.text(max_size=50), line=st.none() | st.integers(1, 99)),
)
replies = st.builds(program, st.text(st.characters(blacklist_characters='"\\`'), max_size=60)) | st.text(max_size=200)
dialogues = st.builds(
    lambda first, steps: build_conversation(RULES, first, steps),
    observations | st.text(max_size=800),
    st.lists(st.tuples(replies, observations), max_size=10),
)


@settings(max_examples=150, deadline=None)
@given(dialogues, st.integers(LEAST, 1500))
def test_what_is_sent_keeps_to_the_budget_and_to_turns(dialogue, budget):
    fitted = fit_conversation(dialogue, budget)
    before, after = dialogue.messages, fitted.messages
    assert size(fitted) <= budget
    assert after[0] == before[0]
    assert [message.role for message in after[1:]] == [m.role for m in before[len(before) - len(after) + 1 :]]
    assert after[1].role == after[-1].role == "user"
    # whole turns are gone, and what follows the first one kept is as it was
    assert (len(before) - len(after)) % 2 == 0
    assert list(after[2:]) == list(before[len(before) - len(after) + 2 :])
    newest = before[-1].content
    if estimate_tokens(newest) + 20 <= budget - estimate_tokens(RULES):
        assert after[-1].content.endswith(newest)
    assert fit_conversation(fitted, budget) == fitted
    assert fit_conversation(dialogue, budget) == fitted
    if size(dialogue) <= budget:
        assert fitted == dialogue


@given(dialogues, st.integers(200, 1200))
def test_any_way_to_count_is_kept_to(dialogue, budget):
    def words(text: str) -> int:
        return len(text.encode()) // 3

    assert size(fit_conversation(dialogue, budget, count=words), words) <= budget


def long_dialogue(num_steps: int) -> Conversation:
    steps = [
        (
            program(f"Mine coal {number}.", "Place a drill."),
            Observation(
                tick=60 * number,
                score=number,
                score_change=1.5,
                output=["1: " + "x" * 400],
                error=ErrorNote(message="no ore here", type="ToolError", line=4) if number % 2 else None,
            ),
        )
        for number in range(1, num_steps + 1)
    ]
    return build_conversation(RULES, Observation(), steps)


def test_older_turns_are_told_in_a_line_each_and_the_oldest_in_number():
    lines = fit_conversation(long_dialogue(6), 700).messages[1].content.splitlines()
    assert lines[:6] == [
        "Earlier programs, the oldest first:",
        "1. Mine coal 1; Place a drill: failed at line 4, ToolError: no ore here, score +1.5",
        "2. Mine coal 2; Place a drill: worked, score +1.5",
        "3. Mine coal 3; Place a drill: failed at line 4, ToolError: no ore here, score +1.5",
        "4. Mine coal 4; Place a drill: worked, score +1.5",
        "",
    ]
    assert lines[6] == "Output:"
    many = fit_conversation(long_dialogue(60), 700).messages
    lines = many[1].content.splitlines()
    told = [line for line in lines if "Mine coal" in line]
    assert lines[0] == "Earlier programs, the oldest first:"
    assert lines[1] == f"({60 - (len(many) - 2) // 2 - len(told)} earlier exchanges left out)"
    assert told[0].startswith(f"{60 - (len(many) - 2) // 2 - len(told) + 1}. ")
    assert len(told) >= 2


def test_the_newest_observation_loses_entities_first_then_output():
    entities = [EntityNote(name="stone-furnace", x=n, y=3, status="working") for n in range(60)]
    observation = Observation(inventory={"coal": 7}, entities=entities, output=[f"{n}: line" for n in range(40)])
    whole = build_conversation(RULES, observation)
    cut = fit_conversation(whole, estimate_tokens(RULES) + 400).messages[-1].content
    assert "39: line" in cut
    assert cut.count("stone-furnace") < 60
    assert f"({60 - cut.count('- stone-furnace')} more left out)" in cut
    shorter = fit_conversation(whole, estimate_tokens(RULES) + 100).messages[-1].content
    assert "(60 more left out)" in shorter
    assert "39: line" not in shorter
    assert read_dialogue([Message("user", shorter)]).inventory == {"coal": 7}


def test_lines_left_out_twice_are_counted_together():
    text = "Entities:\n" + "\n".join(f"- boiler {n}" for n in range(120)) + "\n(30 more left out)\nNote: end"
    cut = cut_text(text, 100)
    kept = cut.count("- boiler")
    assert f"({150 - kept} more left out)\nNote: end" in cut
    assert cut.count("left out") == 1


def test_a_text_without_sections_keeps_both_ends():
    cut = cut_text("start" + "x" * 5000 + "end", 100)
    assert cut.startswith("start")
    assert cut.endswith("end")
    assert "characters left out" in cut


def test_instructions_that_leave_no_room_are_refused():
    with pytest.raises(ConfigError, match=f"at least {LEAST}"):
        fit_conversation(long_dialogue(1), LEAST - 1)


def test_messages_out_of_turn_are_refused():
    with pytest.raises(ConfigError, match="in turn"):
        fit_conversation(Conversation([Message("user", "a"), Message("assistant", "b")]), 1000)


@pytest.mark.parametrize(
    ("reply", "line"),
    [
        ("", "no program: worked"),
        ("I give up.", "no program (I give up.): worked"),
        ("```python\nx = 1\n```", "x = 1: worked"),
        ('```python\n"""Cut off.\n```', '"""Cut off: worked'),
        (program("One\n two.", " "), "One two: worked"),
    ],
)
def test_what_a_program_set_out_to_do_is_told_in_a_line(reply, line):
    assert summarise_turn(reply, "Tick: 1\nScore: 1.0") == line
