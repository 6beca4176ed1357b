import pytest

from harness.llm import prompts
from harness.llm.prompts import SuccessCheck


def test_system_prompt_holds_task_and_reference():
    text = prompts.program_system_prompt(api_reference="nearest(type) {braces}", task="Make 16 gears.")
    assert "nearest(type) {braces}" in text
    assert "- Make 16 gears." in text


def test_objective_is_read():
    objective = prompts.parse_objective("Thinking.\n**OBJECTIVE:** Smelt iron.\nCHECK: throughput iron-plate 16")
    assert objective is not None
    assert objective.text == "Smelt iron."
    assert objective.check == SuccessCheck(kind="throughput", item="iron-plate", amount=16)


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("inventory coal 5", SuccessCheck(kind="inventory", item="coal", amount=5)),
        ("inventory coal >= 5", SuccessCheck(kind="inventory", item="coal", amount=5)),
        ("Throughput Iron-Plate 2.5 per minute", SuccessCheck(kind="throughput", item="iron-plate", amount=2.5)),
        ("inventory coal 0", None),
        ("holding coal 5", None),
        ("", None),
    ],
)
def test_check_is_read_leniently(text, check):
    assert prompts.parse_check(text) == check


def test_replies_off_format_give_nothing():
    assert prompts.parse_objective("I do not know") is None
    assert prompts.parse_plan("just do it") == []
    assert prompts.parse_step("no idea") is None
    assert prompts.parse_choice("no idea", 3) is None


def test_plan_step_and_choice_are_read():
    assert prompts.parse_plan("Plan:\n1. dig\n 2) smelt \nfine") == ["dig", "smelt"]
    assert prompts.parse_step("STEP: first\nSTEP: place a drill") == "place a drill"
    assert prompts.parse_step("All there.\nStep: Done.") == "done"
    assert prompts.parse_choice("CHOICE: 2", 3) == 1
    assert prompts.parse_choice("**CHOICE: #3**", 3) == 2
    assert prompts.parse_choice("CHOICE: 4", 3) is None
    assert prompts.parse_choice("CHOICE: 0", 3) is None


@pytest.mark.parametrize(
    ("text", "scores"),
    [
        ("SCORES: 7, 2.5, 10\nCHOICE: 1", [7, 2.5, 10]),
        ("**Scores:** 7/10, 0/10, 3/10.", [7, 0, 3]),
        ("SCORES: step 1: 7, step 2: 4, step 3 (2)", [7, 4, 2]),
        ("SCORES: 7, 2", None),
        ("SCORES: 7, 2, 11", None),
        ("SCORES: 7, -2, 1", None),
        ("SCORES: good, bad, bad", None),
        ("CHOICE: 1", None),
    ],
)
def test_scores_are_read_where_there_is_one_for_each_candidate(text, scores):
    assert prompts.parse_scores(text, 3) == scores


def test_questions_carry_their_parts():
    judge = prompts.judge_prompt(
        observation="Tick: 1", objective="iron", plan=["dig"], log=[], candidates=["dig coal", "dig iron"]
    )
    assert "1. dig coal\n2. dig iron" in judge
    assert "SCORES" not in judge
    assert "Done so far:\n- nothing" in judge
    step = prompts.step_prompt(observation="Tick: 1", objective="iron", plan=["dig"], log=["dug"])
    assert "- dug" in step
    assert "at most 3 steps" in prompts.plan_prompt(observation="", objective="iron", max_steps=3)
    assert "Your next step: dig" in prompts.execute_prompt(observation="", step="dig")
    assert "- dug" in prompts.objective_prompt(observation="", log=["dug"])
