"""What a step of the search costs for each policy: `python -m bench.search [--nodes N]`; docs/search.md has the table.

Every tree grows to 100,000 nodes with eight trials in flight, told in no order. Seven of ten programs work. A result is
most of its parent's and chance of its own, a world is met again with a chance of one in ten, and a program makes ten
of 80 things. Times are processor time of the search alone, reading the clock included, without the stand-in for
programs.
"""

from __future__ import annotations

import argparse
import random
import time
import tracemalloc
from collections.abc import Iterator
from typing import NamedTuple

from harness.search import POLICIES, Outcome, Search, Trial

NODES = 100_000
MEMORY_NODES = 10_000
IN_FLIGHT = 8
KINDS = [f"item-{number}" for number in range(40)]


class Cost(NamedTuple):
    """Of one policy: microseconds of a step (ask and tell), on average and for 99 in 100; depth and width reached."""

    mean_us: float
    most_us: float
    depth: int
    root_children: int


def outcomes(seed: int) -> Iterator[Outcome]:
    """Results but for the part that is the parent's."""
    rng = random.Random(seed)
    for number in range(10**9):
        key = f"{rng.randrange(number) if number and rng.random() < 0.1 else number:032x}"
        static = {kind: rng.random() for kind in rng.sample(KINDS, 4)}
        dynamic = {kind: rng.random() for kind in rng.sample(KINDS, 6)}
        works = rng.random() < 0.7
        yield Outcome(rng.gauss(0, 100), works, key, static, dynamic)


def grow(policy: str, num_nodes: int) -> tuple[Search, list[float]]:
    """A tree grown by a policy, and the seconds of each step."""
    search = Search(policy, seed=1, root_key="root")
    results, rng = outcomes(seed=2), random.Random(3)
    values = [0.0]
    waiting: list[Trial] = []
    seconds = []
    for _ in range(num_nodes):
        started = time.thread_time()
        waiting += search.ask(1)
        took = time.thread_time() - started
        values.append(0.0)
        if len(waiting) == IN_FLIGHT:
            trial = waiting.pop(rng.randrange(IN_FLIGHT))
            result = next(results)
            values[trial.node] = 0.8 * values[trial.parent] + result.value
            outcome = Outcome(values[trial.node], result.worked, result.state_key, result.static, result.dynamic)
            started = time.thread_time()
            search.tell(trial, outcome)
            took += time.thread_time() - started
        seconds.append(took)
    for trial in waiting:
        search.cancel(trial)
    return search, seconds


def cost(policy: str, num_nodes: int = NODES) -> Cost:
    """What a policy costs."""
    search, seconds = grow(policy, num_nodes)
    ordered = sorted(seconds)
    tree = search.tree
    mean_us, most_us = 1e6 * sum(seconds) / num_nodes, 1e6 * ordered[num_nodes * 99 // 100]
    return Cost(mean_us, most_us, int(tree.depths[:num_nodes].max()), int(tree.num_children[0]))


def bytes_a_node(policy: str, num_nodes: int = MEMORY_NODES) -> float:
    """Memory a node takes in the search: all of it, less that of the same results held without one."""
    held = list(zip(range(num_nodes), outcomes(seed=2), strict=False))
    tracemalloc.start()
    search = Search(policy, seed=1, root_key="root")
    for _, outcome in held:
        (trial,) = search.ask(1)
        search.tell(trial, outcome)
    search.tree.digest()
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return used / num_nodes


def measure(num_nodes: int = NODES) -> list[tuple[str, str]]:
    """Rows of the table."""
    rows = []
    for policy in POLICIES:
        found = cost(policy, num_nodes)
        memory = bytes_a_node(policy, min(num_nodes, MEMORY_NODES))
        speed = f"{found.mean_us:.0f} us a step, {found.most_us:.0f} at the 99th percentile"
        rows.append((f"{policy}, depth {found.depth}", f"{speed}; {memory:.0f} bytes a node"))
    return rows


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=NODES)
    for what, result in measure(parser.parse_args().nodes):
        print(f"{what:24} {result}", flush=True)
