import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.programs import ProgramRunner
from harness.programs.duplicates import normalised_ast_key, output_as_of
from tests.programs.conftest import Workshop

EXAMPLES = sorted(Path("examples/programs").glob("*.py"))

names = st.sampled_from(["drill", "chest", "x"])
constants = st.one_of(st.integers(-5, 5), st.floats(-9, 9), st.booleans(), st.none(), st.text("abé'\"\\\n", max_size=4))
calls = st.builds("{}({!r})".format, names, constants)
simple = st.one_of(
    calls,
    st.builds("{} = {!r}".format, names, constants),
    st.builds("assert {} != {!r}".format, names, constants),
)
blocks = st.builds(
    lambda head, body: f"{head}:\n" + "\n".join("    " + line for line in body),
    st.sampled_from(["for x in range(3)", "if drill", "while not chest", "def f(x=1)", "class C"]),
    st.lists(simple, min_size=1, max_size=3),
)
programs = st.lists(simple | blocks, min_size=1, max_size=5).map("\n".join)
noise = st.sampled_from(["", "# a comment", '"""A heading."""', "   ", "'Step 2'"])


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.stem for path in EXAMPLES])
def test_formatting_and_comments_do_not_count_in_the_examples(path):
    code = path.read_text(encoding="utf-8")
    assert normalised_ast_key(ast.unparse(ast.parse(code))) == normalised_ast_key(code)
    assert normalised_ast_key(f"# first\n\n{code}") == normalised_ast_key(code)


@settings(max_examples=100, deadline=None)
@given(programs, noise, noise)
def test_formatting_comments_and_headings_do_not_count(code, before, after):
    key = normalised_ast_key(code)
    assert normalised_ast_key(ast.unparse(ast.parse(code))) == key
    assert normalised_ast_key(f"{before}\n{code}\n{after}\n") == key
    assert normalised_ast_key(code.replace("\n", "  # why\n") if "'" not in code and '"' not in code else code) == key


@settings(max_examples=100, deadline=None)
@given(programs, st.integers(0, 50), constants)
def test_a_changed_constant_counts(code, which, other):
    tree = ast.parse(code)
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    chosen = found[which % len(found)] if found else None
    if chosen is None or repr(chosen.value) == repr(other):
        return
    chosen.value = other
    assert normalised_ast_key(ast.unparse(tree)) != normalised_ast_key(code)


@pytest.mark.parametrize(
    "other", ["f(2)", "g(1)", "f(1); f(1)", "f(1.0)", "f(True)", "f('1')", "x = f(1)", "def f():\n    'doc'\nf(1)"]
)
def test_what_a_program_does_counts(other):
    assert normalised_ast_key(other) != normalised_ast_key("f(1)")


def test_strings_that_can_be_read_count():
    assert normalised_ast_key("def f():\n    'one'") != normalised_ast_key("def f():\n    'two'")
    assert normalised_ast_key("'one'\nprint(__doc__)") != normalised_ast_key("'two'\nprint(__doc__)")


def test_odd_escapes_are_no_trouble():
    assert normalised_ast_key(r"print('\d')") == normalised_ast_key(r"print( '\d' )")


@pytest.mark.parametrize("broken", ["f(", "\0", "x" * 10 + "(" * 5000, "x = '\ud800"])
def test_a_program_that_does_not_parse_is_named_by_its_text(broken):
    assert normalised_ast_key(broken) == normalised_ast_key(broken)
    assert normalised_ast_key(broken) != normalised_ast_key(broken + " ")


PRINTING = """for x in range(2):
    print(x)
if x:
    print(
        "one",
        x)
print("3: (no number)", [
    x for x in "ab"])
print("end")
exit()
"""


printing = st.sampled_from(
    [
        "print(1)",
        "print(2,\n  3)",
        "for x in range(2):\n    print(x)\n    print(-x)",
        "print([\n  4\n])",
        "x = 1; print(x)",
    ]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(printing, noise, noise), min_size=1, max_size=4))
def test_output_is_told_as_the_program_itself_would_have_printed_it(runner, parts):
    first, second = ("\n".join(f"{part[which]}\n{part[0]}" for part in parts) for which in (1, 2))
    done, other = (runner.run(code, host=Workshop()) for code in (first, second))
    assert normalised_ast_key(first) == normalised_ast_key(second)
    assert output_as_of(second, first, done.text) == other.text


def test_lines_get_the_numbers_of_their_own_program(runner: ProgramRunner, workshop):
    written = "# Two of them.\n" + PRINTING.replace("if x", '"""Then"""\n\nif x')
    done, other = runner.run(PRINTING, host=workshop), runner.run(written, host=workshop)
    assert done.text != other.text
    assert output_as_of(written, PRINTING, done.text) == other.text
    assert output_as_of(PRINTING, written, other.text) == done.text
    assert "\n".join(done.text.split("\n")[:3]) == "2: (0,)\n2: (1,)\n4: ('one', 1)"


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("print(1); print(2)", "print(1)\nprint(2)"),
        ("def f(): pass\n", "# why\ndef f(): pass\n"),
        ("f = lambda: 1", "f = (lambda: 1)"),
        ("class A: x = 1", "class A:\n    x = 1"),
    ],
)
def test_where_more_of_the_writing_shows_only_the_same_text_will_do(code, other):
    assert normalised_ast_key(code) == normalised_ast_key(other)
    assert output_as_of(other, code, "1: (1,)") is None
    assert output_as_of(code, code, "1: (1,)") == "1: (1,)"
