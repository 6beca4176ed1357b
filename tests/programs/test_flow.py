"""A program cut into chunks does what the whole does; generated data comes back with its aliases."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.core.hashing import canonical_json
from harness.programs import Namespace, ProgramRunner, chunk_program
from tests.programs.conftest import Workshop

FACTORY = '''
"""Plan."""
import heapq, random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

class Kind(Enum):
    FURNACE = Prototype.StoneFurnace
    OTHER = None

@dataclass(order=True)
class Job:
    rank: int
    place: Position = field(compare=False)
    kind: Kind = field(default=Kind.FURNACE, compare=False)

class Plan:
    """Jobs by rank."""
    made = []
    def __init__(self): self.queue = []; self.done = Counter()
    def add(self, *jobs):
        for job in jobs: heapq.heappush(self.queue, job)
        return self
    def __iter__(self):
        while self.queue: yield heapq.heappop(self.queue)

@lru_cache
def cost(n): return 1 if n < 2 else cost(n - 1) + cost(n - 2)

def logger(prefix):
    count = 0
    def say(*values):
        nonlocal count
        count += 1
        print(prefix, count, *values)
    return say
say = logger("plan")

"""Fill it."""
plan = Plan().add(Job(2, Position(4, 0)), Job(1, Position(0, 0)))
say(len(plan.queue), cost(20), random.randint(0, 10**6))
waiting = iter([5, 6, 7]); next(waiting)

"""Build."""
built = {}
for job in plan:
    entity = place_entity(job.kind.value, position=job.place)
    built[job.place] = entity
    plan.done[job.kind] += 1
    Plan.made.append(entity)
    say(job, next(waiting))

"""Fuel."""
for place, entity in built.items():
    built[place] = insert_item(Prototype.Coal, entity, 2)
fuelled = [e for e in built.values() if e.fuel[Prototype.Coal] == 2]
say(len(fuelled), plan.done, random.choice(["a", "b"]), random.gauss(0, 1), len({Resource.Coal, None, Kind.OTHER, say}))

"""Look back."""
by_kind = defaultdict(list)
for entity in Plan.made:
    by_kind[type(entity)].append(entity.position)
say(by_kind[StoneFurnace], Plan.made[0] is not built[Position(0, 0)], sorted({p.x for p in built}))
try:
    place_entity(Kind.FURNACE.value, position=Position(9, 9))
except MissingItemsError as error:
    say(error.code, Job(3, Position(1, 1)) > Job(2, Position(0, 0)))
'''


def test_chunks_one_after_the_other_do_what_the_whole_does(runner: ProgramRunner) -> None:
    whole_world, world = Workshop(), Workshop()
    whole = runner.run(FACTORY, host=whole_world, seed=3)
    assert whole.status == "ok", whole.text
    chunks = chunk_program(FACTORY)
    assert len(chunks) == 5
    namespace, said = Namespace(), []
    for chunk in chunks:
        outcome = runner.run(chunk, host=world, namespace=namespace, seed=3)
        assert (outcome.status, outcome.namespace.lost) == ("ok", {}), outcome.text
        said += [line.text for line in outcome.lines]
        namespace = Namespace.from_json(json.loads(json.dumps(outcome.namespace.to_json(), sort_keys=True)))
    assert said == [line.text for line in whole.lines]
    assert (world.calls, world.furnaces, world.items) == (
        whole_world.calls,
        whole_world.furnaces,
        whole_world.items,
    )
    assert namespace.names == whole.namespace.names
    assert namespace.data.get("random") == whole.namespace.data.get("random")


def test_sets_are_in_the_same_order_in_every_runner() -> None:
    code = "class A: pass\nprint({A, None, Resource.Coal, Resource.Wood, Prototype.Coal, len, (None, int), 'x', 2.5})"
    said = set()
    for _ in range(3):
        with ProgramRunner() as runner:
            said.add(runner.run(code, host=Workshop()).text)
    assert len(said) == 1


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=4)
    | st.binary(max_size=3)
    | st.sampled_from(["Prototype.Coal", "Direction.UP", "Position(1, 2)", "Resource.Stone"]).map(lambda text: (text,))
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["list", "tuple", "dict", "set", "frozenset", "deque", "box", "append"]),
        st.lists(st.integers(0, 30), max_size=4),
        SCALARS,
    ),
    min_size=1,
    max_size=14,
)


def written(scalar: object) -> str:
    return (
        scalar[0] if isinstance(scalar, tuple) else f"float({str(scalar)!r})" if type(scalar) is float else repr(scalar)
    )


def program_of(steps: list[tuple[str, list[int], object]]) -> str:
    """A program that makes values out of those it made before, so that they share parts and hold themselves."""
    lines = [
        "from collections import deque",
        "class Box:",
        "    def __init__(self, items, extra): self.items = items; self.extra = extra",
        "v = [[]]",
        "def hashable(x):",
        "    try: hash(x)",
        "    except TypeError: return False",
        "    return True",
    ]
    for kind, picks, scalar in steps:
        items = f"[*[v[i % len(v)] for i in {picks}], {written(scalar)}]"
        keys = f"[x for x in {items} if hashable(x)]"
        lines.append(
            {
                "list": f"v.append({items})",
                "tuple": f"v.append(tuple({items}))",
                "dict": f"v.append(dict.fromkeys({keys}, v[-1]))",
                "set": f"v.append(set({keys}))",
                "frozenset": f"v.append(frozenset({keys}))",
                "deque": f"v.append(deque({items}, 3))",
                "box": f"v.append(Box(v[-1], {items}))",
                "append": f"v[0].append(v[{picks[0] if picks else 0} % len(v)])",
            }[kind]
        )
    return "\n".join(lines)


LOOK = """
seen = {}
def look(x):
    if isinstance(x, (list, tuple, dict, set, frozenset, deque, Box)):
        if id(x) in seen: return ('again', seen[id(x)])
        seen[id(x)] = len(seen)
    if isinstance(x, (list, tuple, deque)): return (type(x).__name__, [look(y) for y in x], getattr(x, 'maxlen', 0))
    if isinstance(x, dict): return ('dict', [(look(k), look(y)) for k, y in x.items()])
    if isinstance(x, (set, frozenset)):
        return (type(x).__name__, len(x), sorted(repr(y) for y in x if type(y) in (int, str)))
    if isinstance(x, Box): return ('Box', look(x.items), look(x.extra))
    return repr(x)
