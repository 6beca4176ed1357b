"""Saved games of a server process: written by command, script and stop signal, and gone on with after a start."""

import json
import signal
import zipfile
from pathlib import Path

import pytest

from tests.simulator.processes import Running, ask, run_once


def flags(tmp_path: Path, *more: str) -> list[str]:
    return ["--start-server-load-scenario", "base/empty", "--write-directory", str(tmp_path), *more]


BUILD = (
    "/sc game.tick_paused = true storage.chest = game.surfaces[1].create_entity{name = 'wooden-chest', "
    "position = {3, 3}, force = 'player'} storage.chest.insert{name = 'coal', count = 7}"
)
LOOK = "/sc rcon.print(game.tick .. ' ' .. storage.chest.get_item_count('coal') .. ' ' .. tostring(game.tick_paused))"


def test_a_game_goes_on_from_its_file_and_is_saved_when_stopped(tmp_path: Path) -> None:
    running = Running(*flags(tmp_path))
    first = ask(running, BUILD, "/sc game.ticks_to_run = 40", "/time", "/sc game.server_save('mine')", LOOK)
    assert first[-1].endswith(" 7 true")
    tick = int(first[2])
    assert running.stop()[0] == 0
    assert sorted(path.name for path in (tmp_path / "saves").iterdir()) == ["empty.zip", "mine.zip"]

    again = Running("--start-server", "mine", "--write-directory", str(tmp_path), "--map-gen-seed", "5")
    assert "Loading map" in "".join(again.log)
    assert ask(again, LOOK) == [f"{tick} 7 true"]
    ask(again, "/sc storage.chest.insert('coal') game.ticks_to_run = 10", "/sc script.on_event(0, function() end)")
    code, log = again.stop(signal.SIGTERM)
    assert code == 0
    assert "Saving finished" in log

    (tmp_path / "saves" / "mine.zip").touch()
    third = Running("--start-server-load-latest", "--write-directory", str(tmp_path))
    assert ask(third, LOOK) == [f"{tick + 10} 8 true"]
    assert third.stop()[0] == 0


def test_a_new_game_is_saved_when_stopped_under_the_name_of_its_scenario(tmp_path: Path) -> None:
    running = Running(*flags(tmp_path))
    ask(running, BUILD)
    code, log = running.stop()
    assert code == 0
    assert log.index(f"Saving game as {tmp_path / 'saves' / 'empty.zip'}") < log.index("Saving finished")
    again = Running("--start-server-load-latest", "--write-directory", str(tmp_path))
    assert ask(again, LOOK)[0].endswith(" 7 true")
    assert again.stop()[0] == 0


def test_what_cannot_be_saved_is_said_and_the_old_file_stays(tmp_path: Path) -> None:
    created = run_once(
        "--create", str(tmp_path / "new.zip"), "--map-gen-seed", "9", "--start-server-load-scenario", "lab"
    )
    assert created.returncode == 2
    created = run_once("--create", str(tmp_path / "new.zip"), "--map-gen-seed", "9")
    assert created.returncode == 0, created.stderr
    content = (tmp_path / "new.zip").read_bytes()
    running = Running("--start-server", str(tmp_path / "new.zip"), "--write-directory", str(tmp_path))
    answers = ask(
        running, "/seed", "/sc storage.f = function() end", "/server-save ../up", "/server-save other", "/sc x = 1"
    )
    assert answers[0] == "9"
    assert answers[2].startswith("Cannot save. Error: saved game '../up'")
    code, log = running.stop()
    assert code == 0
    assert "could not be saved: snapshot: script level cannot be saved: storage[f] is a function" in log
    assert (tmp_path / "new.zip").read_bytes() == content
    assert sorted(path.name for path in tmp_path.rglob("*.zip")) == ["new.zip"]


def test_scripts_write_files_below_their_folder_only(tmp_path: Path) -> None:
    running = Running(*flags(tmp_path))
    (tmp_path / "script-output").mkdir()
    (tmp_path / "script-output" / "out").symlink_to(tmp_path)
    answers = ask(
        running,
        "/sc helpers.write_file('deep/a.txt', 'one') helpers.write_file('deep/a.txt', 2, true)",
        "/sc helpers.write_file('../b.txt', 'no')",
        "/sc helpers.write_file('/tmp/b.txt', 'no')",
        "/sc helpers.write_file('out/b.txt', 'no')",
        "/sc helpers.write_file('t.txt', {a = 1}) helpers.remove_path('deep/none.txt')",
        "/sc helpers.remove_path('t.txt')",
    )
    assert answers[0] == answers[4] == answers[5] == ""
    assert all("script-output" in answer for answer in answers[1:4])
    assert (tmp_path / "script-output" / "deep" / "a.txt").read_text() == "one2"
    assert not (tmp_path / "b.txt").exists()
    assert not (tmp_path / "script-output" / "t.txt").exists()
    running.stop()


def test_without_a_write_directory_nothing_is_written() -> None:
    running = Running("--start-server-load-scenario", "base/empty")
    answers = ask(running, "/sc helpers.write_file('a', 'b')", "/sc game.server_save('a')", "/snapshot write a b")
    assert all("--write-directory" in answer for answer in answers)
    assert json.loads(answers[2])["ok"] is False
    running.stop()


@pytest.mark.parametrize("content", ["nothing", "rubbish", "real", "forged"])
def test_files_that_are_no_saved_game_are_one_clear_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "game.zip"
    if content == "rubbish":
        path.write_bytes(b"PK\3\4" + b"rubbish" * 50)
    elif content != "nothing":
        with zipfile.ZipFile(path, "w") as archive:
            if content == "real":
                archive.writestr("game/level.dat0", b"x")
            else:
                about = {"game": "2.0.77", "scenario": "empty", "seed": 1, "tick": 2}
                archive.writestr("game/harness-save.json", json.dumps(about))
                archive.writestr("game/state.txt", "eJw=")
    result = run_once("--start-server", str(path), "--rcon-port", "0", "--rcon-password", "x")
    assert result.returncode == 1
    assert result.stderr.startswith("Error: --start-server: saved game ")
    assert result.stderr.count("\n") == 1
