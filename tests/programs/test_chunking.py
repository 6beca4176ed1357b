from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.programs import chunk_program

STATEMENTS = (
    "x = 1",
    "y = [1,\n     2]",
    'text = """line\n# 1. not a cut\n"""',
    "text = '''\n\"\"\"not a docstring\"\"\"\n'''",
    '@staticmethod\ndef f(a,\n      b=2):\n    """Inner docstring."""\n    return a',
    'class A:\n\t"""Tabbed."""\n\n\tx = 1',
    "for i in range(3):\n    # Step 1 inside\n    print(i)\nelse:\n    pass",
    "if x:\n    pass\n\nelif y:\n    z = 1\n\nelse:\n    'quiet'",
    "a = 1; b = 2",
    "c = 1 + \\\n    2",
    "print(f'{x!r}')",
)
DOCSTRINGS = ('"""Build."""', "'''Two\n\nlines.'''", "'short'", '"""Step"""; q = 3', 'w = 4; """not at the start"""')
COMMENTS = ("# Step 1: mine", "# 2. smelt", "# just words", "", "   ", "\x0c", "#   (3) belts")


def programs(*pieces: tuple[str, ...]) -> st.SearchStrategy[str]:
    lines = st.lists(st.sampled_from([text for group in pieces for text in group]), max_size=12)
    ends = st.sampled_from(["\n", "\r\n", "\r"])
    return st.tuples(lines, ends, st.booleans()).map(
        lambda parts: ("\n".join(parts[0]) + ("\n" if parts[2] else "")).replace("\n", parts[1])
    )


@settings(max_examples=300, deadline=None)
@given(programs(STATEMENTS, DOCSTRINGS, COMMENTS))
def test_chunks_are_the_program_and_each_parses(code: str) -> None:
    chunks = chunk_program(code)
    assert "".join(chunks) == code
    for chunk in chunks:
        ast.parse(chunk)


@settings(max_examples=150, deadline=None)
@given(programs(STATEMENTS, COMMENTS))
def test_chunks_keep_the_statements_in_order(code: str) -> None:
    whole = [ast.dump(statement) for statement in ast.parse(code).body]
    pieces = [ast.dump(statement) for chunk in chunk_program(code) for statement in ast.parse(chunk).body]
    assert pieces == whole


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_kept_whole(code: str) -> None:
    assert "".join(chunk_program(code)) == code


def test_one_chunk_a_docstring_and_one_before_the_first() -> None:
    code = 'import math\n\n"""Mine."""\na = 1\n"""Smelt."""\n\nb = 2\n'
    assert chunk_program(code) == ["import math\n\n", '"""Mine."""\na = 1\n', '"""Smelt."""\n\nb = 2\n']


@pytest.mark.parametrize("mark", ["# Step 1: go", "# 1. go", "## Task: go", "# 1) go"])
def test_without_docstrings_task_comments_cut(mark: str) -> None:
    code = f"a = 1\n{mark}\nb = 2\n# other words\nc = 3\n"
    assert chunk_program(code) == ["a = 1\n", f"{mark}\nb = 2\n# other words\nc = 3\n"]


def test_comments_inside_statements_never_cut() -> None:
    code = "if x:\n    a = 1\n# 1. still inside\n    b = 2\nc = [\n# 2. here too\n1]\n"
    assert chunk_program(code) == [code]


def test_text_that_does_nothing_joins_a_neighbour() -> None:
    assert chunk_program('# head\n"""A."""\n"""B."""\nx = 1\n"""C."""\n') == [
        '# head\n"""A."""\n"""B."""\nx = 1\n"""C."""\n'
    ]


def test_what_does_not_parse_is_one_chunk() -> None:
    assert chunk_program('"""A."""\nx = (\n') == ['"""A."""\nx = (\n']


def test_the_empty_program_is_one_chunk() -> None:
    assert chunk_program("") == [""]
