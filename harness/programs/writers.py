"""How values of Python's own types are written: one writer an exact type, and what subclasses keep of their base.

A writer gets the `Encoder` and the value and gives the record; `readers.py` has the way back for each kind of record.
"""

from __future__ import annotations

import base64
import collections
import contextlib
import datetime
import decimal
import fractions
import functools
import gc
import itertools
import operator
import random
import re
import types
import typing
from array import array
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from harness.programs.anatomy import dict_of, is_written_in_python, mro_of, name_of
from harness.programs.chance import words_of
from harness.programs.imports import ALLOWED_MODULES
from harness.programs.library import library_names

if TYPE_CHECKING:
    from harness.programs.persist import Encoder

Record = dict[str, Any]

_REASONS = {
    types.GeneratorType: "an open generator cannot be kept; keep a list of what it gives",
    types.CoroutineType: "a coroutine cannot be kept",
    types.AsyncGeneratorType: "an open generator cannot be kept; keep a list of what it gives",
    types.FrameType: "a frame cannot be kept",
    types.TracebackType: "a traceback cannot be kept",
    types.CodeType: "compiled code cannot be kept; keep the function",
    memoryview: "a memoryview cannot be kept; keep the bytes",
    re.Match: "a match cannot be kept; keep its groups",
}


class UnstorableError(Exception):
    """A value has no place in a namespace; the text says which and why."""


def reason_against(kind: type) -> str:
    """Why values of a class cannot be kept."""
    found = next((_REASONS[base] for base in mro_of(kind) if base in _REASONS), None)
    return found or f"a {name_of(kind)} cannot be kept"


def has_plain_layout(kind: type) -> bool:
    """Whether an instance is its attributes and no more, as those of classes written in Python are."""
    known = library_names()
    return all(_is_plain(base) for base in mro_of(kind) if id(base) in known or not is_written_in_python(base))


@functools.cache
def _is_plain(kind: type) -> bool:
    try:
        object.__new__(kind)
    except TypeError as error:
        # Abstract classes are refused too, but only after the layout was found to be plain.
        return "is not safe" not in str(error)
    return True


def _items(coder: Encoder, value: Any) -> Record:
    return {"kind": type(value).__name__, "items": coder.values(value)}


def _set(coder: Encoder, value: Any) -> Record:
    return {"kind": type(value).__name__, "items": coder.members(value)}


def _call(coder: Encoder, function: Callable[..., Any], *args: Any) -> Record:
    return {"kind": "call", "function": coder.value(function), "args": coder.values(args)}


def _bytes(coder: Encoder, value: Any) -> Record:
    coder.spend(2 * len(value))
    return {"kind": type(value).__name__, "base64": base64.b64encode(value).decode("ascii")}


def _cell(coder: Encoder, value: types.CellType) -> Record:
    try:
        content = value.cell_contents
    except ValueError:
        return {"kind": "cell"}
    return {"kind": "cell", "value": coder.value(content)}


def _function(coder: Encoder, value: types.FunctionType) -> Record:
    made_by = _WRAPPERS.get(value.__code__)
    if made_by is not None:
        return made_by(coder, value)
    found = coder.book.locate(value.__code__)
    if found is None or value.__globals__ is not coder.program_globals:
        raise UnstorableError(f"the source of function {value.__qualname__} is not known")
    source, key = found
    return {
        "kind": "function",
        "source": coder.source(source),
        "code": list(key),
        "name": value.__name__,
        "qualname": value.__qualname__,
        "defaults": None if value.__defaults__ is None else coder.values(value.__defaults__),
        "kwdefaults": None if value.__kwdefaults__ is None else coder.pairs(value.__kwdefaults__.items()),
        "closure": coder.values(value.__closure__ or ()),
        "attributes": coder.pairs(vars(value).items()),
        "annotations": annotations_record(coder, value.__annotations__),
        "doc": coder.value(value.__doc__) if isinstance(value.__doc__, str) else None,
    }


