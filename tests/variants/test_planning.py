import itertools

import pytest

from harness.core.errors import ConfigError
from harness.llm.prompts import SuccessCheck
from harness.search import ROOT, PolicyConfig
from harness.variants import PlanningMCTS
from tests.variants.play import Diary, make, play, shape
from tests.variants.toy_model import ToyModel, fenced

DIG = "mine(10)\nbuild(2)\n"


def episode(model: ToyModel, **options):
    search = make(PlanningMCTS, model, **options)
    play(search, 1, 1)
    return search


def plan_of(program):
    return program.meta["planning"]


def test_an_episode_goes_from_objective_to_checked_success():
    diary = Diary()
    # 2 drills make 120 ore a minute: the check of 100 passes after one step
    search = episode(ToyModel(programs=[DIG]), observers=[diary])
    (step,) = search.programs[1:]
    assert [call.request.purpose for call in diary.calls][:2] == ["objective", "plan"]
    assert [call.request.purpose for call in diary.calls].count("step") == 3
    assert diary.calls[-1].request.purpose == "program"
    assert plan_of(step)["objective"] == "Have drills dig."
    assert plan_of(step)["plan"] == ["Dig ten ore.", "Build two drills."]
    assert plan_of(step)["instruction"] in plan_of(step)["candidates"]
    assert plan_of(step)["success"] is True
    assert step.meta["throughput"] == {"iron-ore": 120.0}


def test_hand_work_never_passes_a_throughput_check():
    search = episode(ToyModel(programs=["mine(500)\n"]), max_steps=2)
    assert [plan_of(step)["success"] for step in search.programs[1:]] == [False, False]


def test_a_model_that_says_done_ends_the_episode_but_succeeds_in_nothing():
    words = iter(["STEP: dig"] * 2 + ["STEP: done"] * 2)
    model = ToyModel(programs=["mine(1)\n"], script={"step": lambda request: next(words)})
    search = episode(model, num_candidates=2)
    assert [plan_of(step)["success"] for step in search.programs[1:]] == [False]


def test_the_judge_decides():
    words = iter(["STEP: wait", "STEP: dig", "STEP: build"])
    model = ToyModel(
        programs=[DIG],
        script={"step": lambda request: next(words), "judge": lambda request: "It is time.\nCHOICE: 3"},
    )
    search = episode(model, max_steps=1, max_model_calls=1)
    assert plan_of(search.programs[1])["candidates"] == ["wait", "dig", "build"]
    assert plan_of(search.programs[1])["instruction"] == "build"
    assert plan_of(search.programs[1])["verdict"].startswith("It is time.")
    assert "Your next step: build" in model.requests[-1].messages[-1].content


def test_a_verdict_that_cannot_be_read_falls_on_the_first_candidate():
    model = ToyModel(programs=[DIG], script={"judge": lambda request: "Hard to say."})
    search = episode(model, max_steps=1)
    assert plan_of(search.programs[1])["instruction"] == plan_of(search.programs[1])["candidates"][0]


def test_a_failed_step_is_a_dead_end_and_the_episode_goes_on_before_it():
    replies = iter(["build(3)\n", DIG])
    model = ToyModel(script={"program": lambda request: fenced(next(replies))})
    search = episode(model)
    failed, worked = search.programs[1:]
    assert (failed.status, worked.status) == ("error", "ok")
    assert failed.parent_id == worked.parent_id == search.programs[0].id
    step_questions = [request for request in model.requests if request.purpose == "step"]
    assert "failed: line 1: ValueError: expected 15 ore, found 0" in step_questions[-1].messages[-1].content


def test_identical_steps_are_different_nodes():
    search = episode(ToyModel(programs=["mine(1)\n"], script={"step": lambda request: "STEP: dig"}), max_steps=3)
    assert len({program.id for program in search.programs}) == 4
    broken = episode(ToyModel(programs=["build(1)\n"]), max_steps=3)
    assert len({program.id for program in broken.programs}) == 4


@pytest.mark.parametrize("purpose", ["objective", "step"])
def test_unreadable_replies_are_a_typed_failed_node(purpose):
    search = episode(ToyModel(script={purpose: lambda request: "Hmm."}))
    (node,) = search.programs[1:]
    assert node.status == "no_code"
    assert purpose.upper() in node.error


def test_an_episode_called_done_at_once_is_on_record_with_what_it_cost():
    search = episode(ToyModel(script={"step": lambda request: "STEP: done"}, cost_usd=0.5))
    (node,) = search.programs[1:]
    assert node.status == "no_code"
    assert "done before any" in node.error
    assert plan_of(node)["objective"] == "Have drills dig."
    assert (node.num_samples, node.cost_usd) == (search.spend.samples, search.spend.usd)


def test_a_success_of_ones_own_overrides_the_models():
    check = SuccessCheck(kind="inventory", item="iron-ore", amount=3)
    search = episode(ToyModel(programs=["mine(2)\n"]), success=check)
    assert [plan_of(step)["success"] for step in search.programs[1:]] == [False, True]
    assert plan_of(search.programs[1])["check"] == {"kind": "inventory", "item": "iron-ore", "amount": 3}


