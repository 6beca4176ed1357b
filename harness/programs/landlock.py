"""Landlock: the kernel's way for an unprivileged process to give up its rights to files for good.

A ruleset that handles every kind of access and grants none leaves nothing: no file can be opened, made or removed, no
TCP port used, and from newer kernels on no process outside signalled. What is open already stays usable.
"""

from __future__ import annotations

import ctypes
import os

_CREATE_RULESET = 444
_RESTRICT_SELF = 446
_QUERY_VERSION = 1

_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
"""Number of file rights by the version that brought the last of them. Source: linux/landlock.h."""

_TCP_VERSION, _TCP_RIGHTS = 4, 0b11
_SCOPE_VERSION, _SCOPES = 6, 0b11

_libc = ctypes.CDLL(None, use_errno=True)


class _RulesetAttributes(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


def landlock_version() -> int:
    """Of the kernel's Landlock; less than 1 if it has none."""
    return int(_libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _QUERY_VERSION))


def give_up_files() -> bool:
    """Denies the calling process all access to files it has not open; False if this kernel cannot.

    The process must have set no_new_privs.

    Raises:
        OSError: the kernel can, but did not.
    """
    version = landlock_version()
    if version < 1:
        return False
    attributes = _RulesetAttributes(
        handled_access_fs=(1 << _FILE_RIGHTS[max(known for known in _FILE_RIGHTS if known <= version)]) - 1,
        handled_access_net=_TCP_RIGHTS if version >= _TCP_VERSION else 0,
        scoped=_SCOPES if version >= _SCOPE_VERSION else 0,
    )
    size = 24 if version >= _SCOPE_VERSION else 16 if version >= _TCP_VERSION else 8
    ruleset = _checked(_libc.syscall(_CREATE_RULESET, ctypes.byref(attributes), ctypes.c_size_t(size), 0))
    try:
        _checked(_libc.syscall(_RESTRICT_SELF, ruleset, 0))
    finally:
        os.close(ruleset)
    return True


def _checked(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"landlock: {os.strerror(code)}")
    return result
