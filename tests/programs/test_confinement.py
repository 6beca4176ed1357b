from __future__ import annotations

import os
import subprocess
import sys

import pytest

from harness.programs import ProgramRunner
from tests.programs.conftest import Workshop

OS = "os = [c for c in ().__class__.__base__.__subclasses__() if c.__name__ == '_wrap_close'][0].__init__.__globals__\n"
"""What a hostile program does to get at the system in spite of the import list."""


def text(runner: ProgramRunner, code: str, **options: object) -> str:
    outcome = runner.run(code, host=Workshop(), **options)  # type: ignore[arg-type]
    return outcome.text.partition("\nNot kept")[0]


@pytest.mark.parametrize(
    "module", ["os", "sys", "socket", "subprocess", "ctypes", "time", "numpy", "harness.core", "os.path"]
)
def test_modules_outside_the_list_are_refused(runner: ProgramRunner, module: str) -> None:
    outcome = runner.run(f"import {module}", host=Workshop())
    assert outcome.error is not None
    assert outcome.error.type == "ImportError"
    assert module.split(".")[0] in outcome.error.message


@pytest.mark.parametrize("call", ["open('/etc/passwd')", "input()", "breakpoint()"])
def test_builtins_that_reach_out_are_refused(runner: ProgramRunner, call: str) -> None:
    assert "not available to programs" in text(runner, call)


def test_the_environment_holds_nothing_of_the_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTORIO_RCON_PASSWORD", "a-secret")
    with ProgramRunner() as runner:
        shown = text(runner, OS + "print(sorted(os['environ']))")
    assert "a-secret" not in shown
    assert "FACTORIO" not in shown
    assert "PATH" in shown


@pytest.mark.parametrize("who", ["getppid()", "getpid()"])
def test_no_environment_of_another_process_can_be_read(runner: ProgramRunner, who: str) -> None:
    code = OS + f"fd = os['open'](f\"/proc/{{os['{who[:-2]}']()}}/environ\", 0)\nprint(os['read'](fd, 4096))"
    assert "PermissionError" in text(runner, code)


def test_the_hosts_environment_cannot_be_read(runner: ProgramRunner) -> None:
    code = OS + f"fd = os['open']('/proc/{os.getpid()}/environ', 0)\nprint(os['read'](fd, 4096))"
    assert "PermissionError" in text(runner, code)


def test_no_process_can_be_started(runner: ProgramRunner) -> None:
    assert "Error: " in text(runner, OS + "while True: os['fork']()", timeout_s=5.0)
    shown = text(runner, OS + "print(os['fork']())")
    assert "BlockingIOError" in shown or "PermissionError" in shown


def test_memory_is_bounded(runner: ProgramRunner) -> None:
    outcome = runner.run("x = bytearray(2_000_000_000)", host=Workshop())
    assert outcome.error is not None
    assert outcome.error.type == "MemoryError"
    slow = runner.run("x = []\nwhile True: x.append(bytearray(10_000_000))", host=Workshop(), timeout_s=20)
    assert slow.status in ("error", "crashed")


def test_files_cannot_be_written(runner: ProgramRunner) -> None:
    shown = text(runner, OS + "fd = os['open']('/tmp/left-behind', 65)\nprint(os['write'](fd, b'x'))")
    assert "Error" in shown


def test_no_file_can_be_read(runner: ProgramRunner) -> None:
    for path in ("/etc/passwd", "/proc/self/status", "/dev/null", "/"):
        assert "PermissionError" in text(runner, OS + f"os['open']({path!r}, 0)"), path


def test_no_socket_can_be_made(runner: ProgramRunner) -> None:
    code = OS + "socket = os['sys'].modules['_socket']\n"
    for family in ("AF_INET", "AF_UNIX"):
        assert "PermissionError" in text(runner, code + f"socket.socket(socket.{family}, socket.SOCK_STREAM)"), family


def test_no_program_can_be_started(runner: ProgramRunner) -> None:
    assert "PermissionError" in text(runner, OS + "os['execv']('/bin/true', ['true'])")


def test_limits_cannot_be_raised(runner: ProgramRunner) -> None:
    code = OS + "limits = os['sys'].modules['resource']\nlimits.setrlimit(limits.RLIMIT_AS, (1 << 40, 1 << 40))"
    assert "Error" in text(runner, code)


def test_an_unprivileged_hosts_secrets_are_out_of_reach_too() -> None:
    """Files are denied whoever the user is: this child keeps its parent's user id."""
    code = (
        "import ctypes, os\n"
        "from harness.programs.landlock import give_up_files\n"
        "ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)\n"
        "path = f'/proc/{os.getppid()}/environ'\n"
        "open(path).close()\n"
        "print(give_up_files())\n"
        "try:\n    open(path)\nexcept PermissionError:\n    print('denied')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    if done.stdout == "False\n":
        pytest.skip("this kernel has no Landlock")
    assert done.stdout == "True\ndenied\n"


def test_nobody_can_be_signalled(runner: ProgramRunner) -> None:
    assert "PermissionError" in text(runner, OS + f"os['kill']({os.getpid()}, 0)")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_worker_is_a_user_of_its_own(runner: ProgramRunner) -> None:
    first, second = (text(runner, OS + "print(os['getuid'](), os['getgroups']())") for _ in range(2))
    assert "(0," not in first
    assert first != second
    assert first.endswith("[])")


@pytest.mark.parametrize(
    "frame",
    [
        "b'garbage' * 100",
        "b'\\xff\\xff\\xff\\xff'",
        "b'\\x00\\x00\\x00\\x02{}'",
        'b\'\\x00\\x00\\x00\\x0d{"op":"done"}\'',
        'b\'\\x00\\x00\\x00\\x0d{"op":"nope"}\'',
        'b\'\\x00\\x00\\x00\\x0d{"op":"call"}\'',
        "b'\\x00\\x00\\x27\\x10' + b'[' * 10000",
    ],
)
def test_garbage_on_the_line_is_an_outcome(runner: ProgramRunner, frame: str) -> None:
    code = (
        OS
        + f"for fd in range(3, 16):\n    try:\n        os['write'](fd, {frame})\n"
        + "    except OSError:\n        pass\nwhile True: pass"
    )
    outcome = runner.run(code, host=Workshop(), timeout_s=2)
    assert outcome.status in ("crashed", "ok")
    assert runner.run("print(1)", host=Workshop()).text == "1: (1,)"


def test_a_flood_on_the_line_is_an_outcome(runner: ProgramRunner) -> None:
    line = '{"op":"line","line":1,"text":"x"}'
    code = OS + (
        f"frame = len({line!r}).to_bytes(4, 'big') + {line!r}.encode()\n"
        "fds = range(3, 16)\n"
        "while True:\n    for fd in fds:\n        try:\n            os['write'](fd, frame)\n"
        "        except OSError:\n            pass\n"
    )
    outcome = runner.run(code, host=Workshop(), timeout_s=10)
    assert outcome.status == "crashed"
    assert outcome.error is not None
    assert outcome.error.code == "flood"


def test_a_worker_that_dies_is_an_outcome(runner: ProgramRunner) -> None:
    outcome = runner.run("print(1)\n" + OS + "os['_exit'](7)", host=Workshop())
    assert outcome.status == "crashed"
    assert "exit status 7" in outcome.text
    assert outcome.lines[0].text == "(1,)"
