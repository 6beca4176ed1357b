"""Seccomp: a filter in the kernel that refuses the system calls a program has no business with.

Refused are opening files (a second lock beside `landlock.py`), new sockets and connections, new processes and programs,
signals, looking into other processes, and the more adventurous parts of the kernel. A refused call fails with EPERM, so
a program sees a PermissionError.
"""

from __future__ import annotations

import ctypes
import os
import platform
from dataclasses import dataclass

_PR_SET_SECCOMP = 22
_MODE_FILTER = 2

_LOAD_WORD = 0x20
_JUMP_EQUAL = 0x15
_JUMP_AT_LEAST = 0x35
_RETURN = 0x06

_ALLOW = 0x7FFF0000
_KILL = 0x80000000
_REFUSE = 0x00050000 | 1

_NUMBER_OFFSET, _ARCHITECTURE_OFFSET = 0, 4
_X32_CALLS = 0x40000000
"""On x86-64 the same calls exist a second time from this number on."""

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Machine:
    """A processor's audit architecture and its numbers of the refused calls."""

    audit: int
    refused: dict[str, int]


# Source: the kernel's syscall tables of both machines.
_SHARED = {
    "pidfd_send_signal": 424,
    "io_uring_setup": 425,
    "pidfd_open": 434,
    "clone3": 435,
    "openat2": 437,
    "pidfd_getfd": 438,
}
_MACHINES = {
    "x86_64": _Machine(
        audit=0xC000003E,
        refused={
            **_SHARED,
            "open": 2,
            "socket": 41,
            "connect": 42,
            "bind": 49,
            "socketpair": 53,
            "clone": 56,
            "fork": 57,
            "vfork": 58,
            "execve": 59,
            "kill": 62,
            "creat": 85,
            "ptrace": 101,
            "prctl": 157,
            "mount": 165,
            "tkill": 200,
            "tgkill": 234,
            "add_key": 248,
            "request_key": 249,
            "keyctl": 250,
            "openat": 257,
            "unshare": 272,
            "perf_event_open": 298,
            "prlimit64": 302,
            "setns": 308,
            "process_vm_readv": 310,
            "process_vm_writev": 311,
            "bpf": 321,
            "execveat": 322,
            "userfaultfd": 323,
        },
    ),
    "aarch64": _Machine(
        audit=0xC00000B7,
        refused={
            **_SHARED,
            "mount": 40,
            "openat": 56,
            "unshare": 97,
            "ptrace": 117,
            "kill": 129,
            "tkill": 130,
            "tgkill": 131,
            "prctl": 167,
            "socket": 198,
            "socketpair": 199,
            "bind": 200,
            "connect": 203,
            "add_key": 217,
            "request_key": 218,
            "keyctl": 219,
            "clone": 220,
            "execve": 221,
            "perf_event_open": 241,
            "prlimit64": 261,
            "setns": 268,
            "process_vm_readv": 270,
            "process_vm_writev": 271,
            "bpf": 280,
            "execveat": 281,
            "userfaultfd": 282,
        },
    ),
}


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte), ("value", ctypes.c_uint))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(_Instruction)))


def calls_known() -> bool:
    """Whether this machine's calls are known, without which there is no filter."""
    return platform.machine() in _MACHINES


def refuse_calls() -> bool:
    """Puts the filter on the calling process for good; False if this machine's calls are not known.

    The process must have set no_new_privs.

    Raises:
        OSError: the kernel did not take it.
    """
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return False
    instructions = _filter(machine)
    array = (_Instruction * len(instructions))(*instructions)
    program = _Program(len(instructions), array)
    if _libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"seccomp: {os.strerror(code)}")
    return True


def _filter(machine: _Machine) -> list[_Instruction]:
    """The filter as BPF: a foreign architecture is fatal, listed numbers are refused, all others pass."""
    numbers = sorted(machine.refused.values())
    checks = [_Instruction(_JUMP_EQUAL, len(numbers) - index, 0, number) for index, number in enumerate(numbers)]
    return [
        _Instruction(_LOAD_WORD, 0, 0, _ARCHITECTURE_OFFSET),
        _Instruction(_JUMP_EQUAL, 1, 0, machine.audit),
        _Instruction(_RETURN, 0, 0, _KILL),
        _Instruction(_LOAD_WORD, 0, 0, _NUMBER_OFFSET),
        _Instruction(_JUMP_AT_LEAST, len(numbers) + 1, 0, _X32_CALLS),
        *checks,
        _Instruction(_RETURN, 0, 0, _ALLOW),
        _Instruction(_RETURN, 0, 0, _REFUSE),
    ]
