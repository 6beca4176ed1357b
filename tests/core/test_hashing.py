import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.hashing import HASH_LENGTH, canonical_json, hash_json

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), JSON))
def test_order_of_keys_does_not_change_the_hash(value):
    assert hash_json(value) == hash_json(dict(reversed(value.items())))


@given(JSON, JSON)
def test_different_text_has_a_different_hash(left, right):
    assert (hash_json(left) == hash_json(right)) == (canonical_json(left) == canonical_json(right))


def test_hash_is_the_same_in_every_process():
    assert hash_json({"b": 1, "a": "é"}) == "aa58fba8483623bed37c1b02edfccbdd"
    assert len(hash_json(None)) == HASH_LENGTH


def test_infinities_are_refused():
    with pytest.raises(ValueError, match="Out of range"):
        canonical_json(math.inf)
