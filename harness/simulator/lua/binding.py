"""How the game's runtime API is described: tables of documented members, which `binder.py` makes Lua classes of.

A class is data: its handle fields, its members, what each takes and gives.

What a member takes (`convert` in prelude/objects.lua): `any`, `name`, `names`, `position`, `area`, `force`, `forces`,
`surface`, `entity`, `goal` (a position and a surface, or how far to go), `inventory`, `layers`, `numbers`, `slot` (a
stack to take from), `stack`, `table` (arrives as JSON text), `tile` (a position, or two numbers), `tiles`. A trailing
`?` allows nil. What it gives: `value`, `position`, `box`, `object:CLASS`, `objects:CLASS`, `data` (nested Python data),
`records:CLASS:KEY` (the same, a list whose `KEY` fields are handles of a class), `named:CLASS` (a table of objects by
name, given as a flat list of names and handles), `pair:CLASS:KEY:KEY` (a table of two lists of objects by these keys,
given as one flat list of handles behind the number of those in the first), `tree` (nested Python data in which an
`ApiObject` is an object of its class), `nothing`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Function = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """An attribute that can be read, and written if `write` is given.

    Attributes:
        read: called with the class's context and handle; None for an attribute that can only be written.
        write: called with the same and the value as `takes` says.
        fixed: what it gives to a handle never changes while the program runs: it crosses once and is kept.
        lua: an expression of the handle, `self[A]` and so on, which gives the same without a crossing.
    """

    read: Function | None = None
    write: Function | None = None
    gives: str = "value"
    takes: str = "any"
    guarded: bool = True
    fixed: bool = False
    lua: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A function member.

    Attributes:
        takes: positional arguments; or, if `fields` is given, none.
        fields: the keys of the one table the method takes, each `key:kind`.
        optional: the table may be left out.
    """

    call: Function
    takes: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    optional: bool = False
    gives: str = "value"
    guarded: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiClass:
    """One class of the game's runtime API.

    Attributes:
        name: as the game's documentation has it.
        handle: names of the hidden fields (at most three) that identify an object; functions receive them.
        guard: called with context and handle before every guarded member; gives the arguments the member's function
            receives instead of the handle, or None if the object is no longer valid.
        members: by name.
        index: answers keys that are no member.
        index_gives: what `index` gives.
        index_write: called with context, handle, key and the value as JSON text or None.
        length: the `#` operator.
        items: the keys `pairs` goes through, in order.
        keep: whether proxies are remembered.
        fixed: all its attributes are, and what `index` gives to a key. Tables are made anew for every reader all the
            same, since scripts may write into them.
    """

    name: str
    handle: tuple[str, ...]
    members: dict[str, Read | Method]
    guard: Function | None = None
    index: Function | None = None
    index_gives: str = "value"
    index_write: Function | None = None
    length: Function | None = None
    items: Function | None = None
    keep: Literal["entity", "always", "never"] = "never"
    fixed: bool = False
