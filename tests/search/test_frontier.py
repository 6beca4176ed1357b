import math

import pytest

from harness.search.frontier import max_children


@pytest.mark.parametrize(
    ("visits", "factor", "exponent", "expected"),
    [
        (9, 2.0, 0.5, 6),  # 2 * 3
        (8, 2.0, 0.5, 5),  # 2 * 2.828 = 5.657
        (27, 3.0, 1 / 3, 9),  # 3 * 3, where a float's cube root falls short of 3
        (1, 4.0, 0.5, 4),
        (100, 0.5, 0.0, 1),  # a half, but never less than one
        (7, 1.0, 1.0, 7),
        (1, math.inf, 0.0, math.inf),
    ],
)
def test_progressive_widening_against_values_worked_out_by_hand(visits, factor, exponent, expected):
    assert max_children(visits, factor, exponent) == expected
