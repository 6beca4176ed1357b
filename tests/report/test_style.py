import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.api import errors
from harness.programs.chunking import chunk_program
from harness.report.style import TOOL_ERRORS, failure_of, style_of, written_programs
from tests.records.test_writer import node


def failed(kind: str, status: str = "error"):
    return node(1, status=status, meta={"fault": {"type": kind, "message": "", "line": 1}})


def programs(*codes: str, **changes):
    return written_programs([node(0), *(node(i, code=code, **changes) for i, code in enumerate(codes, start=1))])


def test_prints_and_asserts_are_found_by_syntax_and_not_by_text():
    talks, quiet, careful, broken = programs(
        "def f():\n    return [print(x) for x in y]\n",
        "# print('no')\n'assert print(1)'\nprinter = log.print\nlog.print('no')\n",
        "if x:\n\n    assert x, print(x)\n",
        "print((\n",
    )
    assert (talks.prints, talks.asserts, talks.lines) == (True, False, 2)
    assert (quiet.prints, quiet.asserts, quiet.lines) == (False, False, 4)
    assert (careful.prints, careful.asserts, careful.lines) == (True, True, 2)
    assert (broken.parses, broken.prints, broken.lines) == (False, False, 1)


@pytest.mark.parametrize(
    ("kind", "status", "failure"),
    [
        ("AssertionError", "error", "assertion"),
        ("InvalidArgumentError", "error", "environment"),
        ("ToolError", "error", "environment"),
        ("OutOfReachError", "error", "environment"),
        ("NameError", "error", "code"),
        ("SyntaxError", "error", "code"),
        ("TimeoutError", "error", "code"),
        ("MyOwnError", "error", "code"),
        ("Timeout", "timeout", "killed"),
        ("Crash", "crashed", "killed"),
        ("NameError", "stopped", None),
    ],
)
def test_a_failure_is_told_by_its_exception(kind, status, failure):
    assert failure_of(failed(kind, status)) == failure


def test_a_program_that_worked_or_lost_its_server_did_not_fail():
    assert failure_of(node(1)) is None
    assert failure_of(node(1, status="server_lost")) is None


def test_the_tool_errors_are_those_of_the_api():
    classes = [each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, errors.ToolError)]
    assert {each.__name__ for each in classes} == TOOL_ERRORS


def test_shares_against_counting():
    def one(index, code, kind=None):
        meta = {} if kind is None else {"fault": {"type": kind, "message": "", "line": 1}}
        return node(index, code=code, status="ok" if kind is None else "error", meta=meta)

    style = style_of(
        written_programs(
            [
                node(0),
                one(1, "print(1)\nprint(2)\n"),
                one(2, "x = 1\n\ny = 2\n"),
                one(3, "assert False\n", "AssertionError"),
                one(4, "move_to(x)\nmove_to(y)\n", "OutOfReachError"),
                one(5, "print(\n", "SyntaxError"),
                node(6, status="no_code", code=""),
                node(7, status="model_error", code=""),
            ]
        )
    )
    assert style is not None
    assert (style.num_programs, style.num_unparsed, style.mean_lines) == (5, 1, pytest.approx(8 / 5))
    assert (style.prints, style.asserts) == (1 / 4, 1 / 4)
    assert style.failed == pytest.approx(3 / 5)
    assert style.failures == pytest.approx({"assertion": 1 / 3, "code": 1 / 3, "environment": 1 / 3, "killed": 0})
    assert style_of([]) is None
    assert style_of(programs("print(\n")).prints is None


STEPS = ['"""One."""\nprint(1)\n', '"""Two."""\nx = 2\n\n', '"""Three."""\nassert x\n']


def chunk_nodes(chunks, num_run, **last):
    facts = {"iteration": 4, "sample": 2, "chunks": len(chunks)}
    nodes = [
        node(i + 1, chunk=i, depth=5 + i, code=code, parent_id=f"id{i}", **facts)
        for i, code in enumerate(chunks[:num_run])
    ]
    if last:
        nodes[-1] = nodes[-1].model_copy(update=last)
    return nodes


def test_the_chunks_of_a_reply_are_one_program():
    (whole,) = written_programs([node(0), *chunk_nodes(STEPS, 3)])
    assert (whole.lines, whole.prints, whole.asserts, whole.failure) == (6, True, True, None)


def test_chunks_that_were_never_run_are_taken_from_the_reply():
    nodes = [node(0), *chunk_nodes(STEPS, 2, status="error", meta={"fault": {"type": "BlockedError"}})]
    (cut,) = written_programs(nodes)
    assert (cut.lines, cut.asserts, cut.failure) == (4, False, "environment")
    (whole,) = written_programs(nodes, ["another()\n", "".join(STEPS)])
    assert (whole.lines, whole.asserts, whole.failure) == (6, True, "environment")


def test_steps_of_a_plan_are_programs_of_their_own():
    steps = [node(i, iteration=0, sample=0, depth=i, parent_id=f"id{i - 1}") for i in (1, 2, 3)]
    assert len(written_programs([node(0), *steps])) == 3


CODE = st.lists(st.sampled_from([*STEPS, "print(x)\n", "# Step 2\n", "for i in y:\n    assert i\n", "\n"]), min_size=1)


@given(CODE.map("".join))
def test_cutting_a_program_changes_nothing_that_is_said_of_it(code):
    chunks = chunk_program(code)
    (whole,) = programs(code)
    assert written_programs([node(0), *chunk_nodes(chunks, len(chunks))]) == [whole]


@given(st.text())
def test_whatever_a_model_writes_is_counted(code):
    (one,) = programs(code)
    assert one.lines <= code.count("\n") + len(code)
