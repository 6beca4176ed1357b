from hypothesis import given
from hypothesis import strategies as st

from harness.llm.places import MAX_PARTS, format_places, parse_places

HALVES = st.integers(-400, 400).map(lambda n: n / 2)


def test_rows_are_told_by_their_ends():
    row = [(2.0 * n, 3.0) for n in range(12)]
    column = [(40.5, 1.5 * n) for n in range(5)]
    assert format_places([*column, (7, 9), *row]) == "12 from (0, 3) to (22, 3), 5 from (40.5, 0) to (40.5, 6), (7, 9)"


@given(st.lists(st.tuples(HALVES, HALVES), max_size=MAX_PARTS, unique=True))
def test_places_are_read_back_as_they_were(places):
    assert sorted(parse_places(format_places(places))) == sorted(places)


@given(st.integers(1, 6), st.integers(1, 8), st.sampled_from([1, 1.5, 2, 3]))
def test_blocks_are_read_back_from_a_few_rows(rows, columns, step):
    block = [(column * step, row * step) for row in range(rows) for column in range(columns)]
    told = format_places(block)
    assert sorted(parse_places(told)) == sorted(block)
    if columns >= 3 or rows >= 3:
        assert told.count("from") <= max(rows, columns)


def test_very_many_places_are_counted():
    scattered = [(n * n / 2, n) for n in range(60)]
    told = format_places(scattered)
    assert told.endswith(f", and {60 - MAX_PARTS} more")
    assert len(parse_places(told)) == MAX_PARTS
