"""`datetime` without a clock: programs may calculate with dates, but what day it is outside is none of theirs.

The same program on the same world must do the same, so `now()` and `today()` refuse. The compiled classes cannot be
changed, therefore Python's own other implementation, the one in Python, is loaded in their place, with a clock of ours.
"""

from __future__ import annotations

import importlib
import sys
import time
from types import ModuleType, SimpleNamespace
from typing import Any, NoReturn


def load_datetime() -> None:
    """Makes `import datetime` give the module without a clock; local time is that of UTC.

    It must come before anything else imports datetime, or that goes on with the compiled classes.
    """
    compiled = {name: sys.modules.pop(name, None) for name in ("_datetime", "datetime")}
    sys.modules["_datetime"] = None  # type: ignore[assignment]
    module = importlib.import_module("datetime")
    # Newer Pythons keep the implementation in a module of its own.
    for each in (module, sys.modules.get("_pydatetime")):
        if each is not None:
            _take_clock(each)
    del sys.modules["_datetime"]
    if compiled["_datetime"] is not None:
        sys.modules["_datetime"] = compiled["_datetime"]
    importlib.import_module("_strptime")


def _take_clock(module: ModuleType) -> None:
    names: dict[str, Any] = {name: getattr(time, name) for name in ("gmtime", "mktime", "strftime", "struct_time")}
    clock = SimpleNamespace(**names, time=_refuse_time, localtime=_local_time)
    setattr(module, "_time", clock)  # noqa: B010 - a name of the module's own


def _refuse_time() -> NoReturn:
    raise PermissionError("now() and today() are not available to programs: they have no clock, only game time")


def _local_time(seconds: float | None = None) -> time.struct_time:
    return time.gmtime(_refuse_time() if seconds is None else seconds)
