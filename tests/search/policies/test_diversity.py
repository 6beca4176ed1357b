import numpy as np
import pytest

from harness.search import ROOT, Outcome
from harness.search.policies.diversity import deviation_of, reference_size
from tests.search.growing import grown, shares


def digs(value: float, **options) -> tuple[int, Outcome]:
    return ROOT, Outcome(value, static={"coal": 4.0}, **options)


def smelts(value: float) -> tuple[int, Outcome]:
    return ROOT, Outcome(value, dynamic={"iron-plate": 4.0})


def test_the_odd_one_out_is_continued_more_often():
    chosen = shares(grown("diversity", [digs(1.0), digs(1.0), digs(1.0), smelts(1.0)], diversity_weight=1.0))
    assert chosen[4] > 2 * max(chosen[1:4])


def test_shares_against_values_worked_out_by_hand():
    # three dig, one smelts: Q = (3/4, 1/4). M of a digger (7/8, 1/8), of the smelter (3/8, 5/8):
    # JS of a digger (log2(8/7) + 3/4 log2(6/7) + 1/4 log2(2)) / 2 = (0.192645 - 0.166795 + 0.25) / 2 = 0.137925
    # of the smelter (log2(8/5) + 3/4 log2(2) + 1/4 log2(2/5)) / 2 = (0.678072 + 0.75 - 0.330482) / 2 = 0.548795
    # with the root at 0: mean 0.192514, deviation 0.184933; D / dev = 0, 0.745811, 0.745811, 0.745811, 2.967528
    # exponentials 1, 2.108151, 2.108151, 2.108151, 19.443797: sum 26.768250
    found = shares(grown("diversity", [digs(1.0), digs(2.0), digs(3.0), smelts(2.0)], diversity_weight=1.0))
    assert found == pytest.approx([0.0374, 0.0788, 0.0788, 0.0788, 0.7264], abs=0.02)


def test_without_weight_it_is_the_softmax_of_rewards():
    results = [digs(1.0), (1, Outcome(2.0, dynamic={"iron-plate": 1.0}))]
    assert shares(grown("diversity", results, diversity_weight=0.0)) == pytest.approx(
        [0.0626, 0.2129, 0.7246], abs=0.02
    )


def test_the_classic_divergence_prefers_the_odd_one_too():
    results = [digs(1.0), digs(1.0), digs(1.0), smelts(1.0)]
    chosen = shares(grown("diversity", results, diversity_weight=1.0, divergence="kullback-leibler"))
    assert chosen[4] > 2 * max(chosen[1:4])


def test_programs_that_failed_are_no_part_of_what_is_usual():
    failed = [digs(0.0, worked=False)] * 20
    chosen = shares(grown("diversity", [digs(1.0), smelts(1.0), *failed], diversity_weight=1.0))
    assert chosen[1] == pytest.approx(chosen[2], abs=0.03)


def test_the_reference_lags_by_less_than_a_sixteenth():
    sizes = [reference_size(number) for number in range(5000)]
    assert sizes[:33] == list(range(33))
    assert (sizes[1000], sizes[1023], sizes[1024]) == (992, 992, 1024)
    assert all(15 / 16 * number < size <= number for number, size in enumerate(sizes) if number)
    assert len({size for size in sizes if 1024 <= size < 2048}) == 16


def test_deviations_of_two_orders_are_equal():
    values = np.array([0.1, 0.7, 0.2, 1e-9])
    assert deviation_of(values) == deviation_of(values[::-1]) == pytest.approx(float(values.std()))
