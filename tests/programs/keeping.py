"""What must survive from one program to the next: for each case a program that makes it and one that looks at it."""

from __future__ import annotations

PLAIN = {
    "scalars": (
        r"""
a, b, c, d = 1, 2.5, 'x', None; t = True
""",
        r"""
assert (a, b, c, d, t) == (1, 2.5, 'x', None, True)
""",
    ),
    "odd numbers": (
        r"""
n = 10**400; m = -2**62; i, j = float('inf'), float('-inf'); k = float('nan'); z = -0.0
""",
        r"""
assert n == 10**400 and m == -2**62 and i > 0 > j and k != k and str(z) == '-0.0'
""",
    ),
    "texts": (
        r"""
s = 'a\ud800\u20ac\n\0'; u = ''
""",
        r"""
assert s == 'a\ud800\u20ac\n\0' and u == ''
""",
    ),
    "bytes": (
        r"""
b = bytes(range(256)); m = bytearray(b'ab'); n = m
""",
        r"""
n.append(99)
assert b == bytes(range(256)) and m == b'abc' and type(m) is bytearray
""",
    ),
    "nested": (
        r"""
a = {'k': [(1, {'x': None}), [[]]], (1, (2, 3)): {4}}
""",
        r"""
assert a == {'k': [(1, {'x': None}), [[]]], (1, (2, 3)): {4}}
""",
    ),
    "aliases": (
        r"""
a = []; b = {'a': a, 'c': (a,)}
""",
        r"""
a.append(1)
assert b == {'a': [1], 'c': ([1],)}
""",
    ),
    "cycles": (
        r"""
a = [1]; a.append(a); d = {}; d['d'] = (d, a); t = ([],); t[0].append(t)
""",
        r"""
assert a[1] is a and d['d'][0] is d and d['d'][1] is a and t[0][0] is t
""",
    ),
    "deep": (
        r"""
deep = []
for _ in range(5000): deep = [deep]
path = None
for i in range(3000): path = {'at': i, 'from': path}
""",
        r"""
n = 0
while deep: deep = deep[0]; n += 1
length = 0
while path: path = path['from']; length += 1
assert (n, length) == (5000, 3000)
""",
    ),
    "deep tuples": (
        r"""
deep = ()
for _ in range(5000): deep = (deep,)
""",
        r"""
n = 0
while deep: deep = deep[0]; n += 1
assert n == 5000
""",
    ),
    "sets": (
        r"""
s = {3, 1, 'b', (2, 'x'), None, 2.5}; f = frozenset({1, frozenset({2})}); e = set()
""",
        r"""
assert s == {3, 1, 'b', (2, 'x'), None, 2.5} and f == {1, frozenset({2})} and e == set() and type(e) is set
""",
    ),
    "dicts in their order": (
        r"""
d = {'z': 1, 'a': 2}; d['m'] = 3; del d['z']; d['z'] = 4
""",
        r"""
assert list(d) == ['a', 'm', 'z']
""",
    ),
    "numbers of the library": (
        r"""
from decimal import Decimal
from fractions import Fraction
a, b, c = Decimal('1.10'), Fraction(2, 6), 1 + 2j; n = Decimal('NaN')
""",
        r"""
assert str(a) == '1.10' and b == Fraction(1, 3) and c == 1 + 2j and n.is_nan()
""",
    ),
    "ranges and slices": (
        r"""
r = range(5, 0, -2); s = slice(1, None, 2)
""",
        r"""
assert list(r) == [5, 3, 1] and [1, 2, 3, 4][s] == [2, 4]
""",
    ),
    "ellipsis and such": (
        r"""
e = ...; n = NotImplemented; t = [int, type(None), type]
""",
        r"""
assert e is ... and n is NotImplemented and t == [int, type(None), type]
""",
    ),
    "collections": (
        r"""
from collections import ChainMap, Counter, OrderedDict, UserDict, defaultdict, deque
c = Counter('aab'); d = defaultdict(list); d[1].append(2); q = deque([1, 2], 2); o = OrderedDict(a=1, b=2)
o.move_to_end('a'); base = {'x': 1}; m = ChainMap({}, base); u = UserDict(k=1); q2 = deque(); q2.append(q2)
""",
        r"""
d[3].append(4); q.append(3); base['y'] = 2
assert c.most_common(1) == [('a', 2)]
assert dict(d) == {1: [2], 3: [4]}
assert list(q) == [2, 3]
assert q.maxlen == 2
assert list(o) == ['b', 'a']
assert type(o) is OrderedDict
assert m['y'] == 2
assert m.maps[1] is base
assert u['k'] == 1
assert q2[0] is q2 and isinstance(c, Counter)
""",
    ),
    "dates": (
        r"""
import datetime as dt
d = dt.date(2024, 2, 29); t = dt.datetime(2024, 1, 2, 3, 4, 5, 6, dt.timezone.utc)
p = dt.timedelta(days=-1, seconds=3); h = dt.time(4, 5, tzinfo=dt.timezone(dt.timedelta(hours=2), 'X'))
seen = {d: 1, t: 2}; hash(h)
""",
        r"""
assert d == dt.date(2024, 2, 29) and t.isoformat() == '2024-01-02T03:04:05.000006+00:00'
assert p == dt.timedelta(days=-1, seconds=3)
assert h.tzname() == 'X'
assert h.utcoffset() == dt.timedelta(hours=2)
assert seen[dt.date(2024, 2, 29)] == 1 and seen[t] == 2 and (d + dt.timedelta(1)).month == 3
assert t.tzinfo is dt.timezone.utc or t.tzinfo == dt.timezone.utc
""",
    ),
    "patterns": (
        r"""
import re
p = re.compile(r'(\d+)-x', re.I)
""",
        r"""
assert p.match('12-X')[1] == '12' and p.flags & re.I
""",
    ),
    "arrays": (
        r"""
from array import array
a = array('d', [1.5, 2])
""",
        r"""
assert a == array('d', [1.5, 2])
""",
    ),
    "namespaces": (
        r"""
from types import SimpleNamespace, MappingProxyType
n = SimpleNamespace(a=1); n.me = n
d = {'k': 1}; m = MappingProxyType(d); k = d.keys(); v = d.values()
""",
        r"""
d['l'] = 2
assert n.a == 1 and n.me is n and m['l'] == 2 and list(k) == ['k', 'l'] and sum(v) == 3
""",
    ),
    "random generators": (
        r"""
import random
g = random.Random(7); g.random(); g.gauss(0, 1); x = random.Random(7); x.random(); x.gauss(0, 1)
expected = [x.random(), x.gauss(0, 1), x.randint(0, 9)]
""",
        r"""
assert [g.random(), g.gauss(0, 1), g.randint(0, 9)] == expected and type(g) is random.Random
""",
    ),
    "the modules own chance": (
        r"""
import random
from random import choice
random.seed(5); random.gauss(0, 1); choice([1, 2])
state = random.getstate()
expected = [random.gauss(0, 1), random.random()]
random.setstate(state)
del state
""",
        r"""
assert [random.gauss(0, 1), random.random()] == expected and choice is random.choice
""",
    ),
    "iterators": (
        r"""
import itertools
xs = [1, 2, 3, 4]; i = iter(xs); next(i); c = itertools.count(5, 2); next(c)
y = itertools.cycle('ab'); next(y); e = enumerate('xyz'); next(e); z = zip(xs, 'abcd'); next(z)
m = map(abs, [-1, -2]); f = filter(None, [0, 1, 2]); s = itertools.islice(c, 3); r = reversed(xs); next(r)
a, b = itertools.tee([1, 2, 3]); next(a); k = iter({'p': 1, 'q': 2}); next(k); n = iter(range(4)); next(n)
h = itertools.chain([1], [2]); next(h); t = itertools.combinations('abc', 2); next(t)
""",
        r"""
xs.append(5)
assert list(i) == [2, 3, 4, 5] and [next(y), next(y)] == ['b', 'a'] and next(e) == (1, 'y')
assert next(z) == (2, 'b') and list(m) == [1, 2] and list(f) == [1, 2] and list(s) == [7, 9, 11]
assert next(c) == 13 and list(r) == [3, 2, 1] and list(a) == [2, 3] and list(b) == [1, 2, 3]
assert list(k) == ['q'] and list(n) == [1, 2, 3] and list(h) == [2] and list(t) == [('a', 'c'), ('b', 'c')]
""",
    ),
    "builtin methods": (
        r"""
stack = [1]; push = stack.append; up = str.upper; size = dict.fromkeys; get = {'a': 1}.get
""",
        r"""
push(2)
assert stack == [1, 2] and up('a') == 'A' and size('a') == {'a': None} and get('a') == 1
""",
    ),
    "types with parameters": (
        r"""
from typing import Callable, Literal, TypeVar, Union
a = list[int]; b = Dict[str, List[int]]; c = Optional[Position]; d = Callable[[int], str]; e = int | None
T = TypeVar('T', bound=int); f = List[T]; g = Literal['x', 1]; h = Union[int, 'Later']
""",
        r"""
assert a == list[int]
assert b == Dict[str, List[int]]
assert c == Optional[Position]
assert d == Callable[[int], str]
assert e == int | None and f[bool] == List[bool] and T.__bound__ is int and g == Literal['x', 1]
assert h == Union[int, 'Later'] and f.__args__[0] is T
""",
    ),
    "errors": (
        r"""
try:
    try:
        {}['k']
    except KeyError as inner:
        raise ValueError('outer', 2) from inner
except ValueError as error:
    kept = error
o = OSError(2, 'gone'); s = StopIteration(4)
""",
        r"""
assert kept.args == ('outer', 2) and kept.__cause__.args == ('k',) and o.errno == 2 and s.value == 4
""",
    ),
    "deleted and underscored": (
        r"""
x = y = 1; _h = 2; __z = 3
del x
""",
        r"""
assert 'x' not in globals() and (_h, __z) == (2, 3)
""",
    ),
    "names of statements": (
        r"""
for i in range(3): last = i
if (n := 5) > 2: pass
(p, *q), r = [(1, 2, 3), 4]
""",
        r"""
assert (i, last, n, p, q, r) == (2, 2, 5, 1, [2, 3], 4)
""",
    ),
}

