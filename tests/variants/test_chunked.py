from harness.evaluation import Program
from harness.programs.parsing import split_lines
from harness.search import ROOT
from harness.variants import ChunkedMCTS
from harness.variants.writing import joined
from tests.evaluation.toy import toy_worlds
from tests.variants.play import make, play
from tests.variants.toy_model import ToyModel, fenced

THREE = 'print("first")\n"""Dig."""\nmine(6)\n"""Build."""\nbuild(1)\n'
BREAKS = '"""Dig."""\nmine(5)\n"""Build too much."""\nbuild(9)\n"""Never."""\nmine(99)\n'


def one(program: str, **options):
    search = make(ChunkedMCTS, ToyModel(programs=[program]), **options)
    play(search, 1, 1)
    return search


def test_chunks_are_a_chain_that_puts_the_program_together_again():
    search = one(THREE)
    chunks = search.programs[1:]
    assert [chunk.code for chunk in chunks] == ['print("first")\n', '"""Dig."""\nmine(6)\n', '"""Build."""\nbuild(1)\n']
    assert search.tree.parents[:4].tolist() == [-1, 0, 1, 2]
    assert [(chunk.chunk_index, chunk.chunk_count, chunk.depth) for chunk in chunks] == [
        (0, 3, 1),
        (1, 3, 2),
        (2, 3, 3),
    ]
    assert chunks[0].output_tokens > 0 == chunks[1].output_tokens


def test_each_chunk_runs_from_the_state_the_last_one_left():
    worlds = toy_worlds(2)
    search = one('"""Dig."""\nmine(6)\n"""Build."""\nbuild(1)\n', worlds=worlds)
    first, second = search.programs[1:]
    starts = [detail for what, detail in worlds[0].log if what == "reset"]
    assert starts == [None, first.state]
    assert (first.state.ore, second.state.ore) == (6, 6 - 5 + 10)


def test_the_first_chunk_that_fails_ends_the_rest_and_what_worked_stays():
    worlds = toy_worlds(2)
    search = one(BREAKS, worlds=worlds)
    assert [program.status for program in search.programs[1:]] == ["ok", "error"]
    assert not any("mine(99)" in str(detail) for _, detail in worlds[0].log)
    search = make(ChunkedMCTS, ToyModel(programs=[BREAKS]), policy="uniform", seed=3)
    play(search, 8, 1)
    parents = {int(search.tree.parents[node]) for node in range(1, search.tree.num_nodes)}
    worked = {node for node in range(search.tree.num_nodes) if search.programs[node].status == "ok"}
    assert parents <= worked
    assert any(
        search.programs[parent].chunk_index == 0 and parent != ROOT and search.programs[parent].chunk_count == 3
        for parent in parents
    )


def test_a_chunk_that_ends_the_program_ends_the_rest_and_a_resumed_search_knows():
    leaves = '"""Dig."""\nmine(5)\n"""Enough?"""\nraise SystemExit\n"""Never."""\nmine(99)\n'
    search = one(leaves)
    assert [(program.status, program.chunk_index, program.chunk_count) for program in search.programs[1:]] == [
        ("ok", 0, 3),
        ("ok", 1, 3),
    ]
    model = ToyModel(programs=[leaves])
    resumed = make(ChunkedMCTS, model)
    resumed.resume(search.programs)
    play(resumed, 1, 1)
    assert model.requests == []
    assert [program.id for program in resumed.programs] == [program.id for program in search.programs]


def test_a_program_that_does_not_parse_is_one_failed_chunk():
    search = one('"""Dig."""\nmine(6\n')
    assert [(program.status, program.chunk_count) for program in search.programs[1:]] == [("error", 1)]


def test_a_continuation_is_told_only_of_the_chunks_that_ran():
    replies = iter([fenced(BREAKS), fenced("mine(1)\n")])
    model = ToyModel(script={"program": lambda request: next(replies)})
    search = make(ChunkedMCTS, model, policy="latest")
    play(search, 2, 1)
    spoken = model.requests[1].messages[-2].content
    assert spoken == 'I think so.\n\n```python\n"""Dig."""\nmine(5)\n```'
    assert "build(9)" not in "".join(message.content for message in model.requests[1].messages)


def test_the_last_chunk_keeps_the_reply_as_it_was():
    search = one(THREE)
    assert search.programs[-1].conversation.messages[-1].content == fenced(THREE)


def test_a_continuation_is_told_what_all_chunks_before_it_came_to():
    said = '"""Dig."""\nmine(5)\nprint("dug")\n"""Build."""\nbuild(1)\nprint("built")\n"""Too much."""\nbuild(9)\n'
    replies = iter([fenced(said), fenced("mine(1)\n")])
    model = ToyModel(script={"program": lambda request: next(replies)})
    search = make(ChunkedMCTS, model, policy="latest")
    play(search, 2, 1)
    told = model.requests[1].messages[-1].content
    assert "dug" in told and "built" in told
    first, second, _, after = search.programs[1:]
    assert after.parent_id == second.id
    whole = joined([first, second])
    assert whole.reward == first.reward + second.reward
    assert whole.static["iron-ore"] == 5
    assert whole.dynamic == {"iron-ore": first.dynamic.get("iron-ore", 0) + second.dynamic["iron-ore"]}
    assert whole.state is second.state


def test_joined_chunks_count_lines_as_the_reply_does_and_name_all_they_reached_first():
    first = Program(
        '"""Look."""\nprint(1)\n\n',
        status="ok",
        response="2: (1,)",
        meta={"evaluation": {"milestones": {"goods": ["coal"]}}},
    )
    second = Program(
        'print("a",\n  nothing)\n',
        status="error",
        response="1: ('3: (4,)',)\n1: ('Error occurred',)",
        meta={
            "fault": {"type": "NameError", "message": "nothing", "line": 2},
            "evaluation": {"milestones": {"goods": ["stone"], "automated": ["coal"]}},
        },
    )
    whole = joined([first, second])
    assert whole.response == "2: (1,)\n4: ('3: (4,)',)\n4: ('Error occurred',)"
    assert whole.meta["fault"]["line"] == 5
    assert split_lines(whole.code)[4] == "  nothing)\n"
    assert whole.meta["evaluation"]["milestones"] == {"goods": ["coal", "stone"], "automated": ["coal"]}
    assert whole.reward is None
    assert joined([first]).response == first.response
