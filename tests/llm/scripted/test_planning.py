import random

import pytest

from harness.data import prototypes
from harness.llm import ModelRequest, Observation, format_observation
from harness.llm import prompts as ask
from harness.llm.scripted.behaviours import BEHAVIOURS, find_by_phrase
from harness.llm.scripted.planning import OBJECTIVES
from tests.llm.scripted.test_builder import reply
from tests.llm.scripted.worlds import LAB, dialogue

WORLD = format_observation(Observation(inventory=LAB))


@pytest.mark.parametrize("seed", range(15))
def test_a_whole_exchange_is_on_format(seed):
    objective = ask.parse_objective(
        reply(dialogue(ask.objective_prompt(observation=WORLD)), seed=seed, purpose="objective")
    )
    assert objective is not None
    assert objective.check is not None
    assert objective.check.item in prototypes.items()
    question = ask.plan_prompt(observation=WORLD, objective=objective.text)
    plan = ask.parse_plan(reply(dialogue(question), seed=seed, purpose="plan"))
    assert plan
    question = ask.step_prompt(observation=WORLD, objective=objective.text, plan=plan)
    step = ask.parse_step(reply(dialogue(question), seed=seed, purpose="step"))
    assert step in plan
    candidates = [step, "fly to the moon"]
    question = ask.judge_prompt(observation=WORLD, objective="x", plan=plan, log=[], candidates=candidates)
    verdict = reply(dialogue(question), seed=seed, purpose="judge")
    assert ask.parse_choice(verdict, 2) == 0
    question = ask.judge_prompt(observation=WORLD, objective="x", plan=plan, log=[], candidates=candidates, scored=True)
    scored = reply(dialogue(question), seed=seed, purpose="judge")
    scores = ask.parse_scores(scored, 2)
    assert scores[ask.parse_choice(scored, 2)] == max(scores)
    program = reply(dialogue(ask.execute_prompt(observation=WORLD, step=step)), seed=seed)
    name, done = find_by_phrase(step), find_by_phrase(program.partition("```python")[2].splitlines()[1])
    # What needs power cannot be begun in a world without any; then it does something else.
    assert (done == name) != BEHAVIOURS[name].needs_power


def test_an_objective_fits_the_inventory():
    question = ask.objective_prompt(observation=format_observation(Observation()))
    for seed in range(10):
        found = ask.parse_objective(reply(dialogue(question), seed=seed, purpose="objective"))
        assert found.check.kind == "inventory"


def test_a_plan_carried_out_is_done():
    plan = list(OBJECTIVES["plates"][2])
    question = ask.step_prompt(observation=WORLD, objective="x", plan=plan, log=[f"{step}: worked" for step in plan])
    assert ask.parse_step(reply(dialogue(question), purpose="step")) == "done"
    question = ask.step_prompt(observation=WORLD, objective="x", plan=plan, log=[plan[0]])
    chosen = [ask.parse_step(reply(dialogue(question), seed=seed, purpose="step")) for seed in range(40)]
    assert chosen.count(plan[1]) > 25


def test_every_planned_step_is_one_it_knows():
    for _, check, plan in OBJECTIVES.values():
        assert ask.parse_check(check) is not None
        assert all(find_by_phrase(step) in BEHAVIOURS for step in plan)


def test_a_judge_without_candidates_still_answers():
    request = ModelRequest(messages=dialogue("Choose."), purpose="judge", seed=random.Random(0).randrange(9))
    assert ask.parse_choice(reply(request.messages, purpose="judge"), 1) == 0