FUNCTIONS = {
    "functions": (
        r"""
k = 2
def f(x, y=[1], *rest, z=3, **more):
    'Doc.'
    return x * z * k, y, rest, more
""",
        r"""
k = 5
assert f(2) == (30, [1], (), {}) and f(1, 2, 3, z=4, a=5) == (20, 2, (3,), {'a': 5})
assert f.__doc__ == 'Doc.' and f.__defaults__ == ([1],) and f.__kwdefaults__ == {'z': 3}
""",
    ),
    "annotations": (
        r"""
from typing import Callable
class A: pass
def f(x: int, p: Optional[Position] = None, *, c: Callable[[int], 'A'] = abs) -> List[A]: return [x]
""",
        r"""
assert f.__annotations__['return'] == List[A] and f.__annotations__['p'] == Optional[Position]
assert f.__annotations__['x'] is int and f(3) == [3]
""",
    ),
    "postponed annotations": (
        r"""
from __future__ import annotations
def f(x: Nowhere) -> Nowhere: return x
""",
        r"""
assert f(1) == 1 and f.__annotations__ == {'x': 'Nowhere', 'return': 'Nowhere'}
""",
    ),
    "lambdas on one line": (
        r"""
f, g = lambda x: x + 1, lambda x: x * 10
""",
        r"""
assert (f(3), g(3)) == (4, 30)
""",
    ),
    "a shared closure": (
        r"""
def make(n):
    def add():
        nonlocal n
        n += 1
        return n
    def get(): return n
    return add, get
add, get = make(1)
""",
        r"""
add(); add()
assert get() == 3
""",
    ),
    "recursion": (
        r"""
def fact(n): return 1 if n < 2 else n * fact(n - 1)
def make():
    def even(n): return n == 0 or odd(n - 1)
    def odd(n): return n != 0 and even(n - 1)
    return even
even = make()
""",
        r"""
assert fact(5) == 120 and even(10) and not even(7)
""",
    ),
    "a list of closures": (
        r"""
fs = [lambda x, i=i: x + i for i in range(3)]; gs = [(lambda i: lambda: i)(i) for i in range(3)]
""",
        r"""
assert [f(1) for f in fs] == [1, 2, 3] and [g() for g in gs] == [0, 1, 2]
""",
    ),
    "an empty cell": (
        r"""
def make():
    def f(): return later
    if False: later = 1
    return f
f = make()
""",
        r"""
try:
    f()
except NameError: ok = True
assert ok
""",
    ),
    "attributes": (
        r"""
def f(): f.n += 1; return f.n
f.n = 1
""",
        r"""
assert f() == 2
""",
    ),
    "decorators": (
        r"""
import functools
calls = []
def log_it(tag):
    def wrap(f):
        @functools.wraps(f)
        def inner(*a, **k):
            calls.append((tag, f.__name__)); return f(*a, **k)
        return inner
    return wrap
@log_it('x')
def f(a, b=2):
    'Doc.'
    return a + b
""",
        r"""
assert f(1) == 3
assert calls == [('x', 'f')]
assert f.__name__ == 'f'
assert f.__wrapped__(1) == 3
assert f.__doc__ == 'Doc.'
""",
    ),
    "functools": (
        r"""
import functools, operator
@functools.lru_cache(maxsize=8)
def sq(n): return n * n
sq(3)
@functools.cache
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
add = functools.partial(operator.add, 2); p = functools.partial(print, 'x', sep='')
key = functools.cmp_to_key(lambda a, b: b - a)
first = operator.itemgetter(0, 1)
up = operator.methodcaller('upper')
""",
        r"""
assert sq(4) == 16 and sq.cache_parameters()['maxsize'] == 8 and fib(60) == 1548008755920 and add(3) == 5
assert p.keywords == {'sep': ''} and first('ab') == ('a', 'b') and up('a') == 'A'
""",
    ),
    "single dispatch": (
        r"""
import functools
@functools.singledispatch
def show(x): return 'any'
@show.register
def _(x: int): return 'int'
@show.register(list)
def show_list(x): return 'list ' + show(x[0])
""",
        r"""
assert (show(1), show([2]), show('a'), show([[None]])) == ('int', 'list int', 'any', 'list list any')
@show.register
def _(x: str): return 'str'
assert show('a') == 'str'
""",
    ),
    "generators": (
        r"""
def count(n):
    for i in range(n):
        got = yield i
def both(n):
    yield from count(n)
    return n
""",
        r"""
assert list(both(3)) == [0, 1, 2]
""",
    ),
    "coroutine functions": (
        r"""
async def f(x): return x + 1
async def g(): return await f(1) + await f(2)
""",
        r"""
try:
    g().send(None)
except StopIteration as stop: result = stop.value
assert result == 5
""",
    ),
    "context managers": (
        r"""
from contextlib import contextmanager
seen = []
@contextmanager
def task(name):
    seen.append(name)
    try:
        yield name.upper()
    finally:
        seen.append('end')
""",
        r"""
with task('mine') as t: pass
assert t == 'MINE' and seen == ['mine', 'end']
""",
    ),
    "redefined": (
        r"""
def f(): return 1
g = f
def f(): return 2
""",
        r"""
assert (f(), g()) == (2, 1)
""",
    ),
    "globals": (
        r"""
n = 0
def bump():
    global n, made
    n += 1; made = 'yes'
""",
        r"""
bump(); bump()
assert n == 2 and made == 'yes'
""",
    ),
    "methods": (
        r"""
class A:
    def __init__(self): self.n = 1
    def up(self): self.n += 1; return self.n
a = A(); up = a.up
""",
        r"""
assert up() == 2 and a.n == 2 and up.__self__ is a
""",
    ),
    "tools": (
        r"""
go = {'wait': sleep}
nap = sleep
""",
        r"""
assert nap is sleep and go['wait'](1) is True
""",
    ),
    "imports": (
        r"""
import math as m, json, statistics
from itertools import chain
import collections.abc
from heapq import heappush
""",
        r"""
assert m.pi > 3
assert list(chain([1], [2])) == [1, 2]
assert json.dumps([1]) == '[1]'
assert statistics.mean([1, 3]) == 2
assert isinstance([], collections.abc.Sequence)
h = []; heappush(h, 1)
""",
    ),
}

