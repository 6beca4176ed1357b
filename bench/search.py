"""What ask and tell cost for each policy: `python -m bench.search [--nodes N]`; docs/search.md has the table.

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


class Times(NamedTuple):
    """Seconds of each call."""

    ask: list[float]
    tell: list[float]


class Cost(NamedTuple):
    """Of one policy: microseconds of an ask and of a tell, and of an ask in the last tenth of the tree; depth reached.

    A tell takes note of a result; the ask that follows backs it up.
    """

    ask_us: float
    ask_most_us: float
    late_ask_us: float
    tell_us: float
    tell_most_us: float
    depth: int


def outcomes(seed: int) -> Iterator[Outcome]:
    """Results but for the part that is the parent's."""
    rng = random.Random(seed)
    for number in range(10**9):
        key = f"{rng.randrange(number) if number and rng.random() < 0.1 else number:032x}"
        static = {kind: rng.random() for kind in rng.sample(KINDS, 4)}
        dynamic = {kind: rng.random() for kind in rng.sample(KINDS, 6)}
        works = rng.random() < 0.7
        yield Outcome(rng.gauss(0, 100), works, key, static, dynamic)


def grow(policy: str, num_nodes: int) -> tuple[Search, Times]:
    """A tree grown by a policy, and what its calls took."""
    search = Search(policy, seed=1, root_key="root")
    results, rng = outcomes(seed=2), random.Random(3)
    values = [0.0]
    waiting: list[Trial] = []
    times = Times([], [])
    for _ in range(num_nodes):
        started = time.thread_time()
        waiting += search.ask(1)
        times.ask.append(time.thread_time() - started)
        values.append(0.0)
        if len(waiting) == IN_FLIGHT:
            trial = waiting.pop(rng.randrange(IN_FLIGHT))
            result = next(results)
            values[trial.node] = 0.8 * values[trial.parent] + result.value
            outcome = Outcome(values[trial.node], result.worked, result.state_key, result.static, result.dynamic)
            started = time.thread_time()
            search.tell(trial, outcome)
            times.tell.append(time.thread_time() - started)
    for trial in waiting:
        search.cancel(trial)
    return search, times


def cost(policy: str, num_nodes: int = NODES) -> Cost:
    """What a policy costs."""
    search, (asks, tells) = grow(policy, num_nodes)
    late = asks[-max(num_nodes // 10, 1) :]
    depth = int(search.tree.depths[:num_nodes].max())
    return Cost(_mean_us(asks), _most_us(asks), _mean_us(late), _mean_us(tells), _most_us(tells), depth)


def _mean_us(seconds: list[float]) -> float:
    return 1e6 * sum(seconds) / len(seconds)


def _most_us(seconds: list[float]) -> float:
    """Of 99 in 100."""
    return 1e6 * sorted(seconds)[len(seconds) * 99 // 100]


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
        ask = (
            f"ask {found.ask_us:.0f} us ({found.late_ask_us:.0f} late, {found.ask_most_us:.0f} at the 99th percentile)"
        )
        tell = f"tell {found.tell_us:.0f} us ({found.tell_most_us:.0f})"
        rows.append((f"{policy}, depth {found.depth}", f"{ask}; {tell}; {memory:.0f} bytes a node"))
    return rows


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=NODES)
    for what, result in measure(parser.parse_args().nodes):
        print(f"{what:24} {result}", flush=True)
