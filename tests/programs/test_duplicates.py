import ast
from pathlib import Path

import pytest

from harness.programs.duplicates import normalised_ast_key

EXAMPLES = sorted(Path("examples/programs").glob("*.py"))


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.stem for path in EXAMPLES])
def test_formatting_and_comments_do_not_count(path):
    code = path.read_text(encoding="utf-8")
    assert normalised_ast_key(ast.unparse(ast.parse(code))) == normalised_ast_key(code)
    assert normalised_ast_key(f"# first\n\n{code}") == normalised_ast_key(code)


@pytest.mark.parametrize("other", ["f(2)", "g(1)", "f(1); f(1)", "f(1.0)", "f(True)", '"""f"""\nf(1)'])
def test_what_a_program_does_counts(other):
    assert normalised_ast_key(other) != normalised_ast_key("f(1)")


@pytest.mark.parametrize("broken", ["f(", "\0", "x" * 10 + "(" * 5000])
def test_a_program_that_does_not_parse_is_named_by_its_text(broken):
    assert normalised_ast_key(broken) == normalised_ast_key(broken)
    assert normalised_ast_key(broken) != normalised_ast_key(broken + " ")