CLASSES = {
    "inheritance": (
        r"""
class Base:
    count = 0
    def who(self): return type(self).__name__
class Sub(Base):
    def who(self): return 'sub ' + super().who()
thing = Sub(); thing.x = 1; Base.count = 7; Sub.extra = lambda self: self.x
""",
        r"""
assert thing.who() == 'sub Sub' and Sub.count == 7 and thing.extra() == 1 and isinstance(thing, Base)
assert Sub.__mro__ == (Sub, Base, object) and Sub().who() == 'sub Sub'
""",
    ),
    "many bases": (
        r"""
class A:
    def f(self): return 'A'
class B(A):
    def f(self): return 'B' + super().f()
class C(A):
    def f(self): return 'C' + super().f()
class D(B, C): pass
d = D()
""",
        r"""
assert d.f() == D().f() == 'BCA'
""",
    ),
    "kinds of methods": (
        r"""
class A:
    made = 0
    def __init__(self, x): self._x = x; type(self).made += 1
    @property
    def x(self): 'The x.'; return self._x
    @x.setter
    def x(self, v): self._x = v
    @classmethod
    def make(cls): return cls(5)
    @staticmethod
    def twice(n): return 2 * n
a = A(1)
""",
        r"""
a.x = 3
assert (a.x, A.make().x, A.twice(4), A.made, A.x.__doc__) == (3, 5, 8, 2, 'The x.')
""",
    ),
    "cached properties": (
        r"""
from functools import cached_property
class A:
    n = 0
    @cached_property
    def v(self): A.n += 1; return A.n
a = A(); b = A(); a.v
""",
        r"""
assert (a.v, b.v, b.v) == (1, 2, 2)
""",
    ),
    "operators": (
        r"""
from functools import total_ordering
@total_ordering
class V:
    def __init__(self, n): self.n = n
    def __eq__(self, o): return self.n == o.n
    def __lt__(self, o): return self.n < o.n
    def __hash__(self): return hash(self.n)
    def __add__(self, o): return V(self.n + o.n)
    def __repr__(self): return f'V({self.n})'
    def __len__(self): return 0
    def __call__(self, x): return x + self.n
    def __getitem__(self, i): return i * self.n
v = V(2); s = {v: 'two', V(3): 'three'}; q = {V(9)}
""",
        r"""
assert v >= V(1)
assert (v + V(1)).n == 3
assert s[V(2)] == 'two'
assert v(1) == 3
assert v[5] == 10
assert repr(q) == '{V(9)}'
assert V(3) in s and V(9) in q and list(s) == [V(2), V(3)]
""",
    ),
    "dataclasses": (
        r"""
from dataclasses import dataclass, field, KW_ONLY, InitVar
from typing import ClassVar
@dataclass
class Site:
    place: Position
    tags: list = field(default_factory=list)
    n: int = 3
    kinds: ClassVar[int] = 9
    start: InitVar[int] = 0
    _: KW_ONLY = None
    late: str = 'z'
    def __post_init__(self, start): self.n += start
site = Site(Position(1, 2), ['a'], 1, 4, late='q')
""",
        r"""
assert site.tags == ['a'] and site.n == 5 and Site(Position(0, 0)).tags == [] and Site.kinds == 9
assert site == Site(Position(1, 2), ['a'], 5, late='q')
assert repr(Site(1)).endswith("tags=[], n=3, late='z')")
import dataclasses
assert [f.name for f in dataclasses.fields(Site)] == ['place', 'tags', 'n', 'late']
assert dataclasses.replace(site, n=1, start=0).n == 1 and dataclasses.fields(site)[0].type is Position
""",
    ),
    "dataclasses frozen, with slots, ordered": (
        r"""
from dataclasses import dataclass, field
@dataclass(frozen=True, slots=True, order=True)
class Site:
    x: int
    tags: tuple = ()
    note: str = field(default='', compare=False, repr=False)
    def far(self): return self.x > 5
@dataclass(frozen=True)
class Two(Site):
    y: int = 0
site = Site(1, ('a',)); seen = {site: 1}; two = Two(3, y=4)
""",
        r"""
from dataclasses import FrozenInstanceError
assert seen[Site(1, ('a',))] == 1 and Site(0) < site and not site.far()
try:
    site.x = 2
except FrozenInstanceError: ok = True
assert ok
assert not hasattr(site, '__dict__')
assert Site.__slots__ == ('x', 'tags', 'note')
assert two == Two(3, y=4)
assert repr(site) == "Site(x=1, tags=('a',))" and Two.__mro__[1] is Site and Site(1).note == ''
""",
    ),
    "dataclasses with methods of their own": (
        r"""
from dataclasses import dataclass
@dataclass(eq=False)
class A:
    x: int = 1
    def __repr__(self): return 'mine'
@dataclass(unsafe_hash=True)
class B:
    y: int = 2
a = A(); d = {a: 1}; h = {B(3)}; A.x = 8
""",
        r"""
assert repr(a) == 'mine' and d[a] == 1 and A() != A() and B(3) in h and A().x == 1 and A.x == 8
""",
    ),
    "made dataclasses": (
        r"""
from dataclasses import make_dataclass, asdict
P = make_dataclass('P', [('x', int), ('y', int, 5)]); p = P(1)
""",
        r"""
assert asdict(p) == {'x': 1, 'y': 5} and P(2) == P(2, 5)
""",
    ),
    "enumerations": (
        r"""
from enum import Enum, Flag, IntEnum, StrEnum, auto
BASE = 10
class Step(Enum):
    MINE = auto()
    SMELT = BASE
    DIG = 1
    @property
    def next(self): return Step.SMELT
    @classmethod
    def first(cls): return cls.MINE
class Level(IntEnum):
    LOW = 1
    HIGH = 2
class Side(Flag):
    N = auto()
    E = auto()
class Word(StrEnum):
    A = 'a'
class Planet(Enum):
    EARTH = (1, 2)
    def __init__(self, m, r): self.ratio = m / r
at = Step.SMELT; ne = Side.N | Side.E; by = {Step.MINE: 1, Level.LOW: 2}; Step.MINE.note = 'deep'
Color = Enum('Color', 'RED GREEN'); red = Color.RED; w = Word.A
""",
        r"""
assert at is Step.SMELT and at.value == 10 and Step.DIG is Step.MINE and Step.MINE.next is at
assert Level.HIGH + 1 == 3 and ne == Side.N | Side.E and Side.N in ne and by[Step.MINE] == 1 and by[1] == 2
assert Planet.EARTH.ratio == 0.5
assert Step.MINE.note == 'deep'
assert red is Color.RED
assert Color['GREEN'].value == 2
assert w == 'a' and w is Word('a') and Step.first() is Step.MINE and list(Side) == [Side.N, Side.E]
""",
    ),
    "enumerations in functions": (
        r"""
from enum import Enum
def make(n):
    class Kind(Enum):
        A = n
        def get(self): return self.value + n
    return Kind
Kind = make(4); a = Kind.A
""",
        r"""
assert a is Kind.A and a.get() == 8
""",
    ),
    "abstract classes": (
        r"""
from abc import ABC, abstractmethod
class Shape(ABC):
    @abstractmethod
    def area(self): ...
    @property
    @abstractmethod
    def name(self): ...
class Square(Shape):
    name = 'sq'
    def area(self): return 4
s = Square()
""",
        r"""
assert s.area() == 4 and isinstance(s, Shape)
try:
    Shape()
except TypeError as e: said = str(e)
assert 'area' in said
class Half(Shape):
    name = ''
try:
    Half()
except TypeError: ok = True
assert ok
Shape.register(int)
assert isinstance(3, Shape)
""",
    ),
    "collections of its own": (
        r"""
from collections.abc import Mapping, Sequence
class M(Mapping):
    def __init__(self, d): self.d = d
    def __getitem__(self, k): return self.d[k]
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)
m = M({'a': 1})
""",
        r"""
assert dict(m) == {'a': 1} and m.get('b') is None and 'a' in m
""",
    ),
    "named tuples": (
        r"""
from collections import namedtuple
from typing import NamedTuple
A = namedtuple('A', 'x y', defaults=[5])
class B(NamedTuple):
    z: int = 1
    def double(self): return 2 * self.z
class C(namedtuple('C', 'p q')):
    __slots__ = ()
    @property
    def total(self): return self.p + self.q
a, b, c = A(1), B(), C(1, 2)
""",
        r"""
assert a == (1, 5)
assert repr(b) == 'B(z=1)'
assert A(2).y == 5
assert b.double() == 2
assert c.total == 3
assert B(3)._replace(z=4).z == 4
assert B.__annotations__ == {'z': int}
assert A._make([7, 8]).x == 7
assert type(c) is C
assert a._asdict() == {'x': 1, 'y': 5}
""",
    ),
    "slots": (
        r"""
class A:
    __slots__ = ('x', '__y')
    def __init__(self): self.x = 1; self.__y = 2
    def y(self): return self.__y
class B(A):
    __slots__ = 'z', '__dict__'
a, b = A(), B(); b.z = 3; b.free = 4; n = A.__new__(A)
""",
        r"""
assert a.x == 1
assert a.y() == 2
assert (b.z, b.free) == (3, 4)
assert not hasattr(a, '__dict__')
assert not hasattr(n, 'x')
try:
    a.q = 1
except AttributeError: ok = True
assert ok and A.__slots__ == ('x', '__y')
""",
    ),
    "metaclasses": (
        r"""
made = []
class Meta(type):
    def __new__(meta, name, bases, body, **options):
        made.append(name)
        body['tag'] = options.get('tag', name.lower())
        return super().__new__(meta, name, bases, body)
    def __init__(cls, name, bases, body, **options): super().__init__(name, bases, body)
    def __call__(cls, *a): x = super().__call__(*a); x.born = True; return x
    @property
    def shout(cls): return cls.tag.upper()
class A(metaclass=Meta): pass
class B(A, tag='special'): pass
b = B()
""",
        r"""
assert made == ['A', 'B']
assert (A.tag, B.tag, B.shout) == ('a', 'special', 'SPECIAL')
assert b.born
assert type(B) is Meta
class C(B): pass
assert made == ['A', 'B', 'C'] and C().born
""",
    ),
    "registries": (
        r"""
class Plugin:
    all = []
    def __init_subclass__(cls, /, rank=0, **k):
        super().__init_subclass__(**k)
        cls.rank = rank
        Plugin.all.append(cls)
class One(Plugin, rank=1): pass
class Two(Plugin): pass
by_name = {}
def register(cls): by_name[cls.__name__] = cls; return cls
@register
class R: pass
""",
        r"""
assert Plugin.all == [One, Two] and One.rank == 1 and by_name == {'R': R}
class Three(Plugin, rank=3): pass
assert Plugin.all == [One, Two, Three]
""",
    ),
    "descriptors": (
        r"""
class Checked:
    def __set_name__(self, owner, name):
        self.name = '_' + name
        self.owner = owner
        Checked.n = getattr(Checked, 'n', 0) + 1
    def __get__(self, o, kind=None): return self if o is None else getattr(o, self.name, None)
    def __set__(self, o, v):
        if v < 0: raise ValueError('negative')
        setattr(o, self.name, v)
class A:
    x = Checked()
a = A(); a.x = 4
""",
        r"""
assert a.x == 4 and A.x.owner is A and Checked.n == 1
try:
    a.x = -1
except ValueError: ok = True
assert ok
""",
    ),
    "nested classes": (
        r"""
class A:
    class Inner:
        y = 4
        class Core: z = 5
a = A(); i = A.Inner(); c = A.Inner.Core()
""",
        r"""
assert i.y == 4
assert A.Inner is type(i)
assert type(c) is A.Inner.Core
assert A.Inner.Core.__qualname__ == 'A.Inner.Core'
""",
    ),
    "classes of functions": (
        r"""
def make(n):
    class Local:
        size = n
        def __init__(self, x): self.x = x
        def total(self): return self.x + n
        def kind(self): return __class__
    return Local
A, B = make(1), make(10); a, b = A(5), B(5); c = make(7)(0)
""",
        r"""
assert (a.total(), b.total(), c.total()) == (6, 15, 7)
assert a.kind() is A
assert A is not B
assert type(c).size == 7
""",
    ),
    "classes without a statement": (
        r"""
Dyn = type('Dyn', (), {'f': lambda self: self.x, 'n': 3}); d = Dyn(); d.x = 2
""",
        r"""
assert d.f() == 2 and Dyn.n == 3
""",
    ),
    "changed classes": (
        r"""
class A:
    n = 1
    gone = 2
    def f(self): return 'old'
a = A()
A.n = 5; del A.gone
def new(self): return 'new'
A.f = new; A.later = property(lambda self: 9)
""",
        r"""
assert A.n == 5 and not hasattr(A, 'gone') and a.f() == 'new' and a.later == 9 and A.f is new
""",
    ),
    "order of attributes": (
        r"""
class A:
    z = 1
    def m(self): pass
    a = 2
A.q = 3
""",
        r"""
assert [k for k in vars(A) if not k.startswith('_')] == ['z', 'm', 'a', 'q']
""",
    ),
    "generic, protocol, typed dict": (
        r"""
from typing import Generic, Protocol, TypedDict, TypeVar, runtime_checkable
T = TypeVar('T')
class Box(Generic[T]):
    def __init__(self, v: T): self.v = v
    def get(self) -> T: return self.v
class IntBox(Box[int]): pass
@runtime_checkable
class Runs(Protocol):
    def run(self) -> int: ...
class R:
    def run(self): return 1
class Row(TypedDict, total=False):
    name: str
    n: int
box = IntBox(3); row = Row(name='x')
""",
        r"""
assert box.get() == 3
assert isinstance(box, Box)
assert Box[str].__args__ == (str,)
assert Box.__parameters__ == (T,)
assert isinstance(R(), Runs)
assert not isinstance(3, Runs)
assert row == {'name': 'x'}
assert Row.__annotations__['n'] is int
assert Row(n=2) == {'n': 2} and Row.__total__ is False
""",
    ),
    "built on built-ins": (
        r"""
from collections import Counter, OrderedDict, defaultdict, deque
class L(list):
    def total(self): return sum(self)
class D(dict):
    def __missing__(self, k): return k * 2
class S(str): pass
class I(int): pass
class F(float): pass
class T(tuple): pass
class X(set): pass
class Z(frozenset): pass
class B(bytes): pass
class C(Counter): pass
class O(OrderedDict): pass
class Q(deque): pass
class G(defaultdict): pass
l = L([1, 2])
l.tag = 'x'
d = D(a=1)
s = S('s')
s.n = 1
i = I(5)
f = F(2.5)
t = T((1, [l]))
x = X({1})
z = Z({2})
b = B(b'q')
c = C('aab')
o = O(p=1, r=2)
o.move_to_end('p')
q = Q([1, 2], 5)
g = G(list)
g['k'].append(1)
""",
        r"""
assert l.total() == 3
assert l.tag == 'x'
assert d['zz'] == 'zzzz'
assert d['a'] == 1
assert s == 's'
assert s.n == 1
assert i + 1 == 6
assert f * 2 == 5
assert t[1][0] is l
assert x == {1}
assert z == {2}
assert b == b'q'
assert c['a'] == 2
assert list(o) == ['r', 'p']
assert list(q) == [1, 2]
assert q.maxlen == 5
assert g['k'] == [1]
assert g['new'] == []
assert type(t) is T
assert type(c) is C
""",
    ),
    "errors of its own": (
        r"""
class Stuck(Exception):
    def __init__(self, where, n=0): super().__init__(f'stuck {where}'); self.where = where; self.n = n
class Worse(Stuck, ValueError): pass
e = Stuck('there', 3); w = Worse('here')
""",
        r"""
try:
    raise w
except Stuck as s: got = s
assert str(got) == 'stuck here' and (e.where, e.n) == ('there', 3)
assert isinstance(w, ValueError)
""",
    ),
    "instances that know each other": (
        r"""
class Node:
    def __init__(self, n): self.n = n; self.next = None; self.others = set()
    def __hash__(self): return hash(self.n)
    def __eq__(self, o): return self.n == o.n
a, b = Node(1), Node(2); a.next, b.next = b, a; a.others = {a, b}; groups = {frozenset({a, b}): 'both'}
chain = None
for i in range(2000):
    link = Node(i); link.next = chain; chain = link
""",
        r"""
assert a.next.next is a and a in a.others and b in a.others and groups[frozenset({b, a})] == 'both'
n = 0
while chain: chain = chain.next; n += 1
assert n == 2000
""",
    ),
    "shared attributes": (
        r"""
class Borg:
    shared = {}
    def __init__(self): self.__dict__ = self.shared
a, b = Borg(), Borg(); a.x = 1; v = vars(b)
class P: pass
p = P(); p.k = 1; w = vars(p)
""",
        r"""
b.y = 2
assert (b.x, a.y, v['y']) == (1, 2, 2) and v is Borg.shared
w['k'] = 5
assert p.k == 5
""",
    ),
    "patterns": (
        r"""
class Site:
    __match_args__ = ('x', 'y')
    def __init__(self, x, y): self.x, self.y = x, y
    def __enter__(self): return self
    def __exit__(self, *a): self.x = 0
    def __iter__(self): yield self.x; yield self.y
s = Site(1, 2)
""",
        r"""
match s:
    case Site(1, y): found = y
with s: pass
assert found == 2 and list(s) == [0, 2]
""",
    ),
}

