"""How each kind of record becomes a value again: what it needs, how it is made, and how it is filled.

The inverse of `writers.py` and `class_records.py`. Making gives an object bare; filling overwrites what it holds, so it
may be done twice. `restore.py` sees to the order.
"""

from __future__ import annotations

import base64
import collections
import decimal
import functools
import random
import types
import typing
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from harness.programs.anatomy import dict_of, mro_of, share_dict, slots_of
from harness.programs.chance import set_words
from harness.programs.class_making import CLASS_READERS
from harness.programs.library import from_library, library_module
from harness.programs.reading import Reader

if TYPE_CHECKING:
    from harness.programs.restore import Decoder

Record = Mapping[str, Any]

_Generator = mro_of(random.Random)[-2]
_VIEWS: dict[str, Callable[[dict[Any, Any]], Any]] = {
    "dict_keys": dict.keys,
    "dict_values": dict.values,
    "dict_items": dict.items,
    "mappingproxy": types.MappingProxyType,
}
_BASES = {
    base.__name__: base
    for base in (
        *(collections.OrderedDict, collections.defaultdict, dict, list, tuple, set, frozenset, collections.deque),
        *(str, int, float, complex, bytes, bytearray, decimal.Decimal, BaseException, _Generator),
        types.SimpleNamespace,
    )
}
_FROM_SCALAR = (str, int, float, complex, bytes, decimal.Decimal)


def _everything(record: Record) -> Any:
    return record


def _nothing(_record: Record) -> Any:
    return ()


def _fill_list(coder: Decoder, record: Record, made: list[Any]) -> None:
    list.__setitem__(made, slice(None), coder.values(record["items"]))


def _fill_set(coder: Decoder, record: Record, made: set[Any]) -> None:
    set.clear(made)
    for item in record["items"]:
        _settle_key(coder, item)
        set.add(made, coder.value(item))


def _fill_dict(coder: Decoder, record: Record, made: Any) -> None:
    kind = collections.OrderedDict if collections.OrderedDict in mro_of(type(made)) else dict
    if "factory" in record:
        collections.defaultdict.__dict__["default_factory"].__set__(made, coder.value(record["factory"]))
    kind.clear(made)
    for key, value in record["pairs"]:
        _settle_key(coder, key)
        kind.__setitem__(made, coder.value(key), coder.value(value))


def _settle_key(coder: Decoder, data: Any) -> None:
    """Completes a key whose hash may be the program's own."""
    if isinstance(data, dict) and "ref" in data:
        coder.settle(data)


def _frozenset(coder: Decoder, record: Record) -> frozenset[Any]:
    coder.settle(record["items"])
    return frozenset(coder.values(record["items"]))


def _fill_deque(coder: Decoder, record: Record, made: Any) -> None:
    collections.deque.__init__(made, coder.values(record["items"]), record["maxlen"])


def _fill_cell(coder: Decoder, record: Record, made: types.CellType) -> None:
    if "value" in record:
        made.cell_contents = coder.value(record["value"])


def _function(coder: Decoder, record: Record) -> types.FunctionType:
    qualname, line, ordinal = record["code"]
    code = coder.book.load(coder.sources[record["source"]], (qualname, line, ordinal))
    made = types.FunctionType(code, coder.program_globals, record["name"], None, tuple(coder.values(record["closure"])))
    made.__qualname__ = record["qualname"]
    made.__doc__ = record["doc"]
    return made


def _fill_function(coder: Decoder, record: Record, made: types.FunctionType) -> None:
    defaults, kwdefaults = record["defaults"], record["kwdefaults"]
    made.__defaults__ = None if defaults is None else tuple(coder.values(defaults))
    made.__kwdefaults__ = None if kwdefaults is None else dict(coder.pairs(kwdefaults))
    made.__annotations__ = dict(coder.pairs(record["annotations"]))
    vars(made).clear()
    vars(made).update(coder.pairs(record["attributes"]))


def _method(coder: Decoder, record: Record) -> Any:
    return types.MethodType(coder.value(record["function"]), coder.value(record["self"]))


def _call(coder: Decoder, record: Record) -> Any:
    if record.get("complete"):
        coder.complete(record["args"])
    return coder.value(record["function"])(*coder.values(record["args"]))


def _fill_call(coder: Decoder, record: Record, made: Any) -> None:
    if "state" in record:
        made.__setstate__(coder.value(record["state"]))


def _partial(coder: Decoder, record: Record) -> Any:
    keywords = dict(coder.pairs(record["keywords"]))
    return functools.partial(coder.value(record["function"]), *coder.values(record["args"]), **keywords)


def _fill_partial(coder: Decoder, record: Record, made: Any) -> None:
    vars(made).update(coder.pairs(record["attributes"]))


def _cached_property(coder: Decoder, record: Record) -> Any:
    made: Any = functools.cached_property(coder.value(record["function"]))
    made.attrname = record["name"]
    return made


def _cached(coder: Decoder, record: Record) -> Any:
    return functools.lru_cache(record["maxsize"], record["typed"])(coder.value(record["function"]))


def _type_variable(coder: Decoder, record: Record) -> Any:
    covariant, contravariant = record["variance"]
    constraints = coder.values(record["constraints"])
    bound = coder.value(record["bound"])
    return typing.TypeVar(record["name"], *constraints, bound=bound, covariant=covariant, contravariant=contravariant)


def _fill_dispatching(coder: Decoder, record: Record, made: Any) -> None:
    for kind, function in coder.pairs(record["registry"]):
        made.register(kind, function)


