"""How records of enumerations become classes again: from the values that their members had.

No code of the program runs for that, as what its body was made from may have changed since. Only enumerations that make
members in a way of their own need their body: it is run again and the members compared; if one came out otherwise, the
enumeration is not brought back.
"""

from __future__ import annotations

import enum
import types
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from harness.programs.anatomy import dict_of
from harness.programs.reading import Reader
from harness.programs.sources import ClassStatement

if TYPE_CHECKING:
    from harness.programs.restore import Decoder

Record = Mapping[str, Any]


def _enumeration(coder: Decoder, record: Record) -> Any:
    """The class with its members; `_fill_enumeration` adds the rest.

    Raises:
        LookupError: its members would have other values now.
    """
    if "values" not in record:
        # As it was recorded before values were.
        return _by_body(coder, record)
    coder.complete(record["values"])
    values = {name: coder.value(value) for name, value in record["values"]}
    aliases = dict(record["aliases"])
    made: Any = _of_values(coder, record, values) if record["given"] else None
    if made is None or _first_changed(made, values, aliases) is not None:
        made = _by_body(coder, record)
    changed = _first_changed(made, values, aliases)
    if changed is not None:
        raise LookupError(
            f"member {changed} of {record['name']} would have another value now, as what it was made from has changed; "
            "give it a plain value"
        )
    return made


def _statement(coder: Decoder, record: Record) -> ClassStatement:
    qualname, line, ordinal = record["code"]
    code = coder.book.load(coder.sources[record["source"]], (qualname, line, ordinal))
    body = types.FunctionType(code, coder.program_globals, record["name"], None, tuple(coder.values(record["closure"])))
    return ClassStatement(body, tuple(coder.values(record["bases"])), dict(coder.pairs(record["keywords"])))


def _of_values(coder: Decoder, record: Record, values: Mapping[str, Any]) -> Any:
    """The class as the library makes it of its members' values."""
    statement = _statement(coder, record)
    meta, names, keywords = types.prepare_class(record["name"], statement.bases, statement.keywords)
    names.update({"__module__": "__main__", "__qualname__": record["qualname"]})
    if record["doc"] is not None:
        names["__doc__"] = record["doc"]
    names.update({name: enum.member(value) for name, value in values.items()})
    made: Any = meta(record["name"], statement.bases, names, **keywords)
    coder.book.note_class(made, statement)
    return made


def _by_body(coder: Decoder, record: Record) -> Any:
    """The class by its own statement, run again after all that it mentions."""
    statement = _statement(coder, record)
    coder.prepare(dict.fromkeys(_names_in(statement.body.__code__)))
    coder.complete(record["closure"])
    return coder.book.build_class(statement, record["name"])


def _first_changed(made: Any, values: Mapping[str, Any], aliases: Mapping[str, str]) -> str | None:
    """The first name that does not stand for the member it stood for."""
    members: Mapping[str, Any] = made.__members__
    for name in dict.fromkeys((*values, *members)):
        member = members.get(name)
        if name not in values or member is None or member._name_ != aliases.get(name, name):
            return name
        if not _is_same(member._value_, values[name]):
            return name
    return None


def _is_same(value: Any, recorded: Any) -> bool:
    if value is recorded:
        return True
    if type(value) is not type(recorded):
        return False
    by_identity: Any = object.__eq__
    if type(value).__eq__ is by_identity:
        return dict_of(value) == dict_of(recorded)
    return bool(value == recorded)


def _fill_enumeration(coder: Decoder, record: Record, made: Any) -> None:
    for name, state in record["data"]:
        vars(made[name]).update(coder.pairs(state))
    for name, value in record.get("attributes", ()):
        type.__setattr__(made, name, coder.value(value))
    if "annotations" in record:
        type.__setattr__(made, "__annotations__", dict(coder.pairs(record["annotations"])))


def _names_in(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names_in(constant)


def _plain_enumeration(coder: Decoder, record: Record) -> Any:
    members = [(name, coder.value(value)) for name, value in record["members"]]
    return coder.value(record["base"])(record["name"], members, module="__main__")


ENUM_READERS: dict[str, Reader] = {
    "enumeration": Reader(
        lambda record: (record["bases"], record["keywords"], record["closure"], record.get("values")),
        _enumeration,
        _fill_enumeration,
    ),
    "members": Reader(lambda record: (record["base"], record["members"]), _plain_enumeration),
}