WORLD = {
    "values of the API": (
        r"""
p = Position(1, 2)
box = BoundingBox.spanning(Position(0, 0), Position(3, 4))
bb = BuildingBox(width=2, height=3)
inv = Inventory({'coal': 3}); r = Recipe(name='x', ingredients=[Ingredient(name='coal', count=2)])
places = {p: 'here'}
d = Direction.LEFT
u = UP
s = EntityStatus.WORKING
t = Technology.Automation
c = Resource.Coal
""",
        r"""
assert p == Position(1, 2)
assert type(p) is Position
assert box.width() == 3
assert bb.height == 3
assert inv['coal'] == 3
assert r.ingredients[0].count == 2
assert places[p] == 'here'
assert d is Direction.LEFT
assert u is UP
assert s is EntityStatus.WORKING
assert t is Technology.Automation and c == Resource.Coal and c[1] is ResourcePatch
""",
    ),
    "prototypes": (
        r"""
want = {Prototype.Coal: 5, Prototype.IronPlate: 2}; kinds = {Prototype.Coal, Resource.Stone}; k = SteelChest
""",
        r"""
assert want[Prototype.Coal] == 5
assert list(want) == [Prototype.Coal, Prototype.IronPlate]
assert Resource.Stone in kinds
assert k is SteelChest
""",
    ),
    "entities": (
        r"""
furnace = place_entity(Prototype.StoneFurnace, position=Position(1, 1))
furnace = insert_item(Prototype.Coal, furnace, 3)
furnaces = [furnace]; by_place = {furnace.position: furnace}
""",
        r"""
assert furnaces[0] is furnace and furnace.fuel[Prototype.Coal] == 3 and isinstance(furnace, StoneFurnace)
assert by_place[furnace.position] is furnace and furnace.status == EntityStatus.NO_INGREDIENTS
""",
    ),
    "groups": (
        r"""
belt = TransportBelt(name='transport-belt', position=Position(0, 0))
group = BeltGroup(id=1, position=Position(0, 0), belts=[belt], inputs=[belt], outputs=[belt])
""",
        r"""
assert group.belts[0] is group.inputs[0] is belt and isinstance(group, EntityGroup)
""",
    ),
    "errors of tools": (
        r"""
try:
    place_entity(Prototype.Boiler)
except ToolError as e: error = e
""",
        r"""
assert error.code == 'missing_items' and error.tool == 'place_entity' and 'boiler' in str(error)
""",
    ),
    "classes built on the API": (
        r"""
class Site(Position):
    def __init__(self, x, y, tag): super().__init__(x, y); self.tag = tag
here = Site(1, 2, 'a')
""",
        r"""
assert here.tag == 'a' and here == Position(1, 2) and here.right(1).x == 2 and Site(0, 0, 'b').tag == 'b'
""",
    ),
    "programs that plan": (
        r"""
from dataclasses import dataclass, field
import heapq, itertools
counter = itertools.count()
@dataclass(order=True)
class Job:
    rank: int
    number: int = field(default_factory=lambda: next(counter))
    act: object = field(default=None, compare=False)
queue = []
def plan(rank, act): heapq.heappush(queue, Job(rank, act=act))
plan(2, lambda: 'later'); plan(1, inspect_inventory)
""",
        r"""
plan(0, sleep)
names = [heapq.heappop(queue).number for _ in range(3)]
assert names == [2, 1, 0]
""",
    ),
}

