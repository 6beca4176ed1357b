import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.llm.extract import extract_code


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ("So:\n```python\nx = 1\n```\nDone.", "x = 1\n"),
        ("```py\nx = 1\n```\nand\n```Python\ny = 2\n```", "x = 1\n\ny = 2\n"),
        ("```\nplain = 1\n```", "plain = 1\n"),
        ("```json\n{}\n```\n```python\nx = 1\n```", "x = 1\n"),
        ("```\nsketch\n```\n```python\nx = 1\n```", "x = 1\n"),
        ("```python\nx = 1\nfor i in", "x = 1\nfor i in\n"),
        ("  ```python\nx = 1\n  ```", "x = 1\n"),
        ("~~~python\nx = 1\n~~~", "x = 1\n"),
        ("````python\nx = '''\n```\n'''\n````", "x = '''\n```\n'''\n"),
        ("```python\r\nx = 1\r\n```", "x = 1\n"),
        ("move_to(nearest(Resource.Coal))", "move_to(nearest(Resource.Coal))\n"),
        ("I would mine (some) coal = good.", None),
        ("Hello", None),
        ("", None),
        ("```json\n{}\n```", None),
        ("```python\n```", None),
        ("(" * 3000, None),
    ],
)
def test_finds_the_program(reply, code):
    assert extract_code(reply) == code


@given(st.text())
def test_any_text_is_survived(reply):
    code = extract_code(reply)
    assert code is None or code.endswith("\n")


@given(
    st.lists(
        st.sampled_from(["x = 1", "  y", "", "s = 'a\x0cb\x1c\u2028\x85c'", '"""a step"""', "`tick`", "if a:"]),
        min_size=1,
    )
)
def test_a_fenced_program_comes_back_whole(lines):
    program = "\n".join(lines)
    expected = program.strip("\n") + "\n" if program.strip() else None
    assert extract_code(f"Thought.\n\n```python\n{program}\n```\n") == expected
