from hypothesis import given
from hypothesis import strategies as st

from tests.mod.lua import load

_, HEAP = load("lib.heap")


@given(st.lists(st.integers(-5, 5)))
def test_values_come_out_by_key_then_by_age(keys: list[int]) -> None:
    heap = HEAP.new()
    for age, key in enumerate(keys):
        HEAP.push(heap, key, (key, age))
    out = [HEAP.pop(heap) for _ in keys]
    assert out == sorted((key, age) for age, key in enumerate(keys))
    assert HEAP.pop(heap) is None


@given(st.lists(st.one_of(st.none(), st.integers(0, 9)), max_size=40))
def test_pushes_and_pops_may_alternate(steps: list[int | None]) -> None:
    heap, model = HEAP.new(), []
    for age, step in enumerate(steps):
        if step is None:
            expected = min(model) if model else None
            assert HEAP.pop(heap) == expected
            if expected is not None:
                model.remove(expected)
        else:
            HEAP.push(heap, step, (step, age))
            model.append((step, age))