CORNERS = {
    "new types": (
        r"""
from typing import NewType, ParamSpec
U=NewType('U',int)
P=ParamSpec('P')
""",
        r"""
assert U(3)==3
""",
    ),
    "annotated names": (
        r"""
x: int = 3
y: 'List[Position]' = []
""",
        r"""
assert x==3 and y==[]
""",
    ),
    "dataclasses that inherit": (
        r"""
from dataclasses import dataclass, field, fields
@dataclass
class A:
    x:int=1
    l:list=field(default_factory=list)
@dataclass
class B(A):
    y:int=2
    x:int=5
@dataclass(kw_only=True)
class C(B):
    z:int
b=B(); c=C(z=1)
""",
        r"""
assert (b.x,b.y,B(1).x,B().l)==(5,2,1,[]) and C(z=3).z==3 and [f.name for f in fields(C)]==['x','l','y','z']
assert b==B() and isinstance(c,A)
""",
    ),
    "dataclasses with slots that inherit": (
        r"""
from dataclasses import dataclass, field, fields
@dataclass(slots=True)
class A:
    x:int=1
@dataclass(slots=True)
class B(A):
    y:int=2
b=B(7)
""",
        r"""
assert (b.x,b.y)==(7,2) and not hasattr(b,'__dict__') and B().x==1
""",
    ),
    "dataclasses with slots of their own": (
        r"""
from dataclasses import dataclass, field, fields
@dataclass
class A:
    __slots__=('x','y','hid')
    x:int
    y:int
a=A(1,2)
a.hid=3
""",
        r"""
assert (a.x,a.hid)==(1,3) and A(5,6).y==6
""",
    ),
    "abstract dataclasses": (
        r"""
from dataclasses import dataclass, field, fields
from abc import ABC, ABCMeta, abstractmethod
@dataclass
class A(ABC):
    x:int
    @abstractmethod
    def f(self): ...
@dataclass
class B(A):
    def f(self): return self.x
b=B(3)
""",
        r"""
assert b.f()==3 and B(4).f()==4
try: A(1)
except TypeError: ok=1
assert ok
""",
    ),
    "dataclasses as defaults": (
        r"""
from dataclasses import dataclass, field, fields
@dataclass(frozen=True)
class P:
    x:int=0
@dataclass
class L:
    a:P=P(1)
    b:P=field(default=P(2))
l=L()
""",
        r"""
assert L().a==P(1) and l==L() and L.b.x==2 and hash(P(1))==hash(l.a)
""",
    ),
    "fields with metadata": (
        r"""
from dataclasses import dataclass, field, fields
@dataclass
class A:
    x:int=field(default=3, metadata={'u':[1]}, repr=False, compare=False)
a=A()
""",
        r"""
assert repr(a)=='A()' and fields(A)[0].metadata['u']==[1] and A(1)==A(2)
""",
    ),
    "partial methods": (
        r"""
from functools import lru_cache, partialmethod, singledispatchmethod
class A:
    def f(self,x,y): return x+y
    g=partialmethod(f,1)
a=A()
""",
        r"""
assert a.g(2)==3
""",
    ),
    "dispatching methods": (
        r"""
from functools import lru_cache, partialmethod, singledispatchmethod
class A:
    @singledispatchmethod
    def f(self,x): return 'o'
    @f.register
    def _(self,x:int): return 'i'
a=A()
""",
        r"""
assert a.f(1)=='i' and a.f('')=='o'
""",
    ),
    "memoised methods": (
        r"""
from functools import lru_cache, partialmethod, singledispatchmethod
class A:
    @lru_cache(None)
    def f(self,x): return x*2
a=A(); a.f(2)
""",
        r"""
assert a.f(3)==6 and A().f(1)==2
""",
    ),
    "enumerations in classes": (
        r"""
from enum import Enum, IntFlag
class M:
    class S(Enum):
        ON=1
    def __init__(self): self.s=self.S.ON
m=M()
""",
        r"""
assert m.s is M.S.ON
""",
    ),
    "enumerations of prototypes": (
        r"""
from enum import Enum, IntFlag
class Need(Enum):
    COAL=Prototype.Coal
    IRON=Prototype.IronPlate
n={Need.COAL:3}
""",
        r"""
assert n[Need.COAL]==3 and Need.IRON.value is Prototype.IronPlate
""",
    ),
    "super in classes of functions": (
        r"""
def mk():
    class A:
        def f(self): return 1
    class B(A):
        def f(self): return super().f()+1
    return B
B=mk(); b=B()
""",
        r"""
assert b.f()==2 and B().f()==2
""",
    ),
    "a class that holds its instance": (
        r"""
class N:
    def __init__(self): self.c=None
    def mk(self): return N()
N.root=N()
n=N.root
""",
        r"""
assert n is N.root and isinstance(n.mk(),N)
""",
    ),
    "classes as keys": (
        r"""
class A: pass
d={A:1}; s={A,int}
""",
        r"""
assert d[A]==1 and A in s
""",
    ),
    "partial of an instance": (
        r"""
from functools import partial
class A:
    def __call__(s,x): return x
a=A(); p=partial(a,3); q=[a.__call__]
""",
        r"""
assert p()==3 and q[0](4)==4
""",
    ),
    "groups of errors": (
        r"""
e=ExceptionGroup('g',[ValueError('a'),KeyError('b')])
""",
        r"""
assert len(e.exceptions)==2
""",
    ),
    "errors with notes": (
        r"""
e=ValueError('x'); e.add_note('n')
""",
        r"""
assert e.__notes__==['n']
""",
    ),
    "syntax errors": (
        r"""
try: eval('1+')
except SyntaxError as x: e=x
""",
        r"""
assert e.lineno==1
""",
    ),
    "errors of arguments": (
        r"""
err=None
try: place_entity('x')
except ToolError as x: err=x
""",
        r"""
assert isinstance(err,ToolError)
""",
    ),
    "templates": (
        r"""
import string
t=string.Template('$a')
""",
        r"""
assert t.substitute(a=1)=='1'
""",
    ),
    "distributions": (
        r"""
from statistics import NormalDist
n=NormalDist(1,2)
""",
        r"""
assert n.mean==1
""",
    ),
    "tables of functions": (
        r"""
fs={'a':lambda x:x+1,'b':lambda x:x*2}
ops=[(lambda a,b:a+b),(lambda a,b:a-b)]
""",
        r"""
assert fs['b'](4)==8 and ops[1](5,2)==3
""",
    ),
    "functions in nested lists": (
        r"""
m=[[(lambda i=i,j=j:(i,j)) for j in range(2)] for i in range(2)]
""",
        r"""
assert m[1][0]()==(1,0)
""",
    ),
    "a decorated singleton": (
        r"""
def single(cls):
    inst={}
    def get(*a):
        if cls not in inst: inst[cls]=cls(*a)
        return inst[cls]
    return get
@single
class Cfg:
    def __init__(self): self.v=1
c=Cfg()
""",
        r"""
assert Cfg() is c
""",
    ),
    "dicts with attributes": (
        r"""
class D(dict):
    __getattr__=dict.__getitem__
    __setattr__=dict.__setitem__
d=D(a=1)
d.b=2
""",
        r"""
assert d.a==1 and d['b']==2 and d.b==2
""",
    ),
    "guarded attributes": (
        r"""
class A:
    def __init__(self): object.__setattr__(self,'x',1)
    def __setattr__(self,k,v): raise TypeError
a=A()
""",
        r"""
assert a.x==1
""",
    ),
    "a singleton": (
        r"""
class S:
    _i=None
    def __new__(cls):
        if cls._i is None: cls._i=super().__new__(cls)
        return cls._i
s=S()
""",
        r"""
assert S() is s
""",
    ),
    "closures 200 deep": (
        r"""
def mk(n):
    if n==0: return lambda: 0
    inner=mk(n-1)
    return lambda: inner()+1
f=mk(200)
""",
        r"""
assert f()==200
""",
    ),
    "3,600 places": (
        r"""
d={(x,y):x*y for x in range(60) for y in range(60)}
""",
        r"""
assert d[(3,4)]==12 and len(d)==3600
""",
    ),
    "positions as keys": (
        r"""
s={Position(x,0) for x in range(500)}; d={Position(x,1):x for x in range(500)}
""",
        r"""
assert Position(3,0) in s and d[Position(4,1)]==4
""",
    ),
    "registered classes": (
        r"""
from abc import ABC
class A(ABC): pass
@A.register
class B: pass
b=B()
""",
        r"""
assert isinstance(b,A)
""",
    ),
    "required class arguments": (
        r"""
class B:
    def __init_subclass__(cls,*,need): cls.n=need
class C(B,need=4): pass
c=C()
""",
        r"""
assert c.n==4 and C.n==4
""",
    ),
    "prepared bodies": (
        r"""
class M(type):
    @classmethod
    def __prepare__(m,n,b,**k): return {'pre':1}
class A(metaclass=M): pass
a=A()
""",
        r"""
assert A.pre==1
""",
    ),
    "abstract metaclasses": (
        r"""
from abc import ABC, ABCMeta, abstractmethod
class M(ABCMeta):
    def who(cls): return cls.__name__
class A(metaclass=M):
    @abstractmethod
    def f(self): ...
class B(A):
    def f(self): return 1
b=B()
""",
        r"""
assert B.who()=='B' and b.f()==1 and isinstance(b,A)
""",
    ),
    "enumerations of what has changed since": (
        r"""
import itertools
from enum import Enum, Flag, IntEnum, StrEnum, auto
want={'iron': 5, 'list': [1]}
class E(Enum):
    IRON=want['iron']
    SAME=want['iron']
    LIST=want['list']
    LIMIT=property(lambda self: want['iron'])
    def price(self): return self.value*2
want['iron']=9; want['list'].append(2)
numbers=itertools.count(1)
class Next(IntEnum):
    A=next(numbers)
    B=next(numbers)
class Word(StrEnum):
    A=f"w{want['iron']}"
    B=auto()
class Bit(Flag):
    A=auto(); B=auto(); BOTH=A|B
    def __str__(self): return f'bit {self.name}'
want['iron']=1
each=[]
for i in range(3):
    class Loop(Enum):
        N=i
        PAIR=(i, -i)
        def __init__(self, *given): self.given=given
    each.append(Loop)
def under(n):
    class Inner(Enum):
        N=n
    n=-1
    return Inner
inner=under(7)
""",
        r"""
assert (E.IRON.value, E.SAME is E.IRON, E(5) is E.IRON, E.IRON.price()) == (5, True, True, 10)
assert E.LIST.value == [1, 2] and E.LIST.value is want['list'] and E.IRON.LIMIT == 1
assert [member.value for member in Next] == [1, 2] and Next(2) is Next.B and next(numbers) == 3
assert Word.A == 'w9' and Word.B == 'b' and Bit.BOTH.value == 3 and str(Bit.A) == 'bit A'
assert [kind.N.value for kind in each] == [0, 1, 2] and [kind.PAIR.given for kind in each] == [(0, 0), (1, -1), (2, -2)]
assert inner.N.value == 7
""",
    ),
    "enumerations of what is gone": (
        r"""
from enum import Enum
rates={'iron': 5}
class E(Enum):
    "What is dear."
    IRON=rates['iron']
    COAL=2
    @property
    def dear(self): return self.value>3
    @classmethod
    def default(cls): return cls.COAL
    def __str__(self): return f'{super().__str__()}!'
del rates
e=E.IRON; E.note='new'
""",
        r"""
assert e is E.IRON and e.value == 5 and e.dear and not E.default().dear and E(2) is E.COAL
assert str(e) == 'E.IRON!' and E.note == 'new' and E.__doc__ == 'What is dear.' and [*E] == [E.IRON, E.COAL]
""",
    ),
    "attributes of classes as they were": (
        r"""
from dataclasses import dataclass, field
n=5
class A:
    limit=n
    def f(self, k=n): return k
@dataclass
class B:
    limit: int=n
    names: list=field(default_factory=lambda: [n])
    total=n*2
n=9
""",
        r"""
assert (A.limit, A().f(), B().limit, B.total, B().names) == (5, 5, 5, 10, [9])
""",
    ),
    "enumerations with __new__": (
        r"""
from enum import Enum, IntFlag
class P(Enum):
    def __new__(cls,v,w):
        o=object.__new__(cls); o._value_=v; o.w=w; return o
    A=(1,'x')
    B=(2,'y')
p=P.B
""",
        r"""
assert p.w=='y' and P(1) is P.A
""",
    ),
    "combined flags": (
        r"""
from enum import Enum, IntFlag
class F(IntFlag):
    A=1
    B=2
f=F.A|F.B; g=F(0); h=~F.A
""",
        r"""
assert f==3 and g==0 and F.A in f and h==F.B
""",
    ),
    "subclasses of dates": (
        r"""
from datetime import date, datetime, timedelta
class D(date): pass
d=D(2020,1,2); hash(d)
x=datetime(2020,1,1)
""",
        r"""
assert d.day==2 and x+timedelta(1)==datetime(2020,1,2)
""",
    ),
    "classes on lines of their own": (
        r"""
class A: x=1; f=lambda self: self.x
class B: x=2; f=lambda self: self.x
a=A(); b=B()
""",
        r"""
assert (a.f(),b.f())==(1,2)
""",
    ),
}

KEPT = {**PLAIN, **FUNCTIONS, **CLASSES, **WORLD, **CORNERS}