def annotations_record(coder: Encoder, annotations: Any) -> list[Any]:
    """Annotations; those that have no place are kept as their text."""
    pairs = []
    for name, value in dict.items(annotations) if isinstance(annotations, dict) else ():
        try:
            pairs.append([coder.value(name), coder.attempt(value)])
        except UnstorableError:
            pairs.append([coder.value(name), getattr(value, "__name__", None) or "Any"])
    return pairs


def _module(coder: Encoder, value: types.ModuleType) -> Record:
    name = vars(value).get("__name__")
    if name not in ALLOWED_MODULES:
        raise UnstorableError(f"module {name} is not available to programs")
    return {"kind": "module", "name": name}


def _bound(coder: Encoder, value: Any) -> Record:
    """A built-in method of a value, such as `stack.append`."""
    return {"kind": "attribute", "of": coder.value(value.__self__), "name": value.__name__}


def _unbound(coder: Encoder, value: Any) -> Record:
    return {"kind": "attribute", "of": coder.value(value.__objclass__), "name": value.__name__}


def _reduced(coder: Encoder, value: Any) -> Record:
    """By the interpreter's own recipe: a function, arguments, and a state to be set when these are complete."""
    function, args, *state = value.__reduce__()
    record: Record = {"kind": "call", "function": coder.value(function), "args": coder.values(args)}
    if function is iter and type(args[0]) is list and not state:
        # What is left of a dict or set, as a list: written as it will be when the list's own iterator is written.
        state = [0]
    if state and state[0] is not None:
        record["state"] = coder.value(state[0])
    if not all(coder.is_named(type(part)) for part in args):
        # An iterator of the program's own is asked for itself.
        record["complete"] = True
    return record


def _complete(coder: Encoder, value: Any) -> Record:
    """Like `_reduced`, for what copies its arguments."""
    return {**_reduced(coder, value), "complete": True}


def _view(coder: Encoder, value: Any) -> Record:
    """A live view of a dict: the dict itself is found as the only thing the view holds."""
    (held,) = gc.get_referents(value)
    return {"kind": "view", "view": type(value).__name__, "of": coder.value(held)}


def _sort_key(coder: Encoder, value: Any) -> Record:
    """What `functools.cmp_to_key` gives, which shows the function it was given to nobody else."""
    held = [each for each in gc.get_referents(value) if each is not type(value)]
    if len(held) != 1:
        raise UnstorableError("a key of functools.cmp_to_key cannot be kept; keep what it was made from")
    return _call(coder, functools.cmp_to_key, *held)


def _cached(coder: Encoder, value: Any) -> Record:
    return {"kind": "cached", "function": coder.value(value.__wrapped__), **value.cache_parameters()}


def _partial(coder: Encoder, value: functools.partial[Any]) -> Record:
    return {
        "kind": "partial",
        "function": coder.value(value.func),
        "args": coder.values(value.args),
        "keywords": coder.pairs(value.keywords.items()),
        "attributes": coder.pairs((dict_of(value) or {}).items()),
    }


def _property(coder: Encoder, value: property) -> Record:
    return {"kind": "property", "functions": coder.values((value.fget, value.fset, value.fdel, value.__doc__))}


def _type_variable(coder: Encoder, value: typing.TypeVar) -> Record:
    return {
        "kind": "typevar",
        "name": value.__name__,
        "constraints": coder.values(value.__constraints__),
        "bound": coder.value(value.__bound__),
        "variance": [value.__covariant__, value.__contravariant__],
    }


def _dispatching(coder: Encoder, value: Any) -> Record:
    """A `functools.singledispatch` function: what it does by default, and for which classes what else."""
    others = [(kind, function) for kind, function in value.registry.items() if kind is not object]
    return {
        "kind": "dispatching",
        "function": coder.value(value.registry[object]),
        "registry": coder.pairs(others),
    }


def _context_manager(coder: Encoder, value: Any) -> Record:
    return _call(coder, contextlib.contextmanager, value.__wrapped__)


