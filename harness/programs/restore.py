"""Bringing stored variables back to life in a new worker: the inverse of `persist.py`.

First every object of the table is made, as bare as it can be, then all are filled: so values may refer to each other in
any way and be nested to any depth. What a record needs, how it is made and how filled stands in `readers.py`. No code
of the program runs, but for hashes of keys and the bodies of such enumerations as make members in their own way; tools
refuse calls meanwhile, and what such bodies did to variables is overwritten by the filling.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

from harness.programs.anatomy import class_name
from harness.programs.readers import READERS
from harness.programs.rewriting import OF_MODULES, RESTORED_NAMES
from harness.programs.sources import Source, SourceBook

TAKEN = "it is built in, so the next program finds what is built in under this name again"
"""Why a name is not kept that a program starts with."""

_MAX_REASON = 500


class Decoder:
    """Fills the globals of one worker.

    Args:
        data: what `Encoder.encode` wrote, by way of JSON.
        book: to be told of the sources.
        initial: the values that names stand for which a program starts with.
        program_globals: where the variables go.

    Attributes:
        records: the table of objects.
        sources: the source texts.
    """

    def __init__(
        self, data: Mapping[str, Any], book: SourceBook, initial: Mapping[str, Any], program_globals: dict[str, Any]
    ) -> None:
        self.records: list[Any] = data.get("objects", [])
        self.sources = [Source(*source) for source in data.get("sources", [])]
        self.book = book
        self.program_globals = program_globals
        names: Mapping[str, Any] = data.get("names", {})
        self._unbound = {name: TAKEN for name in names if name in RESTORED_NAMES or name in OF_MODULES}
        self._names = {name: value for name, value in names.items() if name not in self._unbound}
        self._initial = initial
        self._made: dict[int, Any] = {}
        self._failed: dict[int, str] = {}
        self._making: set[int] = set()
        self._filled: set[int] = set()
        self._settled: set[int] = set()
        self._all_made = False
        self._completing = 0

    def restore(self) -> dict[str, str]:
        """Binds all names; those that could not be are returned with the reason."""
        indices = range(len(self.records))
        for index in indices:
            self.make(index)
        for name in self._names:
            self.bind(name)
        self._all_made = True
        self._settled.clear()
        self._fill_all(indices)
        return self._forget_failed()

    def bind(self, name: str) -> None:
        """Binds a name to its value as it stands now, if there is one."""
        if name in self._names and all(index in self._made for index in references(self._names[name])):
            try:
                self.program_globals[name] = self.value(self._names[name])
            except (LookupError, TypeError, ValueError) as error:
                self._unbound[name] = f"it could not be brought back: {_reason(error)}"[:_MAX_REASON]

    def prepare(self, names: Iterable[str]) -> None:
        """Binds names with all that hangs on them complete, for code that is about to run."""
        known = [name for name in names if name in self._names]
        self.complete([self._names[name] for name in known], bind=known)

    def settle(self, data: Any) -> None:
        """Completes keys of a set or dict if their hashes may hang on what they hold."""
        unsettled = [index for index in references(data) if index not in self._settled]
        if not unsettled:
            return
        reached = self._reach(unsettled, self._settled)
        # What these refer to is among them, so none needs to be looked at again.
        self._settled.update(reached)
        if any(self.records[index]["kind"] == "instance" for index in reached):
            self.complete(data)

    def complete(self, data: Any, bind: Iterable[str] = ()) -> None:
        """Makes and fills all that `data` refers to, as far as that is possible already; binds names between."""
        reached = self._reach(references(data))
        for index in reached:
            self.make(index)
        for name in bind:
            self.bind(name)
        self._completing += 1
        self._fill_all(reached)
        self._completing -= 1
        if not self._all_made and self._completing == 0:
            self._filled.clear()
            self._settled.clear()

    def value(self, data: Any) -> Any:
        """The value that is written as `data`; if it stands in the table it must have been made.

        Raises:
            LookupError: it has not, since it cannot be.
        """
        if not isinstance(data, dict):
            return data
        ((tag, content),) = data.items()
        if tag == "ref":
            if content not in self._made:
                raise LookupError(self._failed.get(content, "it holds itself in a way that cannot be made again"))
            return self._made[content]
        if tag == "name":
            return self._initial[content]
        return int(content, 16) if tag == "int" else float(content)

    def values(self, data: Iterable[Any]) -> list[Any]:
        """The values written as `data`."""
        return [self.value(item) for item in data]

    def pairs(self, data: Iterable[Any]) -> list[tuple[Any, Any]]:
        """Keys with their values."""
        return [(self.value(key), self.value(value)) for key, value in data]

    def make(self, index: int) -> None:
        """Makes an object, and before it those it cannot be without; a failure is noted."""
        pending = [index]
        begun: set[int] = set()
        while pending:
            current = pending[-1]
            if current in self._made or current in self._failed or current in self._making:
                pending.pop()
                continue
            first_time = current not in begun
            begun.add(current)
            missing = self._needed(current) if first_time else []
            if missing:
                pending.extend(reversed(missing))
                continue
            pending.pop()
            self._make_one(current)

    def _needed(self, index: int) -> list[int]:
        record = self.records[index]
        try:
            needs = list(references(READERS[record["kind"]].needs(record)))
        except Exception as error:  # noqa: BLE001 - the record comes from a program
            self._failed[index] = f"its record cannot be read ({class_name(error)})"
            return []
        return [need for need in needs if need not in self._made and need not in self._failed]

    def _make_one(self, index: int) -> None:
        if index in self._failed:
            return
        record = self.records[index]
        self._making.add(index)
        try:
            self._made[index] = READERS[record["kind"]].make(self, record)
        except MemoryError:
            raise
        except BaseException as error:  # noqa: BLE001 - some of it is the program's code
            self._failed[index] = _reason(error)
        finally:
            self._making.discard(index)

    def _fill_all(self, indices: Iterable[int]) -> None:
        """Fills objects; those whose keys must be hashed by code of the program after the others.

        As long as not all are made this is for the moment only: what fails may be whole later, and what such code does
        to variables is overwritten then.
        """
        ready = [index for index in indices if index in self._made and index not in self._filled]
        for index in sorted(ready, key=lambda index: _turn(self.records[index], index)):
            if index not in self._filled:
                self._filled.add(index)
                self._fill(index)

    def _fill(self, index: int) -> None:
        record = self.records[index]
        fill = READERS[record["kind"]].fill
        if fill is None:
            return
        try:
            fill(self, record, self._made[index])
        except MemoryError:
            raise
        except BaseException as error:  # noqa: BLE001 - some of it is the program's code
            if self._all_made:
                self._failed[index] = _reason(error)

    def _reach(self, start: Iterable[int], known: Set[int] = frozenset()) -> list[int]:
        """All that the given objects refer to, directly or not, and they themselves, in the order of the table.

        What is `known` is left out with all that it refers to.
        """
        pending = [index for index in start if index not in known]
        seen: set[int] = set()
        while pending:
            index = pending.pop()
            if index not in seen:
                seen.add(index)
                pending += [
                    other for other in references(self.records[index]) if other not in seen and other not in known
                ]
        return sorted(seen)

    def _forget_failed(self) -> dict[str, str]:
        lost = dict(self._unbound)
        if not self._failed:
            return lost
        for name, data in self._names.items():
            failed = [index for index in self._reach(references(data)) if index in self._failed]
            if failed:
                lost[name] = f"it could not be brought back: {self._failed[failed[0]]}"[:_MAX_REASON]
                self.program_globals.pop(name, None)
        return lost


def references(data: Any) -> Iterator[int]:
    """The indices of all objects that a record or value refers to."""
    pending = [data]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            if "ref" in item:
                yield item["ref"]
            else:
                pending.extend(reversed(item.values()))
        elif isinstance(item, (list, tuple)):
            pending.extend(reversed(item))


def _turn(record: Mapping[str, Any], index: int) -> tuple[int, int]:
    """When to fill an object: what needs hashes of others, innermost first, then what counts the items of others."""
    if "state" in record and record["kind"] == "call":
        return 2, index
    is_set = record["kind"] == "set" or record.get("base") == "set"
    pairs = record.get("items" if is_set else "pairs")
    if not isinstance(pairs, list):
        return 0, index
    keys = pairs if is_set else [pair[0] for pair in pairs if isinstance(pair, list) and pair]
    return (1, -index) if any(isinstance(key, dict) and "ref" in key for key in keys) else (0, index)


def _reason(error: BaseException) -> str:
    try:
        return f"{class_name(error)}: {error}"
    except BaseException:  # noqa: BLE001 - the error's own __str__ may raise anything
        return class_name(error)