def test_what_holds_before_the_first_step_is_no_success():
    trivial = "OBJECTIVE: Have nothing much.\nCHECK: inventory iron-ore 1"
    model = ToyModel(programs=["mine(2)\n"], script={"objective": lambda request: trivial})
    search = make(PlanningMCTS, model, max_steps=2, policy="latest")
    play(search, 2, 1)
    assert [plan_of(step)["success"] for step in search.programs[1:]] == [True, False, False]
    assert [plan_of(step)["check"] is None for step in search.programs[1:]] == [False, True, True]


def test_what_led_to_a_step_is_paid_for_by_its_node():
    search = episode(ToyModel(cost_usd=0.5), max_steps=2)
    booked = sum(program.input_tokens + program.output_tokens for program in search.programs)
    assert booked == search.spend.tokens
    assert sum(program.cost_usd or 0 for program in search.programs) == search.spend.usd


def test_an_episode_from_a_node_knows_its_past():
    model = ToyModel(programs=["mine(1)\n"])
    search = make(PlanningMCTS, model, max_steps=1, policy="latest")
    play(search, 2, 1)
    objectives = [request.messages[-1].content for request in model.requests if request.purpose == "objective"]
    assert "- nothing" in objectives[0]
    assert plan_of(search.programs[1])["instruction"] in objectives[1]


PUCT = {"policy": "uct", "policy_config": PolicyConfig(bound="puct", widening_factor=2.0, widening_exponent=0.0)}
"""Two children a node, told apart by their priors."""


def scoring(verdicts, programs=("mine(1)\n",)):
    """A model of two proposals a step, whose judge gives these verdicts in turn."""
    said, steps = iter(verdicts), itertools.count()
    return ToyModel(
        programs=list(programs),
        script={"step": lambda request: f"STEP: step {next(steps)}", "judge": lambda request: next(said)},
    )


def priors_of(search):
    return [float(search.tree.priors[search.node_of(program)]) for program in search.programs[1:]]


def test_what_the_judge_thinks_of_a_step_is_its_prior():
    verdicts = ["SCORES: 2, 9\nCHOICE: 1", "SCORES: 1, 10\nCHOICE: 2", "SCORES: 5, 0\nCHOICE: 2", "CHOICE: 2"]
    search = make(PlanningMCTS, scoring(verdicts), num_candidates=2, max_steps=1, **PUCT)
    play(search, 4, 1)
    assert [plan_of(step).get("scores") for step in search.programs[1:]] == [[2, 9], [1, 10], [5, 0], None]
    # a score of 5 is the middle, and 0 counts as half a point
    assert priors_of(search) == [0.4, 2.0, 0.1, 1.0]
    # equal values, so after two children of the root the better judged is continued: P = 1/6 against 5/6
    assert [step.parent_id for step in search.programs[1:4]] == [
        search.programs[ROOT].id,
        search.programs[ROOT].id,
        search.programs[2].id,
    ]


def test_a_verdict_without_a_choice_falls_on_the_best_scored():
    search = make(PlanningMCTS, scoring(["SCORES: 2, 9"]), num_candidates=2, max_steps=1, **PUCT)
    play(search, 1, 1)
    assert plan_of(search.programs[1])["instruction"] == plan_of(search.programs[1])["candidates"][1]


def test_a_single_candidate_is_scored_too_where_scores_count():
    model = ToyModel(
        programs=["mine(1)\n"],
        script={"step": lambda request: "STEP: dig", "judge": lambda request: "SCORES: 8\nCHOICE: 1"},
    )
    for options, prior in ((PUCT, 1.6), ({}, 1.0)):
        search = make(PlanningMCTS, model, max_steps=1, **options)
        play(search, 1, 1)
        assert priors_of(search) == [prior]
        assert plan_of(search.programs[1])["instruction"] == "dig"


def test_scores_are_asked_for_only_where_they_count():
    questions = []

    def judge(request):
        questions.append(request.messages[-1].content)
        return "SCORES: 2, 9\nCHOICE: 1"

    model = ToyModel(programs=["mine(1)\n"], script={"judge": judge})
    for options in ({}, PUCT):
        search = make(PlanningMCTS, model, max_steps=1, **options)
        play(search, 2, 2)
    asked = ["SCORES" in question for question in questions]
    assert asked and asked == sorted(asked) and len(set(asked)) == 2


def test_a_resumed_search_knows_what_the_judge_thought():
    def judge(request):
        return f"SCORES: {request.seed % 11}, {request.seed % 7}\nCHOICE: {1 + request.seed % 2}"

    def search():
        return make(PlanningMCTS, ToyModel(script={"judge": judge}), num_candidates=2, max_steps=2, seed=3, **PUCT)

    whole = search()
    play(whole, 5, 2)
    assert len(set(priors_of(whole))) > 3
    for cut in (1, len(whole.programs) // 2, len(whole.programs)):
        resumed = search()
        resumed.resume(whole.programs[:cut])
        play(resumed, 5, 2)
        assert shape(resumed) == shape(whole)
        assert priors_of(resumed) == priors_of(whole)


@pytest.mark.parametrize("wrong", [{"num_candidates": 0}, {"max_steps": 0}])
def test_unusable_settings_are_refused(wrong):
    with pytest.raises(ConfigError, match="planning"):
        make(PlanningMCTS, **wrong)