def _wrapper_code(function: Any) -> types.CodeType:
    code: types.CodeType = function.__code__
    return code


def _nothing(_value: object = None) -> Any:
    """Decorated below, for the code that decorators of the library give every function."""


_WRAPPERS: dict[types.CodeType, Callable[[Encoder, Any], Record]] = {
    _wrapper_code(functools.singledispatch(_nothing)): _dispatching,
    _wrapper_code(contextlib.contextmanager(_nothing)): _context_manager,
}

_LOOPS: tuple[Any, ...] = (
    *(iter([]), reversed([]), iter(()), iter(""), iter("\u20ac"), iter(b""), iter(bytearray()), iter(range(0))),
    *(iter(range(1 << 70)), iter({}), iter({}.values()), iter({}.items()), iter(set()), iter(int, 0), reversed("")),
    *(reversed({}), reversed({}.values()), reversed({}.items()), reversed(range(0)), enumerate(()), zip()),
    *(map(abs, ()), filter(None, ()), iter(collections.deque()), reversed(collections.deque())),
)
_COPY: Any = itertools.tee(())[0]
_ITERTOOLS: tuple[Any, ...] = (
    *(itertools.count(), itertools.cycle(()), itertools.repeat(0), itertools.accumulate(()), itertools.chain()),
    *(itertools.compress((), ()), itertools.dropwhile(bool, ()), itertools.takewhile(bool, ()), itertools.product()),
    *(itertools.filterfalse(None, ()), itertools.groupby(()), itertools.islice((), 0), itertools.starmap(abs, ())),
    *(itertools.zip_longest(()), itertools.permutations(()), itertools.combinations((), 0)),
    itertools.combinations_with_replacement((), 0),
    _COPY,
)
_COPIED: tuple[Any, ...] = tuple(state[0] for state in getattr(_COPY, "__reduce__", tuple)()[2:])
_ALIASES: tuple[Any, ...] = (
    *(typing.List[int], typing.Optional[int], typing.Callable[[int], int]),  # noqa: UP006, UP045
    *(typing.Literal[1], typing.Annotated[int, 1], list[int]),
)
_REDUCED = (operator.itemgetter, operator.attrgetter, operator.methodcaller)
_VIEWS: tuple[type, ...] = (type({}.keys()), type({}.values()), type({}.items()), types.MappingProxyType)

WRITERS: dict[type, Callable[[Encoder, Any], Record]] = {
    list: _items,
    tuple: _items,
    set: _set,
    frozenset: _set,
    dict: lambda coder, value: {"kind": "dict", "pairs": coder.pairs(value.items())},
    collections.defaultdict: lambda coder, value: {
        "kind": "defaultdict",
        "factory": coder.value(value.default_factory),
        "pairs": coder.pairs(value.items()),
    },
    collections.deque: lambda coder, value: {"kind": "deque", "items": coder.values(value), "maxlen": value.maxlen},
    bytes: _bytes,
    bytearray: _bytes,
    types.CellType: _cell,
    types.FunctionType: _function,
    types.ModuleType: _module,
    types.MethodType: lambda coder, value: {
        "kind": "method",
        "function": coder.value(value.__func__),
        "self": coder.value(value.__self__),
    },
    types.BuiltinMethodType: _bound,
    types.MethodWrapperType: _bound,
    types.MethodDescriptorType: _unbound,
    types.WrapperDescriptorType: _unbound,
    types.ClassMethodDescriptorType: _unbound,
    types.MemberDescriptorType: _unbound,
    types.GetSetDescriptorType: _unbound,
    range: lambda coder, value: _call(coder, range, value.start, value.stop, value.step),
    slice: lambda coder, value: _call(coder, slice, value.start, value.stop, value.step),
    complex: lambda coder, value: _call(coder, complex, value.real, value.imag),
    decimal.Decimal: lambda coder, value: _call(coder, decimal.Decimal, str(value)),
    fractions.Fraction: lambda coder, value: _call(coder, fractions.Fraction, value.numerator, value.denominator),
    re.Pattern: lambda coder, value: _call(coder, re.compile, value.pattern, int(value.flags)),
    array: lambda coder, value: _call(coder, array, value.typecode, tuple(value)),
    datetime.date: lambda coder, value: _call(coder, datetime.date, value.year, value.month, value.day),
    datetime.timedelta: lambda coder, value: _call(
        coder, datetime.timedelta, value.days, value.seconds, value.microseconds
    ),
    functools._lru_cache_wrapper: _cached,
    functools.partial: _partial,
    type(functools.cmp_to_key(lambda first, second: 0)): _sort_key,
    functools.cached_property: lambda coder, value: {
        "kind": "cached_property",
        "function": coder.value(value.func),
        "name": value.attrname,
    },
    property: _property,
    classmethod: lambda coder, value: _call(coder, classmethod, value.__func__),
    staticmethod: lambda coder, value: _call(coder, staticmethod, value.__func__),
    types.UnionType: lambda coder, value: _call(coder, functools.reduce, operator.or_, value.__args__),
    typing.TypeVar: _type_variable,
    typing.ForwardRef: lambda coder, value: _call(coder, typing.ForwardRef, value.__forward_arg__),
    **dict.fromkeys(_VIEWS, _view),
    **dict.fromkeys((type(iterator) for iterator in (*_LOOPS, *_ITERTOOLS)), _reduced),
    **dict.fromkeys(_REDUCED, _reduced),
    **dict.fromkeys((type(alias) for alias in (*_ALIASES, *_COPIED)), _complete),
}


