"""How the template process begins: run as a script, before anything of the harness or of programs is loaded.

Addresses in memory are made the same in every run, where the kernel lets us: Python orders sets of classes, functions
and `None` by them, and the same program shall do the same. The workers' walls do not lean on random addresses; a
program runs what code it likes in there anyway.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import sys

_ASK = 0xFFFFFFFF
_FIXED_ADDRESSES = 0x0040000
_SECOND_START = "fixed"


def main(root: str, control_fd: str, *marks: str) -> None:
    """Starts over with fixed addresses, then serves the host on the socket `control_fd`."""
    if _SECOND_START not in marks and _fix_addresses():
        os.execv(sys.executable, [*sys.orig_argv, _SECOND_START])
    sys.path.insert(0, root)
    # The clock must go before any module gets hold of it.
    importlib.import_module("harness.programs.clock").load_datetime()
    importlib.import_module("harness.programs.template").main(int(control_fd))


def _fix_addresses() -> bool:
    """Whether the next program this process becomes will have fixed addresses, and this one has not."""
    personality = getattr(ctypes.CDLL(None), "personality", None)
    if personality is None:
        return False
    now = personality(_ASK)
    if now == -1 or now & _FIXED_ADDRESSES:
        return False
    return bool(personality(now | _FIXED_ADDRESSES) != -1)


if __name__ == "__main__":
    main(*sys.argv[1:])
