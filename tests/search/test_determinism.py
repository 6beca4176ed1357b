"""What must not matter to a tree: the process it grows in, and how large it is to the time a step takes."""

import os
import subprocess
import sys

import pytest

from bench.search import grow
from harness.search import POLICIES

DIGESTS = "from bench.search import grow; from harness.search import POLICIES\n"
DIGESTS += "print(*(grow(name, 300)[0].tree.digest() for name in POLICIES))"


def digests_under(hash_seed: str) -> list[str]:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run([sys.executable, "-c", DIGESTS], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_two_processes_grow_the_same_trees():
    first = digests_under("1")
    assert len(set(first)) == len(POLICIES)
    assert digests_under("2") == first


@pytest.mark.slow
@pytest.mark.parametrize("policy", sorted(POLICIES))
def test_a_step_of_a_large_tree_costs_about_as_much_as_one_of_a_small_tree(policy):
    # a scan of all nodes would cost 15 times as much after 6,000 nodes as after 400
    _, times = grow(policy, 6_000)
    seconds = [ask + tell for ask, tell in zip(times.ask[-len(times.tell) :], times.tell, strict=True)]
    early, late = sorted(seconds[200:600])[200], sorted(seconds[-400:])[200]
    assert late < 5 * early
