import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from harness.core.strict_yaml import load_yaml

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.integers(), inner, max_size=3),
    max_leaves=8,
)


@given(plain)
def test_what_has_every_key_once_is_read_as_ever(data):
    assert load_yaml(yaml.safe_dump(data)) == data


@pytest.mark.parametrize("text", ["a: 1\nb: 2\na: 3", "s: {x: 1, x: 2}", "- {1: a, 0x1: b}"])
def test_a_key_that_is_there_twice_is_named_with_its_line(text):
    with pytest.raises(yaml.YAMLError, match=r"is there twice; take one out[^$]*line \d"):
        load_yaml(text)


def test_what_is_merged_in_may_be_written_over():
    assert load_yaml("base: &b {x: 1, y: 2}\nown: {<<: *b, x: 3}")["own"] == {"x": 3, "y": 2}


@pytest.mark.parametrize("text", ["? [1, 2]\n: x", "!!python/object:os.system {}", "a: [", "{a: 1}: {b: 2}"])
def test_what_no_setting_can_be_is_an_error_of_yaml(text):
    with pytest.raises(yaml.YAMLError):
        load_yaml(text)