def _instance(coder: Decoder, record: Record) -> Any:
    kind = coder.value(record["class"])
    base = _BASES[record["base"]] if "base" in record else object
    if base is tuple:
        return tuple.__new__(kind, coder.values(record["items"]))
    if base is frozenset:
        return frozenset.__new__(kind, _frozenset(coder, record))
    if base in _FROM_SCALAR:
        return base.__new__(kind, coder.value(record["scalar"]))
    if base is BaseException:
        coder.complete(record["items"])
        return _exception(kind, coder.values(record["items"]))
    make: Any = base.__new__
    made = make(kind)
    if base is collections.OrderedDict:
        collections.OrderedDict.__init__(made)
    return made


def _exception(kind: Any, args: list[Any]) -> BaseException:
    """An exception as its built-in class would make it, without the program's `__init__`."""
    built_in = next(base for base in mro_of(kind) if base.__module__ == "builtins")
    made: BaseException = built_in.__new__(kind, *args)
    initialise: Any = getattr(built_in, "__init__")  # noqa: B009 - the class's, not the instance's
    try:
        initialise(made, *args)
    except TypeError:
        made.args = tuple(args)
    return made


def _needs_of_instance(record: Record) -> Any:
    is_of_values = record.get("base") in ("tuple", "frozenset", "BaseException")
    return (record["class"], record["items"] if is_of_values else (), record.get("scalar"))


def _fill_instance(coder: Decoder, record: Record, made: Any) -> None:
    fill = _FILLERS.get(record.get("base", ""))
    if fill is not None:
        fill(coder, record, made)
    descriptors = dict(slots_of(type(made))) if "slots" in record else {}
    for name, value in record.get("slots", ()):
        descriptors[name].__set__(made, coder.value(value))
    if "state" in record:
        state = dict_of(made)
        if state is None:
            raise TypeError("its class has no place for attributes any more")
        state.clear()
        state.update(coder.pairs(record["state"]))
    elif "shares" in record:
        _share(coder, record["shares"], made)


def _share(coder: Decoder, data: Any, made: Any) -> None:
    """Gives an instance the attributes of another one, or a dict, as its own."""
    other = coder.value(data)
    state = other if type(other) is dict else dict_of(other)
    if state is not None:
        share_dict(made, state)


def _fill_bytearray(coder: Decoder, record: Record, made: bytearray) -> None:
    bytearray.__init__(made, coder.value(record["scalar"]))


def _fill_exception(coder: Decoder, record: Record, made: BaseException) -> None:
    if "cause" in record:
        made.__cause__ = coder.value(record["cause"])


_FILLERS: dict[str, Callable[[Any, Record, Any], None]] = {
    "list": _fill_list,
    "set": _fill_set,
    "dict": _fill_dict,
    "OrderedDict": _fill_dict,
    "defaultdict": _fill_dict,
    "deque": _fill_deque,
    "bytearray": _fill_bytearray,
    "BaseException": _fill_exception,
    _Generator.__name__: lambda _, record, made: set_words(made, record["random"]),
}

READERS: dict[str, Reader] = {
    "list": Reader(_nothing, lambda *_: [], _fill_list),
    "tuple": Reader(_everything, lambda coder, record: tuple(coder.values(record["items"]))),
    "set": Reader(_nothing, lambda *_: set(), _fill_set),
    "frozenset": Reader(_everything, _frozenset),
    "dict": Reader(_nothing, lambda *_: {}, _fill_dict),
    "defaultdict": Reader(_nothing, lambda *_: collections.defaultdict(None), _fill_dict),
    "deque": Reader(_nothing, lambda _, record: collections.deque(maxlen=record["maxlen"]), _fill_deque),
    "bytes": Reader(_nothing, lambda _, record: base64.b64decode(record["base64"])),
    "bytearray": Reader(_nothing, lambda _, record: bytearray(base64.b64decode(record["base64"]))),
    "cell": Reader(_nothing, lambda *_: types.CellType(), _fill_cell),
    "function": Reader(lambda record: record["closure"], _function, _fill_function),
    "method": Reader(
        _everything,
        lambda coder, record: types.MethodType(coder.value(record["function"]), coder.value(record["self"])),
    ),
    "attribute": Reader(_everything, lambda coder, record: getattr(coder.value(record["of"]), record["name"])),
    "module": Reader(_nothing, lambda _, record: library_module(record["name"])),
    "import": Reader(_nothing, lambda _, record: from_library(record["module"], record["name"])),
    "call": Reader(lambda record: (record["function"], record["args"]), _call, _fill_call),
    "partial": Reader(lambda record: (record["function"], record["args"], record["keywords"]), _partial, _fill_partial),
    "cached": Reader(_everything, _cached),
    "cached_property": Reader(_everything, _cached_property),
    "property": Reader(_everything, lambda coder, record: property(*coder.values(record["functions"]))),
    "typevar": Reader(_everything, _type_variable),
    "dispatching": Reader(
        lambda record: record["function"],
        lambda coder, record: functools.singledispatch(coder.value(record["function"])),
        _fill_dispatching,
    ),
    "view": Reader(_everything, lambda coder, record: _VIEWS[record["view"]](coder.value(record["of"]))),
    "vars": Reader(_everything, lambda coder, record: dict_of(coder.value(record["of"]))),
    "member": Reader(_everything, lambda coder, record: coder.value(record["class"])[record["name"]]),
    "instance": Reader(_needs_of_instance, _instance, _fill_instance),
    **CLASS_READERS,
}
"""The reader of each kind of record."""
