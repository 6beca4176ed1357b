"""The server program as its users meet it: a process, its log, its port. Kernels run interpreted to start fast."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.simulator.rcon import Packet, PacketReader, encode
from harness.simulator.rcon.packets import AUTH, EXECUTE
from tests.simulator.processes import PASSWORD, Running, ask, run_once


@pytest.fixture(scope="module")
def mods(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("mods")
    mod = root / "greeter"
    mod.mkdir()
    (mod / "info.json").write_text('{"name": "greeter", "version": "0.1.0", "factorio_version": "2.0"}')
    (mod / "control.lua").write_text(
        """
        script.on_init(function() storage.ticks = 0 end)
        script.on_event(defines.events.on_tick, function() storage.ticks = storage.ticks + 1 end)
        commands.add_command("greet", "Greets.", function(event)
          rcon.print("hello " .. tostring(event.parameter)) rcon.print(storage.ticks)
        end)
        commands.add_command("run", "Runs ticks.", function(event)
          game.ticks_to_run = tonumber(event.parameter) rcon.print(game.tick)
        end)
        """
    )
    return root


@pytest.fixture(scope="module")
def server(mods: Path) -> Iterator[Running]:
    running = Running("--start-server-load-scenario", "base/empty", "--mod-directory", str(mods))
    with running.connect() as client:
        client.send_command("/sc game.tick_paused = true")
    yield running
    assert running.stop()[0] == 0


def test_the_log_is_the_games_ready_sequence(server: Running) -> None:
    text = "".join(server.log)
    assert text.index("changing state from(CreatingGame) to(InGame)") < text.index("Starting RCON interface")
    assert "Loading mod greeter 0.1.0" in text


def test_console_commands(server: Running) -> None:
    answers = ask(
        server, "/version", "/sc rcon.print(1) rcon.print('two')", "/c rcon.print(#game.players)", "hello", "/nope"
    )
    assert re.fullmatch(r"2\.0\.\d+", answers[0])
    assert answers[1:] == ["1\ntwo", "0", "", 'Unknown command "nope". Use /help to list all commands.']
    assert "/greet Greets." in ask(server, "/help")[0]
    assert ask(server, "/help greet", "/sc ") == ["/greet Greets.", ""]


def test_errors_come_back_as_text(server: Running) -> None:
    answers = ask(server, "/sc rcon.print('before') error('boom')", "/sc rcon.print(", "/run x", "/sc __nope__ x = 1")
    assert (
        answers[0] == "before\nCannot execute command. Error: [string \"rcon.print('before') error('boom')\"]:1: boom"
    )
    assert all("Cannot execute command. Error: " in answer for answer in answers)


def test_replies_are_utf8_whatever_is_quoted_or_printed(server: Running) -> None:
    answers = ask(server, "/sc error_" + "€" * 60, "/sc rcon.print('a\\255b')", "/snapshot " + "€" * 40)
    assert "Cannot execute command" in answers[0]
    assert answers[1] == "a\ufffdb"
    assert json.loads(answers[2])["ok"] is False


def test_globals_and_storage_outlive_a_connection(server: Running) -> None:
    ask(server, "/c function dump(v) return '<' .. v .. '>' end storage.f = dump")
    assert ask(server, "/silent-command a, b = pcall(storage.f, 3) rcon.print(dump(b))") == ["<<3>>"]


def test_ticks_run_as_asked_and_no_further(server: Running) -> None:
    before, _, after, still = ask(server, "/time", "/run 25", "/time", "/time")
    assert int(after) == int(before) + 25 == int(still)
    ticks = ask(server, "/greet you", "/run 10", "/greet you")
    assert ticks[0].startswith("hello you\n")
    assert int(ticks[2].split("\n")[1]) == int(ticks[0].split("\n")[1]) + 10


def test_text_of_any_alphabet_and_length_survives(server: Running) -> None:
    text = "Grüße, 工場 " * 20_000
    assert ask(server, f"/greet {text}")[0].startswith(f"hello {text}")


def test_long_scripts_and_odd_bytes_are_run(server: Running) -> None:
    functions = "\n".join(f"function many_{number}(x) return x + {number} end -- {'.' * 40}" for number in range(1500))
    assert len(functions) > 100_000
    assert ask(server, f"/c {functions}", "/sc rcon.print(many_1499(1))") == ["", "1500"]
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as sock:
        odd = [
            b"/sc rcon.print(#'a\0b')",
            b"/sc rcon.print(#'\xff\xfe')",
            b"/sc \0",
            b"/\xff",
            b"/sc x = 'y\0",
            b"\0",
            b"/",
        ]
        packets = [Packet(1, AUTH, PASSWORD.encode()), *(Packet(2 + at, EXECUTE, text) for at, text in enumerate(odd))]
        sock.sendall(b"".join(encode(packet) for packet in packets))
        reader, got = PacketReader(), []
        while len(got) < len(packets):
            reader.feed(sock.recv(65536))
            got += reader.packets(1 << 20)
    bodies = [packet.body.decode() for packet in got[1:]]
    assert bodies[:2] == ["3\n", "2\n"]
    assert all("Cannot execute command. Error: " in bodies[at] for at in (2, 4))
    assert "Unknown command" in bodies[3]
    assert ask(server, "/sc rcon.print('alive')") == ["alive"]


def test_a_measured_command_says_how_long_it_took(server: Running) -> None:
    text = ask(server, "/measured-command rcon.print('x') for i = 1, 1e6 do end", "/mc error('no')")
    assert re.fullmatch(r"x\nCommand took \d+\.\d{6}ms", text[0])
    assert "Cannot execute command" in text[1]
    assert text[1].endswith("ms")


def test_snapshots_over_the_console(server: Running) -> None:
    ask(server, "/c storage = {}")
    saved, listed, *_, restored, tick = ask(
        server, "/snapshot save here", "/snapshot list", "/run 5", "/snapshot restore here", "/time"
    )
    assert json.loads(saved)["ok"]
    assert json.loads(listed)["snapshots"][-1]["name"] == "here"
    assert json.loads(restored)["tick"] == int(tick) == json.loads(saved)["tick"]
    data = json.loads(ask(server, "/snapshot export here")[0])["data"]
    assert [
        json.loads(line)["ok"] for line in ask(server, f"/snapshot import there {data}", "/snapshot restore there")
    ] == [True, True]
    for wrong in ("/snapshot", "/snapshot restore nothing", "/snapshot import x y"):
        answer = json.loads(ask(server, wrong)[0])
        assert not answer["ok"]
        assert answer["error"]


def test_an_unpaused_server_keeps_time_and_stops_cleanly() -> None:
    running = Running("--start-server-load-scenario", "base/empty")
    with running.connect() as client:
        client.send_command("/sc game.speed = 4")
        began, first = time.monotonic(), int(client.send_command("/time") or "")
        time.sleep(1.0)
        ticks, seconds = int(client.send_command("/time") or "") - first, time.monotonic() - began
    assert 0.3 * 240 * seconds < ticks <= 1.05 * 240 * seconds + 5
    code, rest = running.stop(signal.SIGINT)
    assert code == 0
    assert "Goodbye" in rest


def test_a_server_ends_in_the_middle_of_endless_copying() -> None:
    running = Running("--start-server-load-scenario", "base/empty")
    endless = "/sc local text = ('a'):rep(1e8) while true do local copy = text .. text end"
    with socket.create_connection(("127.0.0.1", running.port)) as sock:
        sock.sendall(encode(Packet(1, AUTH, PASSWORD.encode())) + encode(Packet(2, EXECUTE, endless.encode())))
        assert len(sock.recv(14)) == 14
        time.sleep(0.5)
        code, log = running.stop()
    assert code == 1
    assert "did not come back within 5 s" in log


def test_a_server_ends_with_its_parent() -> None:
    code = (
        "import subprocess, sys; flags = ['-m', 'harness.simulator', *sys.argv[1:]]; "
        "print(subprocess.Popen([sys.executable, *flags]).pid, flush=True); input()"
    )
    flags = [
        "--rcon-port",
        "0",
        "--rcon-password",
        PASSWORD,
        "--exit-with-parent",
        "--start-server-load-scenario",
        "base/empty",
    ]
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    parent = subprocess.Popen(
        [sys.executable, "-c", code, *flags], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True, env=environment
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    while "Starting RCON" not in parent.stdout.readline():
        pass
    parent.kill()
    parent.communicate(timeout=20)  # ends only when the child has closed the shared pipe too
    with pytest.raises(ProcessLookupError):
        for _ in range(100):
            os.kill(child, 0)
            time.sleep(0.1)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ([], "RCON needs a password"),
        (["--rcon-password", "x", "--start-server-load-scenario", "base/nope"], "scenario base/nope: expected one of"),
        (["--rcon-password", "x", "--start-server", "a/save.zip"], "there is no such file"),
        (["--rcon-password", "x", "--mod-directory", "/does/not/exist"], "expected a folder"),
        (["--rcon-password-file", "/does/not/exist"], "cannot read /does/not/exist"),
        (["--rcon-password", "x", "--rcon-bind", "localhost:http"], "expected ADDR or ADDR:PORT"),
        (["--rcon-password", "x", "--server-settings", "/does/not/exist"], "--server-settings: cannot read"),
        (["--rcon-password", "x", "--exit-with-parent", "1"], "the parent process has ended already"),
    ],
)
def test_wrong_flags_are_one_clear_line(flags: list[str], message: str) -> None:
    result = run_once(*flags)
    assert result.returncode == 1
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.stderr


def test_a_used_port_and_a_broken_mod_are_one_clear_line(server: Running, tmp_path: Path) -> None:
    taken = run_once(
        "--rcon-port", str(server.port), "--rcon-password", "x", "--start-server-load-scenario", "base/empty"
    )
    assert taken.returncode == 1
    assert f"RCON cannot listen on 127.0.0.1:{server.port}" in taken.stderr
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "info.json").write_text('{"name": "m", "version": "1.0.0"}')
    (tmp_path / "m" / "control.lua").write_text("\ngame.nonsense()")
    broken = run_once("--rcon-port", "0", "--rcon-password", "x", "--mod-directory", str(tmp_path))
    assert broken.returncode == 1
    assert (
        "mod m: its script does not load: __m__/control.lua:2: LuaGameScript doesn't contain key nonsense."
        in broken.stderr
    )
    assert "Traceback" not in taken.stderr + broken.stderr


def test_help_teaches() -> None:
    result = run_once("--help")
    assert result.returncode == 0
    assert "python -m harness.simulator --rcon-port 27015 --rcon-password secret" in result.stdout
    assert run_once("--version").stdout.startswith("Version: 2.0.")


def test_commands_of_an_unpaused_server_fall_into_different_ticks() -> None:
    running = Running("--start-server-load-scenario", "base/empty")
    with running.connect() as client:
        quick = [int(client.send_command("/time") or "") for _ in range(10)]
        client.send_command("/sc game.speed = 0.01")  # a tick of the clock every 1.7 s
        slow = [int(client.send_command("/time") or "") for _ in range(10)]
    assert quick == sorted(set(quick))
    assert slow[-1] - slow[0] <= 2, "the world does not run far ahead of the clock"
    assert running.stop()[0] == 0


@pytest.mark.parametrize("scenario", ["default_lab_scenario", "open_world"])
def test_the_start_of_a_country_is_there_before_anyone_looks(scenario: str) -> None:
    running = Running("--start-server-load-scenario", scenario)
    count = "/sc rcon.print(game.surfaces[1].count_entities_filtered{type = 'resource'})"
    assert int(ask(running, count)[0]) > 100
    assert running.stop()[0] == 0