print(look(v))
"""


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_generated_values_come_back_with_what_they_share(runner: ProgramRunner, steps: list[object]) -> None:
    code = program_of(steps)  # type: ignore[arg-type]
    made = runner.run(code, host=Workshop())
    assert (made.status, made.namespace.lost) == ("ok", {}), made.text
    read = Namespace.from_json(json.loads(canonical_json(made.namespace.to_json())))
    idle = runner.run("pass", host=Workshop(), namespace=read)
    assert canonical_json(idle.namespace.to_json()) == canonical_json(made.namespace.to_json())
    after = runner.run(LOOK, host=Workshop(), namespace=idle.namespace)
    whole = runner.run(code + LOOK, host=Workshop())
    assert [line.text for line in after.lines] == [line.text for line in whole.lines]
    assert after.status == whole.status == "ok"


@pytest.mark.parametrize("kind", ["class", "enum", "function", "instance"])
def test_what_a_later_program_redefines_changes_as_in_one_program(runner: ProgramRunner, kind: str) -> None:
    first, second, shown = {
        "class": (
            "class A:\n    def f(self): return 1\na = A()",
            "class A:\n    def f(self): return 2",
            "a.f(), A().f()",
        ),
        "enum": ("from enum import Enum\nE = Enum('E', 'A'); a = E.A", "E = Enum('E', 'A B')", "a is E.A, E.B.value"),
        "function": ("def g(): return 1\ndef f(): return g()", "def g(): return 2", "f(), g()"),
        "instance": ("x = [1]; y = x", "x = [2]", "x, y"),
    }[kind]
    whole = runner.run(f"{first}\n{second}\nprint({shown})", host=Workshop())
    namespace = Namespace()
    for code in (first, second):
        namespace = runner.run(code, host=Workshop(), namespace=namespace).namespace
    parts = runner.run(f"print({shown})", host=Workshop(), namespace=namespace)
    assert parts.lines[0].text == whole.lines[0].text
