"""Taking everything away from a worker process that it does not need, layer by layer.

Each layer is a function; `confine` applies them in the order in which they stay possible. The layers:

    descriptors     only the socket to the host stays open; standard streams lead nowhere
    session         a session of its own, killed together with its parent
    limits          memory, processor time, file size, open files, processes, core dumps
    user            when started as root: a user id nobody else has, no groups
    privileges      no way to gain any (set-uid programs), memory and /proc entry closed to others
    files           none can be opened (`landlock.py`), where the kernel knows how
    system calls    none that reach the network, processes or odd corners of the kernel (`seccomp.py`)

All that a program needs is in memory before (`imports.preload`).
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from dataclasses import dataclass

from harness.programs.landlock import give_up_files, landlock_version
from harness.programs.seccomp import calls_known, refuse_calls

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWNET = 0x40000000

_OWN_USER_BASE = 1_000_000_000
_SMALL_USER_BASE, _NUM_SMALL_USERS = 61184, 4336
"""The range systemd keeps for users made on the fly, for containers that map few user ids."""

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a worker may use.

    Attributes:
        memory_bytes: address space.
        cpu_s: processor seconds; past them it is killed.
        open_files: descriptors.
    """

    memory_bytes: int = 512 * 1024 * 1024
    cpu_s: int = 60
    open_files: int = 16


def confine(limits: Limits, keep_fd: int, parent_pid: int) -> None:
    """Confines the calling process for good; `keep_fd` stays open.

    Raises:
        OSError: a layer could not be applied; the process must not go on.
    """
    _close_descriptors(keep_fd)
    os.setsid()
    _set_limits(limits)
    _drop_user()
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    # Both are reset by a change of user, so they come after it.
    _prctl(_PR_SET_DUMPABLE, 0)
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:
        os._exit(1)
    give_up_files()
    refuse_calls()


def missing_layers() -> list[str]:
    """The layers that this machine cannot have; workers do without them."""
    layers = {"files (Landlock)": landlock_version() >= 1, "system calls (seccomp)": calls_known()}
    return [name for name, there in layers.items() if not there]


def leave_network() -> bool:
    """Moves the calling process into a network of its own with no way out; False if it lacks the right to."""
    return bool(_libc.unshare(_CLONE_NEWNET) == 0)


def _close_descriptors(keep_fd: int) -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        if standard != keep_fd:
            os.dup2(nowhere, standard)
    os.closerange(3, keep_fd)
    os.closerange(keep_fd + 1, 4096)


def _set_limits(limits: Limits) -> None:
    for name, soft, hard in (
        (resource.RLIMIT_AS, limits.memory_bytes, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_s, limits.cpu_s + 1),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_NOFILE, limits.open_files, limits.open_files),
        (resource.RLIMIT_NPROC, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        _, most = resource.getrlimit(name)
        if most != resource.RLIM_INFINITY:
            soft, hard = min(soft, most), min(hard, most)
        resource.setrlimit(name, (soft, hard))


def _drop_user() -> None:
    """As root: becomes a user of its own, told apart by the process id, which no two living workers share."""
    if os.geteuid() != 0:
        return
    os.setgroups([])
    own = _OWN_USER_BASE + os.getpid()
    try:
        os.setresgid(own, own, own)
    except OSError:
        own = _SMALL_USER_BASE + os.getpid() % _NUM_SMALL_USERS
        os.setresgid(own, own, own)
    os.setresuid(own, own, own)


def _prctl(option: int, value: int) -> None:
    if _libc.prctl(option, value, 0, 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"prctl {option}: {os.strerror(code)}")
