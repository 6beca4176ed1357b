from hypothesis import given
from hypothesis import strategies as st

from harness.core.text import estimate_tokens, printable


def test_a_text_beyond_ascii_is_given_the_room_it_takes():
    assert estimate_tokens("x" * 400) == 101
    # No tokeniser in use has many such characters in a token, and most take one or two for each.
    assert estimate_tokens("工厂" * 50) == 101
    assert estimate_tokens("x" * 400 + "工" * 100) == 201


@given(st.text(), st.text())
def test_more_text_is_never_fewer_tokens(text, more):
    assert 1 <= estimate_tokens(text) <= estimate_tokens(text + more) <= estimate_tokens(text) + estimate_tokens(more)


@given(st.text(st.characters()))
def test_what_is_printable_goes_into_a_file(text):
    assert printable(printable(text)) == printable(text)
    printable(text).encode("utf-8")