def _scalar(coder: Encoder, value: Any, plain: Any) -> Record:
    return {"scalar": coder.value(plain)}


def _exception(coder: Encoder, value: BaseException) -> Record:
    args = BaseException.__dict__["args"].__get__(value)
    cause = BaseException.__dict__["__cause__"].__get__(value)
    record = {"items": coder.values(args)}
    if cause is not None:
        record["cause"] = coder.value(cause)
    return record


_Generator = mro_of(random.Random)[-2]

BASES: Mapping[type, Callable[[Encoder, Any], Record]] = {
    collections.OrderedDict: lambda coder, value: {"pairs": coder.pairs(collections.OrderedDict.items(value))},
    collections.defaultdict: lambda coder, value: {
        "factory": coder.value(collections.defaultdict.__dict__["default_factory"].__get__(value)),
        "pairs": coder.pairs(dict.items(value)),
    },
    dict: lambda coder, value: {"pairs": coder.pairs(dict.items(value))},
    list: lambda coder, value: {"items": coder.values(list.__iter__(value))},
    tuple: lambda coder, value: {"items": coder.values(tuple.__iter__(value))},
    set: lambda coder, value: {"items": coder.members(set.__iter__(value))},
    frozenset: lambda coder, value: {"items": coder.members(frozenset.__iter__(value))},
    collections.deque: lambda coder, value: {
        "items": coder.values(collections.deque.__iter__(value)),
        "maxlen": collections.deque.__dict__["maxlen"].__get__(value),
    },
    str: lambda coder, value: _scalar(coder, value, str.__str__(value)),
    int: lambda coder, value: _scalar(coder, value, int.__int__(value)),
    float: lambda coder, value: _scalar(coder, value, float.__float__(value)),
    complex: lambda coder, value: _scalar(coder, value, complex.__add__(value, 0)),
    bytes: lambda coder, value: _scalar(coder, value, bytes(memoryview(value))),
    bytearray: lambda coder, value: _scalar(coder, value, bytes(memoryview(value))),
    decimal.Decimal: lambda coder, value: _scalar(coder, value, decimal.Decimal.__str__(value)),
    BaseException: _exception,
    _Generator: lambda coder, value: {"random": words_of(value)},
    types.SimpleNamespace: lambda coder, value: {},
}
"""What an instance of a subclass is beyond its attributes, by the built-in class it is built on."""
