"""Everything a user can get wrong: one clear line, a status that is not 0, no traceback, nothing left running."""

import signal
import socket
import time

import pytest

from tests.cli.runs import leftovers, run, start, write_experiment


def failed(result, *parts: str) -> None:
    assert result.returncode == 1, result.stderr
    assert "Traceback" not in result.stderr + result.stdout
    assert result.stderr.startswith("error: ")
    for part in parts:
        assert part in result.stderr


def test_a_name_that_is_no_experiment(tmp_path):
    write_experiment(tmp_path, "chunked_01")
    failed(run(tmp_path, "run", "chunked_1"), "chunked_1", "did you mean chunked_01?")


def test_a_key_that_does_not_exist(tmp_path):
    write_experiment(tmp_path, more="serch: {}\n")
    failed(run(tmp_path, "run", "tiny"), "tiny.yaml", "key serch", "did you mean search?")


def test_an_item_that_does_not_exist(tmp_path):
    write_experiment(tmp_path, more="world: { inventory: { coaal: 3 } }\n")
    failed(run(tmp_path, "run", "tiny"), "world.inventory", "coaal")


def test_a_model_without_its_key(tmp_path):
    write_experiment(tmp_path)
    path = tmp_path / "experiments" / "tiny.yaml"
    path.write_text(path.read_text().replace("scripted/builder", "anthropic/claude-3-opus-20240229"))
    failed(run(tmp_path, "run", "tiny"), "ANTHROPIC_API_KEY")
    assert not (tmp_path / "results").exists()


def test_a_port_in_use(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        write_experiment(tmp_path)
        path = tmp_path / "experiments" / "tiny.yaml"
        path.write_text(path.read_text().replace("slots: 2", f"slots: 2, first_port: {port}"))
        failed(run(tmp_path, "run", "tiny"), str(port), "in use")
    assert leftovers(tmp_path) == []


def test_a_server_that_is_not_there(tmp_path):
    write_experiment(tmp_path)
    path = tmp_path / "experiments" / "tiny.yaml"
    addresses = ", ".join(f"'127.0.0.1:{port}'" for port in (1, 2, 3))
    path.write_text(path.read_text().replace("slots: 2", f"slots: 2, launcher: external, addresses: [{addresses}]"))
    failed(run(tmp_path, "run", "tiny"), "FACTORIO_RCON_PASSWORD")
    assert not (tmp_path / "results").exists()
    result = run(tmp_path, "run", "tiny", FACTORIO_RCON_PASSWORD="sesame")
    failed(result, "127.0.0.1:")
    assert "sesame" not in result.stderr


def test_a_run_that_is_not_there(tmp_path):
    failed(run(tmp_path, "show", "nothing"), "nothing")
    failed(run(tmp_path, "resume", "nothing/v001"), "nothing/v001")


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["resume", "--help"], ["show", "--help"]])
def test_help_teaches(tmp_path, arguments):
    result = run(tmp_path, *arguments)
    assert result.returncode == 0
    assert "experiment" in result.stdout.lower()


@pytest.mark.parametrize("after_s", [0.15, 0.4, 0.8])
def test_a_change_of_mind_while_it_loads(tmp_path, after_s):
    write_experiment(tmp_path)
    with start(tmp_path, "run", "tiny") as process:
        time.sleep(after_s)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "Traceback" not in err or "harness" not in err, "before our first line Python itself may say what it likes"
    assert leftovers(tmp_path) == []


def test_a_dollar_cap_on_a_model_of_unknown_price(tmp_path):
    write_experiment(tmp_path, more="budget: { usd: 1 }\n")
    path = tmp_path / "experiments" / "tiny.yaml"
    path.write_text(path.read_text().replace("scripted/builder", "openai/of-my-own"))
    failed(run(tmp_path, "run", "tiny", OPENAI_API_KEY="x"), "budget.usd", "of-my-own", "budget.tokens")
    assert not (tmp_path / "results").exists()


@pytest.mark.slow
def test_a_budget_that_ends_a_run_is_named(tmp_path):
    write_experiment(tmp_path, variant="mcts", iterations=3, more="budget: { samples: 3 }\n")
    result = run(tmp_path, "run", "tiny")
    assert result.returncode == 0, result.stderr
    assert "budget.samples" in " ".join(result.stdout.split())
    assert "3 of 3 samples" in result.stdout
